"""Bounds of exact numbers: they hold them, however long, and are as close as their digits say."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headworks.rationing.intervals import Precision
from tests.tiers import examples

whole = st.one_of(
    st.integers(0, 10**6),
    st.builds(
        lambda base, power, more: abs(base**power + more),
        st.integers(2, 10), st.integers(0, 3000), st.integers(-3, 3),
    ),
)  # fmt: skip


@settings(max_examples=examples(100))
@given(whole, whole, st.sampled_from([1, -1]), st.integers(3, 80))
def test_bounds_hold_numbers_of_any_length(above: int, below: int, sign: int, digits: int) -> None:
    number = Fraction(sign * above, max(1, below))
    low, high = map(Fraction, Precision(digits).of(number))
    assert low <= number <= high
    assert high - low <= abs(number) / Fraction(10) ** (digits - 2)


@pytest.mark.parametrize("number", [0, 1, -7, 10**60])
def test_what_has_few_digits_is_exact(number: int) -> None:
    low, high = Precision(64).of(number)
    assert low == high == number
