"""The prospect of a plan: outlooks, what they may tell apart, and the rows that bind them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.planning.problem import Ceiling, Outlook, Ratio
from headworks.planning.response.curves import Curves, curves
from headworks.planning.response.histories import Histories, worlds_of
from headworks.planning.response.lags import lags
from headworks.planning.response.measure import LEVELS, Measured, measure
from headworks.planning.response.readiness import by_lag, readiness
from headworks.planning.response.selection import K_MEDOIDS, Selection, select
from headworks.planning.response.sharing import shared_pools
from headworks.planning.response.terms import Terms, side_by_side, terms
from headworks.planning.response.tree import BRANCHES, Tree, grow, observed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from headworks.planning.problem import Problem
    from headworks.planning.response.histories import Named, Reader
    from headworks.planning.response.world import World

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]

PATHS = 400
"""Forecast paths of which outlooks are chosen by default."""
OUTLOOKS = 50
"""Outlooks by default."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """What may happen to a plan, ready to be put into a problem."""

    world: World
    base: Floats
    """The orders around which it was measured first, shape (line, month)."""
    selection: Selection
    """The paths that stand for all, the same in each scenario."""
    named: tuple[Named, ...]
    histories: Histories
    """What each outlook follows: paths of the plan's own scenario, then those of named ones."""
    probability: Floats
    """Of each outlook, shape (outlook,)."""
    tree: Tree
    dates: tuple[int, ...]
    """Information dates as numbers of months."""
    lag: Integers
    """Months from an order to its earliest arrival, shape (line, outlook)."""
    ready: Floats
    """Readiness of orders, shape (line, month of the order, month, outlook)."""
    measured: Measured
    curves: Curves
    terms: Terms
    pools: tuple[Ceiling, ...]
    pool: Floats
    """What each pool gives by a month, shape (pool, month, outlook)."""
    by_readiness: bool
    """Whether curves are keyed on readiness; otherwise on what was ordered `lag` months before."""
    node: Integers
    """Node of each outlook at each date, shape (outlook, date)."""

    @property
    def ratios(self) -> tuple[Ratio, ...]:
        """Pairings as rows."""
        return self.terms.ratios

    @property
    def ceilings(self) -> tuple[Ceiling, ...]:
        """Caps as rows."""
        return self.terms.ceilings

    def outlooks(self, wanted: Floats | Sequence[Floats]) -> tuple[Outlook, ...]:
        """Return the outlooks of a problem.

        Args:
            wanted: Work wanted, shape (company, work, month), the same in all outlooks or one array
                for each, those of named scenarios last.
        """
        alike = isinstance(wanted, np.ndarray) and wanted.ndim == 3  # noqa: PLR2004 - axes
        return tuple(
            Outlook(
                name=name,
                probability=float(self.probability[n]),
                lag=self.lag[:, n],
                slope=self.curves.slope[..., n],
                offset=self.curves.offset[..., n],
                wanted=np.asarray(wanted if alike else wanted[n]),
                pairing_ratio=self.terms.ratio[..., n],
                pairing_grace=self.terms.grace[..., n],
                ceiling=self._left(n),
                pool=self.pool[..., n],
                node=self.node[n],
                ready=self.ready[..., n] if self.by_readiness else None,
                held=self.measured.held[..., n] if self.world.balances else None,
                scenario=scenario,
            )
            for n, (scenario, name) in enumerate(self._names())
        )

    def _left(self, number: int) -> Floats:
        """Return what caps leave beside what was held before, shape (ceiling, month).

        What is held beyond a cap is not undone.
        """
        amount: Floats = self.terms.amount[..., number]
        if not self.world.balances:
            return amount
        held = self.measured.held[..., number]
        before = np.array([cap.weight @ held for cap in self.ceilings])
        left: Floats = np.maximum(amount - before.reshape(amount.shape), 0.0)
        return left

    def _names(self) -> Iterator[tuple[str, str]]:
        """Yield the named scenario and the name of each outlook.

        Where a plan looks at other scenarios its own is a named one as well.
        """
        own, *others = self.histories.parts
        whose = self.world.scenario.scenario if self.named else ""
        yield from ((whose, str(int(path))) for path in own[1])
        for one, (_, paths) in zip(self.named, others, strict=True):
            yield from ((one.name, f"{one.name}, path {int(path)}") for path in paths)

    def into(self, problem: Problem, wanted: Floats | Sequence[Floats] | None = None) -> Problem:
        """Return a problem with these outlooks, their rows and nodes in place of its own.

        Args:
            problem: Whose lines and months are those of the world.
            wanted: Work wanted, as for `outlooks`; what the problem's first outlook wants if None.
        """
        work = problem.outlooks[0].wanted if wanted is None else wanted
        return replace(
            problem,
            dates=self.dates,
            nodes=tuple(node.date for node in self.tree.nodes),
            ratios=self.ratios,
            ceilings=self.ceilings,
            pools=self.pools,
            outlooks=self.outlooks(work),
        )


