"""What follows from decisions in each outlook: what is ordered, and what is made of arrivals."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from headworks.planning.problem import Problem

Floats: TypeAlias = NDArray[np.float64]


class Decided(Protocol):
    """Decisions of a plan."""

    @property
    def order(self) -> Floats:
        """Units ordered in the months of the window, shape (line, window)."""
        ...

    @property
    def later(self) -> Floats:
        """Units ordered at each node, shape (node, line)."""
        ...


class Promised(Protocol):
    """What a plan expects in one outlook."""

    @property
    def arrived(self) -> Floats:
        """Units arrived by each month, shape (line, month)."""
        ...


def orders_of(problem: Problem, decisions: Decided) -> Floats:
    """Return what is ordered in each outlook, commitments included, (line, month, outlook)."""
    months, window = len(problem.months), problem.window
    orders = np.zeros((len(problem.lines), months, len(problem.outlooks)))
    orders += problem.goods.committed[:, :, None]
    orders[:, :window] += decisions.order[:, :window, None]
    for number, outlook in enumerate(problem.outlooks):
        for date, node in zip(problem.dates, outlook.node, strict=True):
            orders[:, date, number] += decisions.later[node]
    return orders


def flown(problem: Problem, arrived: Floats) -> Problem:
    """Return a problem whose outlooks have arrivals as the flow has them, whatever is ordered.

    What holds arrivals in the flow, such as pairings and caps, has done so already and is not asked
    again. Decisions that are held fast in it come to what they would in the flow.

    Args:
        problem: The problem.
        arrived: Arrivals of the decisions in the flow, shape (line, month, outlook).
    """
    outlooks = [
        replace(
            outlook,
            lag=np.zeros_like(outlook.lag),
            slope=np.zeros((1, *arrived.shape[:2])),
            offset=arrived[None, :, :, number],
            pairing_ratio=np.full_like(outlook.pairing_ratio, np.inf),
            ceiling=np.full_like(outlook.ceiling, np.inf),
            pool=np.full_like(outlook.pool, np.inf),
            ready=None,
        )
        for number, outlook in enumerate(problem.outlooks)
    ]
    return replace(problem, outlooks=tuple(outlooks))
