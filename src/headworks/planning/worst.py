"""The worst case: what it leaves open is decided by the mean, and followed to its end.

A plan for the worst case has many equals: in every scenario but the dearest it could waste what
separates the two. So the mean of all decides among those that are no dearer at worst.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.programme.risk import chances, weighed
from headworks.planning.solve.fixed import recourse

if TYPE_CHECKING:
    from collections.abc import Callable

    from headworks.planning.problem import Problem
    from headworks.planning.solve.solution import Solution

    Solve = Callable[..., Solution]

MEAN_WEIGHTS = (0.5, 0.1, 0.01, 0.001)
"""Weights of the mean beside the worst case that are tried, until that is no dearer."""
GIVEN_UP = 0.1
"""Part of the gap asked for by which the worst case may be dearer for a better mean."""
TOLERANCE = 1e-6
"""Share of the objective below which a difference is a solver's."""


def settled(problem: Problem, solved: Solution, solve: Solve, gap: float) -> Solution:
    """Return the plan that is cheapest in the mean of those that are hardly dearer at worst.

    The mean is over all outlooks by their probabilities. Its weight is lowered until the worst case
    is what it was but for a tenth of the gap asked for.

    Args:
        problem: The problem, which counts the worst case.
        solved: A plan for the worst case alone.
        solve: Solves a problem; takes `start` by name.
        gap: The gap asked for.
    """
    solved = followed(problem, solved)
    limit = solved.objective + max(GIVEN_UP * gap, TOLERANCE) * abs(solved.objective)
    for weight in MEAN_WEIGHTS:
        blended = replace(problem, risk=replace(problem.risk, mean_weight=weight))
        other = followed(problem, solve(blended, start=solved))
        if other.objective <= limit:
            # The mean is never above the worst, so that what bounds both bounds the worst alone.
            bound = min(max(solved.bound, other.bound), other.objective)
            return replace(other, bound=bound, prices=solved.prices)
    return solved


def followed(problem: Problem, solved: Solution) -> Solution:
    """Return a plan with what really follows from it in outlooks that its objective leaves open.

    Where an outlook weighs nothing, as one beside the dearest, a solver may end anywhere in it.
    """
    risk = problem.risk
    if not risk.worst_case and risk.weight < 1 and chances(problem).all():
        return solved
    found = recourse(problem, solved.decisions, problem.outlooks)
    courses = tuple(
        course if np.isfinite(course.outcome) else before  # where rounding makes all the difference
        for course, before in zip(found, solved.courses, strict=True)
    )
    objective = weighed(problem, np.array([course.outcome for course in courses]))
    return replace(solved, courses=courses, objective=objective, bound=min(solved.bound, objective))
