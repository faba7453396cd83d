"""The L-shaped method with a trust region: many outlooks, each solved for itself.

Source: Linderoth and Wright 2003, Decomposition algorithms for stochastic programming on a
computational grid. A master proposes decisions within a box around the best ones known; each
outlook answers with its cost there and a line below it; the master without the box is the bound.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from headworks.flow.executor import executor as executor_of
from headworks.planning.programme.programme import Programme
from headworks.planning.solve.companies import (
    decided_alone,
    fits,
    members,
    planned_alone,
    separable,
    together,
)
from headworks.planning.solve.lines import Moved
from headworks.planning.solve.search import Progress, Search
from headworks.planning.solve.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable

    from headworks.flow.executor import Executor
    from headworks.planning.problem import Problem
    from headworks.planning.solve.companies import Members
    from headworks.planning.solve.lines import Line
    from headworks.planning.solve.recourse import OutlookRows
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
        progress: Called after each iteration, and after each company that is planned alone.

    Raises:
        InputError: Constraints clash, or costs have no lower limit.
        UnknownName: There is no such executor.
    """
    terms = Terms(integers, gap, time_limit_s, executor)
    tell = progress or (lambda _: None)
    if not separable(problem):
        return _search(problem, terms, start, tell).solution()
    began = time.perf_counter()
    alone = _apart(problem, terms, start, tell)
    plan = together(problem, [(one.own, one.plan) for one in alone])
    passed = time.perf_counter() - began
    if fits(problem, plan) and (plan.gap <= gap or passed >= time_limit_s):
        return replace(plan, seconds=passed)
    rest = replace(terms, time_limit_s=time_limit_s - passed)
    known = Known(plan.bound, tuple(alone))
    found = _search(problem, rest, plan.decisions, tell, known).solution()
    return replace(
        found, iterations=plan.iterations + found.iterations, seconds=passed + found.seconds
    )


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked of a solve, as in `solve_l_shaped`."""

    integers: bool
    gap: float
    time_limit_s: float
    executor: str | Executor


@dataclass(frozen=True, slots=True)
class Alone:
    """The plan of a company that has to itself what is shared, and what proves it."""

    own: Members
    plan: Solution
    lines: list[Line]
    constant: float
    """Cost in each line that no decision changes."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a problem before a search."""

    bound: float = -np.inf
    alone: tuple[Alone, ...] = ()

    def lines(self, programme: Programme, rows: OutlookRows) -> list[Line]:
        """Return the lines of companies alone in the programme of all, some of its rows given."""
        found = []
        for one in self.alone:
            moved = Moved(programme, rows, one.own)
            found += [moved.line(line, one.constant) for line in one.lines]
        return found


def _search(
    problem: Problem,
    terms: Terms,
    start: Decisions | None,
    tell: Callable[[Progress], None],
    known: Known | None = None,
) -> Search:
    """Search for a plan until the gap is proven or the time is over."""
    known = known or Known()
    programme = Programme(problem, integers=terms.integers)
    search = Search(programme, Workers(programme, problem.outlooks, terms.executor), known.bound)
    if start is None and len(problem.outlooks) >= SAMPLED_FROM:
        start = _start(problem, terms)
    search.begin(start, partial(known.lines, programme))
    while search.goes_on(terms.gap, terms.time_limit_s):
        search.step(terms.gap)
        tell(search.progress)
    if programme.decided.columns.integer:
        search.forget(terms.gap)
        while search.goes_on(terms.gap, terms.time_limit_s):
            search.whole_step()
            tell(search.progress)
    return search


def _apart(
    problem: Problem, terms: Terms, start: Decisions | None, tell: Callable[[Progress], None]
) -> list[Alone]:
    """Return the plan of each company that has all of what is shared."""
    began, by = time.perf_counter(), executor_of(terms.executor)
    owned = [members(problem, company) for company in range(len(problem.companies))]
    share = min(by.workers, len(owned)) / len(owned)
    each = replace(terms, time_limit_s=terms.time_limit_s * share, executor="serial")
    tasks = [
        (own, planned_alone(problem, own), None if start is None else decided_alone(start, own))
        for own in owned
    ]
    found: list[Alone] = []

    def told() -> None:
        done = sum(alone.plan.iterations for alone in found)
        passed, count = time.perf_counter() - began, (len(found), len(owned))
        tell(Progress(done, np.inf, -np.inf, passed, alone=count))

    told()
    for one in by.map(partial(_alone, terms=each), tasks):
        found.append(one)
        told()
    return found


def _alone(task: tuple[Members, Problem, Decisions | None], terms: Terms) -> Alone:
    own, problem, start = task
    search = _search(problem, terms, start, lambda _: None)
    return Alone(own, search.solution(), *search.lines())


def _start(problem: Problem, terms: Terms) -> Decisions:
    """Return decisions that are good for a sample of the outlooks.

    At nodes that no outlook of the sample comes by, they order nothing.
    """
    outlooks = problem.outlooks
    chosen = [outlooks[number] for number in np.arange(SAMPLE) * len(outlooks) // SAMPLE]
    total = sum(outlook.probability for outlook in chosen)
    sample = tuple(replace(one, probability=one.probability / total) for one in chosen)
    return solve_l_shaped(
        replace(problem, outlooks=sample),
        gap=SAMPLE_GAPS * terms.gap,
        time_limit_s=terms.time_limit_s / 4,
        executor=terms.executor,
    ).decisions
