"""The stages of a programme: what is decided for all outlooks, and what follows in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from headworks.errors import InputError
from headworks.planning.programme.blocks import columns

if TYPE_CHECKING:
    from headworks.planning.problem import Floats, Integers, Outlook, Problem
    from headworks.planning.programme.blocks import Block, Columns


@dataclass(frozen=True, slots=True)
class Decided:
    """What is decided: now for all outlooks, and at each node for those that look alike there."""

    problem: Problem
    columns: Columns
    parent: Integers
    """Node of the information date before each, −1 at the first date, shape (node,)."""

    def __getitem__(self, name: str) -> Block:
        """Return the block of a name."""
        return self.columns[name]


@dataclass(frozen=True, slots=True)
class Stage:
    """What follows in one outlook, with what its constraints need of the decided columns."""

    problem: Problem
    outlook: Outlook
    decided: Decided
    columns: Columns
    ordered: Integers
    """Decided column that holds what the plan ordered up to and with each month, (line, month)."""
    order: Integers
    """Decided column of the order of each month, −1 where none is placed, (line, month)."""
    begun: Integers
    """Decided column that holds what was begun to be built up to each month, (site, month)."""
    committed: Floats
    """Units that were ordered already up to and with each month, (line, month)."""

    @property
    def held(self) -> Floats:
        """Units in service that were there before, or on their way, (line, month)."""
        held = self.outlook.held
        return np.zeros(self.committed.shape) if held is None else held

    def __getitem__(self, name: str) -> Integers:
        """Return the numbers of the columns of a block of the outlook."""
        return self.columns[name].number

    @property
    def before(self) -> tuple[Integers, Integers]:
        """Line and month of orders that can arrive by each month, shape (line, month).

        The month is −1 where nothing can have arrived yet.
        """
        line, month = np.ogrid[: len(self.problem.lines), : len(self.problem.months)]
        return line, np.maximum(month - self.outlook.lag[:, np.newaxis], -1)


def decided_stage(problem: Problem, *, integers: bool = False) -> Decided:
    """Return the decided columns.

    They are, with amounts in units or MW: `order[line, window]`, `build[site, window]`,
    `later[node, line]`, and running totals of these: `ordered[line, window]`, `begun[site,
    window]` and `stood[node, line]`, what was ordered up to a node. With integers also the lots
    of each order, `lots[line, window]` and `later_lots[node, line]`.

    Raises:
        InputError: Nodes are no tree: outlooks that look alike at a date differed before.
    """
    goods, window = problem.goods, problem.window
    date = np.asarray(problem.dates, np.int64)[np.asarray(problem.nodes, np.int64)]
    free = np.inf
    shapes: dict[str, tuple[tuple[str, ...], Floats | float]] = {
        "order": (("line", "window"), goods.order_max[:, :window]),
        "build": (("site", "window"), problem.sites.build_max_mw[:, :window]),
        "later": (("node", "line"), goods.order_max[:, date].T),
        "ordered": (("line", "window"), free),
        "begun": (("site", "window"), free),
        "stood": (("node", "line"), free),
    }
    lots: tuple[str, ...] = ()
    if integers and np.any(goods.lot > 0):
        lots = ("lots", "later_lots")
        some = np.where(goods.lot > 0, free, 0.0)
        shapes["lots"] = (("line", "window"), some[:, np.newaxis])
        shapes["later_lots"] = (("node", "line"), some)
    return Decided(problem, columns(shapes, problem, lots), _parents(problem))


def _parents(problem: Problem) -> Integers:
    parent = np.full(len(problem.nodes), -1, np.int64)
    seen = np.zeros(len(problem.nodes), bool)
    for outlook in problem.outlooks:
        before = np.concatenate([[-1], outlook.node[:-1]]) if len(outlook.node) else outlook.node
        if np.any(seen[outlook.node] & (parent[outlook.node] != before)):
            raise InputError(
                "the nodes of the information dates are no tree: "
                f"outlook {outlook.name} joins one that looked different before"
            )
        parent[outlook.node] = before
        seen[outlook.node] = True
    return parent


def stage(decided: Decided, outlook: Outlook) -> Stage:
    """Return the columns of one outlook.

    They are `arrived[line, month]` (units, cumulative), `running[berth, month]` (units),
    `rented[company, work, month]` and `short[company, work, month]` (H100-equivalents).
    """
    problem = decided.problem
    rent_max = problem.work.rent_max[np.newaxis, :, np.newaxis]
    rentable = np.where(outlook.wanted > 0, outlook.wanted, 0.0) * rent_max
    own = columns(
        {
            "arrived": (("line", "month"), np.inf),
            "running": (("berth", "month"), np.inf),
            "rented": (("company", "work", "month"), rentable),
            "short": (("company", "work", "month"), np.inf),
        },
        problem,
    )
    committed = np.cumsum(problem.goods.committed, axis=1)
    return Stage(
        problem,
        outlook,
        decided,
        own,
        _ordered(decided, outlook),
        _order(decided, outlook),
        _begun(decided),
        committed,
    )


def _ordered(decided: Decided, outlook: Outlook) -> Integers:
    """Return the decided column of what the plan ordered by each month, shape (line, month)."""
    problem = decided.problem
    month = np.arange(len(problem.months))
    now = decided["ordered"].number[:, np.minimum(month, problem.window - 1)]
    passed = np.searchsorted(np.asarray(problem.dates, np.int64), month, side="right")
    if not len(problem.dates):
        return now
    node = outlook.node[np.maximum(passed - 1, 0)]
    return np.where(passed > 0, decided["stood"].number[node].T, now)


def _order(decided: Decided, outlook: Outlook) -> Integers:
    """Return the decided column of the order of each month, −1 for none, shape (line, month)."""
    problem = decided.problem
    result = np.full((len(problem.lines), len(problem.months)), -1, np.int64)
    result[:, : problem.window] = decided["order"].number
    if len(problem.dates):
        result[:, list(problem.dates)] = decided["later"].number[outlook.node].T
    return result


def _begun(decided: Decided) -> Integers:
    """Return the decided column of what was begun by each month, shape (site, month)."""
    problem = decided.problem
    month = np.minimum(np.arange(len(problem.months)), problem.window - 1)
    return decided["begun"].number[:, month]
