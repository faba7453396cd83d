"""Named scenarios: what a plan comes to in each, and in which it is worst."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.programme.risk import by_scenario

if TYPE_CHECKING:
    from headworks.planning.problem import Problem
    from headworks.planning.solve.solution import Solution

TOLERANCE = 1e-6
"""Share of what a plan comes to below which two scenarios come to the same."""


@dataclass(frozen=True, slots=True)
class InScenario:
    """What a plan comes to if one scenario comes about: means over its outlooks."""

    name: str
    outcome: float
    """What the objective counts."""
    cost_usd: float
    """Discounted cost, shortfall at its price."""
    served_share: float
    """Share of the work wanted that is served; 1 where none is wanted, and NaN where the plan
    cannot be paid for in one of its outlooks."""
    outlooks: int
    is_worst: bool
    """Whether the plan comes to more in no other, but for a solver's tolerance."""


def in_scenarios(problem: Problem, solution: Solution) -> tuple[InScenario, ...]:
    """Return what a plan comes to in each scenario, its own first; none if it looks at no other.

    Args:
        problem: The problem of the plan.
        solution: Its solution, with what really follows in every outlook.
    """
    if not any(outlook.scenario for outlook in problem.outlooks):
        return ()
    courses = solution.courses
    outcome, cost, served, wanted = (
        by_scenario(problem, np.array(values, np.float64))
        for values in (
            [course.outcome for course in courses],
            [course.cost for course in courses],
            [course.served.sum() for course in courses],
            [outlook.wanted.sum() for outlook in problem.outlooks],
        )
    )
    worst = max(outcome.values())
    limit = worst - TOLERANCE * abs(worst) if np.isfinite(worst) else worst
    of = [outlook.scenario or outlook.name for outlook in problem.outlooks]
    return tuple(
        InScenario(
            name, outcome[name], cost[name],
            _share(served[name], wanted[name]),
            of.count(name), outcome[name] >= limit,
        )
        for name in outcome
    )  # fmt: skip


def _share(served: float, wanted: float) -> float:
    """Return the share of work that is served, unknown where that is."""
    return served / wanted if wanted > 0 or np.isnan(served) else 1.0
