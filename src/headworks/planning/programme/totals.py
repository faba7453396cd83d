"""Constraints on what is decided: running totals, and orders in whole lots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.programme.rows import Rows, equal

if TYPE_CHECKING:
    from headworks.planning.programme.stage import Decided


def ordered(decided: Decided) -> Rows:
    """Add up the orders of the window.

    ordered[line, month] − ordered[line, month − 1] − order[line, month] = 0   [units]
    """
    return _running(decided, "ordered", "order", ("line", "window"))


def begun(decided: Decided) -> Rows:
    """Add up what is begun to be built.

    begun[site, month] − begun[site, month − 1] − build[site, month] = 0   [MW]
    """
    return _running(decided, "begun", "build", ("site", "window"))


def stood(decided: Decided) -> Rows:
    """Add up orders along the nodes that led to each.

    stood[node, line] − stood[node before, line] − later[node, line] = 0, where at the first
    information date what was ordered in the window stands in place of the node before   [units]
    """
    total = decided["stood"].number
    rows = equal("stood", ("node", "line"), np.zeros(total.shape))
    window = decided["ordered"].number[:, -1]
    before = np.where(
        decided.parent[:, np.newaxis] >= 0, total[np.maximum(decided.parent, 0)], window
    )
    rows.on_decided(rows.number, total, 1.0)
    rows.on_decided(rows.number, before, -1.0)
    rows.on_decided(rows.number, decided["later"].number, -1.0)
    return rows


def lots(decided: Decided) -> Rows:
    """Order in the window in whole lots.

    order[line, month] − lot[line] × lots[line, month] = 0, where a line has a lot   [units]
    """
    size = np.broadcast_to(decided.problem.goods.lot[:, np.newaxis], decided["order"].number.shape)
    rows = _whole("lots", ("line", "window"), size)
    rows.on_decided(rows.number, decided["order"].number, 1.0)
    rows.on_decided(rows.number, decided["lots"].number, -size)
    return rows


def later_lots(decided: Decided) -> Rows:
    """Order later in whole lots.

    later[node, line] − lot[line] × later_lots[node, line] = 0, where a line has a lot   [units]
    """
    size = np.broadcast_to(decided.problem.goods.lot, decided["later"].number.shape)
    rows = _whole("later_lots", ("node", "line"), size)
    rows.on_decided(rows.number, decided["later"].number, 1.0)
    rows.on_decided(rows.number, decided["later_lots"].number, -size)
    return rows


def _whole(name: str, axes: tuple[str, ...], size: np.ndarray) -> Rows:
    bound = np.where(size > 0, 0.0, np.inf)
    return Rows(name, axes, -bound, bound)


def _running(decided: Decided, total: str, each: str, axes: tuple[str, ...]) -> Rows:
    sums = decided[total].number
    rows = equal(total, axes, np.zeros(sums.shape))
    rows.on_decided(rows.number, sums, 1.0)
    rows.on_decided(rows.number[:, 1:], sums[:, :-1], -1.0)
    rows.on_decided(rows.number, decided[each].number, -1.0)
    return rows
