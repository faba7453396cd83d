"""Ceilings on passage: caps, pairing with domestic chips, shares of another flow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.delay import History
from headworks.scenario.condition import Cap, FlowShare, Pairing

if TYPE_CHECKING:
    import datetime as dt

    from headworks.flow.draws import Draws
    from headworks.flow.line import Line
    from headworks.scenario.scenario import Scenario

Floats: TypeAlias = NDArray[np.float64]
Stocks: TypeAlias = Callable[[str], Floats]
"""Gives a stock by name, shape (all lines, path), as it stood when the period began."""


class Groups:
    """Rows that share a ceiling."""

    def __init__(self, labels: Sequence[str | None]) -> None:
        names = sorted({label for label in labels if label is not None})
        self.names = names
        self.rows = np.array([n for n, label in enumerate(labels) if label is not None], dtype=int)
        of_row = [names.index(label) for label in labels if label is not None]
        order = np.argsort(of_row, kind="stable")
        self._sorted = self.rows[order]
        self.of_row = np.array(of_row, dtype=int)
        self._starts = np.searchsorted(np.array(of_row, dtype=int)[order], np.arange(len(names)))

    def total(self, values: Floats) -> Floats:
        """Return the sum over the rows of each group, shape (group, path)."""
        return np.add.reduceat(values[self._sorted], self._starts, axis=0)


class Ceiling:
    """One condition at one gate on every path.

    Args:
        key: Name of its streams.
        condition: The record.
        lines: Lines of the gate, in the order of its rows.
        everyone: All lines of the scenario, in the order of their stocks.
        scenario: Gives chips, companies and the clock.
        draws: Draws of the paths.
    """

    def __init__(
        self, key: str, condition: Cap | Pairing | FlowShare, lines: Sequence[Line],
        everyone: Sequence[Line], scenario: Scenario, draws: Draws,
    ) -> None:  # fmt: skip
        self.condition = condition
        self.groups = Groups([_label(condition, line, scenario) for line in lines])
        self._size = sizes(condition.metric, lines, scenario)
        self._from = _first_period(condition.from_, scenario)
        self._applies = (
            None
            if condition.probability is None
            else draws.happens(f"{key}.probability", condition.probability, day=condition.from_)
        )
        self._limit = np.zeros((len(self.groups.names), draws.paths))
        self._window: History | None = None
        self._begins: Floats | None = None
        if isinstance(condition, Cap):
            self._limit[:] = draws.number(f"{key}.amount", condition.amount, day=condition.from_)
            if condition.per_days is not None:
                span = draws.number(f"{key}.per_days", condition.per_days) / scenario.period_days
                self._window = History(np.maximum(span, 1.0), self._limit.shape)
        else:
            self._refer(key, condition, everyone, scenario, draws)

    def _refer(
        self, key: str, condition: Pairing | FlowShare, everyone: Sequence[Line],
        scenario: Scenario, draws: Draws,
    ) -> None:  # fmt: skip
        """Find the stock that the ceiling is a multiple of: `limit = grace + factor × stock`."""
        self._everyone_size = sizes(condition.metric, everyone, scenario)
        self._grace = np.zeros(draws.paths)
        if isinstance(condition, FlowShare):
            chips = condition.chips
            chosen = [
                line.company in condition.of and (chips is None or line.chip in chips)
                for line in everyone
            ]
            self._reference = {name: np.flatnonzero(chosen) for name in self.groups.names}
            self._multiple = draws.number(f"{key}.share", condition.share, day=condition.from_)
            self._stock = condition.stock
            return
        ratio = draws.number(f"{key}.ratio", condition.ratio, day=condition.from_)
        inverse = condition.direction == "domestic_per_imported"
        with np.errstate(divide="ignore"):
            self._multiple = 1.0 / ratio if inverse else ratio
        self._stock = condition.trigger
        self._reference = {
            name: np.flatnonzero(
                [line.company == name and line.chip in condition.domestic for line in everyone]
            )
            for name in self.groups.names
        }
        if condition.grace is not None:
            self._grace = draws.number(f"{key}.grace", condition.grace, day=condition.from_)
        if condition.grace_days is not None:
            days = draws.number(f"{key}.grace_days", condition.grace_days, day=condition.from_)
            self._begins = self._from + days / scenario.period_days

    def look(self, stocks: Stocks) -> None:
        """Read the stock that the ceiling depends on, as the period begins."""
        if isinstance(self.condition, Cap):
            return
        held = stocks(self._stock)
        # A ratio of 0 domestic chips per import limits nothing, even where none was earned.
        free = np.isinf(self._multiple)
        multiple = np.where(free, 0.0, self._multiple)
        for number, name in enumerate(self.groups.names):
            rows = self._reference[name]
            earned = (held[rows] * self._everyone_size[rows]).sum(axis=0)
            self._limit[number] = self._grace + multiple * earned
        self._limit[:, free] = np.inf

    def cut(self, period: int, claims: Floats, passed: Floats) -> Floats:
        """Return claims cut to the ceiling; a group's room is shared in proportion to claims.

        Args:
            period: Number of the period.
            claims: Shape (row, path), units.
            passed: What the gate has let through so far, shape (row, path), units.
        """
        if not len(self.groups.names) or period < self._from:
            return claims
        used = self.groups.total(passed * self._size)
        if self._window is not None:
            used = used - self._window.between(period)
        room = np.maximum(self._limit - used, 0.0)
        asked = self.groups.total(claims * self._size)
        free = asked <= room
        if self._applies is not None:
            free = free | ~self._applies
        if self._begins is not None:
            free = free | (period < self._begins)
        coefficient = np.where(free, 1.0, room / np.where(free, 1.0, asked))
        result = claims.copy()
        result[self.groups.rows] *= coefficient[self.groups.of_row]
        return result

    def note(self, period: int, passed: Floats) -> None:
        """Keep what has passed by the end of a period, for a rolling ceiling."""
        if self._window is not None:
            self._window.write(period, self.groups.total(passed * self._size))


def _label(condition: Cap | Pairing | FlowShare, line: Line, scenario: Scenario) -> str | None:
    """Return the group of a line under a condition; None where the condition leaves it alone."""
    company = line.company
    if condition.companies is not None and company not in condition.companies:
        return None
    if condition.chips is not None and line.chip not in condition.chips:
        return None
    if isinstance(condition, FlowShare):
        return None if company in condition.of else "all"
    if isinstance(condition, Pairing):
        # What earns the right to import does not need it.
        earns = condition.chips is None and line.chip in condition.domestic
        return None if earns else company
    party_group = scenario.companies[company].party_group or company
    return {"line": line.key, "company": company, "party_group": party_group, "all": "all"}[
        condition.by
    ]


def sizes(metric: str, lines: Sequence[Line], scenario: Scenario) -> Floats:
    """Return what one unit of each line counts for in a metric, shape (line, 1)."""

    def size(chip_id: str) -> float:
        chip = scenario.chips[chip_id]
        if metric == "tpp":
            return float(chip.tpp or 0.0)
        if metric == "memory_bandwidth_gb_per_s":
            bandwidth = chip.memory_bandwidth_gb_per_s
            return bandwidth.median if bandwidth else 0.0
        return 1.0

    return np.array([size(line.chip) for line in lines])[:, None]


def _first_period(day: dt.date | None, scenario: Scenario) -> int:
    return 0 if day is None else max(0, (day - scenario.start).days // scenario.period_days)
