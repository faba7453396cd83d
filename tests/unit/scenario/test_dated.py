"""Dated values: the two clocks and their edges."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headworks.errors import NotInForce
from headworks.scenario.dated import Dated, DatedValue, as_day

FIRST, SECOND, END = dt.date(2031, 1, 1), dt.date(2031, 3, 1), dt.date(2031, 6, 1)
LEAK = dt.date(2030, 12, 1)

RULE: Dated[int] = Dated.of(
    "us/example/limit",
    [
        DatedValue(SECOND, published=LEAK, value=200),
        DatedValue(FIRST, published=FIRST, value=100),
        DatedValue(END, published=SECOND, value=None),
    ],
)
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (FIRST, 100),
        (SECOND - DAY, 100),
        (SECOND, 200),
        (END - DAY, 200),
        (END, None),
        (END + 900 * DAY, None),
    ],
)
def test_a_value_holds_from_its_first_day_until_the_next_ones(
    day: dt.date, value: int | None
) -> None:
    assert RULE.on(day) == value


def test_before_the_first_day_the_message_names_rule_day_and_first_day() -> None:
    with pytest.raises(
        NotInForce, match=r"us/example/limit has no value on 2030-12-31.*2031-01-01; ask for a day"
    ):
        RULE.on(FIRST - DAY)


def test_what_was_not_yet_published_does_not_count() -> None:
    assert RULE.on(SECOND, known_by=FIRST) == 200
    assert RULE.on(END, known_by=FIRST) == 200
    assert RULE.on(END, known_by=SECOND) is None


def test_knowledge_counts_by_the_day_inclusive() -> None:
    assert RULE.on(FIRST, known_by=FIRST) == 100
    with pytest.raises(NotInForce, match="known by 2030-12-31"):
        RULE.on(FIRST, known_by=FIRST - DAY)


def test_nothing_known_at_all_is_not_in_force() -> None:
    with pytest.raises(NotInForce, match=r"has no value of what was known by .*became known on"):
        RULE.on(SECOND, known_by=LEAK - DAY)


@given(st.integers(min_value=0, max_value=58))
def test_a_value_is_constant_between_keys(days: int) -> None:
    assert RULE.on(FIRST + days * DAY) == 100


@pytest.mark.parametrize("text", ["2026-01-31", " 2026-01-31 ", dt.datetime(2026, 1, 31, 9)])  # noqa: DTZ001 - a day is meant
def test_a_day_may_be_text_or_a_time_of_day(text: object) -> None:
    assert as_day(text) == dt.date(2026, 1, 31)


@pytest.mark.parametrize(
    "text", ["2026-W05", "2026-W05-6", "20260131", "31.1.2026", "2026-02-30", "", 5, None]
)
def test_nothing_else_is_a_day(text: object) -> None:
    assert as_day(text) is None
