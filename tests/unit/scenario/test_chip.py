"""Chips: TPP, doubt, and what a record must hold."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from headworks.scenario.chip import Chip

STATED = {"kind": "stated", "source": "example"}


def chip(**fields: Any) -> Chip:  # noqa: ANN401 - fields of a record, some wrong on purpose
    record: dict[str, Any] = {
        "name": "Example X1",
        "grade": "A",
        "peak_tflops": {"bf16": {"value": 100, **STATED}, "fp8": {"value": 210, **STATED}},
    }
    return Chip.model_validate(record | fields)


def test_tpp_is_rate_times_bit_length() -> None:
    assert chip().tpp_by_dtype() == {"bf16": 1600, "fp8": 1680}
    assert chip().tpp == 1680


def test_tpp_leaves_doubtful_rates_out() -> None:
    assert chip(doubtful={"fp8": "rumour"}).tpp == 1600


def test_tpp_counts_doubtful_rates_where_there_are_no_others() -> None:
    assert chip(doubtful={"fp8": "rumour", "bf16": "rumour"}).tpp == 1680


def test_a_chip_without_a_disclosed_rate_has_no_tpp() -> None:
    assert chip(peak_tflops={}).tpp is None


def test_an_uncertain_rate_counts_with_its_median_to_the_digit() -> None:
    rate = {"p5": 752, "med": 835, "p95": 918, "dist": "lognormal", **STATED}
    assert chip(peak_tflops={"bf16": rate}).tpp == 835 * 16


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"doubtful": {"fp4": "rumour"}}, "without a rate: fp4"),
        ({"peak_tflops": {"bf16": {"value": 0, **STATED}}}, "must be above 0"),
        ({"peak_tflops": {"bf16": {"value": -1, **STATED}}}, "below 0"),
        ({"peak_tflops": {"bf16": {"value": 1, "kind": "stated"}}}, "needs source"),
        ({"peak_tflops": {"bf16": {"value": 1, "unit": "gb", **STATED}}}, "'tflops', not 'gb'"),
        ({"peak_tflops": {"fp12": {"value": 1, **STATED}}}, "fp12"),
        ({"launch": "spring 2024"}, "launch"),
        ({"tpp": 4}, "Extra inputs"),
    ],
)
def test_a_faulty_record_is_refused_with_the_reason(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        chip(**fields)
