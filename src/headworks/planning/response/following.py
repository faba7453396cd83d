"""What follows from decisions in each outlook: what is ordered, and what is made of arrivals."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from headworks.planning.problem import Integers, Outlook, Problem

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


def orders_of(problem: Problem, decisions: Decided, node: Integers | None = None) -> Floats:
    """Return what is ordered in each outlook, or on each path, commitments included.

    Args:
        problem: The problem.
        decisions: What is decided in it.
        node: Node of each path at each information date, shape (path, date); those of the problem's
            outlooks if None.

    Returns:
        Units, shape (line, month, outlook or path).
    """
    if node is None:
        node = np.stack([outlook.node for outlook in problem.outlooks])
    orders = np.repeat(problem.goods.committed[:, :, None], len(node), axis=2)
    orders[:, : problem.window] += decisions.order[:, : problem.window, None]
    for number, month in enumerate(problem.dates):
        orders[:, month] += decisions.later[node[:, number]].T
    return orders


def as_flown(outlook: Outlook, arrived: Floats) -> Outlook:
    """Return an outlook whose arrivals are those of the flow, whatever is ordered.

    What holds arrivals in the flow, such as pairings and caps, has done so already and is not asked
    again. Decisions that are held fast in it come to what they would in the flow.

    Args:
        outlook: The outlook.
        arrived: What the flow has in service, what was held before with it, shape (line, month).
    """
    held = None if outlook.held is None else np.minimum(outlook.held, arrived)
    return replace(
        outlook,
        lag=np.zeros_like(outlook.lag),
        slope=np.zeros((1, *arrived.shape)),
        offset=(arrived if held is None else arrived - held)[None],
        held=held,
        pairing_ratio=np.full_like(outlook.pairing_ratio, np.inf),
        ceiling=np.full_like(outlook.ceiling, np.inf),
        pool=np.full_like(outlook.pool, np.inf),
        ready=None,
    )


def flown(problem: Problem, arrived: Floats) -> Problem:
    """Return a problem whose outlooks have arrivals as the flow has them.

    Args:
        problem: The problem.
        arrived: What the flow has in service, shape (line, month, outlook).
    """
    outlooks = tuple(
        as_flown(outlook, arrived[..., number]) for number, outlook in enumerate(problem.outlooks)
    )
    return replace(problem, outlooks=outlooks)
