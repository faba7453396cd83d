"""What a plan places in the flow: orders in place of wants, and awards in place of a rule's."""

from __future__ import annotations

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class PlacedAwards:
    """How a plan shares a round out, path by path, whatever the scenario says of it."""

    pool: str
    round: str
    shares: Mapping[str, Floats]
    """By company its share of the volume, shape (path,); a company that is not named gets nothing,
    and none gets more than it claims."""
    volume: Floats
    """Volume as a multiple of what the scenario has, shape (path,)."""

    def part(self, start: int, paths: int) -> PlacedAwards:
        """Return the awards of some paths, the last one repeated where there are too few."""
        rows = np.minimum(np.arange(start, start + paths), len(self.volume) - 1)
        shares = {company: share[rows] for company, share in self.shares.items()}
        return PlacedAwards(self.pool, self.round, shares, self.volume[rows])
