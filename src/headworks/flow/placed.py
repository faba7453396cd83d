"""Orders that a plan places, which stand in place of what a line wants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PlacedOrders:
    """What is ordered for some lines, period by period, whatever their companies want.

    Such a line wants, needs and orders exactly this: no latent need, no terms of sale and no rule
    of reaction act on it, and papers are claimed for it and for no more.
    """

    lines: tuple[int, ...]
    """Numbers of the lines in the network, each once."""
    units: Floats
    """Units ordered as each period begins, not negative, shape (period, line, path), lines as in
    `lines`; one path stands for all where all order alike."""

    def part(self, start: int, paths: int) -> PlacedOrders:
        """Return the orders of some paths, the last one repeated where there are too few."""
        held = self.units.shape[-1]
        if held == 1:
            return self
        rows = np.minimum(np.arange(start, start + paths), held - 1)
        return PlacedOrders(self.lines, self.units[..., rows])
