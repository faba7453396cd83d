"""Dated amounts as amounts per period."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headworks.flow.draws import Draws
    from headworks.scenario.company import Request
    from headworks.scenario.pool import Flow
    from headworks.scenario.quantity import Quantity
    from headworks.scenario.scenario import Scenario

Floats: TypeAlias = NDArray[np.float64]

_MONDAY = dt.date(2000, 1, 3).toordinal()


def period_ends(scenario: Scenario) -> Floats:
    """Return the ends of the periods in days from the start, after a 0; shape (period + 1,)."""
    return np.arange(scenario.periods + 1, dtype=np.float64) * scenario.period_days


def requested(request: Request, scenario: Scenario) -> Floats:
    """Return the share of a request that is wanted within each period, shape (period,).

    What was wanted before the start counts as wanted in the first period.
    """
    ends = period_ends(scenario)
    if request.on is not None:
        day = (request.on - scenario.start).days
        cumulative = (ends > day).astype(np.float64)
    else:
        begin, stop = _days(request.from_, scenario), _days(request.to, scenario)
        cumulative = np.clip((ends - begin) / (stop - begin), 0.0, 1.0)
    cumulative[0] = 0.0
    return np.diff(cumulative)


def flow_weights(flow: Sequence[Flow], scenario: Scenario) -> Floats:
    """Return how many spans of each entry fall into each period, shape (entry, period)."""
    ends = period_ends(scenario)
    begins = [float((entry.from_ - scenario.start).days) for entry in flow]
    stops = [*begins[1:], np.inf]
    weights = np.zeros((len(flow), scenario.periods))
    for number, entry in enumerate(flow):
        inside = np.minimum(ends[1:], stops[number]) - np.maximum(ends[:-1], begins[number])
        weights[number] = np.maximum(inside, 0.0) / entry.per_days
    return weights


def week_number(scenario: Scenario, period: int) -> int:
    """Return the number of the calendar week (from Monday) in which a period begins."""
    day = scenario.start.toordinal() + period * scenario.period_days
    return (day - _MONDAY) // 7 + 2**20  # an ordinal of a stream must not be negative


def noise(key: str, variation: Quantity | None, scenario: Scenario, draws: Draws) -> Floats | None:
    """Return lognormal factors with mean 1 by calendar week, shape (period, path); None for none.

    Args:
        key: Name of the stream.
        variation: Coefficient of variation.
        scenario: Gives the clock.
        draws: Draws of the paths.
    """
    if variation is None:
        return None
    spread = draws.number(f"{key}.weekly_noise", variation)
    sigma = np.sqrt(np.log1p(spread**2))
    weeks = np.array([week_number(scenario, period) for period in range(scenario.periods)])
    first, last = int(weeks[0]), int(weeks[-1])
    scores = draws.streams.scores(f"{key}.weekly_noise.week", first, last - first + 1)
    factors: Floats = scores[weeks - first]
    factors *= sigma
    factors -= sigma**2 / 2
    return np.exp(factors, out=factors)


def _days(day: dt.date | None, scenario: Scenario) -> float:
    if day is None:
        message = "a request that builds up has both of its days"
        raise ValueError(message)
    return float((day - scenario.start).days)
