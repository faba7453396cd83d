"""Months on the clock of periods."""

from __future__ import annotations

import datetime as dt

from headworks.flow.network import network
from headworks.planning.calendar import (
    counted_periods,
    last_days,
    months_of,
    ordering_periods,
)
from tests.unit.planning.response.worlds import contested


def test_months_are_those_of_which_a_day_lies_in_the_horizon() -> None:
    """26 weeks from Monday, 5 January 2026 end before 6 July."""
    found = months_of(contested())
    assert (found[0], found[-1], len(found)) == (dt.date(2026, 1, 1), dt.date(2026, 7, 1), 7)


def test_orders_fall_into_the_period_with_the_first_day_of_the_month() -> None:
    """1 February is day 27 and 1 March day 55: in the fourth and the eighth week."""
    case = contested()
    assert ordering_periods(months_of(case), case).tolist() == [0, 3, 7, 12, 16, 21, 25]


def test_months_end_with_the_last_period_that_is_finished() -> None:
    """31 January is day 26: 27 days are gone, and three weeks finished; then 55, 86 and so on."""
    case = contested()
    months = months_of(case)
    assert last_days(months, case)[-1] == dt.date(2026, 7, 5)
    assert counted_periods(months, network(case)).tolist() == [3, 7, 12, 16, 21, 25, 26]
