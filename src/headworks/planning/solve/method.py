"""Methods: a problem is solved in one piece where it is small, and outlook by outlook above."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headworks.errors import UnknownName
from headworks.planning.solve.extensive import solve_extensive
from headworks.planning.solve.l_shaped import GAP, solve_l_shaped

if TYPE_CHECKING:
    from collections.abc import Callable

    from headworks.flow.executor import Executor
    from headworks.planning.problem import Problem
    from headworks.planning.solve.search import Progress
    from headworks.planning.solve.solution import Solution

METHODS = ("auto", "extensive", "l-shaped")
COLUMNS_MAX = 20_000
"""Columns of all outlooks up to which one piece is the faster."""


def solve(
    problem: Problem,
    *,
    method: str = "auto",
    integers: bool = False,
    start: Solution | None = None,
    gap: float = GAP,
    time_limit_s: float = np.inf,
    executor: str | Executor = "serial",
    progress: Callable[[Progress], None] | None = None,
) -> Solution:
    """Solve a problem.

    Args:
        problem: The problem.
        method: `extensive` for one piece, `l-shaped` outlook by outlook, `auto` by size.
        integers: Whether orders are whole numbers of lots.
        start: Solution of a problem much like this one, to begin with: at its decisions outlook by
            outlook, at its vertex in one piece.
        gap: Share of the objective that the plan may be above the best; one piece has none.
        time_limit_s: Seconds after which the best plan so far is returned.
        executor: `serial`, `joblib`, or an executor, on which outlooks are solved.
        progress: Called after each iteration, and after each company that is planned alone; not in
            one piece.

    Raises:
        UnknownName: There is no such method, or no such executor.
        InputError: Constraints clash, or costs have no lower limit.
    """
    if method not in METHODS:
        raise UnknownName("method", method, METHODS)
    if method == "auto":
        small = columns_about(problem) <= COLUMNS_MAX
        method = "extensive" if small else "l-shaped"
    if method == "extensive":
        return solve_extensive(
            problem, integers=integers, time_limit_s=time_limit_s, gap=min(gap, 1e-4),
            basis=None if start is None else start.basis,
        )  # fmt: skip
    return solve_l_shaped(
        problem,
        start=None if start is None else start.decisions,
        integers=integers,
        gap=gap,
        time_limit_s=time_limit_s,
        executor=executor,
        progress=progress,
    )


def columns_about(problem: Problem) -> int:
    """Return about how many columns a problem has in all outlooks."""
    lines = len(problem.lines) + len(problem.berths.line)
    return len(problem.months) * lines * len(problem.outlooks)
