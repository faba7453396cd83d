"""The information tree: which outlooks cannot be told apart at an information date.

What could be observed until a date is what the flow has shown by the day before it: papers granted
and passage of goods, for each planned line and for all companies together, never later. Outlooks
fall into few nodes at each date, by medoids within the node of the date before, so that nodes
nest. A path that was not used to make the tree finds its nodes by the nearest medoid, by the same
rule as the outlooks themselves.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.recorder import Group, totals
from headworks.planning.response.medoids import medoids
from headworks.planning.response.representatives import distances

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headworks.planning.response.world import Paths, World

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]

STOCKS = ("licensed", "approved", "produced", "shipped", "cleared", "installed")
"""Stocks that can be observed."""
BRANCHES = 3
"""Nodes at most that a node splits into at the next date."""
OUTLOOKS_MIN = 3
"""Outlooks of which a node has as many as this on average after it has split: a node of one outlook
would let a plan see the future of that outlook."""


@dataclass(frozen=True, slots=True)
class Node:
    """What can be known at a date."""

    date: int
    """Number of the information date."""
    parent: int
    """Number of the node at the date before; -1 at the first."""
    centre: Floats
    """What its medoid has shown by then, shape (feature,)."""
    probability: float
    outlooks: int
    """How many outlooks cannot be told apart here."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes by date, those of a date together, children after each other in the order of parents.

    Without information dates it has no nodes.
    """

    nodes: tuple[Node, ...]
    scale: tuple[Floats, ...]
    """For each date, what each feature is divided by, shape (feature,)."""

    def node_of(self, history: Floats) -> Integers:
        """Return the node that each path is in at each date.

        Args:
            history: What each path has shown by each date, shape (date, feature, path), as
                `observed` returns it.

        Returns:
            Numbers of nodes, shape (path, date).
        """
        paths = history.shape[2]
        found = np.zeros((paths, len(self.scale)), dtype=np.int64)
        at = np.full(paths, -1)
        for date, scale in enumerate(self.scale):
            shown = history[date].T / scale
            for parent in np.unique(at):
                here = np.flatnonzero(at == parent)
                children = [
                    number
                    for number, node in enumerate(self.nodes)
                    if node.date == date and node.parent == parent
                ]
                centres = np.stack([self.nodes[number].centre / scale for number in children])
                nearest = distances(shown[here], centres).argmin(axis=1)
                found[here, date] = np.array(children)[nearest]
            at = found[:, date]
        return found


def observed(world: World, orders: Floats, paths: Paths, dates: Sequence[int]) -> Floats:
    """Return what each path has shown by each date, shape (date, feature, path).

    Args:
        world: The world, whose gates hold what they hold.
        orders: Orders under which it is observed, shape (line, month).
        paths: Indices of the paths.
        dates: Information dates as numbers of months; what counts is what is finished before.
    """
    if not dates:
        return np.zeros((0, 0, len(paths)))
    own = [
        Group(line.company, line.chip, (number,))
        for number, line in zip(world.rows, world.lines, strict=True)
    ]
    groups = [*own, totals(world.net)[0]]
    days = [world.months[date] - dt.timedelta(days=1) for date in dates]
    seen = world.seen(orders, paths, days, groups, STOCKS)
    return seen.reshape(len(dates), -1, len(paths))


def grow(
    history: Floats,
    probability: Floats,
    branches: int = BRANCHES,
    certain: NDArray[np.bool_] | None = None,
) -> Tree:
    """Return the tree of outlooks.

    Args:
        history: What each outlook has shown by each date, shape (date, feature, outlook).
        probability: Of each outlook, shape (outlook,).
        branches: Nodes at most that a node splits into at the next date.
        certain: Whether an outlook is all that can happen in its scenario, shape (outlook,), so
            that it may have a node by itself; none is if None.
    """
    alone = np.zeros(history.shape[2], bool) if certain is None else certain
    nodes: list[Node] = []
    scales: list[Floats] = []
    at = np.full(history.shape[2], -1)
    for date, shown in enumerate(history):
        spread = shown.std(axis=1)
        scale = np.where(spread > 0, spread, 1.0) * np.sqrt(len(shown))
        scales.append(scale)
        following = at.copy()
        for parent in np.unique(at):
            here = np.flatnonzero(at == parent)
            points = shown[:, here].T / scale
            many = min(branches, _parts(alone[here]))
            weights = probability[here] if probability[here].any() else None
            found = medoids(distances(points), many, weights)
            nearest = distances(points, points[found.points]).argmin(axis=1)
            for number, medoid in enumerate(found.points):
                mine = here[nearest == number]
                following[mine] = len(nodes)
                centre = shown[:, here[medoid]].copy()
                nodes.append(
                    Node(date, int(parent), centre, float(probability[mine].sum()), len(mine))
                )
        at = following
    return Tree(tuple(nodes), tuple(scales))


def _parts(alone: NDArray[np.bool_]) -> int:
    """Return into how many nodes outlooks may part, by whether each may have one by itself."""
    rest = int(np.count_nonzero(~alone))
    return max(int(np.count_nonzero(alone)) + max(rest // OUTLOOKS_MIN, min(rest, 1)), 1)
