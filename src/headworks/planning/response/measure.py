"""Measuring how arrivals answer orders: the flow at several order levels on the same luck.

A profile says how much is ordered in each month; a level scales all of it. Orders set wide would
inflate the company's share of every pool that is shared in proportion to claims, which is why the
response is measured and not assumed: it rises ever more slowly, to what the gates give at all.

Where several companies are planned, all are scaled together. Scaled one by one, each would see the
share that it takes from the others as a gain; a plan for all of them would let them outbid each
other, and on h200-2026 three companies planned so fared worse with every round.

Along the profile, at the levels that were run, the measured arrivals are those of the flow. A
curve is exact there where the response is concave. Elsewhere it is an approximation: for orders
with another timing, which count by their readiness, and where rounds, lots or papers make the
response bend upwards, where the curve lies above it by at most the reported gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.planning.response.curves import Points
from headworks.planning.response.readiness import ready

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headworks.planning.response.histories import Histories

Floats: TypeAlias = NDArray[np.float64]

LEVELS = (0.1, 0.3, 0.6, 1.0, 2.0, 5.0)
"""Order levels as multiples of a profile: they show the bend of a curve, and reach far, since what
lies beyond the highest of them is promised as the last piece goes on."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Runs of the flow around a profile."""

    points: Points
    along: Floats
    """Arrivals at the profile itself, shape (line, month, path)."""
    held: Floats
    """What is in service though nothing is ordered, which counts nowhere else, likewise."""

    @property
    def together(self) -> Floats:
        """Arrivals with everything at the highest level, shape (line, month, path)."""
        highest: Floats = self.points.arrived[-1]
        return highest


def evenly(total: Floats, months: int, window: int) -> Floats:
    """Return orders that are spread evenly over the window, shape (line, month).

    Curves measured around these miss other timings least: around orders that all stand in the first
    month nothing is known of later ones, and around late ones nothing of early ones.

    Args:
        total: Units of each line in all, shape (line,): the most that might be ordered.
        months: Months of the plan.
        window: Months whose orders are decided now.
    """
    result = np.zeros((len(total), months))
    result[:, :window] = total[:, None] / window
    return result


def measure(
    history: Histories, profile: Floats, share: Floats, levels: Sequence[float] = LEVELS,
) -> Measured:  # fmt: skip
    """Run the flow at some levels of a profile.

    Args:
        history: The histories; conditions that the plan has as rows are lifted.
        profile: Orders in units, shape (line, month) or (line, month, path).
        share: Readiness of orders, shape (line, month of the order, month, path).
        levels: Multiples of the profile, ascending, not 0; 1 is run in any case.
    """
    steps = [0.0, *sorted({*levels, 1.0})]
    by_path = profile if profile.ndim == 3 else profile[:, :, None]  # noqa: PLR2004 - axes
    found = np.stack(history.arrivals([step * by_path for step in steps]))
    # Of several lines one may take from what another already had on its way.
    arrived = np.maximum(found - found[0], 0.0)
    ordered = np.array(steps)[:, None, None, None] * ready(profile, share)
    return Measured(Points(ordered, arrived), arrived[steps.index(1.0)], held=found[0])
