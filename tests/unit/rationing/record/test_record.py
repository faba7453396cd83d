"""The record: what is accepted is recorded, verifies, and tells of every change in it."""

from __future__ import annotations

import copy
import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import headworks as hw
from headworks.errors import InputError
from headworks.rationing.record import read_record, record, verify
from headworks.rationing.record.seal import FORMAT, FORMATS, digest
from headworks.rationing.rule import RULES
from headworks.rationing.whole import METHODS
from tests.tiers import examples, slow

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from headworks.rationing.result import Ration

KEY = "9319./2.5.8.10.12./"
amounts = st.one_of(
    st.integers(0, 30), st.fractions(0, 30, max_denominator=12),
    st.sampled_from(["1e12", "1e399", "1e-400", "7e350/3", "0." + "3" * 500, "100/3", "4.25"]),
)  # fmt: skip
small = st.integers(0, 12)
COLUMNS = {
    "weights": st.integers(1, 5), "scores": st.integers(-2, 5), "priority": st.integers(1, 4),
    "days": st.sampled_from(["2026-01-05", "2026-01-06"]), "caps": st.integers(3, 30),
    "minima": st.integers(0, 2), "needs": small, "stock": st.integers(0, 3),
    "undelivered": st.integers(0, 3), "used": small, "awarded": st.integers(1, 12),
    "parties": st.sampled_from(["p", "q"]), "sizes": st.sampled_from([1, 2, "1/2"]),
}  # fmt: skip
STEPS = {
    "cap": st.integers(1, 20), "cap_share": st.sampled_from(["30%", "0.5", "1/3"]),
    "truncate": st.booleans(), "min_use": st.sampled_from(["90%", "1/2"]), "lot": st.integers(1, 4),
    "guarantee": st.sampled_from(["floor", "advance"]),
    "whole": st.sampled_from(sorted(METHODS)), "ballot": st.sampled_from(["sha256", "rfc3797"]),
    "orders": st.integers(2, 9), "seed": st.integers(0, 2**128 - 1), "unit": st.text(max_size=4),
}  # fmt: skip


@st.composite
def calls(draw: st.DrawFn) -> dict[str, Any]:
    """Return what `hw.ration` may be called with, most of which it accepts."""
    rule = draw(st.sampled_from(sorted(RULES)))
    count = 2 if rule == "concede_and_divide" else draw(st.integers(1, 5))
    wild = draw(st.booleans())
    claims = [draw(amounts if wild else small) for _ in range(count)]
    names = draw(st.lists(st.text(min_size=1, max_size=4), min_size=count, max_size=count))
    pool = draw(amounts if wild else st.integers(0, 40))
    call: dict[str, Any] = {"rule": rule, "pool": pool, "claims": claims}
    if draw(st.booleans()) and len(set(names)) == count:
        call["claims"] = dict(zip(names, claims, strict=True))
    for option in {
        *RULES[rule].needs,
        *draw(st.sets(st.sampled_from(sorted(COLUMNS)), max_size=2)),
    }:
        call[option] = draw(st.lists(COLUMNS[option], min_size=count, max_size=count))
    for step in draw(st.sets(st.sampled_from(sorted(STEPS)), max_size=3)):
        call[step] = draw(STEPS[step])
    if draw(st.booleans()) or "ballot" in call or call.get("whole") == "proportional_random":
        call["ballot_key"] = KEY
    if draw(st.integers(0, 4)) == 0 and not wild:
        assert isinstance(pool, int)
        first = draw(st.integers(0, pool))
        call["tranches"] = [first, pool - first]
    elif draw(st.integers(0, 4)) == 0 and not wild:
        eligible = [next(iter(call["claims"])) if isinstance(call["claims"], dict) else "1"]
        kept = {"name": "kept", "units": draw(st.integers(0, 5)), "eligible": eligible}
        call["reserves"] = [{**kept, "soft": draw(st.booleans())}]
        call["order"] = draw(st.sampled_from([None, "open,kept", "kept,open"]))
    return call


