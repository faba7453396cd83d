"""Numbers as people read them."""

from __future__ import annotations

import datetime as dt

import pytest

from headworks.report import numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.3, "fewer than 1"),
        (7.4, "7"),
        (99.4, "99"),
        (99.6, "100"),
        (149.0, "150"),
        (41_234.0, "41,000"),
        (999_600.0, "1 million"),
        (2_081_000.0, "2.1 million"),
        (1.26e9, "1.3 billion"),
        (2e12, "2 trillion"),
        (-1_234.0, "−1,200"),
        (-3.0, "−3"),
        (-2.5e6, "−2.5 million"),
    ],
)
def test_prose_has_two_significant_digits(value: float, text: str) -> None:
    assert numbers.prose(value) == text


def test_a_span_names_both_ends() -> None:
    assert numbers.span(0.0, 380_400.0) == "0 to 380,000"


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0.0, "0"), (-0.2, "0"), (1234567.8, "1,234,568"), (-4.0, "−4")],
)
def test_whole_numbers_have_their_thousands_separated(value: float | None, text: str) -> None:
    assert numbers.whole(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0.0, "0"), (0.12345, "0.1235"), (1.5, "1.5"), (12345.6, "12,346")],
)
def test_exact_numbers_keep_four_decimals_where_they_are_small(
    value: float | None, text: str
) -> None:
    assert numbers.exact(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (None, "–"), (0.0, "0 %"), (0.001, "under 1 %"), (0.34, "34 %"), (0.999, "over 99 %"),
        (1.0, "100 %"),
    ],
)  # fmt: skip
def test_a_share_says_when_it_is_almost_none_or_all(share: float | None, text: str) -> None:
    assert numbers.percent(share) == text


def test_days_and_months_are_words() -> None:
    assert numbers.day(dt.date(2026, 12, 5)) == "5 December 2026"


@pytest.mark.parametrize(
    ("value", "plain"),
    [(None, None), (float("nan"), None), (1e-12, 0), (41_234.0, 41_234), (1 / 3, 0.3333333)],
)
def test_data_holds_no_more_digits_than_it_needs(value: float | None, plain: float | None) -> None:
    assert numbers.plain(value) == plain
