"""The master of the L-shaped method: what is decided, over lines below the cost of outlooks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from headworks.planning.programme.linear import Linear
from headworks.planning.programme.risk import chances, neutral, weighing
from headworks.planning.solve.highs import Model

if TYPE_CHECKING:
    from headworks.planning.problem import Floats, Integers
    from headworks.planning.programme.programme import Programme
    from headworks.planning.solve.outcome import Outcome
    from headworks.planning.solve.recourse import Answer

GROUPS_MAX = 100
"""Lines that are added in one round: outlooks beyond are grouped where the mean alone counts."""
WHOLE_GAP = 1e-4
"""Gap at which a search over whole numbers stops."""
IDLE_MAX = 12
"""Rounds after which a line that nothing rests on is dropped."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the master holds best."""

    outcome: Outcome
    decided: Floats
    bound: float
    """Its objective, which no plan can be below where no box holds it."""


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
        measure = weighing(problem.risk, self._of_group)
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
        self._model = Model(linear, method="simplex", presolve=False, gap=WHOLE_GAP)
        self._idle: Integers = np.zeros(0, np.int64)
        self._cut_group: Integers = np.zeros(0, np.int64)
        self._columns = np.arange(decided.count)

    def add(self, answers: list[Answer]) -> None:
        """Add the lines below the costs of outlooks, or those that cut off what is infeasible."""
        rows: list[Floats] = []
        lower: list[float] = []
        group: list[int] = []
        if all(np.isfinite(answer.cost) for answer in answers):
            for one in range(len(self._of_group)):
                members = np.flatnonzero(self._group == one)
                share = self._share[members] / self._scale
                rows.append(share @ np.stack([answers[which].slope for which in members]))
                lower.append(float(share @ np.array([answers[which].level for which in members])))
                group.append(one)
        else:
            for answer in answers:
                if not np.isfinite(answer.cost):
                    rows.append(answer.slope)
                    lower.append(answer.level)
                    group.append(-1)
        slopes = sparse.csr_array(np.stack(rows))
        number = np.array(group)
        theta = np.flatnonzero(number >= 0)
        cost = sparse.csr_array(
            (np.ones(len(theta)), (theta, number[theta])),
            shape=(len(group), self._width - self._count),
        )
        matrix = sparse.csr_array(sparse.hstack([-slopes, cost]))
        self._model.add_rows(np.array(lower), np.full(len(lower), np.inf), matrix)
        self._idle = np.append(self._idle, np.zeros(len(lower), np.int64))
        self._cut_group = np.append(self._cut_group, number)

    def whole(self) -> None:
        """Ask from now on for whole numbers of lots."""
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
        if len(prices) == len(self._idle):
            self._idle = np.where(prices != 0, 0, self._idle + 1)
        return Proposal(solved.outcome, solved.columns[: self._count], solved.bound * self._scale)

    def drop_idle(self) -> None:
        """Drop the lines that nothing has rested on for some rounds."""
        idle = np.flatnonzero((self._idle > IDLE_MAX) & (self._cut_group >= 0))
        if len(idle):
            self._model.delete_rows(self._first + idle)
            self._idle = np.delete(self._idle, idle)
            self._cut_group = np.delete(self._cut_group, idle)
