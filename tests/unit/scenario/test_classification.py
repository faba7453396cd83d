"""Classification: published vectors, edges of the thresholds, both clocks and both readings."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest

from headworks.errors import InputError, NotInForce, UnknownName
from headworks.scenario.catalogue import Catalogue, catalogue
from headworks.scenario.chip import Chip
from headworks.scenario.classification import Classification, classify
from headworks.scenario.law import Figures, Law
from headworks.scenario.us_export import control_number, ruling

DAY = dt.timedelta(days=1)
RULE = dt.date(2026, 1, 15)
BEFORE = RULE - DAY
LETTER = dt.date(2025, 4, 9)
ASSURED = dt.date(2025, 7, 15)
CASE, DENIAL, FREE = "case_by_case", "presumption_of_denial", "no_licence_required"


@pytest.mark.parametrize(
    ("chip", "tpp", "precision", "eccn"),
    [
        ("h200-sxm", 15_832, "fp8", "3A090.a"),
        ("h100-sxm", 15_832, "fp8", "3A090.a"),
        ("h20", 2_368, "bf16", None),
        ("l20", 1_912, "bf16", None),
        ("a100-80gb", 4_992, "bf16", "3A090.a"),
        ("a800", 4_992, "bf16", "3A090.a"),
        ("b200", 36_000, "bf16", "3A090.a"),
        ("mi300x", 20_920, "fp8", "3A090.a"),
        ("mi325x", 20_920, "fp8", "3A090.a"),
        ("mi355x", 60_396, "fp6", "3A090.a"),
        ("b30a", 30_000, "fp4", "3A090.a"),
        ("ascend-910c", 12_416, "bf16", None),
        ("bw1000", None, None, None),
    ],
)
def test_tpp_precision_and_control_number(
    chip: str, tpp: float | None, precision: str | None, eccn: str | None
) -> None:
    answer = classify(chip, on=RULE)
    assert (answer.tpp, answer.precision, answer.eccn) == (tpp, precision, eccn)


@pytest.mark.parametrize(
    ("chip", "on", "origin", "review"),
    [
        ("h200", BEFORE, "US", DENIAL),
        ("h200", RULE, "US", CASE),
        ("h200", RULE, "abroad", DENIAL),
        ("h200", dt.date(2023, 11, 17), "US", DENIAL),
        ("gh200", RULE, "US", CASE),
        ("mi325x", RULE, "US", CASE),
        ("b200", RULE, "US", DENIAL),
        ("b30a", RULE, "US", DENIAL),
        ("mi355x", RULE, "US", DENIAL),
        ("a800", BEFORE, "US", DENIAL),
        ("a800", RULE, "US", CASE),
        ("h20", LETTER - DAY, "US", FREE),
        ("h20", LETTER, "US", DENIAL),
        ("h20", ASSURED - DAY, "US", DENIAL),
        ("h20", ASSURED, "US", CASE),
        ("h20", ASSURED, "abroad", CASE),
        ("h20", RULE, "US", CASE),
        ("l20", RULE, "US", FREE),
        ("mi308x", LETTER - DAY, "US", FREE),
        ("mi308x", LETTER, "US", DENIAL),
        ("910C", RULE, "US", FREE),
        ("910C", dt.date(2019, 1, 1), "abroad", FREE),
    ],
)
def test_posture_of_review(chip: str, on: dt.date, origin: str, review: str) -> None:
    assert classify(chip, on=on, from_=origin).review == review


@pytest.mark.parametrize(
    ("on", "known_by", "chip", "review"),
    [
        (dt.date(2026, 1, 20), dt.date(2026, 1, 10), "h200", DENIAL),
        (dt.date(2026, 1, 20), dt.date(2026, 1, 12), "h200", DENIAL),
        (dt.date(2026, 1, 20), dt.date(2026, 1, 13), "h200", CASE),
        (BEFORE, dt.date(2026, 1, 13), "h200", DENIAL),
        (dt.date(2025, 4, 12), dt.date(2025, 4, 14), "h20", FREE),
        (dt.date(2025, 4, 12), dt.date(2025, 4, 15), "h20", DENIAL),
        (dt.date(2025, 9, 1), dt.date(2025, 7, 14), "h20", DENIAL),
    ],
)
def test_only_what_was_known_counts(on: dt.date, known_by: dt.date, chip: str, review: str) -> None:
    assert classify(chip, on=on, known_by=known_by).review == review


@pytest.mark.parametrize(("to", "review"), [("CN", CASE), ("hk", CASE), ("MO", CASE), ("US", FREE)])
def test_destinations(to: str, review: str) -> None:
    answer = classify("h200", to=to, on=RULE)
    assert answer.review == review
    assert answer.to == to.upper()


def test_every_reason_names_instrument_value_limit_and_an_existing_source() -> None:
    known = catalogue()
    for chip in known.chips:
        for reason in classify(chip, on=RULE).reasons:
            assert reason.instrument in known.instruments or reason.instrument.startswith("chip.")
            assert reason.source in known.sources
            assert reason.limit is not None


def test_the_reasons_of_the_h200_are_the_figures_against_the_ceilings() -> None:
    found = {reason.instrument: reason for reason in classify("h200", on=RULE).reasons}
    ceiling = found["us/case-by-case/tpp-ceiling"]
    assert (ceiling.value, ceiling.limit, ceiling.holds) == (15_832, 21_000, False)
    bandwidth = found["us/case-by-case/dram-bandwidth-ceiling"]
    assert (bandwidth.value, bandwidth.limit) == (4_800, 6_500)
    assert bandwidth.source == "federal-register-2026-01-15-2026-00789"


def test_review_case_by_case_names_the_conditions() -> None:
    names = {reason.instrument for reason in classify("h200", on=RULE).conditions}
    assert {"us/case-by-case/volume-share", "us/case-by-case/third-party-laboratory"} <= names
    assert classify("h200", on=BEFORE).conditions == ()


def test_the_rules_conditions_are_not_asked_where_practice_settles_it() -> None:
    assert classify("h20", on=RULE).conditions != ()
    assert classify("h20", on=RULE, from_="abroad").review == CASE
    assert classify("h20", on=RULE, from_="abroad").conditions == ()


def readings(answer: Classification) -> list[tuple[str, str | None, str]]:
    return [(reading.precision, reading.eccn, reading.review) for reading in answer.readings]


def test_a_doubtful_specification_gives_both_readings() -> None:
    assert readings(classify("b30a", on=RULE)) == [
        ("fp4", "3A090.a", DENIAL),
        ("bf16", "3A090.a", CASE),
    ]
    assert readings(classify("mi355x", on=RULE)) == [
        ("fp6", "3A090.a", DENIAL),
        ("fp8", "3A090.a", DENIAL),
    ]


EXCLUSION = "us/blackwell-exclusion/in-force"
BLOCKED = dt.date(2025, 11, 7)
ANNOUNCED = dt.date(2025, 12, 8)


def statements(answer: Classification) -> list[tuple[object, str | None, str | None]]:
    return [
        (reason.value, reason.source, reason.status)
        for reason in answer.reasons
        if reason.instrument.startswith("us/blackwell-exclusion/")
    ]


def test_a_stated_policy_is_named_beside_the_review_and_does_not_move_it() -> None:
    answer = classify("b30a", on=RULE)
    announcement = "president-us-2025-12-08-h200-announcement"
    assert statements(answer) == [
        ("blackwell", announcement, "announced"),
        (True, announcement, "announced"),
    ]
    assert [(reading.review, reading.stated_policy) for reading in answer.readings] == [
        (DENIAL, EXCLUSION),
        (CASE, EXCLUSION),
    ]
    assert answer.to_json()["stated_policy"] == EXCLUSION
    assert any("announced and no rule" in note for note in answer.notes)


@pytest.mark.parametrize(
    ("chip", "on", "named"),
    [
        ("b30a", BLOCKED - DAY, None),
        ("b30a", BLOCKED, "b30a"),
        ("b30a", ANNOUNCED, "blackwell"),
        ("b200", BLOCKED, None),
        ("b200", ANNOUNCED, "blackwell"),
        ("h200", RULE, None),
        ("mi355x", RULE, None),
    ],
)
def test_a_stated_policy_reaches_what_it_names_from_its_day(
    chip: str, on: dt.date, named: str | None
) -> None:
    answer = classify(chip, on=on)
    assert [value for value, _, _ in statements(answer)] == ([named, True] if named else [])
    assert answer.stated_policy == (EXCLUSION if named else None)


def test_a_stated_policy_is_silent_where_no_licence_is_needed_or_it_was_not_known() -> None:
    assert classify("b200", to="US", on=RULE).stated_policy is None
    assert classify("b200", on=RULE, known_by=BLOCKED - DAY).stated_policy is None
    reported = statements(classify("b30a", on=RULE, known_by=ANNOUNCED - DAY))
    assert reported[0] == ("b30a", "press-2025-11-07-b30a-blocked", "reported")


def test_a_reading_that_needs_no_licence_meets_no_stated_policy() -> None:
    found = {r.review: r.stated_policy for r in classify("rtx-pro-6000d", on=RULE).readings}
    assert found == {CASE: EXCLUSION, FREE: None}


@pytest.mark.parametrize("origin", ["US", "abroad"])
@pytest.mark.parametrize("on", [LETTER, ASSURED, BEFORE, RULE])
def test_what_rests_on_an_estimate_says_so(on: dt.date, origin: str) -> None:
    answer = classify("h20", on=on, from_=origin)
    kinds = {reason.instrument: reason.kind for reason in answer.reasons}
    assert answer.rests_on == answer.to_json()["rests_on"] == "estimated"
    assert kinds["us/h20-letter/dram-bandwidth"] == "estimated"
    assert kinds["us/3a090/a-tpp"] == kinds["us/h20-letter/in-force"] == "stated"
    by_practice = answer.reasons[-1].instrument == "us/h20-letter/review"
    assert by_practice == (on < RULE or origin == "abroad")
    if by_practice:
        assert answer.reasons[-1].text.endswith("(estimated)")


def test_what_rests_on_published_figures_and_rules_is_stated() -> None:
    for chip, on in (("h200", RULE), ("b200", RULE), ("h20", LETTER - DAY)):
        assert classify(chip, on=on).rests_on == "stated"


def test_an_estimated_figure_of_the_chip_is_marked() -> None:
    answer = classify("b30a", on=RULE)
    assert answer.rests_on == "estimated"
    first = answer.reasons[0]
    assert (first.kind, first.value_kind) == ("stated", "estimated")
    assert first.text == "TPP 30,000 (estimated) ≥ 4,800"


def test_a_bound_instead_of_a_rate_gives_the_readings_that_differ() -> None:
    found = {(eccn, review) for _, eccn, review in readings(classify("rtx-pro-6000d", on=BEFORE))}
    assert found == {("3A090.b", DENIAL), ("3A090.a", DENIAL), (None, FREE)}


def test_a_sure_specification_needs_no_readings() -> None:
    assert classify("h200", on=RULE).readings == ()


@pytest.mark.parametrize(
    ("tpp", "density", "eccn"),
    [
        (4_800, None, "3A090.a"),
        (4_799.9, 5.92, "3A090.a"),
        (1_600, 5.92, "3A090.a"),
        (1_599.9, 9.0, None),
        (4_799.9, 5.91, "3A090.b"),
        (2_400, 1.6, "3A090.b"),
        (2_399.9, 3.19, None),
        (2_400, 1.59, None),
        (1_600, 3.2, "3A090.b"),
        (1_599.9, 3.2, None),
        (4_799.9, None, None),
    ],
)
def test_the_edges_of_the_control_number(
    tpp: float, density: float | None, eccn: str | None
) -> None:
    figures = Figures(tpp, density, 1_000, 0, data_centre=True)
    assert control_number(figures, Law(catalogue(), RULE))[0] == eccn


def test_density_is_asked_of_parts_for_data_centres_only() -> None:
    figures = Figures(4_700, 6.0, 1_000, 0, data_centre=False)
    law = Law(catalogue(), RULE)
    assert control_number(figures, law)[0] is None
    assert control_number(replace(figures, tpp=4_800), law)[0] == "3A090.a"


@pytest.mark.parametrize(
    ("tpp", "dram", "review"),
    [
        (20_999.9, 6_499.9, CASE),
        (21_000, 6_499.9, DENIAL),
        (20_999.9, 6_500, DENIAL),
        (20_999.9, None, DENIAL),
    ],
)
def test_the_edges_of_the_ceilings(tpp: float, dram: float | None, review: str) -> None:
    figures = Figures(tpp, None, dram, 900, data_centre=True)
    assert ruling(figures, Law(catalogue(), RULE), to="CN", origin="US").review == review


@pytest.mark.parametrize(
    ("dram", "io", "review"),
    [
        (1_399, 300, FREE),
        (1_400, 0, CASE),
        (0, 1_099, FREE),
        (0, 1_100, CASE),
        (1_000, 699, FREE),
        (1_000, 700, CASE),
        (None, None, FREE),
    ],
)
def test_the_edges_of_the_letter(dram: float | None, io: float | None, review: str) -> None:
    figures = Figures(1_000, 1.0, dram, io, data_centre=True)
    assert ruling(figures, Law(catalogue(), RULE), to="CN", origin="US").review == review


def with_chip(**fields: Any) -> Catalogue:  # noqa: ANN401 - fields of a record
    stated = {"kind": "stated", "source": "nvidia-2024-h200-specifications"}
    record: dict[str, Any] = {
        "name": "Example X1",
        "grade": "A",
        "export_controlled_by": ["US"],
        "peak_tflops": {"fp8": {"value": 1_000, **stated}},
    }
    known = catalogue()
    result = Catalogue(sources=known.sources, instruments=known.instruments)
    assert result.add_chip("x1", Chip.model_validate(record | fields), "Example") is None
    return result


def test_an_unknown_bandwidth_gives_both_readings_and_says_so() -> None:
    answer = classify("x1", on=RULE, catalogue=with_chip())
    assert answer.review == DENIAL
    assert {review for _, _, review in readings(answer)} == {DENIAL, CASE}
    assert any("DRAM bandwidth is not known" in reason.text for reason in answer.reasons)
    assert "not known" in str(answer.to_json()["note"])


def test_a_controlled_chip_without_a_rate_cannot_be_classified() -> None:
    with pytest.raises(InputError, match="no peak rate on record"):
        classify("x1", on=RULE, catalogue=with_chip(peak_tflops={}))


def test_a_day_before_the_thresholds_raises() -> None:
    with pytest.raises(NotInForce, match="first day in force is 2023-11-17"):
        classify("h200", on=dt.date(2023, 11, 16))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"to": "FR"}, "'FR'\n.*use CN, HK, MO or US"),
        ({"from_": "Mars"}, "'Mars'\n.*use US or abroad"),
    ],
)
def test_unknown_places_are_refused_with_the_known_ones(
    arguments: dict[str, Any], words: str
) -> None:
    for chip in ("h200", "910C"):
        with pytest.raises(InputError, match=words):
            classify(chip, on=RULE, **arguments)


def test_days_may_be_text_and_what_is_none_is_refused_with_all_else() -> None:
    assert classify("h200", on="2026-01-15", known_by=dt.datetime(2026, 1, 20, 9)) == classify(  # noqa: DTZ001
        "h200", on=RULE, known_by=dt.date(2026, 1, 20)
    )
    wrong: Any = 5
    with pytest.raises(InputError) as caught:
        classify("h200", on=wrong, known_by="2026-02-30", from_="Mars")
    assert [fault.file for fault in caught.value.faults] == ["--from", "--on", "--known-by"]
    with pytest.raises(InputError, match=r"--on: None is not a day\n.*write it as YYYY-MM-DD"):
        classify("h200", on=None)  # type: ignore[arg-type]
    with pytest.raises(UnknownName, match="there is no chip 5"):
        classify(wrong, on=RULE)


def test_a_destination_is_shown_as_it_was_given() -> None:
    with pytest.raises(InputError, match="the destination 'china'"):
        classify("h200", on=RULE, to="china")


def test_an_unknown_chip_is_refused_with_the_nearest_names() -> None:
    with pytest.raises(UnknownName, match="did you mean"):
        classify("h2000", on=RULE)


def test_json_holds_the_keys_that_programs_rely_on() -> None:
    answer = json.loads(json.dumps(classify("H200", on=RULE).to_json(), allow_nan=False))
    assert {key: answer[key] for key in ("chip", "from", "to", "on", "tpp", "eccn", "review")} == {
        "chip": "h200-sxm",
        "from": "US",
        "to": "CN",
        "on": "2026-01-15",
        "tpp": 15832,
        "eccn": "3A090.a",
        "review": "case_by_case",
    }
    assert answer["performance_density"] == pytest.approx(19.45, abs=0.01)
    for reason in answer["reasons"]:
        assert {"instrument", "value", "limit", "source"} <= set(reason)


def test_every_chip_gives_plain_json_on_every_kind_of_day() -> None:
    for chip in catalogue().chips:
        for on in (dt.date(2024, 1, 1), LETTER, BEFORE, RULE):
            answer = classify(chip, on=on).to_json()
            assert json.loads(json.dumps(answer, allow_nan=False)) == answer
            assert answer["reasons"], (chip, on)
