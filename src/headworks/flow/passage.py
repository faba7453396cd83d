"""Step 4 of the period: goods gates in topological order pass what they can."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.goods import GoodsState

if TYPE_CHECKING:
    from headworks.flow.network import Ahead
    from headworks.flow.state import Group, State

Floats: TypeAlias = NDArray[np.float64]


def pass_goods(state: State, period: int) -> None:
    """Serve all goods gates in order, those that share a pool together."""
    for group in state.groups:
        gates = [member for member in group.members if isinstance(member, GoodsState)]
        for goods in gates:
            _refuse(state, goods, period)
        bounds = [_bound(state, group, goods, period) for goods in gates]
        claims = [
            bound if goods.credit is None else _beyond_credit(state, group, goods, bound)
            for goods, bound in zip(gates, bounds, strict=True)
        ]
        together = claims[0] if len(claims) == 1 else np.concatenate(claims)
        awards = group.booking.awards(together)
        has_lots = any(goods.credit is not None for goods in gates)
        group.booking.book(awards, reserve=has_lots)
        passing = [
            awards[block] if goods.credit is None else _whole_lots(goods, awards[block], bound)
            for goods, bound, block in zip(gates, bounds, group.blocks, strict=True)
        ]
        if has_lots:
            group.booking.settle(np.concatenate(passing))
        for goods, units in zip(gates, passing, strict=True):
            _move(state, goods, units, period)


def _refuse(state: State, goods: GoodsState, period: int) -> None:
    """Refuse what a gate does not admit, where it does not hold it, as it is served."""
    admitted = state.admitted[goods.name]
    if admitted is None or goods.place.gate.on_inadmissible == "hold":
        return
    gone = goods.waiting * ~admitted[period][:, None]
    goods.waiting -= gone
    state.refused[goods.rows] += gone
    state.supplies.return_goods(goods, gone)


def _bound(state: State, group: Group, goods: GoodsState, period: int) -> Floats:
    """Return what each line could pass if the pool had enough, shape (row, path), units."""
    opening = goods.opening
    if opening is None:
        result = goods.waiting.copy()
    elif goods.credit is not None:
        result = goods.waiting * opening.at_start[period]
    elif group.is_rate:
        result = goods.waiting * (opening.share[period] > 0)
    else:
        result = opening.come(period, goods.waiting, goods.before)
    admitted = state.admitted[goods.name]
    if admitted is not None:
        result *= admitted[period][:, None]
    for paper in goods.place.gate.requires:
        papers = state.papers[paper]
        for route, block in goods.place.rows.blocks.items():
            there = papers.place.rows.blocks[route]
            np.minimum(result[block], papers.unused[there], out=result[block])
    for ahead in goods.place.ahead:
        block = goods.place.rows.blocks[ahead.route]
        free = np.minimum.reduce([_unused(state, paper, ahead.route) for paper in ahead.papers])
        free -= between(state, goods, ahead)
        np.maximum(free, 0.0, out=free)
        np.minimum(result[block], free, out=result[block])
    for ceiling in goods.ceilings:
        result = ceiling.cut(period, result, goods.passed)
    return result


def between(state: State, goods: GoodsState, ahead: Ahead) -> Floats:
    """Return a line's goods that have been allotted here and have not drawn their papers yet.

    Where scarce stock is given out, so many of the unused papers are spoken for.
    """
    first = state.goods[ahead.between[0]]
    result = first.waiting[first.place.rows.blocks[ahead.route]].copy()
    if goods.under_way is not None:
        result += goods.under_way.amount[goods.place.rows.blocks[ahead.route]]
    for name, following in zip(ahead.between, ahead.between[1:], strict=False):
        route_rows = state.goods[name].place.rows.blocks[ahead.route]
        under_way = state.goods[name].under_way
        if under_way is not None:
            result += under_way.amount[route_rows]
        later = state.goods[following]
        result += later.waiting[later.place.rows.blocks[ahead.route]]
    return result


def _unused(state: State, paper: str, route: str) -> Floats:
    papers = state.papers[paper]
    return papers.unused[papers.place.rows.blocks[route]]


def _beyond_credit(state: State, group: Group, goods: GoodsState, bound: Floats) -> Floats:
    """Return what a line still asks for beyond the credit it carries towards its lot.

    Credit for goods that no longer wait is given back first.
    """
    assert goods.credit is not None  # noqa: S101
    excess = np.maximum(goods.credit - goods.waiting, 0.0)
    goods.credit -= excess
    everything = np.zeros((sum(len(member.lines) for member in group.members), state.paths))
    everything[group.blocks[group.members.index(goods)]] = excess
    group.booking.release(everything)
    return np.maximum(bound - goods.credit, 0.0)


def _whole_lots(goods: GoodsState, award: Floats, bound: Floats) -> Floats:
    """Return what passes of a line's credit: all that is bound to pass, if it makes a lot."""
    assert goods.credit is not None  # noqa: S101
    goods.credit += award
    ready = np.minimum(goods.credit, bound)
    passing = np.where(ready >= goods.lot, ready, 0.0)
    goods.credit -= passing
    return passing


def _move(state: State, goods: GoodsState, units: Floats, period: int) -> None:
    """Take units out of waiting, draw their papers, and send them on."""
    goods.waiting -= units
    goods.passed += units
    for paper in goods.place.gate.requires:
        papers = state.papers[paper]
        for route, block in goods.place.rows.blocks.items():
            papers.draw(papers.place.rows.blocks[route], units[block])
    arriving: Floats | None = units
    if goods.under_way is not None:
        arriving = goods.under_way.enter(period, units)
    if arriving is not None:
        state.deliver(goods, arriving)