def prospect(  # noqa: PLR0913 - all but the world and its orders are options by name
    world: World,
    base: Floats,
    *,
    value: Floats | None = None,
    wanted: Reader | None = None,
    dates: Sequence[int] = (),
    named: Sequence[Named] = (),
    paths: int = PATHS,
    first_path: int = 0,
    count: int = OUTLOOKS,
    reduction: str = K_MEDOIDS,
    branches: int = BRANCHES,
    levels: Sequence[float] = LEVELS,
    by_readiness: bool = True,
) -> Prospect:
    """Return the prospect of a plan.

    Args:
        world: The world.
        base: Orders around which it is measured first, in units, shape (line, month): as a rule
            the most that might be ordered, spread evenly over the window. Orders can be placed
            until its last month, and at the information dates.
        value: What a unit of each line is worth, for the choice of outlooks, shape (line,); all
            alike if None.
        wanted: Reads the work wanted in a world on some paths, for that choice too, in the measure
            of `value`, shape (company, work, month, path); alike on all if None. Where it differs
            much from path to path, outlooks chosen without it misjudge what a plan costs.
        dates: Information dates as numbers of months, ascending.
        named: Scenarios that are looked at besides the world's own, as for the worst case.
        paths: Number of forecast paths of each scenario to choose from.
        first_path: Index of the first of them.
        count: Number of outlooks of each scenario.
        reduction: Method by which they are chosen, as for `select`.
        branches: Nodes at most that a node splits into at the next date.
        levels: Order levels as multiples of the base.
        by_readiness: Whether curves are keyed on how ready orders can be; otherwise on all that was
            ordered `lag` months before, which promises late orders what only early ones get.

    Raises:
        InputError: A named scenario has other companies, lines or dates than the world.
        UnknownName: There is no such method.
    """
    worth = np.ones(len(world.lines)) if value is None else value
    everyone = np.arange(first_path, first_path + paths)
    worlds = _weighted(world, named)
    counting = [of for of, weight in worlds if weight > 0]
    selection = _chosen(counting, base, worth, wanted, everyone, count, reduction)
    past = Histories(tuple((of, selection.paths) for of, _ in worlds))
    probability = np.concatenate([weight * selection.probability for _, weight in worlds])
    lag = past.each(lags).astype(np.int64)
    total = base.sum(axis=1)
    months = {*range(int(np.flatnonzero(base.any(axis=0)).max(initial=0)) + 1), *dates}
    share = (
        past.each(lambda of, some: readiness(of, total, some, months)).astype(np.float64)
        if by_readiness
        else by_lag(lag, len(world.months))
    )
    measured = measure(past, base, share, levels)
    shown = past.each(lambda of, some: observed(of, base, some, dates)).astype(np.float64)
    counted = probability > 0  # what counts for nothing shall not split a node
    certain = np.full(len(probability), selection.is_certain)
    tree = grow(shown[..., counted], probability[counted], branches, certain[counted])
    pools, pool = shared_pools(world, measured.together)
    return Prospect(
        world, base, selection, tuple(named), past, probability, tree, tuple(dates), lag, share,
        measured, curves(measured.points),
        side_by_side([terms(of, some) for of, some in past.parts]), pools, pool, by_readiness,
        tree.node_of(shown),
    )  # fmt: skip


def _weighted(world: World, named: Sequence[Named]) -> list[tuple[World, float]]:
    """Return the worlds of a plan, its own first, each with its weight in expectations."""
    weights = [one.probability for one in named]
    others = zip(worlds_of(world, named), weights, strict=True)
    return [(world, 1.0 - sum(weights)), *others]


def _chosen(
    worlds: Sequence[World], base: Floats, value: Floats, wanted: Reader | None, paths: Integers,
    count: int, reduction: str,
) -> Selection:  # fmt: skip
    """Return the paths that stand for all in some worlds together, by their indices.

    They are the same in all, so that worlds are compared on the same luck: paths are alike where
    they are so in each.
    """
    arrivals = [of.arrivals([base], paths)[0] for of in worlds]
    work = None if wanted is None else [wanted(of, paths).astype(np.float64) for of in worlds]
    found = select(
        np.concatenate(arrivals),
        np.tile(value, len(worlds)),
        count,
        None if work is None else np.concatenate(work),
        reduction,
    )
    return replace(found, paths=paths[found.paths])