def answered(call: dict[str, Any]) -> Ration | None:
    """Return the answer to a call; None if it is refused."""
    given_options = dict(call)
    claims, pool = given_options.pop("claims"), given_options.pop("pool")
    try:
        return hw.ration(claims, pool, given_options.pop("rule"), **given_options)
    except InputError:
        return None


def through_json(kept: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(kept, ensure_ascii=False, allow_nan=False)
    found: dict[str, Any] = json.loads(text)
    return found


patient = settings(
    max_examples=examples(300), suppress_health_check=[HealthCheck.too_slow], deadline=None
)


@patient
@given(calls())
def test_what_is_accepted_is_recorded_and_verifies(call: dict[str, Any]) -> None:
    result = answered(call)
    if result is not None:
        assert verify(through_json(record(result))) == []


@pytest.mark.slow
@settings(patient, max_examples=4000)
@given(calls())
def test_whatever_is_accepted_is_recorded_and_verifies(call: dict[str, Any]) -> None:
    result = answered(call)
    if result is not None:
        assert verify(through_json(record(result))) == []


def places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value inside another one."""
    inner: list[tuple[Any, ...]] = []
    if isinstance(value, dict):
        inner = [place for key, one in value.items() for place in places(one, (*path, key))]
    elif isinstance(value, list):
        inner = [place for n, one in enumerate(value) for place in places(one, (*path, n))]
    return [path, *inner] if path else inner


def other(value: Any, choice: int) -> Any:  # noqa: ANN401 - plain values of any kind
    """Return something else than a value, of the same kind or of another one."""
    kinds: list[Any] = [None, True, 0, 7.5, "else", [], {}]
    if isinstance(value, str):
        kinds += [f"{value}1", value[:-1], f" {value}", f"{value}\ud800"]
    elif isinstance(value, bool):
        kinds += [not value, int(value)]
    elif isinstance(value, int):
        kinds += [value + 1, -value - 1, float(value), str(value)]
    elif isinstance(value, list):
        kinds += [[*value, "more"], value[:-1], value[::-1], [*value, *value]]
    elif isinstance(value, dict):
        kinds += [{**value, "more": "5"}, dict(list(value.items())[1:])]
    fitting = [one for one in kinds if json.dumps(one) != json.dumps(value)]
    return fitting[choice % len(fitting)]


def changed(kept: dict[str, Any], path: tuple[Any, ...], choice: int) -> dict[str, Any]:
    """Return a record with one value changed, or taken out."""
    found = copy.deepcopy(kept)
    inside: Any = found
    for key in path[:-1]:
        inside = inside[key]
    if choice % 5 == 4 and isinstance(inside, dict):
        del inside[path[-1]]
    else:
        inside[path[-1]] = other(inside[path[-1]], choice // 5)
    return found


def told(forged: dict[str, Any]) -> list[str]:
    """Return where a record differs, or what is wrong with its inputs."""
    try:
        return verify(forged)
    except InputError as error:
        return [f"{fault.file}: {fault.key}: {fault.message}" for fault in error.faults]


REQUIRED = {"format", "inputs", "awards", "sha256"}
"""Without these `read_record` says that it is no record."""


@patient
@given(calls(), st.integers(0, 10**6), st.integers(0, 10**6))
def test_any_single_change_of_a_record_is_told_and_where_it_stands(
    call: dict[str, Any], where: int, choice: int
) -> None:
    result = answered(call)
    if result is None:
        return
    kept = through_json(record(result))
    path = places(kept)[where % len(places(kept))]
    forged = changed(kept, path, choice)
    if not forged.keys() >= REQUIRED or json.dumps(forged) == json.dumps(kept):
        return
    found = told(forged)
    assert found
    if path[0] not in {"inputs", "software", "sha256", "format"}:
        assert any(text.startswith(str(path[0])) for text in found)
    if path[0] == "inputs":
        assert any(not text.startswith("sha256") for text in found)


@patient
@given(calls(), st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_change_that_is_sealed_anew_is_told_all_the_same(
    call: dict[str, Any], where: int, choice: int
) -> None:
    result = answered(call)
    if result is None:
        return
    kept = through_json(record(result))
    open_places = [path for path in places(kept) if path[0] not in {"software", "sha256"}]
    forged = changed(kept, open_places[where % len(open_places)], choice)
    if not forged.keys() >= REQUIRED or json.dumps(forged) == json.dumps(kept):
        return
    if forged["format"] in FORMATS and forged["format"] != kept["format"]:
        return  # a record without what the newer format has is one of the older too
    forged["sha256"] = digest({key: value for key, value in forged.items() if key != "sha256"})
    found = told(forged)
    assert found
    assert not any(text.startswith("sha256") for text in found)


@pytest.mark.parametrize("rule", sorted(RULES))
@pytest.mark.parametrize("whole", [None, *sorted(METHODS)])
def test_every_rule_and_every_method_has_a_record_that_verifies(
    rule: str, whole: str | None
) -> None:
    count = 2 if rule == "concede_and_divide" else 4
    options: dict[str, Any] = {
        "priority": list(range(1, count + 1)), "scores": list(range(count)),
        "days": ["2026-01-05"] * count,
    }  # fmt: skip
    needed = {name: options[name] for name in RULES[rule].needs}
    claims = {f"claimant {n}": 40 + 7 * n for n in range(count)}
    try:
        result = hw.ration(claims, 83, rule, whole=whole, ballot_key=KEY, **needed)
    except InputError as error:
        assert "rounds of one" in str(error) or "proportional" in str(error)  # noqa: PT017
        return
    kept = through_json(result.to_json())["record"]
    assert kept["format"] == FORMAT
    assert verify(kept) == []


def test_a_sample_is_drawn_again_from_its_seed() -> None:
    claims = {f"c{n}": 10**6 + n * n * 977 for n in range(60)}
    kept = through_json(record(hw.ration(claims, 10**7, "ra", orders=50, seed=2**128 - 1)))
    assert verify(kept) == []
    kept["inputs"]["parameters"]["seed"] = 7
    assert any(text.startswith("awards.c0.award") for text in told(kept))


def test_standard_errors_of_a_sample_are_in_its_record_and_run_again() -> None:
    claims = {f"c{n}": 10**6 + n * n * 977 for n in range(60)}
    for parts in (None, [4 * 10**6, 6 * 10**6]):
        result = hw.ration(claims, 10**7, "ra", orders=50, tranches=parts)
        kept = through_json(record(result))
        assert kept["standard_errors"] == pytest.approx(result.standard_errors, rel=1e-5)
        assert verify(kept) == []
        kept["standard_errors"]["c7"] /= 2
        assert any(text.startswith("standard_errors.c7: ") for text in told(kept))
    assert record(hw.ration([5, 6], 7))["standard_errors"] == {}


def as_it_was(kept: dict[str, Any]) -> dict[str, Any]:
    """Return a record as format 2 wrote it, which knew no standard errors."""
    old = {key: value for key, value in kept.items() if key not in {"standard_errors", "sha256"}}
    old["format"] = 2
    for part in old.get("pools", ()):
        del part["standard_errors"]
    return {**old, "sha256": digest(old)}


@pytest.mark.parametrize(
    "answer",
    [
        lambda: hw.ration([5, 6, 9], 7, "talmud"),
        lambda: hw.ration({f"c{n}": 10**6 + n * n for n in range(60)}, 10**7, "ra", orders=20),
        lambda: hw.ration_pools({"a": 9, "b": 8}, {"n": 5, "s": 4}),
        lambda: hw.auction([("A", 5, 1), ("B", 2, 1)], 1),
        lambda: hw.ration_resources({"a": {"chips": 2}, "b": {"chips": 1}}, {"chips": 2}),
    ],
    ids=["one pool", "sample", "pools", "auction", "resources"],
)
def test_records_of_the_format_before_still_verify(answer: Callable[[], Any]) -> None:
    result = answer()
    kept = through_json(result.to_json()["record"])
    assert kept["format"] == FORMAT
    old = as_it_was(kept)
    assert verify(old) == []
    old["standard_errors"] = {}
    assert any("the record has it" in text for text in verify(old))


@pytest.mark.parametrize("number", [1, 4, 3.0, "2", True, None])
def test_a_format_that_is_not_known_is_told(number: object) -> None:
    kept = record(hw.ration([5, 6], 7))
    kept["format"] = number
    with pytest.raises(InputError, match="of format"):
        verify(kept)


def test_errors_too_large_for_a_float_are_not_known() -> None:
    result = hw.ration(["1e399", "1e399", "1e398"], "1e399", "ra", orders=10)
    printed = through_json(result.to_json())
    assert set(printed["standard_errors"].values()) == {None}
    assert verify(printed["record"]) == []


@pytest.mark.parametrize(("claimants", "digits"), [(900, 600), slow(6000, 2000)])
def test_awards_of_thousands_of_digits_are_exact_in_the_record(claimants: int, digits: int) -> None:
    claims = {f"c{n}": 977 * n + 13 for n in range(claimants)}
    result = hw.ration(claims, 977 * claimants, "minimal_overlap")
    kept = through_json(record(result))
    assert max(len(row["award"]) for row in kept["awards"]) > digits
    assert verify(kept) == []
    longest = max(range(claimants), key=lambda n: len(kept["awards"][n]["award"]))
    kept["awards"][longest]["award"] = kept["awards"][longest]["award"][:-1]
    _, award = told(kept)
    assert award.startswith(f"awards.c{longest}.award: the record says '")
    assert len(award) < 600


LONG = 10**10_100
"""A number that could not be read again."""


@pytest.mark.parametrize(
    ("call", "where"),
    [
        (
            lambda: hw.ration([Fraction(1, LONG), Fraction(5)], LONG, cap=Fraction(LONG)),
            ["claims row 1.claim", "cap ", "pool "],
        ),
        (lambda: hw.ration([5], 3, cap_share=f"0.{'3' * 10_033}%"), ["cap_share "]),
        (lambda: hw.ration([5, 6], 3, tranches=[LONG, 3]), ["tranches "]),
        (lambda: hw.ration([5], 3, whole="quota", orders=LONG), ["orders "]),
        (
            lambda: hw.ration_pools({"a": LONG}, {"north": Fraction(3, LONG)}),
            ["claims row 1.claim", "pool north"],
        ),
        (lambda: hw.ration_pools({"a": 5}, {"n": 3}, sizes=[LONG]), ["claims row 1.size"]),
        (
            lambda: hw.auction([("a", LONG, 5)], LONG, reserve_price=LONG),
            ["bids 1.price", "supply ", "reserve price "],
        ),
        (
            lambda: hw.ration_resources({"a": {"chips": LONG}}, {"chips": 5}, claims=[LONG]),
            ["needs row 1.chips", "needs row 1.claim"],
        ),
        (lambda: hw.ration_resources({"a": {"chips": 5}}, {"chips": LONG}), ["resources 'chips'"]),
    ],
)
def test_a_number_too_long_to_be_read_again_is_met_at_the_door(
    call: Callable[[], object], where: list[str]
) -> None:
    with pytest.raises(InputError) as caught:
        call()
    found = [f for f in caught.value.faults if "has more than 10,000 digits" in f.message]
    assert [f"{fault.file} {fault.key}" for fault in found] == where


def test_what_pools_leave_unmet_may_be_a_number_of_any_length() -> None:
    """What goes on to the next pool is no number that anybody gave, and is not read again."""
    prime = 10**4_999 + 7
    claims = {"a": Fraction(1, prime), "b": Fraction(1, prime + 2), "c": Fraction(1, prime + 6)}
    pools = {"north": Fraction(1, prime + 12), "south": Fraction(1, prime + 20)}
    kept = through_json(hw.ration_pools(claims, pools).to_record())
    assert verify(kept) == []


@pytest.mark.parametrize("unit", ["", " ", None, "T\nPP"])
@pytest.mark.parametrize("several", [False, True])
def test_a_unit_that_is_none_does_not_verify_however_it_is_sealed(
    unit: object, several: bool
) -> None:
    kept = record(hw.ration([100, 200], 200, unit="TPP"))
    if several:
        kept = hw.ration_pools({"a": 100}, {"north": 50}, unit="TPP").to_record()
    kept["inputs"]["unit"] = unit
    kept["inputs_sha256"] = digest(kept["inputs"])
    kept["sha256"] = digest({k: v for k, v in kept.items() if k != "sha256"})
    told: list[str] = []
    try:
        told = verify(kept)
    except InputError as error:
        told = [str(fault) for fault in error.faults]
    assert any("unit" in text for text in told)


def test_a_broken_seal_is_told_beside_inputs_that_cannot_be_run() -> None:
    kept = record(hw.ration([100, 200], 200))
    kept["inputs"]["pool"] = "many"
    with pytest.raises(InputError) as caught:
        verify(kept)
    assert [fault.key or fault.file for fault in caught.value.faults] == ["sha256", "pool"]
    kept["inputs"]["pool"] = "-5"
    with pytest.raises(InputError, match="the pool is negative"):
        verify(kept)


def test_missing_and_additional_keys_are_named() -> None:
    kept = record(hw.ration({"a": 100, "b": 200}, 200))
    del kept["coefficient"]
    kept["note"] = "fine"
    kept["awards"].append(kept["awards"][0])
    assert sorted(text for text in verify(kept) if not text.startswith("sha256")) == [
        "awards: the record lists 3, running it again gives 2",
        "coefficient: missing in the record, running it again gives it",
        "note: the record has it, running it again does not give it",
    ]


@pytest.mark.parametrize(
    "key",
    ["rule", "pool", "unit", "names", "claims", "awards", "left", "coefficient", "lambda",
     "warnings", "withheld"],
)  # fmt: skip
def test_what_is_printed_around_a_record_agrees_with_it(tmp_path: Path, key: str) -> None:
    printed = through_json(hw.ration([100, 200, 300], 200, "talmud").to_json())
    file = tmp_path / "printed.json"
    file.write_text(json.dumps(printed))
    assert verify(read_record(file)) == []
    printed[key] = "something else"
    file.write_text(json.dumps(printed))
    with pytest.raises(InputError, match="something else than the record in it") as caught:
        read_record(file)
    assert [fault.key for fault in caught.value.faults] == [key]


SIZES = {"a": 2, "b": 3}
PRINTED: dict[str, Callable[[], dict[str, Any]]] = {
    "one pool": lambda: hw.ration({"a": 9, "b": 8}, "9.5", whole="lrm", caps={"a": 4}).to_json(),
    "sizes": lambda: hw.ration({"a": 100, "b": 200}, 250, sizes=SIZES).to_json(),
    "pools": lambda: hw.ration_pools({"a": 9, "b": 8}, {"n": 5, "s": 4}, sizes=SIZES).to_json(),
    "resources": lambda: hw.ration_resources(
        {"a": {"chips": 1, "mw": 4}, "b": {"chips": 3, "mw": 1}}, {"chips": 9, "mw": 18}
    ).to_json(),
    "auction": lambda: hw.auction(
        [("A", 5, 1), ("B", 2, 1), ("C", 6, 2), ("A", 2, 3)], 3, "vickrey", whole="lrm",
        ballot_key="3./",
    ).to_json(),
}  # fmt: skip


@pytest.mark.parametrize("answer", PRINTED)
def test_a_change_of_any_value_that_is_printed_is_found(tmp_path: Path, answer: str) -> None:
    printed = through_json(PRINTED[answer]())
    file = tmp_path / "printed.json"
    file.write_text(json.dumps(printed), "utf-8")
    assert verify(read_record(file)) == []
    for place in places(printed):
        changed = copy.deepcopy(printed)
        within: Any = changed
        for key in place[:-1]:
            within = within[key]
        old = within[place[-1]]
        if isinstance(old, dict | list):
            continue
        within[place[-1]] = (not old) if isinstance(old, bool) else f"{old}0"
        file.write_text(json.dumps(changed), "utf-8")
        told: object
        try:
            told = verify(read_record(file))
        except InputError as error:
            told = error.faults
        assert told, place
