"""Readiness: which part of an order can have arrived by a month, where nothing is short.

Gates answer to dates as well as to amounts: what is ordered the week after a round waits for the
next one, however little it is. A curve over all that has been ordered would take a late order for
an early one. So orders count for a month by how ready they can be, as a small order shows that is
placed in each month by itself, on the path's own luck.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable

    from headworks.planning.response.world import Paths, World

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]

PROBE = 0.02
"""Size of a small order, as a share of the largest that is thought of: small enough to find no gate
short that is not shut, and beyond the rounding of what is measured."""
NOTHING = 1e-3
"""A share of an order below this counts as none of it."""


def readiness(
    world: World, total: Floats, paths: Paths, months: Iterable[int] | None = None
) -> Floats:
    """Return the share of a small order that has arrived by each month.

    Args:
        world: The world; conditions that the plan has as rows are lifted.
        total: Units of each line of which a small part is ordered, shape (line,).
        paths: Indices of the paths.
        months: Numbers of the months in which orders can be placed; all if None. Another month
            counts as the next of these, since what is ordered sooner is hardly ready later.

    Returns:
        Shape (line, month of the order, month, path).
    """
    count, lines = len(world.months), len(world.lines)
    probed = np.arange(count) if months is None else np.unique(list(months))
    size = PROBE * np.where(total > 0, total, 1.0)
    orders = np.zeros((len(probed) + 1, lines, count))  # the last one orders nothing
    for number, month in enumerate(probed):
        orders[number, :, month] = size
    found = np.stack(world.arrivals(list(orders), paths))
    share = (found[:-1] - found[-1]) / size[:, None, None]
    share = np.where(share > NOTHING, np.minimum(share, 1.0), 0.0)
    never = np.zeros_like(share[:1])
    following = np.searchsorted(probed, np.arange(count))
    return np.moveaxis(np.concatenate([share, never])[following], 0, 1)


def by_lag(lag: Integers, months: int) -> Floats:
    """Return as readiness that all of an order counts `lag` months later, none of it before.

    Args:
        lag: Months, shape (line, path).
        months: Number of months.

    Returns:
        Shape (line, month of the order, month, path).
    """
    ordered, by = np.arange(months)[:, None, None], np.arange(months)[None, :, None]
    return (ordered + lag[:, None, None, :] <= by).astype(np.float64)


def ready(orders: Floats, share: Floats) -> Floats:
    """Return the orders that count for each month.

    Args:
        orders: Units ordered in each month, shape (line, month) or (line, month, path).
        share: Readiness, shape (line, month of the order, month, path).

    Returns:
        Σ over months of orders × readiness, in units, shape (line, month, path).
    """
    axes = "ljmp,lj->lmp" if orders.ndim == 2 else "ljmp,ljp->lmp"  # noqa: PLR2004 - axes
    counted: Floats = np.einsum(axes, share, orders)
    return counted
