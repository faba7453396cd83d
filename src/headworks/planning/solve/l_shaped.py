"""The L-shaped method with a trust region: many outlooks, each solved for itself.

Source: Linderoth and Wright 2003, Decomposition algorithms for stochastic programming on a
computational grid. A master proposes decisions within a box around the best ones known; each
outlook answers with its cost there and a line below it; the master without the box is the bound.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.programme.programme import Programme
from headworks.planning.solve.search import Search
from headworks.planning.solve.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable

    from headworks.flow.executor import Executor
    from headworks.planning.problem import Problem
    from headworks.planning.solve.search import Progress
    from headworks.planning.solve.solution import Decisions, Solution

GAP = 0.005
"""Share of the objective that a plan may be above the best."""
SAMPLED_FROM = 20
"""Outlooks from which a search begins at the plan for a sample of them."""
SAMPLE_GAPS = 4
"""Gap to which the sample is solved, in gaps of the search."""
SAMPLE = 8
"""Outlooks of that sample."""


def solve_l_shaped(
    problem: Problem,
    *,
    start: Decisions | None = None,
    integers: bool = False,
    gap: float = GAP,
    time_limit_s: float = np.inf,
    executor: str | Executor = "serial",
    progress: Callable[[Progress], None] | None = None,
) -> Solution:
    """Solve a problem outlook by outlook.

    Args:
        problem: The problem.
        start: Decisions to begin with; if None, those for a sample of the outlooks where there are
            many, and no orders where there are few.
        integers: Whether orders are whole numbers of lots.
        gap: Share of the objective that the plan may be above the best.
        time_limit_s: Seconds after which the best plan so far is returned, with the gap it has.
        executor: `serial`, `joblib`, or an executor, on which outlooks are solved.
        progress: Called after each iteration.

    Raises:
        InputError: Constraints clash, or costs have no lower limit.
        UnknownName: There is no such executor.
    """
    programme = Programme(problem, integers=integers)
    search = Search(programme, Workers(programme, problem.outlooks, executor))
    if start is None and len(problem.outlooks) >= SAMPLED_FROM:
        start = _start(problem, gap, time_limit_s / 4, executor)
    search.begin(start)
    tell = progress or (lambda _: None)
    while search.goes_on(gap, time_limit_s):
        search.step(gap)
        tell(search.progress)
    if programme.decided.columns.integer:
        search.forget(gap)
        while search.goes_on(gap, time_limit_s):
            search.whole_step()
            tell(search.progress)
    return search.solution()


def _start(
    problem: Problem, gap: float, time_limit_s: float, executor: str | Executor
) -> Decisions:
    """Return decisions that are good for a sample of the outlooks.

    At nodes that no outlook of the sample comes by, they order nothing.
    """
    outlooks = problem.outlooks
    chosen = [outlooks[number] for number in np.arange(SAMPLE) * len(outlooks) // SAMPLE]
    total = sum(outlook.probability for outlook in chosen)
    sample = tuple(replace(one, probability=one.probability / total) for one in chosen)
    few = replace(problem, outlooks=sample)
    return solve_l_shaped(
        few, gap=SAMPLE_GAPS * gap, time_limit_s=time_limit_s, executor=executor
    ).decisions
