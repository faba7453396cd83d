"""The gap to the best plan, by replication on outlooks that the plan was not made from.

Each replication draws outlooks afresh, makes the best plan for them, and compares it with the plan
at hand on the same outlooks: on average the difference is no less than the true gap, since the best
plan for a sample does better on it than the best plan for all could. What counts is what is decided
now; later orders are the best for the sample with either plan, by the tree of the sample.

Source: Mak, Morton and Wood 1999, "Monte Carlo bounding techniques for determining solution quality
in stochastic programs".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import t as student

from headworks.planning.answers.fixing import decided_now

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from headworks.planning.problem import Floats, Problem
    from headworks.planning.solve.solution import Decisions, Solution

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class OptimalityGap:
    """How far the plan may be from the best, in the objective's unit."""

    mean: float
    """Mean difference over the replications."""
    upper: float
    """One-sided limit that the gap stays below with the level's confidence."""
    level: float
    differences: Floats
    """Difference in each replication, shape (replication,)."""


def optimality_gap(differences: Sequence[float], level: float = LEVEL) -> OptimalityGap:
    """Return the interval of the gap from the differences of at least two replications.

    Args:
        differences: Objective of the plan less that of the best plan, on each sample.
        level: Confidence.
    """
    found = np.asarray(differences, np.float64)
    mean = float(found.mean())
    error = float(found.std(ddof=1)) / np.sqrt(len(found))
    upper = mean + float(student.ppf(level, len(found) - 1)) * error
    return OptimalityGap(mean, max(upper, 0.0), level, found)


def difference(
    sample: Problem, decisions: Decisions, solve: Callable[[Problem], Solution]
) -> float:
    """Return how far decisions are above the best for a sample, at least 0.

    The best counts by its bound, so that no solver's gap makes the difference smaller.

    Args:
        sample: The problem with the sample's outlooks.
        decisions: What the plan at hand decides now.
        solve: Solves a problem.
    """
    fixed, missing = decided_now(sample, decisions)
    return max(solve(fixed).objective + missing - solve(sample).bound, 0.0)
