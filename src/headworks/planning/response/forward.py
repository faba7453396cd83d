"""Fast forward selection: representatives one after the other, each the one that helps most.

The first is the best single point. Each next one is that which, beside those that are chosen,
lowers most the weighted mean distance of all points from the nearest chosen one; none is given up
again. Points that are not chosen give their weight to the nearest one.

Source: Heitsch and Römisch 2003, "Scenario reduction algorithms in stochastic programming",
Computational Optimization and Applications 24, Algorithm 2.4, with weights by their rule (2.4);
Growe-Kuska, Heitsch and Römisch 2003, "Scenario reduction and scenario tree construction for power
management problems".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.response.representatives import equal_weights, representing

if TYPE_CHECKING:
    from headworks.planning.response.representatives import Floats, Representatives


def fast_forward(apart: Floats, count: int, weights: Floats | None = None) -> Representatives:
    """Return representatives by fast forward selection; among equals the first point is taken.

    Args:
        apart: Distances, shape (point, point), symmetric.
        count: Representatives wanted; there are fewer where fewer points differ.
        weights: Weight of each point, shape (point,); alike if None.
    """
    weight = equal_weights(apart, weights)
    return representing(apart, weight, forward(apart, weight, count))


def forward(apart: Floats, weight: Floats, count: int) -> list[int]:
    """Return the numbers of the points in the order in which they are chosen.

    Args:
        apart: Distances, shape (point, point), symmetric.
        weight: Weight of each point, shape (point,).
        count: Points wanted; there are fewer where fewer points differ.
    """
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
