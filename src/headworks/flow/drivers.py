"""Latent factors: standard normal at all times, AR(1) by calendar quarter."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from headworks.flow.streams import Streams
    from headworks.scenario.driver import Driver

Floats: TypeAlias = NDArray[np.float64]

QUARTER_DAYS = 365.2425 / 4


class Drivers:
    """The factors of a run of paths, by calendar quarter.

    Each starts in its stationary state in the quarter of `start`, and forgets half of a deviation
    in its half-life: z' = φ z + √(1 - φ²) ε with φ = 2^(-quarter / half-life).
    """

    def __init__(
        self, drivers: dict[str, Driver], streams: Streams, start: dt.date, end: dt.date
    ) -> None:
        self.start = start
        self._first = quarter(start)
        self._last = max(quarter(end), self._first)
        later = range(self._first + 1, self._last + 1)
        self._bounds = np.array([(first_day(number) - start).days for number in later])
        self.values = {name: self._walk(name, driver, streams) for name, driver in drivers.items()}

    def _walk(self, name: str, driver: Driver, streams: Streams) -> Floats:
        persistence = 2.0 ** (-QUARTER_DAYS / max(driver.half_life_days.median, 1e-9))
        fresh = np.sqrt(1.0 - persistence**2)
        walk = [streams.score(f"drivers.{name}", self._first)]
        for number in range(self._first + 1, self._last + 1):
            walk.append(persistence * walk[-1] + fresh * streams.score(f"drivers.{name}", number))
        return np.stack(walk)

    def load(self, loadings: dict[str, float], own: Floats, days: Floats | float) -> Floats:
        """Return scores that load on drivers: Σ r D + √(1 - Σ r²) own, r being the loadings.

        Args:
            loadings: Correlation with each driver, by name.
            own: Scores of the thing itself, shape (path,).
            days: When it begins, in days from the start: one number, or shape (path,).

        Returns:
            Standard normal scores, shape (path,).
        """
        if not loadings:
            return own
        quarters = self._quarter_index(days)
        paths = np.arange(own.shape[0])
        inorder = sorted(loadings.items())  # a sum's rounding depends on its order
        left = 1.0 - sum(rho * rho for _, rho in inorder)
        result: Floats = np.sqrt(max(left, 0.0)) * own
        for name, rho in inorder:
            result = result + rho * self.values[name][quarters, paths]
        return result

    def _quarter_index(self, days: Floats | float) -> NDArray[np.int64]:
        return np.searchsorted(self._bounds, days, side="right")


def quarter(day: dt.date) -> int:
    """Return the number of the calendar quarter of a day, counted from year 0."""
    return day.year * 4 + (day.month - 1) // 3


def first_day(number: int) -> dt.date:
    """Return the first day of a calendar quarter."""
    return dt.date(number // 4, number % 4 * 3 + 1, 1)
