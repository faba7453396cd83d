"""Claims problems side by side, and sums over their lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shortage:
    """What is claimed and what there is, on each path; no pool is larger than its claims."""

    claims: Floats
    """Shape (line, path), paths side by side in memory, not negative. Never written to."""
    pool: Floats
    """Shape (path,), from nothing up to the sum of the claims."""
    total: Floats
    """Sum of the claims, shape (path,)."""
    weights: Floats | None = None
    """Shape (line, 1) or (line, path), positive; None where all lines weigh alike."""

    def of(self, paths: NDArray[np.bool_]) -> Shortage:
        """Return some of the paths, those where `paths`, shape (path,), is true."""
        weights = self.weights
        if weights is not None and weights.shape[1] > 1:
            weights = weights[:, paths]
        return Shortage(self.claims[:, paths], self.pool[paths], self.total[paths], weights)


Rule: TypeAlias = Callable[[Shortage], Floats]
"""Returns the awards, shape (line, path), a new array; rounding may lift one above its claim."""


def total_of(rows: Floats) -> Floats:
    """Return the sum over lines, shape (path,), of at least one line.

    One line after the other: NumPy's own sum takes another order where there is only one path.
    """
    found: Floats = rows[0].copy()
    for row in rows[1:]:
        found += row
    return found


def share_of(part: Floats, whole: Floats) -> Floats:
    """Return part / whole, shape (path,), at most 1, and 0 where there is no whole."""
    return np.minimum(part, whole) / np.where(whole > 0, whole, 1.0)
