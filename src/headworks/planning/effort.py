"""Effort: how much is run for the answers of a plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headworks.planning.response.prospect import OUTLOOKS, PATHS
from headworks.planning.response.selection import K_MEDOIDS

GAP = 0.005
FRESH = 200
"""Fresh paths on which plan and policies are tried by default."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is run for an answer; no more than these numbers decide how exact it is."""

    paths: int = PATHS
    """Forecast paths that outlooks are chosen from."""
    outlooks: int = OUTLOOKS
    """Outlooks that the plan is made for."""
    fresh: int = FRESH
    """Fresh paths on which it is tried, 0 for no trials."""
    replications: int = 0
    """Replications for the interval of the gap, 0 for none, otherwise at least 2."""
    gap: float = GAP
    """Share of the objective that the plan may be above the best for its outlooks."""
    time_limit_s: float = np.inf
    """Seconds for each solution of the programme."""
    prices: bool = True
    """Whether to tell what more of each limit is worth, which takes a solution for each."""
    rolling: bool = True
    """Whether to try the policy that plans again each quarter, which takes a solution for each
    quarter of each fresh path."""
    information: bool = True
    """Whether to tell what knowing each gate beforehand is worth, which tries more orders on the
    fresh paths."""
    reduction: str = K_MEDOIDS
    """Method by which outlooks are chosen: `k-medoids`, or `fast-forward` for fast forward
    selection."""
