"""Solving in one piece: exact where simplex is quick enough, and the check of other methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.programme.extensive import extensive_form
from headworks.planning.programme.risk import weighed
from headworks.planning.solve.clash import explain
from headworks.planning.solve.highs import Model
from headworks.planning.solve.solution import Solution, course_of, decisions_of, prices_of

if TYPE_CHECKING:
    from headworks.planning.problem import Problem
    from headworks.planning.programme.extensive import Extensive
    from headworks.planning.solve.outcome import Basis, Solved

SIMPLEX_ROWS = 50_000
"""Rows up to which simplex is asked for, whose orders are exact and whose basis others begin at;
of a company with four lines in 50 outlooks it takes as long as IPX, above that much longer."""


def solve_extensive(
    problem: Problem,
    *,
    integers: bool = False,
    method: str = "auto",
    time_limit_s: float = np.inf,
    gap: float = 1e-6,
    basis: Basis | None = None,
) -> Solution:
    """Solve a problem in one piece.

    Args:
        problem: The problem.
        integers: Whether orders are whole numbers of lots.
        method: `simplex`, `ipx`, or `auto` for the first on small and the second on large ones.
        time_limit_s: Seconds after which the solver stops.
        gap: Gap at which a search over whole numbers stops.
        basis: Where simplex begins, of a problem of the same shape: near it a solution is ten times
            as soon there as from none, far from it later.

    Raises:
        InputError: Constraints clash, costs have no lower limit, or the time was too short for
            any plan.
    """
    form = extensive_form(problem, integers=integers)
    if method == "auto":
        method = "simplex" if len(form.linear.row_lower) <= SIMPLEX_ROWS or integers else "ipx"
    model = Model(form.linear, method=method, time_limit_s=time_limit_s, gap=gap)
    if basis is not None and method == "simplex" and not integers:
        model.begin_at(basis)
    solved = model.solve()
    if not np.isfinite(solved.objective):
        raise explain(problem, solved.outcome)
    return _solution(form, solved, None if integers else model.kept_basis())


def _solution(form: Extensive, solved: Solved, basis: Basis | None) -> Solution:
    programme, problem = form.programme, form.programme.problem
    decided = solved.columns[: programme.decided.columns.count]
    courses = tuple(
        course_of(part, programme.cost_now, decided, solved.columns[span])
        for part, span in zip(form.parts, form.columns, strict=True)
    )
    duals = [solved.rows[span] for span in form.rows]
    outcomes = np.array([course.outcome for course in courses])
    return Solution(
        decisions=decisions_of(programme.decided, decided),
        courses=courses,
        prices=prices_of(list(form.parts), duals) if len(solved.rows) else {},
        objective=weighed(problem, outcomes),
        bound=min(solved.bound, weighed(problem, outcomes)),
        iterations=1,
        seconds=solved.seconds,
        basis=basis,
    )
