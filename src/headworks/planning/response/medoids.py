"""Medoids: the few points that stand for many at the least distance (PAM, after CLARA's idea).

Sources: Kaufman and Rousseeuw 1990, "Finding Groups in Data", chapters 2 and 3; the exchange of a
medoid against all others at once is that of Schubert and Rousseeuw 2021, "Fast and eager k-medoids
clustering".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.response.forward import forward
from headworks.planning.response.representatives import equal_weights, representing

if TYPE_CHECKING:
    from headworks.planning.response.representatives import Floats, Representatives

LESS = 1e-12
"""A gain below this share of the cost is one of rounding."""


def medoids(apart: Floats, count: int, weights: Floats | None = None) -> Representatives:
    """Return medoids that no single exchange improves.

    The start is greedy, the point that lowers the cost most one after the other; then the exchange
    of a medoid for another point that lowers it most is made until none does. Nothing is random,
    and among equals the first point is taken.

    Args:
        apart: Distances, shape (point, point), symmetric.
        count: Medoids wanted; there are fewer where fewer points differ.
        weights: Weight of each point, shape (point,); alike if None.
    """
    weight = equal_weights(apart, weights)
    return representing(apart, weight, _exchanged(apart, weight, forward(apart, weight, count)))


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
