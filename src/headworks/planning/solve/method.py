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
    from headworks.planning.solve.solution import Decisions, Solution

METHODS = ("auto", "extensive", "l-shaped")
COLUMNS_MAX = 20_000
"""Columns of all outlooks up to which one piece is the faster."""


def solve(
    problem: Problem,
    *,
    method: str = "auto",
    integers: bool = False,
    start: Decisions | None = None,
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
        start: Decisions for the L-shaped method to begin with.
        gap: Share of the objective that the plan may be above the best; one piece has none.
        time_limit_s: Seconds after which the best plan so far is returned.
        executor: `serial`, `joblib`, or an executor, on which outlooks are solved.
        progress: Called after each iteration.

    Raises:
        UnknownName: There is no such method, or no such executor.
        InputError: Constraints clash, or costs have no lower limit.
    """
    if method not in METHODS:
        raise UnknownName("method", method, METHODS)
    if method == "auto":
        months, lines = len(problem.months), len(problem.lines) + len(problem.berths.line)
        small = months * lines * len(problem.outlooks) <= COLUMNS_MAX
        method = "extensive" if small else "l-shaped"
    if method == "extensive":
        return solve_extensive(
            problem, integers=integers, time_limit_s=time_limit_s, gap=min(gap, 1e-4)
        )
    return solve_l_shaped(
        problem,
        start=start,
        integers=integers,
        gap=gap,
        time_limit_s=time_limit_s,
        executor=executor,
        progress=progress,
    )
