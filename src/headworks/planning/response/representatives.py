"""Representatives: a few points that stand for many, each for those that are nearest to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Representatives:
    """Points that stand for all."""

    points: Integers
    """Numbers of the representatives, ascending, shape (representative,)."""
    nearest: Integers
    """For each point, the number (in `points`) of what stands for it, shape (point,)."""
    share: Floats
    """Weight of the points that each stands for, shape (representative,); they sum to 1."""
    cost: float
    """Weighted mean distance of a point from what stands for it: the Kantorovich distance of all
    points from the representatives with these weights, the least that weights can give."""
    cost_of_one: float
    """The same with the best single point: what a plan for one outlook would lose."""


def distances(points: Floats, others: Floats | None = None) -> Floats:
    """Return Euclidean distances, shape (point, other); points have shape (point, feature).

    Each is worked out by itself from the differences, so that it depends on its two points alone
    and is 0 between equal ones.
    """
    return np.asarray(cdist(points, points if others is None else others), dtype=np.float64)


def equal_weights(apart: Floats, weights: Floats | None) -> Floats:
    """Return weights that sum to 1, those of all points alike if none are given."""
    if weights is None:
        return np.full(len(apart), 1.0 / len(apart))
    found: Floats = weights / weights.sum()
    return found


def representing(apart: Floats, weight: Floats, chosen: Sequence[int]) -> Representatives:
    """Return points as what stands for all; each takes the weight of those nearest to it.

    Args:
        apart: Distances, shape (point, point), symmetric.
        weight: Weight of each point, shape (point,); they sum to 1.
        chosen: Numbers of the points.
    """
    points = np.array(sorted(chosen), dtype=np.int64)
    nearest = apart[:, points].argmin(axis=1)
    share = np.bincount(nearest, weights=weight, minlength=len(points)).astype(np.float64)
    cost = float(weight @ apart[np.arange(len(apart)), points[nearest]])
    return Representatives(points, nearest, share, cost, float((weight @ apart).min()))
