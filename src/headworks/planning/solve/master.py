"""The master of the L-shaped method: what is decided, over lines below the cost of outlooks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from headworks.planning.programme.linear import Linear
from headworks.planning.programme.risk import chances, neutral, scenarios, weighing
from headworks.planning.solve.highs import Model

if TYPE_CHECKING:
    from headworks.planning.problem import Floats, Integers
    from headworks.planning.programme.programme import Programme
    from headworks.planning.solve.outcome import Outcome
    from headworks.planning.solve.recourse import Answer

GROUPS_MAX = 100
"""Lines that are added in one round: outlooks beyond are grouped where the mean alone counts."""
IDLE_MAX = 12
"""Rounds after which a line that nothing rests on is dropped."""

NO_GROUP = -1
"""Group of a line that cuts off what is infeasible."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the master holds best."""

    outcome: Outcome
    decided: Floats
    bound: float
    """Its objective, which no plan can be below where no box holds it."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line below the cost of a group of outlooks: level + slope × decided columns."""

    group: int
    slope: Floats
    level: float
    made_of: tuple[tuple[int, float, Integers, Floats], ...]
    """Outlook, share, rows that have a price, and their prices, of each answer in it."""


class Master:
    """Decided columns with one column for the cost of each group of outlooks.

    Args:
        programme: The programme.
        scale: Unit of money in the master, so that its numbers stay near 1.
        floor: Least cost of an outlook, to look for feasible decisions before lines are known.
    """

    def __init__(self, programme: Programme, *, scale: float, floor: float = -np.inf) -> None:
        problem, decided = programme.problem, programme.decided.columns
        self._programme, self._scale, self._count = programme, scale, decided.count
        chance = chances(problem)
        outlooks = len(chance)
        groups = min(outlooks, GROUPS_MAX) if neutral(problem.risk) else outlooks
        self._group: Integers = np.arange(outlooks) * groups // outlooks
        self._of_group: Floats = np.bincount(self._group, weights=chance).astype(np.float64)
        self._share = chance / np.maximum(self._of_group[self._group], 1e-300)
        measure = weighing(problem.risk, self._of_group, scenarios(problem))
        matrix = sparse.block_diag([programme.matrix.coefficients, measure.rows], format="csr")
        none = np.zeros(measure.rows.shape[0])
        self._first = len(programme.matrix.lower) + len(none)
        bottom = measure.lower.copy()
        bottom[: len(self._of_group)] = floor
        linear = Linear(
            cost=np.concatenate([programme.cost_now / scale, measure.cost]),
            lower=np.concatenate([decided.lower, bottom]),
            upper=np.concatenate([decided.upper, np.full(len(measure.cost), np.inf)]),
            row_lower=np.concatenate([programme.matrix.lower, none]),
            row_upper=np.concatenate([programme.matrix.upper, none + np.inf]),
            matrix=sparse.csr_array(matrix),
        )
        self._width = matrix.shape[1]
        self._model = Model(linear, method="simplex", presolve=False)
        self._idle: Integers = np.zeros(0, np.int64)
        self._lines: list[_Line] = []
        self._prices: Floats = np.zeros(0)
        self._columns = np.arange(decided.count)

    def add(self, answers: list[Answer]) -> None:
        """Add the lines below the costs of outlooks, and those that cut off what is infeasible."""
        lines: list[_Line] = []
        feasible = np.array([np.isfinite(answer.cost) for answer in answers])
        for group in range(len(self._of_group)):
            members = np.flatnonzero(self._group == group)
            if feasible[members].all():
                parts = [(int(one), float(self._share[one]), answers[one]) for one in members]
                lines.append(_line(group, parts, 1 / self._scale))
        cut_off = [(int(one), answers[one]) for one in np.flatnonzero(~feasible)]
        self._add([*lines, *self._cuts(cut_off)])

    def cut_off(self, answers: list[tuple[int, Answer]]) -> None:
        """Add lines that cut off what is infeasible in outlooks of the given numbers."""
        if answers:
            self._add(self._cuts(answers))

    def _cuts(self, answers: list[tuple[int, Answer]]) -> list[_Line]:
        scale = self._scale
        return [_line(NO_GROUP, [(one, scale, answer)], 1 / scale) for one, answer in answers]

    def _add(self, lines: list[_Line]) -> None:
        slopes = sparse.csr_array(np.stack([line.slope for line in lines]))
        groups = np.array([line.group for line in lines])
        of_cost = np.flatnonzero(groups >= 0)
        cost = sparse.csr_array(
            (np.ones(len(of_cost)), (of_cost, groups[of_cost])),
            shape=(len(lines), self._width - self._count),
        )
        lower = np.array([line.level for line in lines])
        matrix = sparse.csr_array(sparse.hstack([-slopes, cost]))
        self._model.add_rows(lower, np.full(len(lower), np.inf), matrix)
        self._idle = np.append(self._idle, np.zeros(len(lower), np.int64))
        self._lines += [replace(line, slope=np.zeros(0)) for line in lines]

    def whole(self, gap: float) -> None:
        """Ask from now on for whole numbers of lots, each time to a gap."""
        self._model.option("mip_rel_gap", gap)
        decided = self._programme.decided.columns
        spans = [np.arange(self._count)[decided[name].span] for name in decided.integer]
        self._model.make_whole(np.concatenate([np.zeros(0, np.int64), *spans]))

    def box(self, lower: Floats, upper: Floats) -> None:
        """Hold the decided columns within bounds."""
        self._model.bound_columns(self._columns, lower, upper)

    def solve(self) -> Proposal:
        """Return the best decisions below the lines at hand."""
        solved = self._model.solve()
        if not np.isfinite(solved.objective):
            return Proposal(solved.outcome, np.zeros(0), -np.inf)
        prices = solved.rows[self._first :]
        if len(prices) == len(self._lines):  # a search over whole numbers has none
            self._idle = np.where(prices != 0, 0, self._idle + 1)
            self._prices = prices
        return Proposal(solved.outcome, solved.columns[: self._count], solved.bound * self._scale)

    def duals(self, rows: int) -> Floats:
        """Return the price of each row of each outlook at the last proposal, (outlook, row).

        Lines that the master rests on, weighted by how much it does, hold the prices that belong
        together: those of an outlook's own answer need not, where it has several.
        """
        found = np.zeros((len(self._group), rows))
        for line, price in zip(self._lines, self._prices, strict=True):
            if price != 0:
                for outlook, share, at, value in line.made_of:
                    found[outlook, at] += price * share * value
        return found

    def drop_idle(self) -> None:
        """Drop the lines that nothing has rested on for some rounds."""
        of_cost = np.array([line.group >= 0 for line in self._lines])
        idle = np.flatnonzero((self._idle > IDLE_MAX) & of_cost)
        if len(idle):
            self._model.delete_rows(self._first + idle)
            self._idle = np.delete(self._idle, idle)
            gone = set(idle.tolist())
            self._lines = [line for at, line in enumerate(self._lines) if at not in gone]


def _line(group: int, parts: list[tuple[int, float, Answer]], factor: float) -> _Line:
    """Return the line that the answers of outlooks make together, by their shares."""
    slope = sum(factor * share * answer.slope for _, share, answer in parts)
    level = sum(factor * share * answer.level for _, share, answer in parts)
    made_of = []
    for outlook, share, answer in parts:
        at = np.flatnonzero(answer.rows)
        made_of.append((outlook, share, at, answer.rows[at]))
    return _Line(group, np.asarray(slope), float(level), tuple(made_of))
