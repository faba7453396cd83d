"""Curves around a plan: measured at its own orders, and joined to what was measured before."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.planning.response.curves import Curves, Points, curves

if TYPE_CHECKING:
    from headworks.planning.response.measure import Measured

Floats: TypeAlias = NDArray[np.float64]

NEAR = (0.4, 0.7, 0.9, 1.1, 1.4, 2.0)
"""Order levels around a plan as multiples of its own orders; the plan itself is always one."""


def around(base: Points, near: Measured, counted: Floats) -> Curves:
    """Return the curves around a plan.

    Up to the highest level that was run around the plan the points are those of the plan's own
    timing. Beyond it they go on as the curve around the base does, from where they end; where the
    plan orders nothing that counts, the base stands alone. Where the response is not concave the
    whole curve is lowered by the share by which it lies above the plan's own arrivals, so that a
    plan that stays where it is has its arrivals promised exactly.

    Args:
        base: What was measured around the base.
        near: What was measured around the plan.
        counted: Orders of the plan that count for each month, shape (line, month, path).
    """
    last, reached = near.points.ordered[-1], near.points.arrived.max(axis=0)
    known = curves(base)
    beyond = base.ordered > last
    more = np.stack([known.at(level) for level in base.ordered]) - known.at(last)
    points = Points(
        np.concatenate([near.points.ordered, np.where(beyond, base.ordered, last)]),
        np.concatenate([near.points.arrived, reached + np.where(beyond, more, 0.0)]),
    )
    found = curves(points)
    promised = found.at(counted)
    share = np.divide(near.along, promised, out=np.ones_like(promised), where=promised > 0)
    share = np.clip(share, 0.0, 1.0)
    with np.errstate(invalid="ignore"):
        # A piece that does not bind stays one, even where the share is 0.
        offset = np.where(np.isfinite(found.offset), found.offset * share, np.inf)
    return Curves(found.slope * share, offset, found.gap)
