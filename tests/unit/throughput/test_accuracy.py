"""Accuracy: against figures computed by hand."""

from __future__ import annotations

import dataclasses
import math

import pytest

from headworks.errors import InputError, UnknownName
from headworks.throughput.accuracy import (
    Accuracy,
    Answer,
    NoPrediction,
    Prediction,
    accuracy,
    answers,
    as_row,
    table,
)
from headworks.throughput.case import Case

CASE = Case(
    case_id="a",
    chip="h200-sxm",
    chips=8,
    model="llama-3.1-70b",
    phase="serving",
    precision="fp8",
    kv_precision=None,
    tp=8,
    pp=1,
    ep=None,
    dp=1,
    input_tokens=1024,
    output_tokens=1024,
    concurrency=64,
    metric="tpot_ms",
    value=10.0,
)


def case(case_id: str, value: float, **other: object) -> Case:
    return dataclasses.replace(CASE, case_id=case_id, value=value, **other)  # type: ignore[arg-type]


# Errors -0.1, +0.3, 0.0 and +0.4; intervals 8..10 (holds its end 10), 22..28 (not 20), 39..41.
CASES = [case("a", 10.0), case("b", 20.0), case("c", 40.0), case("d", 5.0), case("e", 3.0)]
ANSWERS: dict[str, Answer] = {
    "a": Prediction(8.0, 9.0, 10.0, "bandwidth"),
    "b": Prediction(22.0, 26.0, 28.0, "compute"),
    "c": Prediction(39.0, 40.0, 41.0),
    "d": Prediction(None, 7.0, None),
    "e": NoPrediction("no such model"),
}


def test_the_figures_are_those_computed_by_hand() -> None:
    (row,) = accuracy(CASES, ANSWERS, by=())
    assert row.group == {}
    assert (row.n, row.n_unanswered, row.reasons) == (4, 1, {"no such model": 1})
    assert row.mape == pytest.approx((0.1 + 0.3 + 0.0 + 0.4) / 4)
    assert row.median_ape == pytest.approx(0.2)
    assert row.bias == pytest.approx((-0.1 + 0.3 + 0.0 + 0.4) / 4)
    assert row.median_bias == pytest.approx(0.15)
    assert row.coverage == pytest.approx(2 / 3)
    assert row.width == pytest.approx((2 / 9 + 6 / 26 + 2 / 40) / 3)


def test_groups_are_sorted_and_named() -> None:
    cases = [
        case("a", 10.0, chip="h20"),
        case("b", 20.0),
        case("c", 40.0, chip="h20", tp=None),
        case("d", 5.0, chip="h20"),
    ]
    rows = accuracy(cases, ANSWERS, by=("chip", "tp"))
    assert [(row.group, row.n) for row in rows] == [
        ({"chip": "h20", "tp": "8"}, 2),
        ({"chip": "h20", "tp": "not stated"}, 1),
        ({"chip": "h200-sxm", "tp": "8"}, 1),
    ]
    assert rows[0].mape == pytest.approx(0.25)
    assert set(accuracy(cases, ANSWERS)[0].group) == {"chip", "model", "phase", "metric"}


def test_a_group_may_be_any_function_of_a_case() -> None:
    rows = accuracy(
        CASES, ANSWERS, by={"size": lambda case: "large" if case.value > 9 else "small"}
    )
    assert [(row.group["size"], row.n, row.n_unanswered) for row in rows] == [
        ("large", 3, 0),
        ("small", 1, 1),
    ]


def test_what_is_not_answered_has_no_figures() -> None:
    (row,) = accuracy(CASES[-2:], {"e": NoPrediction("no such model")}, by=())
    assert row == Accuracy(
        group={},
        n=0,
        n_unanswered=2,
        reasons={"not asked": 1, "no such model": 1},
        mape=None,
        median_ape=None,
        bias=None,
        median_bias=None,
        coverage=None,
        width=None,
    )


@pytest.mark.parametrize("med", [math.nan, math.inf, 0.0, -3.0])
def test_a_figure_that_is_no_number_spoils_no_mean(med: float) -> None:
    (row,) = accuracy(CASES[:2], {**ANSWERS, "b": Prediction(1.0, med, 9.0)}, by=())
    assert (row.n, row.n_unanswered) == (1, 1)
    assert row.mape == pytest.approx(0.1)


def test_a_refused_case_is_unanswered_with_its_reason() -> None:
    def predict(case: Case) -> Answer:
        if case.case_id == "b":
            raise InputError("the model does not fit")
        return Prediction(9.0, 10.0, 11.0)

    found = answers(CASES[:2], predict)
    assert found["b"] == NoPrediction("the model does not fit")
    (row,) = accuracy(CASES[:2], found, by=())
    assert (row.n, row.reasons) == (1, {"the model does not fit": 1})


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(UnknownName, match="did you mean precision"):
        accuracy(CASES, ANSWERS, by=("precison",))


def test_rows_become_plain_values_and_a_frame() -> None:
    rows = accuracy(CASES, ANSWERS, by=("chip",))
    assert as_row(rows[0])["chip"] == "h200-sxm"
    frame = table(rows)
    assert list(frame.columns)[:3] == ["chip", "n", "n_unanswered"]
    assert frame.loc[0, "n"] == 4
