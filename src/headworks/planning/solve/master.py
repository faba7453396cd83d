"""The master of the L-shaped method: what is decided, over lines below the cost of outlooks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from headworks.planning.programme.linear import Linear
from headworks.planning.programme.risk import chances, neutral, scenarios, weighing
from headworks.planning.solve.allotment import Allotments
from headworks.planning.solve.companies import meet_in_caps_alone
from headworks.planning.solve.highs import Model
from headworks.planning.solve.lines import ALL, Line, Split, whole_line

if TYPE_CHECKING:
    from headworks.planning.problem import Floats, Integers
    from headworks.planning.programme.programme import Programme
    from headworks.planning.programme.risk import Weighing
    from headworks.planning.solve.lines import Parts
    from headworks.planning.solve.outcome import Outcome
    from headworks.planning.solve.recourse import Answer, OutlookRows

GROUPS_MAX = 100
"""Lines that are added in one round: outlooks beyond are grouped where the mean alone counts."""
IDLE_MAX = 12
"""Rounds after which a line that nothing rests on is dropped."""

HELD_MAX = 3
"""Rounds for which nothing has rested on a line that is still worth handing on, at most."""

NO_GROUP = -1
"""Group of a line that cuts off what is infeasible, and of rows of allotments."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the master holds best."""

    outcome: Outcome
    decided: Floats
    bound: float
    """Its objective, which no plan can be below where no box holds it."""


