"""Step 4 of the period: goods gates in topological order pass what they can."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.goods import GoodsState
from headworks.flow.state import Group, State

Floats: TypeAlias = NDArray[np.float64]


def pass_goods(state: State, period: int) -> None:
    """Serve all goods gates in order, those that share a pool together."""
    for group in state.groups:
        gates = [member for member in group.members if isinstance(member, GoodsState)]
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


def _bound(state: State, group: Group, goods: GoodsState, period: int) -> Floats:
    """Return what each line could pass if the pool had enough, shape (row, path), units."""
    result = goods.waiting.copy()
    opening = goods.opening
    if opening is not None:
        if goods.credit is not None:
            result *= opening.at_start[period]
        else:
            result *= opening.share[period] > 0 if group.is_rate else opening.until[period]
    admitted = state.admitted[goods.name]
    if admitted is not None:
        result *= admitted[period][:, None]
    for paper in goods.place.gate.requires:
        papers = state.papers[paper]
        for route, block in goods.place.rows.blocks.items():
            there = papers.place.rows.blocks[route]
            np.minimum(result[block], papers.unused[there], out=result[block])
    for ahead, block, free in papers_ahead(state, goods):
        del ahead
        np.minimum(result[block], np.maximum(free, 0.0), out=result[block])
    for ceiling in goods.ceilings:
        result = ceiling.cut(period, result, goods.passed)
    return result


def papers_ahead(state: State, goods: GoodsState) -> list[tuple[str, slice, Floats]]:
    """Return, where scarce stock is given out, the papers that are not spoken for yet.

    For each paper and route: the paper gate, the rows here, and unused papers less the line's goods
    that are already between here and the gate that draws them, shape (row, path).
    """
    found: list[tuple[str, slice, Floats]] = []
    for ahead in goods.place.ahead:
        papers = state.papers[ahead.paper]
        block = goods.place.rows.blocks[ahead.route]
        free = papers.unused[papers.place.rows.blocks[ahead.route]].copy()
        if goods.under_way is not None:
            free -= goods.under_way.amount[block]
        for number, name in enumerate(ahead.between):
            later = state.goods[name]
            there = later.place.rows.blocks[ahead.route]
            free -= later.waiting[there]
            if later.under_way is not None and number + 1 < len(ahead.between):
                free -= later.under_way.amount[there]
        found.append((ahead.paper, block, free))
    return found


def _beyond_credit(state: State, group: Group, goods: GoodsState, bound: Floats) -> Floats:
    """Return what a line still asks for beyond the credit it carries towards its lot.

    Credit for goods that no longer wait is given back first.
    """
    assert goods.credit is not None  # noqa: S101 - asked by the caller; tells the type checker
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
    if goods.under_way is not None:
        units = goods.under_way.enter(period, units)
    state.deliver(goods, units)
