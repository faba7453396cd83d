"""Aims: which cases each line pools, and when it is met."""

from __future__ import annotations

import dataclasses

import pytest

from bench.aims import Aim, aims, rows
from headworks.throughput.accuracy import Prediction, accuracy
from headworks.throughput.case import Case

BASE = Case(
    case_id="",
    chip="h20",
    chips=8,
    model="deepseek-v3",
    phase="decode",
    precision="fp8",
    kv_precision=None,
    tp=None,
    pp=None,
    ep=None,
    dp=None,
    input_tokens=4096,
    output_tokens=None,
    concurrency=64,
    metric="output_tokens_per_s_per_chip",
    value=100.0,
)
FITTED = {"b200"}


def cases(*changes: dict[str, object]) -> list[Case]:
    return [
        dataclasses.replace(BASE, case_id=str(number), **changed)  # type: ignore[arg-type]
        for number, changed in enumerate(changes)
    ]


def said(asked: list[Case], *middles: float) -> dict[str, Prediction]:
    return {
        case.case_id: Prediction(0.9 * value, value, 1.1 * value)
        for case, value in zip(asked, middles, strict=True)
    }


def table(asked: list[Case], *middles: float) -> dict[str, tuple[str, ...]]:
    found = said(asked, *middles)
    return {row[0]: row[1:] for row in rows(asked, found, FITTED, {"chip": found}, asked)}


def test_a_line_pools_the_cases_that_its_aim_is_about() -> None:
    asked = cases(
        {},
        {"chip": "h800"},
        {"chip": "h800", "model": "qwen3-32b"},
        {"chip": "b200"},
        {"chip": "b200", "phase": "serving", "metric": "ttft_ms", "model": "llama-3.1-8b"},
        {"chip": "b200", "phase": "training", "metric": "mfu", "model": "llama-3.1-8b"},
    )
    found = table(asked, 110, 90, 100, 100, 100, 100)
    counts = {what: row[0] for what, row in found.items()}
    assert counts["chips not used in the fit, all figures"] == "3"
    assert counts["DeepSeek on H800, H20 and 910C, prefill and decode"] == "2"
    assert (counts["TTFT"], counts["TTFT, dense"], counts["TTFT, MoE"]) == ("1", "1", "0")
    assert (counts["training, dense"], counts["training, MoE"]) == ("1", "0")
    assert counts["coverage: all cases held out"] == "6"
    assert found["DeepSeek on H800, H20 and 910C, prefill and decode"][1:4] == (
        "10.0 / 10.0",
        "15 / –",
        "+0",
    )
    assert found["TTFT, MoE"][-1] == "no case"


@pytest.mark.parametrize(
    ("mean", "median", "met"),
    [(11, None, True), (9, None, False), (11, 6, True), (11, 4, False), (9, 6, False)],
)
def test_an_aim_is_met_where_both_errors_are_within(
    mean: float, median: float | None, met: bool
) -> None:
    """Errors of 5, 5 and 20 %: 10 on average, 5 in the middle."""
    asked = cases({}, {}, {})
    (row,) = accuracy(asked, said(asked, 105, 95, 120), by={})
    assert Aim("", lambda _: True, mean, median).met(row) is met
    assert Aim("", lambda _: True).met(row) is None


def test_intervals_that_hold_too_much_miss_their_aim_too() -> None:
    asked = cases(*({} for _ in range(10)))
    all_inside = table(asked, *[100.0] * 10)["coverage: all cases held out"]
    nine_inside = table(asked, *[100.0] * 9, 200.0)["coverage: all cases, their chip left out"]
    assert (all_inside[4], all_inside[-1]) == ("100%", "missed")
    assert (nine_inside[4], nine_inside[-1]) == ("90%", "met")


def test_doubtful_chips_have_a_wider_aim() -> None:
    most = {aim.what: aim.mean for aim in aims(FITTED, {"b200", "h20", "gb200"})}
    assert (most["– h20"], most["– gb200"]) == (25, 20)
    assert "– b200" not in most
