"""The months of a plan on the clock of a scenario, which counts periods."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.recorder import finished_periods

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headworks.flow.network import Network
    from headworks.scenario.scenario import Scenario

Integers: TypeAlias = NDArray[np.int64]

MONTHS_PER_YEAR = 12
MONTHS_PER_QUARTER = 3
DAYS_PER_MONTH = 365.25 / MONTHS_PER_YEAR
HOURS_PER_MONTH = 24 * DAYS_PER_MONTH


def months_of(scenario: Scenario) -> tuple[dt.date, ...]:
    """Return the first days of the months of which at least a day lies within the horizon."""
    found = [scenario.start.replace(day=1)]
    while (following := next_month(found[-1])) < scenario.end:
        found.append(following)
    return tuple(found)


def next_month(month: dt.date) -> dt.date:
    """Return the first day of the month after one that is given by its first day."""
    return dt.date(month.year + month.month // 12, month.month % 12 + 1, 1)


def begins_quarter(month: dt.date) -> bool:
    """Return whether a month is the first of a quarter."""
    return month.month % MONTHS_PER_QUARTER == 1


def ordering_periods(months: Sequence[dt.date], scenario: Scenario) -> Integers:
    """Return the period in which the orders of each month are placed, shape (month,).

    They are placed on the first day of the month that lies within the horizon, in the period that
    contains it.
    """
    days = [(max(month, scenario.start) - scenario.start).days for month in months]
    return np.array(days, dtype=np.int64) // scenario.period_days


def last_days(months: Sequence[dt.date], scenario: Scenario) -> list[dt.date]:
    """Return the last day of each month, the last one cut to the horizon."""
    last = scenario.end - dt.timedelta(days=1)
    return [min(next_month(month) - dt.timedelta(days=1), last) for month in months]


def counted_periods(months: Sequence[dt.date], net: Network) -> Integers:
    """Return how many periods are finished by the end of each month, shape (month,)."""
    days = last_days(months, net.scenario)
    return np.array([finished_periods(net, day) for day in days], dtype=np.int64)
