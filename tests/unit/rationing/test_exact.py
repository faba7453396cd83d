"""Exact numbers: read, written back however long, and shown shortened with a mark."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headworks.rationing.common import (
    ascending,
    at_most,
    below,
    beyond,
    keyed,
    over_common,
    total,
)
from headworks.rationing.exact import (
    DIGITS_MAX,
    exact,
    is_long,
    rounded,
    short,
    significant,
    written,
)

fractions = st.fractions() | st.builds(
    lambda n, m, power: Fraction(n, m) * Fraction(10) ** power,
    st.integers(-99, 99), st.integers(1, 99), st.integers(-5000, 5000),
)  # fmt: skip


@given(fractions)
def test_what_is_written_is_read_back(number: Fraction) -> None:
    assert exact(written(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("400,000", 400_000), ("4e5", 400_000), ("1e400", 10**400), ("1e400/1e-400", 10**800),
        ("1_000", 1000), ("0." + "0" * 799 + "1", Fraction(1, 10**800)), ("7" * 9000, None),
        (" 100/3 ", Fraction(100, 3)), (0.1, Fraction(1, 10)), (Decimal("0.5"), Fraction(1, 2)),
    ],
)  # fmt: skip
def test_numbers_of_any_form_are_read(text: object, number: Fraction | None) -> None:
    found = exact(text)
    assert number is None or found == number
    assert exact(written(found)) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "a number is missing"), ("many", "'many' is not a number"), (True, "not a number"),
        ("1/0", "divides by zero"), ("inf", "not a finite number"), (float("nan"), "not a finite"),
        ("1e401", "more than 400 digits"), ("1e-999999999", "more than 400 digits"),
        ("9" * (DIGITS_MAX + 100), "more than 10,000 digits"),
        ("1." + "3" * 30_000, "more than 10,000 digits"), ("x" * 9999, "x…' is not a number"),
        ("1,5", "not a number"), ("1/2/3", "not a number"),
    ],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_what_is_no_number_or_too_long_is_told_in_few_words(text: object, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        exact(text)
    assert len(str(caught.value)) < 120


def test_a_number_is_long_where_it_could_not_be_read_again() -> None:
    assert not is_long(Fraction(10**9_999))
    assert is_long(Fraction(1, 10**10_100))


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (Fraction(1234567, 1000), "1,234.57"), (Fraction(1234), "1,234"), (Fraction(5, 2), "2.50"),
        (Fraction(-1, 8), "-0.12"), (Fraction(10**30), "1.000e+30"),
        (Fraction(10**9000, 7), "1.429e+8999"), (Fraction(2, 3), "0.67"),
    ],
)  # fmt: skip
def test_people_are_shown_some_digits(number: Fraction, shown: str) -> None:
    assert rounded(number) == shown


def test_places_may_be_fixed_or_left_out() -> None:
    assert rounded(Fraction(2), fixed=True) == "2.00"
    assert rounded(Fraction(2_000_001, 2), 0) == "1,000,000"
    assert significant(Fraction(1, 80)) == "0.0125"
    assert significant(Fraction(123_456_789), 10) == "123,456,789"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (Fraction(100, 3), "100/3"), (Fraction(10**30), "≈ 1.000e+30"),
        (Fraction(2**100, 3**60), "≈ 29.903656"), (Fraction(1, 3**900), "≈ 3.898e-430"),
    ],
)  # fmt: skip
def test_a_message_says_exactly_what_is_short_and_marks_the_rest(
    number: Fraction, said: str
) -> None:
    assert short(number) == said


@given(st.lists(fractions, min_size=1, max_size=8), fractions)
def test_many_fractions_at_once_are_what_one_after_the_other_gives(
    numbers: list[Fraction], bound: Fraction
) -> None:
    numerators, whole = over_common(numbers)
    assert [Fraction(n, whole) for n in numerators] == numbers
    assert total(numbers) == sum(numbers, Fraction(0))
    assert [numbers[n] for n in ascending(numbers)] == sorted(numbers)
    assert [one for _, one in sorted(keyed(numbers))] == sorted(numbers)
    assert below(numbers, bound) == [one < bound for one in numbers]
    assert at_most(numbers, bound) == [min(one, bound) for one in numbers]
    assert beyond(numbers, bound) == [max(one - bound, Fraction(0)) for one in numbers]


def test_equal_floats_do_not_hide_an_order() -> None:
    near = [Fraction(10**40 + 1), Fraction(10**40), Fraction(10**400 + 1), Fraction(10**400)]
    assert ascending(near) == [1, 0, 3, 2]
    assert ascending([Fraction(-(10**400)), Fraction(0), Fraction(-(10**401))]) == [2, 0, 1]


def test_the_sum_of_nothing_is_nothing() -> None:
    assert total([]) == 0
    assert over_common([]) == ([], 1)
