"""Medoids: the few points that stand for many at the least distance (PAM, after CLARA's idea).

Sources: Kaufman and Rousseeuw 1990, "Finding Groups in Data", chapters 2 and 3; the exchange of a
medoid against all others at once is that of Schubert and Rousseeuw 2021, "Fast and eager k-medoids
clustering".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]

LESS = 1e-12
"""A gain below this share of the cost is one of rounding."""


@dataclass(frozen=True, slots=True)
class Medoids:
    """Points that stand for all."""

    points: Integers
    """Numbers of the medoids, ascending, shape (medoid,)."""
    nearest: Integers
    """For each point, the number (in `points`) of its medoid, shape (point,)."""
    share: Floats
    """Weight of the points of each medoid, shape (medoid,); they sum to 1."""
    cost: float
    """Weighted mean distance of a point from its medoid."""
    cost_of_one: float
    """The same with the best single medoid: what a plan for one outlook would lose."""


def distances(points: Floats, others: Floats | None = None) -> Floats:
    """Return Euclidean distances, shape (point, other); points have shape (point, feature).

    Each is worked out by itself from the differences, so that it depends on its two points alone
    and is 0 between equal ones.
    """
    return np.asarray(cdist(points, points if others is None else others), dtype=np.float64)


def medoids(apart: Floats, count: int, weights: Floats | None = None) -> Medoids:
    """Return medoids that no single exchange improves.

    The start is greedy, the point that lowers the cost most one after the other; then the exchange
    of a medoid for another point that lowers it most is made until none does. Nothing is random,
    and among equals the first point is taken.

    Args:
        apart: Distances, shape (point, point), symmetric.
        count: Medoids wanted; there are fewer where fewer points differ.
        weights: Weight of each point, shape (point,); alike if None.
    """
    number = len(apart)
    weight = np.full(number, 1.0 / number) if weights is None else weights / weights.sum()
    chosen = _greedy(apart, weight, count)
    cost_of_one = float(weight @ apart[:, chosen[0]])
    chosen = _exchanged(apart, weight, chosen)
    points = np.array(sorted(chosen), dtype=np.int64)
    nearest = apart[:, points].argmin(axis=1)
    share = np.bincount(nearest, weights=weight, minlength=len(points)).astype(np.float64)
    cost = float(weight @ apart[np.arange(number), points[nearest]])
    return Medoids(points, nearest, share, cost, cost_of_one)


def _greedy(apart: Floats, weight: Floats, count: int) -> list[int]:
    chosen = [int((weight @ apart).argmin())]
    least = apart[:, chosen[0]]
    while len(chosen) < min(count, len(apart)):
        gains = weight @ np.maximum(least[:, None] - apart, 0.0)
        best = int(gains.argmax())
        if not gains[best] > 0:
            break  # every point is one of the chosen, or like one
        chosen.append(best)
        least = np.minimum(least, apart[:, best])
    return chosen


def _exchanged(apart: Floats, weight: Floats, chosen: list[int]) -> list[int]:
    """Return medoids after all exchanges that pay, the best first."""
    if len(chosen) == len(apart):
        return chosen
    while True:
        to_each = apart[:, chosen]
        order = np.argsort(to_each, axis=1, kind="stable")
        first = to_each[np.arange(len(apart)), order[:, 0]]
        second = (
            to_each[np.arange(len(apart)), order[:, 1]]
            if len(chosen) > 1
            else np.full(len(apart), np.inf)
        )
        cost = float(weight @ first)
        best, pair = cost * (1.0 - LESS), None
        for place in range(len(chosen)):
            without = np.where(order[:, 0] == place, second, first)
            costs = weight @ np.minimum(without[:, None], apart)
            point = int(costs.argmin())
            if costs[point] < best:
                best, pair = float(costs[point]), (place, point)
        if pair is None:
            return chosen
        chosen[pair[0]] = pair[1]
