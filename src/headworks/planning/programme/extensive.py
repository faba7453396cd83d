"""The extensive form: decided columns and those of all outlooks in one linear programme."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from headworks.planning.programme.linear import Linear
from headworks.planning.programme.programme import Programme
from headworks.planning.programme.risk import chances, neutral, scenarios, weighing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headworks.planning.problem import Problem
    from headworks.planning.programme.programme import Part


@dataclass(frozen=True, slots=True)
class Extensive:
    """The extensive form, with where each outlook's columns and rows stand."""

    programme: Programme
    parts: tuple[Part, ...]
    linear: Linear
    columns: tuple[slice, ...]
    rows: tuple[slice, ...]


def extensive_form(problem: Problem, *, integers: bool = False) -> Extensive:
    """Build the extensive form of a problem.

    Columns are the decided ones, those of each outlook, and those that weigh outcomes, if any.

    Args:
        problem: The problem.
        integers: Whether orders are whole numbers of lots.

    Raises:
        InputError: The nodes of the information dates are no tree.
    """
    programme = Programme(problem, integers=integers)
    parts = tuple(programme.part(outlook) for outlook in problem.outlooks)
    columns = _spans(programme.decided.columns.count, [part.stage.columns.count for part in parts])
    rows = _spans(len(programme.matrix.lower), [len(part.matrix.lower) for part in parts])
    linear = _joined(programme, parts, columns)
    if not neutral(problem.risk):
        linear = _with_risk(problem, parts, linear, columns)
    return Extensive(programme, parts, linear, columns, rows)


def _spans(first: int, lengths: list[int]) -> tuple[slice, ...]:
    """Return where parts of some lengths stand after a first one."""
    ends = np.cumsum([first, *lengths]).tolist()
    return tuple(slice(start, end) for start, end in pairwise(ends))


def _joined(programme: Programme, parts: tuple[Part, ...], spans: tuple[slice, ...]) -> Linear:
    """Return decided columns and those of all outlooks in one programme.

    Outcomes count by their expectation; where they are weighed otherwise they count nothing yet.

    Args:
        programme: The programme.
        parts: Columns and rows of each outlook.
        spans: Where the columns of each stand.
    """
    problem = programme.problem
    columns = [programme.decided.columns, *(part.stage.columns for part in parts)]
    rows = [programme.matrix, *(part.matrix for part in parts)]
    chance = chances(problem) if neutral(problem.risk) else np.zeros(len(parts))
    weighed = list(zip(chance.tolist(), (part.costs for part in parts), strict=True))
    now = programme.cost_now + sum(p * costs.decided for p, costs in weighed)
    count = sum(one.count for one in columns)
    return Linear(
        cost=np.concatenate([now, *(p * costs.recourse for p, costs in weighed)]),
        lower=np.concatenate([one.lower for one in columns]),
        upper=np.concatenate([one.upper for one in columns]),
        row_lower=np.concatenate([one.lower for one in rows]),
        row_upper=np.concatenate([one.upper for one in rows]),
        matrix=_below(
            [one.coefficients for one in rows],
            [0, *(span.start - columns[0].count for span in spans)],
            columns[0].count,
            count,
        ),
        offset=float(sum(p * costs.constant for p, costs in weighed)),
        integer=whole_columns(programme, count),
    )


def _below(
    matrices: list[sparse.csr_array], shifts: list[int], decided: int, columns: int
) -> sparse.csr_array:
    """Put matrices below each other, with columns after the decided ones moved to their place."""
    indices = [
        np.where(matrix.indices < decided, matrix.indices, matrix.indices + shift)
        for matrix, shift in zip(matrices, shifts, strict=True)
    ]
    starts = np.cumsum([0, *(matrix.nnz for matrix in matrices)])
    indptr = [
        matrix.indptr[:-1] + start for matrix, start in zip(matrices, starts[:-1], strict=True)
    ]
    data = np.concatenate([matrix.data for matrix in matrices])
    pointers = np.concatenate([*indptr, starts[-1:]])
    return sparse.csr_array(
        (data, np.concatenate(indices), pointers), shape=(len(pointers) - 1, columns)
    )


def _with_risk(
    problem: Problem, parts: tuple[Part, ...], linear: Linear, spans: tuple[slice, ...]
) -> Linear:
    """Add columns for outcomes and what weighs them.

    outcome[outlook] − costs × columns ≥ constant of the outlook
    """
    measure = weighing(problem.risk, chances(problem), scenarios(problem))
    count, own = len(parts), len(linear.cost)
    costs = sparse.lil_array((count, own))
    for number, (part, span) in enumerate(zip(parts, spans, strict=True)):
        some = np.flatnonzero(part.costs.decided)
        costs[number, some] = -part.costs.decided[some]
        costs[number, span] = -part.costs.recourse
    more = len(measure.cost)
    outcome = sparse.eye_array(count, more)
    matrix = sparse.vstack(
        [
            sparse.hstack([linear.matrix, sparse.csr_array((linear.matrix.shape[0], more))]),
            sparse.hstack([costs, outcome]),
            sparse.hstack([sparse.csr_array((measure.rows.shape[0], own)), measure.rows]),
        ]
    )
    constants = np.array([part.costs.constant for part in parts])
    lower = np.concatenate([constants, np.zeros(measure.rows.shape[0])])
    return Linear(
        cost=np.concatenate([linear.cost, measure.cost]),
        lower=np.concatenate([linear.lower, measure.lower]),
        upper=np.concatenate([linear.upper, np.full(more, np.inf)]),
        row_lower=np.concatenate([linear.row_lower, lower]),
        row_upper=np.concatenate([linear.row_upper, np.full(len(lower), np.inf)]),
        matrix=sparse.csr_array(matrix),
        integer=None
        if linear.integer is None
        else np.concatenate([linear.integer, np.zeros(more, bool)]),
    )


def whole_columns(programme: Programme, count: int) -> NDArray[np.bool_] | None:
    """Return which columns are whole numbers, the decided ones first; None for none.

    Args:
        programme: The programme.
        count: Number of all columns.
    """
    columns = programme.decided.columns
    if not columns.integer:
        return None
    whole = np.zeros(count, bool)
    for name in columns.integer:
        whole[columns[name].span] = True
    return whole
