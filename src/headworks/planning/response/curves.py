"""Response curves: arrivals by a month as a concave function of the orders that count for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

SAME = 1e-9
"""Points nearer than this, relative to the scale of the curve, are one."""


@dataclass(frozen=True, slots=True)
class Points:
    """What was measured: shape (level, line, month, path) of both, levels ascending from none."""

    ordered: Floats
    """Units ordered that count for the month."""
    arrived: Floats
    """Units that arrived by the end of the month."""


@dataclass(frozen=True, slots=True)
class Curves:
    """Concave majorants of points: arrivals are at most the least of offset + slope × orders."""

    slope: Floats
    """Shape (segment, line, month, path)."""
    offset: Floats
    """Same shape; infinite where a segment does not bind."""
    gap: Floats
    """Units by which the majorant lies above what was measured, at worst, (line, month, path)."""

    def at(self, ordered: Floats) -> Floats:
        """Return the most that can arrive of so much ordered, shape (line, month, path)."""
        least: Floats = (self.offset + self.slope * ordered).min(axis=0)
        return least


def curves(points: Points) -> Curves:
    """Return the concave majorant of points; beyond the last of them its last piece goes on.

    An order more never counts as an arrival less: where the measured response falls, as it does
    when a larger claim takes from a later one of the same line, the most that arrived at any lower
    level stands. Between two levels a curve is their chord, which is at most what a concave
    response gives; beyond the highest level it is at least that, so that a plan is drawn to where
    it was not measured rather than kept away from there.
    """
    order = np.argsort(points.ordered, axis=0, kind="stable")
    x = np.take_along_axis(points.ordered, order, axis=0)
    y = np.take_along_axis(points.arrived, order, axis=0)
    above = _majorant(x, np.maximum.accumulate(y, axis=0))
    scale = np.maximum(x[-1], 1.0)
    width = np.diff(x, axis=0)
    real = width > SAME * scale
    slope = np.where(real, np.diff(above, axis=0) / np.where(real, width, 1.0), 0.0)
    slope = np.maximum(slope, 0.0)
    offset = np.where(real, above[1:] - slope * x[1:], np.inf)
    # Where nothing was ordered at any level there is no piece yet, and none rises.
    offset[0] = np.where(real.any(axis=0), offset[0], above[-1])
    slope, offset = _closed_up(*_without_repeats(slope, offset))
    return Curves(slope, offset, (above - y).max(axis=0))


def _majorant(x: Floats, y: Floats) -> Floats:
    """Return the least concave function above points, at their own places, same shape.

    At each point it is the highest chord between a point before (or itself) and one after.
    """
    result = y.copy()
    levels = len(x)
    for first in range(levels - 2):
        for last in range(first + 2, levels):
            width = x[last] - x[first]
            rise = np.divide(y[last] - y[first], width, out=np.zeros_like(width), where=width > 0)
            for between in range(first + 1, last):
                chord = y[first] + rise * (x[between] - x[first])
                np.maximum(result[between], chord, out=result[between])
    # Points at one place share the highest value.
    for level in range(levels - 1, 0, -1):
        same = x[level] <= x[level - 1]
        result[level - 1] = np.where(same, result[level], result[level - 1])
    return result


def _without_repeats(slope: Floats, offset: Floats) -> tuple[Floats, Floats]:
    """Return segments with those taken out that go on as the one before them."""
    kept = offset.copy()
    last = slope[0]
    for segment in range(1, len(slope)):
        goes_on = np.isfinite(offset[segment]) & (np.abs(slope[segment] - last) <= SAME)
        goes_on &= np.isfinite(kept[:segment]).any(axis=0)
        kept[segment] = np.where(goes_on, np.inf, kept[segment])
        last = np.where(np.isfinite(offset[segment]), slope[segment], last)
    return np.where(np.isfinite(kept), slope, 0.0), kept


def _closed_up(slope: Floats, offset: Floats) -> tuple[Floats, Floats]:
    """Return segments with those that bind first, and no more of them than some curve needs."""
    binds = np.isfinite(offset)
    order = np.argsort(~binds, axis=0, kind="stable")[: max(int(binds.sum(axis=0).max()), 1)]
    return np.take_along_axis(slope, order, axis=0), np.take_along_axis(offset, order, axis=0)