class Master:
    """Decided columns with columns for the cost of each group of outlooks, and of its companies.

    cost[group] − Σ over companies: cost[group, company] ≥ what no decision changes   [USD]

    Args:
        programme: The programme.
        rows: Rows of its outlooks.
        scale: Unit of money in the master, so that its numbers stay near 1.
        floor: Least cost of an outlook, to look for feasible decisions before lines are known.
    """

    def __init__(
        self,
        programme: Programme,
        rows: list[OutlookRows],
        *,
        scale: float,
        floor: float = -np.inf,
    ) -> None:
        problem, decided = programme.problem, programme.decided.columns
        self._programme, self._scale, self._count = programme, scale, decided.count
        chance = chances(problem)
        outlooks = len(chance)
        groups = min(outlooks, GROUPS_MAX) if neutral(problem.risk) else outlooks
        self._group: Integers = np.arange(outlooks) * groups // outlooks
        self._of_group: Floats = np.bincount(self._group, weights=chance).astype(np.float64)
        self._share = chance / np.maximum(self._of_group[self._group], 1e-300)
        self._split = Split(programme, rows) if meet_in_caps_alone(problem) else None
        companies = 0 if self._split is None else self._split.count
        measure = weighing(problem.risk, self._of_group, scenarios(problem))
        self._cells = decided.count + len(measure.cost)
        constant = rows[0].part.costs.constant / scale
        costs = _costs(measure, groups, companies, constant)
        costs.lower[:groups] = floor
        matrix = sparse.block_diag([programme.matrix.coefficients, costs.matrix], format="csr")
        self._first = matrix.shape[0]
        linear = Linear(
            cost=np.concatenate([programme.cost_now / scale, costs.cost]),
            lower=np.concatenate([decided.lower, costs.lower]),
            upper=np.concatenate([decided.upper, costs.upper]),
            row_lower=np.concatenate([programme.matrix.lower, costs.row_lower]),
            row_upper=np.concatenate([programme.matrix.upper, costs.row_upper]),
            matrix=sparse.csr_array(matrix),
        )
        self._model = Model(linear, method="simplex", presolve=False)
        self._allotments = Allotments(self._model, companies)
        self._idle: Integers = np.zeros(0, np.int64)
        self._lines: list[Line] = []
        self._prices: Floats = np.zeros(0)
        self._columns = np.arange(decided.count)

    def add(self, decided: Floats, answers: list[Answer]) -> None:
        """Add the lines below the costs of outlooks, and those that cut off what is infeasible."""
        lines: list[Line] = []
        feasible = np.array([np.isfinite(answer.cost) for answer in answers])
        for group in range(len(self._of_group)):
            members = np.flatnonzero(self._group == group)
            if feasible[members].all():
                parts = [(int(one), float(self._share[one]), answers[one]) for one in members]
                if self._split is not None and self._allot(parts, self._split):
                    lines += self._split.lines(group, parts, decided)
                else:
                    lines.append(whole_line(group, parts))
        self.take(lines)
        self.cut_off([(int(one), answers[one]) for one in np.flatnonzero(~feasible)])

    def cut_off(self, answers: list[tuple[int, Answer]]) -> None:
        """Add lines that cut off what is infeasible in outlooks of the given numbers."""
        found = [whole_line(NO_GROUP, [(number, 1.0, answer)]) for number, answer in answers]
        self.take(found)

    def _allot(self, parts: Parts, split: Split) -> bool:
        """Allot what is shared at a price; return whether there was room."""
        wanted = {
            (number, int(row))
            for number, _, answer in parts
            for row in split.priced(number, answer)
        }
        new = self._allotments.add(wanted)
        for outlook, row in new or ():
            # stands where its row does: the price of it, per unit, is that of the shared row
            share = 1 / split.amount(outlook, row)
            made_of = ((outlook, share, np.array([row]), np.ones(1)),)
            none = np.zeros(0, np.int64)
            self._lines.append(Line(NO_GROUP, ALL, none, np.zeros(0), 0.0, made_of))
        self._idle = np.append(self._idle, np.zeros(len(new or ()), np.int64))
        return new is not None

    def take(self, lines: list[Line]) -> None:
        """Add lines."""
        if not lines:
            return
        parts = [self._coefficients(line) for line in lines]
        sizes = [len(column) for column, _ in parts]
        shape = (len(lines), max(int(column.max(initial=0)) for column, _ in parts) + 1)
        matrix = sparse.csr_array(
            (
                np.concatenate([value for _, value in parts]),
                np.concatenate([column for column, _ in parts]),
                np.cumsum([0, *sizes]),
            ),
            shape=shape,
        )
        scale = np.array([1.0 if line.group == NO_GROUP else self._scale for line in lines])
        lower = np.array([line.level for line in lines]) / scale
        self._model.add_rows(lower, np.full(len(lower), np.inf), matrix)
        self._idle = np.append(self._idle, np.zeros(len(lower), np.int64))
        self._lines += lines

    def _coefficients(self, line: Line) -> tuple[Integers, Floats]:
        """Return the columns and coefficients of a line: cost − slope × decided + … ≥ level."""
        if line.group == NO_GROUP:
            return line.column, -line.slope
        cost, split = self._count + line.group, self._split
        if line.company != ALL and split is not None:
            cost = self._cells + line.group * split.count + line.company
        column, value = [line.column, np.array([cost])], [-line.slope / self._scale, np.ones(1)]
        if line.allotted and split is not None:
            allotted = [(one, row) for one, row, _ in line.allotted]
            column.append(
                np.array([self._allotments.column(key, line.company) for key in allotted])
            )
            worth = [price * split.amount(one, row) for one, row, price in line.allotted]
            value.append(np.array(worth) / self._scale)
        return np.concatenate(column), np.concatenate(value)

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
                unit = self._scale if line.group == NO_GROUP else 1.0
                for outlook, share, at, value in line.made_of:
                    found[outlook, at] += price * unit * share * value
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

    def held(self) -> list[Line]:
        """Return the lines below costs that the master rested on of late."""
        return [
            line
            for line, idle in zip(self._lines, self._idle, strict=True)
            if line.group != NO_GROUP and idle <= HELD_MAX
        ]


def _costs(measure: Weighing, groups: int, companies: int, constant: float) -> Linear:
    """Return the columns and rows of what groups cost, how that is weighed, and of companies.

    Args:
        measure: How costs of groups are weighed.
        groups: How many groups there are.
        companies: How many companies have costs of their own; 0 if none.
        constant: Cost of each group beyond those of companies.
    """
    cells, sums = groups * companies, groups if companies else 0
    rows, wide = measure.rows.shape
    each = sparse.eye_array(sums, wide)
    added_up = sparse.kron(sparse.eye_array(sums), np.ones((1, companies)))
    weighed = sparse.hstack([measure.rows, sparse.csr_array((rows, cells))])
    matrix = sparse.vstack([weighed, sparse.hstack([each, -added_up])])
    return Linear(
        cost=np.append(measure.cost, np.zeros(cells)),
        lower=np.append(measure.lower, np.full(cells, -np.inf)),
        upper=np.full(wide + cells, np.inf),
        row_lower=np.append(np.zeros(rows), np.full(sums, constant)),
        row_upper=np.full(rows + sums, np.inf),
        matrix=sparse.csr_array(matrix),
    )
