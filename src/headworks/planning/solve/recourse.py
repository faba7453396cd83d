"""Recourse: what follows in an outlook from given decisions, on models that stay warm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from headworks.planning.programme.linear import Linear
from headworks.planning.solve.highs import Model
from headworks.planning.solve.outcome import Outcome

if TYPE_CHECKING:
    from scipy import sparse

    from headworks.planning.problem import Floats, Integers, Outlook
    from headworks.planning.programme.programme import Part, Programme

DEVEX = 1
"""HiGHS's number for weights that cost nothing at the start from a given basis."""
DUST = 1e-7
"""How far a bound may be below another before that counts as a clash."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an outlook answers to decisions: its cost there, and a line below its cost anywhere."""

    cost: float
    """Cost of the outlook beyond what all pay alike; infinite if nothing is feasible."""
    slope: Floats
    """Change of the cost with each decided column; of the infeasibility if nothing is feasible."""
    level: float
    """Cost, or infeasibility, less slope × decided columns: cost ≥ level + slope × decided at any
    decisions, or 0 ≥ level + slope × decided at feasible ones."""
    columns: Floats
    """Values of the outlook's columns."""
    rows: Floats
    """Price of each of the outlook's rows."""


class OutlookRows:
    """Rows of one outlook, those on a single column of it turned into bounds of the column.

    Lead times and response curves bound what has arrived once orders are given, so that most rows
    of an outlook are none of the solver's concern.
    """

    def __init__(self, programme: Programme, outlook: Outlook) -> None:
        self.part: Part = programme.part(outlook, keep_all=True)
        matrix = self.part.matrix
        self.coupling = matrix.coupling
        recourse = matrix.recourse
        single = (np.diff(recourse.indptr) == 1) & ~np.isfinite(matrix.lower)
        first = np.minimum(recourse.indptr[:-1], max(recourse.nnz - 1, 0))
        single[single] = recourse.data[first[single]] > 0
        for name in ("work", "served", "budget", "pairing"):  # their rows may change with outlooks
            if name in matrix.names:
                single[matrix.spans()[name]] = False
        numbers = np.flatnonzero(single).astype(np.int64)
        column = recourse.indices[recourse.indptr[numbers]].astype(np.int64)
        order = np.argsort(column, kind="stable")
        self.single, self.column = numbers[order], column[order]
        self.factor = recourse.data[recourse.indptr[self.single]]
        self.rows: Integers = np.flatnonzero(~single).astype(np.int64)
        self.matrix: sparse.csr_array = recourse[self.rows]
        self.starts = np.flatnonzero(np.diff(self.column, prepend=-1))
        self.bounded = self.column[self.starts]

    def bounds(self, decided: Floats) -> tuple[Floats, Floats, Floats, Integers]:
        """Return row bounds, upper bounds of columns, and the row that sets each of these.

        The row is −1 where a bound is the column's own.
        """
        matrix, columns = self.part.matrix, self.part.stage.columns
        taken = self.coupling @ decided
        lower, upper = matrix.lower - taken, matrix.upper - taken
        limit = columns.upper.copy()
        setter = np.full(len(limit), -1, np.int64)
        if len(self.single):
            most = upper[self.single] / self.factor
            least = np.minimum.reduceat(most, self.starts)
            sizes = np.diff(np.append(self.starts, len(most)))
            at = np.flatnonzero(most <= np.repeat(least, sizes))
            which = at[np.searchsorted(at, self.starts)]
            tighter = least < limit[self.bounded]
            chosen = self.bounded[tighter]
            limit[chosen] = least[tighter]
            setter[chosen] = self.single[which[tighter]]
        own = columns.lower
        limit = np.where((limit < own) & (limit > own - DUST), own, limit)
        return lower[self.rows], upper[self.rows], limit, setter


def prepayment_limits(rows: OutlookRows) -> list[Answer]:
    """Return that what is paid for decisions alone keeps the budgets, as lines that cut off.

    The rest of a budget's row, arrivals and rent, is never below 0.
    """
    matrix, limits = rows.part.matrix, []
    start, end, _ = matrix.spans()["budget"].indices(len(matrix.upper))
    for row in range(start, end):
        upper, slope = float(matrix.upper[row]), rows.coupling[[row]].toarray()[0]
        scale = float(np.abs(slope).max(initial=0.0))
        if np.isfinite(upper) and scale > 0:
            prices = np.zeros(len(matrix.upper))
            prices[row] = -1 / scale
            none = np.zeros(rows.part.stage.columns.count)
            limits.append(Answer(np.inf, slope / scale, -upper / scale, none, prices))
    return limits


