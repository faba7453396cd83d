"""Values: what it is worth to plan for many outlooks, and what it would be to know which comes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from headworks.errors import InputError
from headworks.planning.answers.fixing import alone, decided_now, with_now
from headworks.planning.programme.risk import weighed

if TYPE_CHECKING:
    from collections.abc import Callable

    from headworks.planning.problem import Floats, Problem
    from headworks.planning.solve.solution import Decisions, Solution

    Solve = Callable[[Problem], Solution]


DUST = 1e-9
"""Differences below this, relative to the objective, are rounding."""


@dataclass(frozen=True, slots=True)
class Values:
    """What planning under uncertainty is worth, in the objective's unit, weighed as it weighs."""

    wait_and_see: float
    """The best objective of each outlook alone, weighed as the objective weighs them."""
    plan: float
    """Objective of the plan."""
    mean_plan: float
    """Objective of ordering now what is best for the mean, and the best later; infinite where that
    cannot serve the least share of work."""
    per_outlook: Floats
    """Best objective of each outlook alone, shape (outlook,)."""
    knowing: tuple[Decisions, ...]
    """What would be decided if each outlook were certain."""

    @property
    def vss(self) -> float:
        """Value of the stochastic solution: what planning for the mean would cost more."""
        return _not_dust(self.mean_plan - self.plan, self.plan)

    @property
    def evpi(self) -> float:
        """Value of perfect information: what knowing the outlook beforehand would save."""
        return _not_dust(self.plan - self.wait_and_see, self.plan)


def _not_dust(value: float, scale: float) -> float:
    """Return a value, 0 where it is no more than the rounding of a solver."""
    return value if abs(value) > DUST * abs(scale) else 0.0


def values(
    problem: Problem,
    solution: Solution,
    mean: Problem,
    solve: Solve,
    tell: Callable[[int, int], None] = lambda _done, _whole: None,
) -> tuple[Values, Decisions]:
    """Return the values, and the decisions of the plan for the mean.

    Args:
        problem: The problem of the plan.
        solution: Its solution.
        mean: The problem as if the mean were certain.
        solve: Solves a problem.
        tell: Told how many outlooks are done.
    """
    found: list[Solution] = []
    for outlook in problem.outlooks:
        found.append(solve(replace(alone(problem, outlook), risk=problem.risk)))
        tell(len(found), len(problem.outlooks))
    each = np.array([one.objective for one in found])
    now = solve(replace(mean, served_min=0.0)).decisions
    fixed, missing = decided_now(problem, now)
    try:
        following = solve(fixed)
        comes_to = following.objective + missing
    except InputError:
        following, comes_to = solve(replace(fixed, served_min=0.0)), np.inf
    return (
        Values(
            wait_and_see=weighed(problem, each),
            plan=solution.objective,
            mean_plan=comes_to,
            per_outlook=each,
            knowing=tuple(one.decisions for one in found),
        ),
        with_now(now, following.decisions),
    )
