"""The paths that stand for all: a few outlooks with probabilities, chosen by arrival curves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.planning.response.medoids import distances, medoids

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Selection:
    """Outlooks chosen from paths."""

    paths: Integers
    """Indices of the chosen paths, shape (outlook,)."""
    probability: Floats
    """Share of all paths that each stands for, shape (outlook,)."""
    stands_for: Integers
    """For each path, the number of the outlook that stands for it, shape (path,)."""
    lost: float
    """Mean distance of a path from its outlook, as a share of that from the best single path: 0
    where nothing is lost, 1 where the outlooks say no more than one of them."""


def select(arrivals: Floats, value: Floats, count: int) -> Selection:
    """Return the paths that stand for all.

    Paths are alike where the value of what has arrived by each month is alike. Each line's
    arrivals are weighed by what a unit is worth, and the whole by nothing else, so that a line of
    little value decides little.

    Args:
        arrivals: Units arrived by each month at a high order level, shape (line, month, path).
        value: What a unit of each line is worth, such as its compute or its price, shape (line,).
        count: Outlooks wanted.
    """
    worth = arrivals * value[:, None, None]
    scale = worth.sum(axis=0).std() or 1.0  # of all lines together, so that units do not matter
    features = np.moveaxis(worth, 2, 0).reshape(arrivals.shape[2], -1) / scale
    found = medoids(distances(features), count)
    lost = found.cost / found.cost_of_one if found.cost_of_one > 0 else 0.0
    return Selection(found.points, found.share, found.nearest, lost)