class WarmModels:
    """Models that outlooks are solved on, each from the basis in which it ended last.

    An outlook has a model of its own while there is room, which stays as it was left; the others
    take turns on the last one, which is loaded anew for each.

    Args:
        room: How many models are held, at least 1.
    """

    def __init__(self, room: int = 1) -> None:
        self._room = room
        self._models: list[Model] = []
        self._held: list[OutlookRows] = []
        self._place: dict[str, int] = {}
        self._bases: dict[str, _Basis] = {}
        self._last: _Basis | None = None

    def solve(self, rows: OutlookRows, decided: Floats, *, remember: bool = True) -> Answer:
        """Return what an outlook answers to decisions.

        Args:
            rows: The outlook's rows.
            decided: Values of the decided columns.
            remember: Whether the outlook will be solved again, from its own last basis.
        """
        lower, upper, limit, setter = rows.bounds(decided)
        if np.any(limit < rows.part.stage.columns.lower):
            return _clash_of_bounds(rows, decided, limit, setter)
        name = rows.part.stage.outlook.name if remember else ""
        model = self._ready(name, rows, lower, upper, limit)
        solved = model.solve()
        if solved.outcome is Outcome.INFEASIBLE:
            return _infeasible(rows, model.ray(), decided, limit, setter)
        self._last = _Basis(rows.matrix.shape, model.basis)
        if remember:
            self._bases[name] = self._last
        prices = np.zeros(len(rows.part.matrix.lower))
        prices[rows.rows] = solved.rows
        set_by = np.flatnonzero((setter >= 0) & (solved.reduced < 0))
        prices[setter[set_by]] = solved.reduced[set_by]
        slope: Floats = rows.part.costs.decided - rows.coupling.T @ prices
        cost = solved.objective + float(rows.part.costs.decided @ decided)
        cost += rows.part.costs.constant
        return Answer(cost, slope, float(cost - slope @ decided), solved.columns, prices)

    def _ready(
        self, name: str, rows: OutlookRows, lower: Floats, upper: Floats, limit: Floats
    ) -> Model:
        """Return a model that holds an outlook within bounds, at the basis that is nearest."""
        place = self._place.setdefault(name, min(len(self._place), self._room - 1))
        own, costs = rows.part.stage.columns.lower, rows.part.costs.recourse
        if place < len(self._models) and self._held[place] is rows:
            model = self._models[place]
            model.bound_columns(np.arange(len(limit)), own, limit)
            model.bound_rows(np.arange(len(lower)), lower, upper)
            return model
        linear = Linear(costs, own, limit, lower, upper, rows.matrix)
        if place < len(self._models):
            self._models[place].load(linear)
            self._held[place] = rows
        else:
            self._models.append(Model(linear, method="simplex", presolve=False))
            self._models[place].option("simplex_dual_edge_weight_strategy", DEVEX)
            self._held.append(rows)
        near = self._bases.get(name, self._last)
        if near is not None and near.shape == rows.matrix.shape:
            self._models[place].basis = near.basis
        return self._models[place]


@dataclass(frozen=True, slots=True)
class _Basis:
    """Which columns and rows of a matrix are basic."""

    shape: tuple[int, ...]
    basis: Any  # HiGHS has no types


def _clash_of_bounds(rows: OutlookRows, decided: Floats, limit: Floats, setter: Integers) -> Answer:
    """Return by how much a row bounds its only column below 0."""
    worst = int(np.argmin(limit - rows.part.stage.columns.lower))
    prices = np.zeros(len(rows.part.matrix.lower))
    prices[setter[worst]] = -1.0
    return _cut_off(rows, prices, decided, -float(limit[worst]))


def _infeasible(
    rows: OutlookRows,
    ray: Floats | None,
    decided: Floats,
    limit: Floats,
    setter: Integers,
) -> Answer:
    """Return the infeasibility that a ray proves, as a line below it."""
    best: Answer | None = None
    if ray is not None:
        lower, upper, _, _ = rows.bounds(decided)
        for signed in (ray, -ray):
            found = _proof(rows, signed, (lower, upper, limit), setter, decided)
            if found is not None and (best is None or found.level > best.level):
                best = found
    if best is None:
        raise ArithmeticError("an outlook is infeasible, and the solver gives no proof of it")
    return best


def _proof(
    rows: OutlookRows,
    ray: Floats,
    bounds: tuple[Floats, Floats, Floats],
    setter: Integers,
    decided: Floats,
) -> Answer | None:
    """Return the line of a ray, or None if it proves nothing.

    Σ ray × (lower where the ray is positive, upper where negative) over rows, and likewise over
    columns with − ray × matrix, is at most 0 where something is feasible.
    """
    lower, upper, limit = bounds
    ray = np.where(np.abs(ray) < 1e-9 * np.abs(ray).max(initial=1e-9), 0.0, ray)
    across = -(ray @ rows.matrix)
    across = np.where(np.abs(across) < 1e-9 * np.abs(across).max(initial=1e-9), 0.0, across)
    value = _least(ray, lower, upper) + _least(across, rows.part.stage.columns.lower, limit)
    if not np.isfinite(value) or value <= 0:
        return None
    prices = np.zeros(len(rows.part.matrix.lower))
    prices[rows.rows] = ray
    set_by = np.flatnonzero((setter >= 0) & (across < 0))
    prices[setter[set_by]] = across[set_by]
    scale = max(float(np.abs(rows.coupling.T @ prices).max(initial=0.0)), 1e-9)
    return _cut_off(rows, prices / scale, decided, value / scale)


def _least(weight: Floats, lower: Floats, upper: Floats) -> float:
    at = np.where(weight > 0, lower, upper)
    some = weight != 0
    return float(weight[some] @ at[some])


def _cut_off(rows: OutlookRows, prices: Floats, decided: Floats, value: float) -> Answer:
    slope = -(rows.coupling.T @ prices)
    none = np.zeros(rows.part.stage.columns.count)
    return Answer(np.inf, slope, float(value - slope @ decided), none, prices)
