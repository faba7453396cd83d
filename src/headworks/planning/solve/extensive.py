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
    from headworks.planning.solve.outcome import Solved

SIMPLEX_ROWS = 20_000
"""Rows up to which simplex is asked for, whose orders are exact; above, IPX is much faster."""


def solve_extensive(
    problem: Problem,
    *,
    integers: bool = False,
    method: str = "auto",
    time_limit_s: float = np.inf,
    gap: float = 1e-6,
) -> Solution:
    """Solve a problem in one piece.

    Args:
        problem: The problem.
        integers: Whether orders are whole numbers of lots.
        method: `simplex`, `ipx`, or `auto` for the first on small and the second on large ones.
        time_limit_s: Seconds after which the solver stops.
        gap: Gap at which a search over whole numbers stops.

    Raises:
        InputError: Constraints clash, costs have no lower limit, or the time was too short for
            any plan.
    """
    form = extensive_form(problem, integers=integers)
    if method == "auto":
        method = "simplex" if len(form.linear.row_lower) <= SIMPLEX_ROWS or integers else "ipx"
    model = Model(form.linear, method=method, time_limit_s=time_limit_s, gap=gap)
    solved = model.solve()
    if not np.isfinite(solved.objective):
        raise explain(problem, solved.outcome)
    return _solution(form, solved)


def _solution(form: Extensive, solved: Solved) -> Solution:
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
    )
