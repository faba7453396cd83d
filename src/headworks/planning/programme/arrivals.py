"""Constraints on what arrives: lead times, response curves, pairing, ceilings and pools."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.programme.rows import Rows, at_least, at_most

if TYPE_CHECKING:
    from headworks.planning.problem import Ceiling, Floats
    from headworks.planning.programme.stage import Stage


def rising(at: Stage) -> Rows:
    """Let nothing that has arrived go back.

    arrived[line, month] − arrived[line, month − 1] ≥ 0   [units]
    """
    arrived = at["arrived"]
    rows = at_least("rising", ("line", "month"), np.zeros(arrived.shape))
    rows.lower[:, 0] = -np.inf  # a column is not below 0 anyway
    rows.on(rows.number, arrived, 1.0)
    rows.on(rows.number[:, 1:], arrived[:, :-1], -1.0)
    return rows


def lead(at: Stage) -> Rows:
    """Let nothing arrive before its lead time is over.

    arrived[line, month] − ordered[line, month − lag] ≤ committed[line, month − lag]   [units]
    """
    line, month = at.before
    rows = at_most("lead", ("line", "month"), _committed(at))
    rows.on(rows.number, at["arrived"], 1.0)
    rows.on_decided(rows.number, np.where(month >= 0, at.ordered[line, month], -1), -1.0)
    return rows


def response(at: Stage) -> Rows:
    """Let arrive what the gates let through at the orders placed: each piece of a concave curve.

    arrived[line, month] − slope[segment, line, month] × counted[line, month]
    ≤ offset[segment, line, month]   [units]

    where counted is (ordered + committed)[line, month − lag] or, where the outlook says how ready
    orders are, Σ over earlier months: ready[line, earlier, month] × (order + committed)[line,
    earlier].
    """
    if at.outlook.ready is not None:
        return _response_of_ready(at, at.outlook.ready)
    line, month = at.before
    slope, offset = at.outlook.slope, at.outlook.offset
    rows = at_most("response", ("segment", "line", "month"), offset + slope * _committed(at))
    rows.on(rows.number, at["arrived"], 1.0)
    column = np.where((month >= 0) & (slope != 0), at.ordered[line, month], -1)
    rows.on_decided(rows.number, column, -slope)
    return rows


def _response_of_ready(at: Stage, ready: Floats) -> Rows:
    """Return the rows of response curves whose orders count by how ready they are."""
    slope, offset = at.outlook.slope, at.outlook.offset
    committed = np.einsum("lem,le->lm", ready, at.problem.goods.committed)
    rows = at_most("response", ("segment", "line", "month"), offset + slope * committed)
    rows.on(rows.number, at["arrived"], 1.0)
    value = -slope[..., np.newaxis] * np.moveaxis(ready, 1, 2)  # segment, line, month, earlier
    column = np.where(value != 0, at.order[:, np.newaxis, :], -1)
    rows.on_decided(rows.number[..., np.newaxis], column, value)
    return rows


def pairing(at: Stage) -> Rows:
    """Let imports arrive only beside domestic chips, in each month in which the rule holds.

    Σ over lines: imported[line] × arrived[line, month]
    − ratio[month] × Σ over lines: domestic[line] × (ordered or arrived)[line, month]
    ≤ grace + ratio[month] × Σ over lines: domestic[line] × committed[line, month], the last only
    where orders count   [measure of the ratio]

    What was held before counts like what arrives, on the right. Imports held beyond what the rule
    allows are not undone: the bound is not below 0.
    """
    ratios, ratio = at.problem.ratios, at.outlook.pairing_ratio
    shape = (len(ratios), len(at.problem.months))
    holds = np.isfinite(ratio)
    earned = np.where(holds, ratio, 0.0)
    rows = at_most("pairing", ("ratio", "month"), np.full(shape, np.inf))
    for number, rule in enumerate(ratios):
        own = at.problem.company == rule.company
        imported, domestic = np.where(own, rule.imported, 0.0), np.where(own, rule.domestic, 0.0)
        upper = np.full(shape[1], at.outlook.pairing_grace[number])
        _weighed(at, rows, number, imported)
        earners = np.flatnonzero(domestic)
        value = -earned[number] * domestic[earners, np.newaxis]
        upper = upper + earned[number] * (domestic @ at.held) - imported @ at.held
        if rule.trigger == "ordered":
            upper = upper + earned[number] * (domestic @ at.committed)
            rows.on_decided(rows.number[number], at.ordered[earners], value)
        else:
            rows.on(rows.number[number], at["arrived"][earners], value)
        rows.upper[number] = np.where(holds[number], np.maximum(upper, 0.0), np.inf)
    return rows


def ceiling(at: Stage) -> Rows:
    """Let no more arrive than a cap admits.

    Σ over lines: weight[line] × arrived[line, month] ≤ ceiling[month]   [measure of the ceiling]
    """
    return _capped(at, "ceiling", at.problem.ceilings, at.outlook.ceiling)


def pool(at: Stage) -> Rows:
    """Let planned companies together take no more than a shared pool gives.

    Σ over lines: weight[line] × arrived[line, month] ≤ pool[month]   [measure of the pool]
    """
    return _capped(at, "pool", at.problem.pools, at.outlook.pool)


def _capped(at: Stage, axis: str, caps: tuple[Ceiling, ...], amount: Floats) -> Rows:
    shape = (len(caps), len(at.problem.months))
    rows = at_most(axis, (axis, "month"), np.array(amount, np.float64).reshape(shape))
    for number, cap in enumerate(caps):
        _weighed(at, rows, number, cap.weight)
    return rows


def _weighed(at: Stage, rows: Rows, number: int, weight: Floats) -> None:
    """Add what has arrived, by weights of lines, to the rows of one entry."""
    some = np.flatnonzero(weight)
    rows.on(rows.number[number], at["arrived"][some], weight[some, np.newaxis])


def _committed(at: Stage) -> Floats:
    """Return what of earlier orders can have arrived by each month, shape (line, month)."""
    line, month = at.before
    return np.where(month >= 0, at.committed[line, month], 0.0)
