"""The gap to the best plan, by replication on outlooks that the plan was not made from.

Each replication draws outlooks afresh, makes the best plan for them, and compares it with the plan
at hand on the same outlooks: on average the difference is no less than the true gap, since the best
plan for a sample does better on it than the best plan for all could.

Source: Mak, Morton and Wood 1999, "Monte Carlo bounding techniques for determining solution quality
in stochastic programs".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import t as student

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headworks.planning.problem import Floats

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
