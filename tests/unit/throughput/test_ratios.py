"""Ratios by work: what they are, where the ratio of the peaks holds, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest

import headworks as hw
from headworks.errors import InputError
from headworks.throughput.intervals import interval
from headworks.throughput.ratios import Ratios, ratios_of

WORKS = [
    "peak", "bandwidth", "product", "prefill-dense", "prefill-moe", "interactive-dense",
    "interactive-moe", "batched-dense", "batched-moe", "training-dense", "training-moe",
]  # fmt: skip


@pytest.fixture(scope="module")
def found() -> Ratios:
    return hw.ratios("h200-sxm", ["H20", "ascend-910c"])


def ratio(found: Ratios, work: str, other: str = "h20") -> float:
    row = next(row for row in found.rows if row.work == work)
    draws = row.ratio("h200-sxm", other)
    assert draws is not None
    return interval(draws).med


def test_every_work_has_a_value_and_a_ratio_with_an_interval(found: Ratios) -> None:
    plain = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert [row["work"] for row in plain["rows"]] == WORKS
    for row in plain["rows"]:
        assert row["reason"]
        for chip in ("h200-sxm", "h20", "ascend-910c"):
            assert 0 < row["values"][chip]["p5"] < row["values"][chip]["p95"]
        for other in ("h20", "ascend-910c"):
            assert row["ratios"][other]["p5"] < row["ratios"][other]["med"]


def test_peak_and_bandwidth_are_those_stated(found: Ratios) -> None:
    assert ratio(found, "peak") == pytest.approx(1979 / 296, rel=0.01)
    assert ratio(found, "bandwidth") == pytest.approx(4800 / 4000, rel=0.01)
    assert ratio(found, "peak", "ascend-910c") == pytest.approx(1979 / 1504, rel=0.01)


def test_works_fall_from_arithmetic_to_bandwidth(found: Ratios) -> None:
    peak, product = ratio(found, "peak"), ratio(found, "product")
    assert peak > product > ratio(found, "batched-dense") > ratio(found, "interactive-dense")
    # Between the measured systems, about as chips.md has them, with room for a new fit.
    assert 4.0 < product < 5.6
    assert 2.5 < ratio(found, "prefill-moe") < 5.0
    assert 1.0 < ratio(found, "interactive-dense") < 1.6
    assert 2.0 < ratio(found, "batched-moe") < 5.0
    assert 3.0 < ratio(found, "training-dense") < 5.5


def test_a_ratio_is_narrower_than_its_parts_would_make_it(found: Ratios) -> None:
    row = next(row for row in found.rows if row.work == "prefill-dense")
    one, two = row.values["h200-sxm"].draws, row.values["h20"].draws
    draws = row.ratio("h200-sxm", "h20")
    assert one is not None
    assert two is not None
    assert draws is not None
    apart = np.hypot(np.log(one).std(), np.log(two).std())
    assert np.log(draws).std() < 0.95 * apart


def test_a_ratio_the_other_way_round_is_the_inverse(found: Ratios) -> None:
    back = hw.ratios("h20", "h200-sxm")
    for row in back.rows:
        draws = row.ratio("h20", "h200-sxm")
        assert draws is not None
        assert interval(draws).med == pytest.approx(1 / ratio(found, row.work), rel=0.01)


def test_the_sentence_says_where_the_ratio_of_the_peaks_holds(found: Ratios) -> None:
    said = found.sentence("h20")
    assert said.startswith("6.7 times the NVIDIA H20 96GB is true of peak arithmetic")
    assert " for small-batch decoding of a dense model" in said
    assert said.endswith(".")
    assert "is true of peak arithmetic" in found.sentence("ascend-910c")


def test_the_table_is_as_wide_as_a_terminal_and_says_what_stands_in(found: Ratios) -> None:
    text = str(found)
    assert max(map(len, text.splitlines())) <= 100
    assert "x NVIDIA H20 96GB" in text
    assert "note: Huawei Ascend 910C has no FP8 arithmetic" in text
    assert "dense is Llama 3.1 70B, MoE is DeepSeek-V3" in text


def test_more_than_two_chips_stand_in_tables_under_each_other() -> None:
    text = str(hw.ratios("h200-sxm", ["h20", "h100-sxm", "b200"]))
    assert text.count("peak arithmetic, 8 bits") == 2
    assert max(map(len, text.splitlines())) <= 100


def test_a_chip_alone_has_values_and_no_sentence() -> None:
    alone = hw.ratios("h20")
    assert alone.against == ()
    assert "times" not in str(alone)


def test_a_chip_that_needs_more_chips_says_so() -> None:
    found = hw.ratios("h200-sxm", "ascend-910b")
    row = next(row for row in found.rows if row.work == "training-moe")
    assert row.values["ascend-910b"].chips >= row.values["h200-sxm"].chips
    assert row.ratio("h200-sxm", "ascend-910b") is not None


def test_what_a_chip_cannot_do_is_told_and_not_left_out() -> None:
    found = hw.ratios("h200-sxm", "l20")  # 48 GB without a link
    missing = [row for row in found.rows if row.ratio("h200-sxm", "l20") is None]
    for row in missing:
        assert row.values["l20"].why_not
        assert f"{row.title}, NVIDIA L20" in str(found)
    assert len(found.rows) == len(WORKS)


def test_all_wrong_chips_are_told_at_once() -> None:
    with pytest.raises(InputError) as refused:
        hw.ratios("h2000", ["h20", "H20", "bw1000"])
    said = str(refused.value)
    assert "there is no chip 'h2000'" in said
    assert "'H20' is h20, which stands there already" in said
    assert "Hygon BW1000 has no known peak rate" in said


def test_progress_tells_of_the_works() -> None:
    told: list[tuple[int, int]] = []
    hw.ratios("h20", progress=lambda *numbers: told.append(numbers))
    assert told == [(done, len(WORKS)) for done in range(len(WORKS))]


def test_answers_on_one_work_are_compared_figure_by_figure() -> None:
    given = {"model": "llama-3.1-70b", "phase": "decode", "chips": 8, "concurrency": 8}
    one, two = (hw.worth(chip, **given) for chip in ("h200-sxm", "h20"))  # type: ignore[arg-type]
    found = ratios_of(one, two)
    assert {row.work for row in found.rows} == {
        "output_tokens_per_s_per_chip", "output_tokens_per_s_per_user",
    }  # fmt: skip
    draws = found.rows[0].ratio("h200-sxm", "h20")
    expected = one.figures[found.rows[0].work] / two.figures[found.rows[0].work]
    assert np.array_equal(draws, expected)  # type: ignore[arg-type]
    assert found.sentence("h20") == ""
    assert "NVIDIA H20 96GB: 8 chips, TP" in str(found)
    text = " ".join(str(found).split())
    runs = "runs that measured output tokens/s per "
    assert f"{runs}chip: 19 on NVIDIA H200 SXM, 0 on NVIDIA H20 96GB, 34 of llama-3" in text
    assert f"{runs}user: 0 on NVIDIA H200 SXM, 0 on NVIDIA H20 96GB, 114 of llama-3" in text
    plain = {row["work"]: row["values"]["h200-sxm"]["rests_on"] for row in found.to_json()["rows"]}
    assert plain["output_tokens_per_s_per_chip"]["chip_runs"] == 19
    assert plain["output_tokens_per_s_per_user"]["new"] == ["chip"]
    with pytest.raises(InputError, match="compared with itself"):
        ratios_of(one, one)


def test_the_best_of_each_chip_is_compared_within_limits() -> None:
    chips = ("h200-sxm", "h20")
    found = [
        hw.best_configuration(chip, model="llama-3.1-70b", chips=8, tpot_ms=limit, phase="decode")
        for chip, limit in zip(chips, (30, 0.1), strict=True)
    ]
    compared = ratios_of(*found)
    assert all(row.ratio(*chips) is None for row in compared.rows)
    assert "no layout keeps within the limits" in str(compared)
    assert compared.rows[0].values["h20"].to_json()["rests_on"] is None
