"""What is kept of a run: stocks at chosen dates, by chosen groups of lines, path by path."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.network import span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from headworks.flow.network import Network
    from headworks.flow.state import State

Samples: TypeAlias = NDArray[np.floating]

STOCKS = (
    "wanted", "ordered", "licensed", "approved", "produced",
    "shipped", "cleared", "installed", "withdrawn", "refused",
)  # fmt: skip
"""The stocks that are reported, in the order of a chip's way; cumulative counts all."""

ALL = "all"
"""Stands for the total over companies or chips; companies outside the story are left out."""


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that are added up: those of a company, of a chip, or of both."""

    company: str
    chip: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What to keep: stocks of some groups at some dates, in one precision."""

    dates: tuple[dt.date, ...]
    periods: tuple[int, ...]
    """Number of finished periods at the end of each date."""
    groups: tuple[Group, ...]
    dtype: str
    paths_max: int | None = None
    """Only the first so many paths of a forecast are kept; all if None."""
    stocks: tuple[str, ...] = STOCKS

    def empty(self, paths: int) -> Samples:
        """Return room for the samples of the first `paths` paths, (date, stock, group, path)."""
        kept = paths if self.paths_max is None else min(paths, self.paths_max)
        shape = (len(self.dates), len(self.stocks), len(self.groups), kept)
        return np.zeros(shape, dtype=self.dtype)

    def write(self, into: Samples, finished: int, state: State) -> None:
        """Write the state after some number of finished periods, where a date asks for it."""
        numbers = self.numbers(finished)
        if not numbers or not into.shape[-1]:
            return
        kept = into.shape[-1]
        rows = self._rows()
        for stock_number, stock in enumerate(self.stocks):
            if stock not in state.stocks:
                continue  # nothing can be in it, and there was nothing before
            values = state.stock(stock)
            for group, lines in rows:
                units = values[lines] if isinstance(group, slice) else _total(values, lines)
                for number in numbers:
                    into[number, stock_number, group] = units[..., :kept]

    def _rows(self) -> list[tuple[slice | int, slice | list[int]]]:
        """Return groups with their lines; a run of groups of one line each as slices of both."""
        found: list[tuple[slice | int, slice | list[int]]] = []
        number = 0
        while number < len(self.groups):
            first = self.groups[number].lines
            end = number
            while (
                first
                and end < len(self.groups)
                and self.groups[end].lines == (first[0] + end - number,)
            ):
                end += 1
            if end > number:
                found.append((slice(number, end), slice(first[0], first[0] + end - number)))
            else:
                found.append((number, span(first) if first else []))
            number = max(end, number + 1)
        return found

    def beyond(self, paths: int) -> Page:
        """Return what is to be kept of the paths that follow the first `paths`."""
        left = None if self.paths_max is None else max(self.paths_max - paths, 0)
        return replace(self, paths_max=left)

    def of(self, stocks: Collection[str]) -> Page:
        """Return what is to be kept of some of the stocks only."""
        return replace(self, stocks=tuple(stock for stock in self.stocks if stock in stocks))

    def numbers(self, finished: int) -> list[int]:
        """Return the numbers of the dates that fall on this many finished periods."""
        if finished not in self.periods:
            return []
        return [number for number, periods in enumerate(self.periods) if periods == finished]


def _total(values: NDArray[np.float64], lines: slice | list[int]) -> NDArray[np.float64]:
    """Return the sum over lines, added one by one so that its rounding depends on nothing else."""
    result: NDArray[np.float64]
    if isinstance(lines, slice):  # with paths side by side, NumPy adds row by row too
        result = np.add.reduce(values[lines], axis=0)
        return result
    result = np.zeros(values.shape[1])
    for line in lines:
        result += values[line]
    return result


def finished_periods(net: Network, day: dt.date) -> int:
    """Return how many periods are finished at the end of a day.

    A date within a period counts what its last finished period held; days before the first period
    ends count the starting balances, and days after the horizon its end.
    """
    scenario = net.scenario
    elapsed = (day - scenario.start).days + 1
    return min(max(elapsed // scenario.period_days, 0), scenario.periods)


def page(
    net: Network,
    dates: Iterable[dt.date],
    groups: Sequence[Group],
    dtype: str = "float64",
    paths_max: int | None = None,
) -> Page:
    """Return a page for some dates and groups."""
    days = tuple(sorted(set(dates)))
    finished = tuple(finished_periods(net, day) for day in days)
    return Page(days, finished, tuple(groups), dtype, paths_max)


def pairs(net: Network) -> list[Group]:
    """Return one group per company and chip, sorted."""
    found: dict[tuple[str, str], list[int]] = {}
    for number, line in enumerate(net.lines):
        found.setdefault((line.company, line.chip), []).append(number)
    return [Group(company, chip, tuple(rows)) for (company, chip), rows in sorted(found.items())]


def totals(net: Network) -> list[Group]:
    """Return one group for all, one per chip (all companies) and one per company (all chips)."""
    inside = [
        (number, line)
        for number, line in enumerate(net.lines)
        if not net.scenario.companies[line.company].outside
    ]
    result = [Group(ALL, ALL, tuple(number for number, _ in inside))]
    result.extend(
        Group(ALL, chip, tuple(n for n, line in inside if line.chip == chip))
        for chip in sorted({line.chip for _, line in inside})
    )
    result.extend(
        Group(company, ALL, tuple(n for n, line in enumerate(net.lines) if line.company == company))
        for company in sorted({line.company for line in net.lines})
    )
    return result


def default_dates(net: Network) -> list[dt.date]:
    """Return the dates of a table for which none were asked: ends of half-years and of all."""
    ends = month_ends(net)
    return sorted({*(day for day in ends if day.month % 6 == 0), ends[-1]})


def month_ends(net: Network) -> list[dt.date]:
    """Return the last days of the months of the horizon, and its own last day."""
    scenario = net.scenario
    last = scenario.end - dt.timedelta(days=1)
    found: list[dt.date] = []
    year, month = scenario.start.year, scenario.start.month
    while True:
        year, month = year + month // 12, month % 12 + 1
        day = dt.date(year, month, 1) - dt.timedelta(days=1)
        if day >= last:
            return [*found, last]
        found.append(day)
