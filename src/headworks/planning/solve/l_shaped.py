"""The L-shaped method with a trust region: many outlooks, each solved for itself.

Source: Linderoth and Wright 2003, Decomposition algorithms for stochastic programming on a
computational grid. A master proposes decisions within a box around the best ones known; each
outlook answers with its cost there and a line below it; the master without the box is the bound.
"""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from headworks.flow.executor import executor as executor_of
from headworks.planning.programme.programme import Programme
from headworks.planning.solve.companies import (
    fits,
    members,
    planned_alone,
    separable,
    together,
)
from headworks.planning.solve.search import Progress, Search
from headworks.planning.solve.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable

    from headworks.flow.executor import Executor
    from headworks.planning.problem import Problem
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

    Several companies are planned alone first, each with all of what they share. Where their plans
    together keep what is shared, they are the plan; else the search for all begins at them, with
    the sum of their bounds.

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
    tell = progress or (lambda _: None)
    bound = -np.inf
    if start is None and separable(problem):
        plan = _apart(problem, integers, gap, time_limit_s, executor, tell)
        time_limit_s -= plan.seconds
        if fits(problem, plan) and (plan.gap <= gap or time_limit_s <= 0):
            return plan
        start, bound = plan.decisions, plan.bound
    programme = Programme(problem, integers=integers)
    search = Search(programme, Workers(programme, problem.outlooks, executor), bound)
    if start is None and len(problem.outlooks) >= SAMPLED_FROM:
        start = _start(problem, gap, time_limit_s / 4, executor)
    search.begin(start)
    while search.goes_on(gap, time_limit_s):
        search.step(gap)
        tell(search.progress)
    if programme.decided.columns.integer:
        search.forget(gap)
        while search.goes_on(gap, time_limit_s):
            search.whole_step()
            tell(search.progress)
    return search.solution()


def _apart(
    problem: Problem,
    integers: bool,  # noqa: FBT001 (passed on)
    gap: float,
    time_limit_s: float,
    executor: str | Executor,
    tell: Callable[[Progress], None],
) -> Solution:
    """Return the plans of companies that each have all of what they share, put together."""
    began, by = time.perf_counter(), executor_of(executor)
    owned = [members(problem, company) for company in range(len(problem.companies))]
    one = partial(
        solve_l_shaped,
        integers=integers,
        gap=gap,
        time_limit_s=time_limit_s * min(by.workers, len(owned)) / len(owned),
    )
    plans: list[Solution] = []
    for plan in by.map(one, [planned_alone(problem, own) for own in owned]):
        plans.append(plan)
        done = sum(plan.iterations for plan in plans)
        tell(Progress(done, np.inf, -np.inf, time.perf_counter() - began))
    plan = together(problem, list(zip(owned, plans, strict=True)))
    return replace(plan, seconds=time.perf_counter() - began)


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
