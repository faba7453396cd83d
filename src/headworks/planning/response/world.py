"""The world that a plan is made in: what the gates let arrive of orders, on any path."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.errors import UnknownName
from headworks.flow.draws import Draws
from headworks.flow.network import Network, network
from headworks.flow.placed import PlacedOrders
from headworks.flow.recorder import Group, Page, finished_periods
from headworks.flow.run import Task, run
from headworks.flow.streams import Streams
from headworks.planning.calendar import (
    counted_periods,
    last_days,
    months_of,
    ordering_periods,
)
from headworks.planning.response.lifting import without

if TYPE_CHECKING:
    from headworks.flow.balances import Balance
    from headworks.flow.line import Line
    from headworks.scenario.scenario import Scenario

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Paths: TypeAlias = Sequence[int] | NDArray[np.int64]

PATHS_AT_ONCE = 4000
"""Paths, variants times histories, of which orders and arrivals are held in memory together."""


@dataclass(frozen=True)
class World:
    """A scenario in which some companies order by plan.

    The lines of a world are the planned ones: company × chip × route with a want, in the order of
    the network.
    """

    scenario: Scenario
    companies: tuple[str, ...]
    """The companies that are planned together."""
    seed: int = 1
    months: tuple[dt.date, ...] = ()
    """First days of the months of the plan; those of the horizon if none are given."""
    balances: tuple[Balance, ...] = ()
    """What lines have when it begins."""

    def __post_init__(self) -> None:
        for company in self.companies:
            if company not in self.scenario.companies:
                raise UnknownName("company", company, self.scenario.companies)
        if not self.months:
            object.__setattr__(self, "months", months_of(self.scenario))

    @cached_property
    def net(self) -> Network:
        """The network with all its conditions."""
        return network(self.scenario)

    @cached_property
    def open_net(self) -> Network:
        """The network without the conditions that the plan has as rows."""
        return network(without(self.scenario, self.companies), like=self.net)

    @cached_property
    def rows(self) -> tuple[int, ...]:
        """Numbers of the planned lines in the network."""
        lines = enumerate(self.net.lines)
        return tuple(number for number, line in lines if line.company in self.companies)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The planned lines."""
        return tuple(self.net.lines[number] for number in self.rows)

    @cached_property
    def company(self) -> Integers:
        """Number of the company of each line, shape (line,)."""
        return np.array([self.companies.index(line.company) for line in self.lines], np.int64)

    @cached_property
    def counted(self) -> Integers:
        """Periods that are finished by the end of each month, shape (month,)."""
        return counted_periods(self.months, self.net)

    @cached_property
    def placing(self) -> Integers:
        """Period in which the orders of each month are placed, shape (month,)."""
        return ordering_periods(self.months, self.scenario)

    def draws(self, paths: Paths) -> Draws:
        """Return the luck of some paths."""
        chosen = tuple(int(path) for path in paths)
        return Draws(self.scenario, Streams(self.seed, min(chosen), len(chosen), chosen))

    def arrivals(
        self, variants: Sequence[Floats], paths: Paths, *, lifted: bool = True
    ) -> list[Floats]:
        """Return what has arrived by the end of each month if so much is ordered.

        Args:
            variants: Sets of orders of the planned lines, in units, each of shape (line, month),
                or (line, month, path) where they differ by path. All are run on the same luck.
            paths: Indices of the paths.
            lifted: Whether to lift the conditions that the plan has as rows of its own; otherwise
                the gates hold them as they hold them for everyone.

        Returns:
            For each variant, units in service by the end of each month, cumulative, shape
            (line, month, path).
        """
        groups = tuple(
            Group(line.company, line.chip, (number,))
            for number, line in zip(self.rows, self.lines, strict=True)
        )
        page = self._page(last_days(self.months, self.scenario), groups, ("installed",))
        found = self._run(variants, paths, page, lifted=lifted)
        return [np.moveaxis(kept[:, 0], 0, 1) for kept in found]

    @cached_property
    def before(self) -> Floats:
        """Units that each planned line has when it begins, in service or not, shape (line,)."""
        units = np.zeros(len(self.rows))
        for row in self.balances:
            number = self.net.index[row.company, row.chip, row.route]
            if number in self.rows and row.holding in {"waiting", "under_way", "installed"}:
                units[self.rows.index(number)] += row.units
        return units

    def held(self, paths: Paths, *, lifted: bool = True) -> Floats:
        """Return what is in service by the end of each month if nothing is ordered.

        Returns:
            Units, shape (line, month, path).
        """
        nothing = np.zeros((len(self.rows), len(self.months)))
        if not self.balances:
            return np.zeros((*nothing.shape, len(paths)))
        return self.arrivals([nothing], paths, lifted=lifted)[0]

    def seen(
        self, orders: Floats, paths: Paths, days: Sequence[dt.date], groups: Sequence[Group],
        stocks: tuple[str, ...],
    ) -> Floats:  # fmt: skip
        """Return stocks of groups of lines at the end of some days, with the gates as they are.

        Returns:
            Shape (day, stock, group, path).
        """
        page = self._page(days, tuple(groups), stocks)
        return self._run([orders], paths, page, lifted=False)[0]

    def placed(self, orders: Sequence[Floats], paths: int) -> PlacedOrders:
        """Return sets of orders by month as the flow takes them, one set after the other."""
        months, lines = len(self.months), len(self.rows)
        units = np.zeros((self.scenario.periods, lines, len(orders) * paths))
        for number, one in enumerate(orders):
            by_path = one if one.ndim == 3 else one[:, :, None]  # noqa: PLR2004 - axes
            each = np.broadcast_to(by_path, (lines, months, paths))
            mine = units[..., number * paths : (number + 1) * paths]
            np.add.at(mine, self.placing, np.moveaxis(each, 1, 0))
        return PlacedOrders(self.rows, units)

    def _page(
        self, days: Sequence[dt.date], groups: tuple[Group, ...], stocks: tuple[str, ...]
    ) -> Page:
        finished = tuple(finished_periods(self.net, day) for day in days)
        return Page(tuple(days), finished, groups, "float64", stocks=stocks)

    def _run(
        self, variants: Sequence[Floats], paths: Paths, page: Page, *, lifted: bool
    ) -> list[Floats]:
        """Return what a page keeps of each variant, shape (date, stock, group, path).

        Variants are laid side by side as paths of the same luck: a run of many paths costs little
        more than one of few, and each number is drawn once.
        """
        chosen = tuple(int(path) for path in paths)
        together = max(PATHS_AT_ONCE // len(chosen), 1)
        found: list[Floats] = []
        for first in range(0, len(variants), together):
            some = variants[first : first + together]
            task = Task(
                self.open_net if lifted else self.net,
                self.seed,
                min(chosen),
                len(chosen) * len(some),
                (page,),
                balances=self.balances,
                chosen=chosen * len(some),
                placed=self.placed(some, len(chosen)),
            )
            kept = run(task).pages[0].astype(np.float64)
            found.extend(np.split(kept, len(some), axis=-1))
        return found
