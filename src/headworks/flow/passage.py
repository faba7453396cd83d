"""Step 4 of the period: goods gates in topological order pass what they can."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.arithmetic import clip_at_zero, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headworks.flow.goods import GoodsState
    from headworks.flow.network import Ahead
    from headworks.flow.papers import PaperState
    from headworks.flow.state import Group, State

Floats: TypeAlias = NDArray[np.float64]


def pass_goods(state: State, period: int) -> None:
    """Serve all goods gates in order, those that share a pool together."""
    for group in state.groups:
        gates = group.goods
        for goods in gates:
            _refuse(state, goods, period)
        if len(gates) == 1 and gates[0].credit is None:
            units = group.booking.take(_bound(state, group, gates[0], period))
            _move(state, gates[0], units, period)
        else:
            _pass_together(state, group, gates, period)


def _pass_together(state: State, group: Group, gates: Sequence[GoodsState], period: int) -> None:
    """Serve gates that share a pool, or that pass whole lots."""
    bounds = [_bound(state, group, goods, period) for goods in gates]
    claims = [
        bound if goods.credit is None else _beyond_credit(state, group, goods, bound)
        for goods, bound in zip(gates, bounds, strict=True)
    ]
    has_lots = any(goods.credit is not None for goods in gates)
    awards = group.booking.take(np.concatenate(claims), reserve=has_lots)
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
    """Return what each line could pass if the pool had enough, shape (row, path), units.

    Where nothing limits it that is what waits, the same array.
    """
    result = _come(group, goods, period)
    admitted = state.admitted[goods.name]
    if admitted is not None:
        result = result * admitted[period][:, None]
    for paper in goods.place.gate.requires:
        result = _limited(result, goods, state.papers[paper])
    for ahead in goods.place.ahead:
        block = goods.place.rows.blocks[ahead.route]
        free = _fewest(state, ahead.papers, ahead.route) - between(state, goods, ahead)
        clip_at_zero(free)
        if len(free) == len(result):
            result = np.minimum(result, free)
            continue
        if result is goods.waiting:
            result = result.copy()
        np.minimum(result[block], free, out=result[block])
    for ceiling in goods.ceilings:
        result = ceiling.cut(period, result, goods.passed)
    return result


def _come(group: Group, goods: GoodsState, period: int) -> Floats:
    """Return what of the waiting goods has come while the gate is open; do not write to it."""
    opening = goods.opening
    if opening is None:
        return goods.waiting
    if goods.credit is not None:
        return goods.waiting * opening.starts(period)
    if group.is_rate:
        return goods.waiting * opening.ever(period)
    return opening.come(period, goods.waiting, goods.before)


def _limited(units: Floats, goods: GoodsState, papers: PaperState) -> Floats:
    """Return units cut to the unused papers of each line, shape (row, path)."""
    if goods.rows == papers.rows:
        return np.minimum(units, papers.unused)
    result = units.copy()
    for route, block in goods.place.rows.blocks.items():
        there = papers.place.rows.blocks[route]
        np.minimum(units[block], papers.unused[there], out=result[block])
    return result


def between(state: State, goods: GoodsState, ahead: Ahead) -> Floats:
    """Return a line's goods that have been allotted here and have not drawn their papers yet.

    Where scarce stock is given out, so many of the unused papers are spoken for.
    """
    amounts: list[Floats] = []
    if goods.under_way is not None:
        amounts.append(goods.under_way.amount[goods.place.rows.blocks[ahead.route]])
    return total([*amounts, *state.queue(ahead.route, ahead.between)])


def _fewest(state: State, names: tuple[str, ...], route: str) -> Floats:
    """Return the scarcest of some papers on a route, shape (row, path), units; do not write."""
    result: Floats | None = None
    for name in names:
        papers = state.papers[name]
        unused = papers.unused[papers.place.rows.blocks[route]]
        result = unused if result is None else np.minimum(result, unused)
    assert result is not None  # noqa: S101 - there are always papers ahead
    return result


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
    if units is goods.waiting:  # all of it passes
        goods.waiting = np.empty_like(units)
        goods.waiting.fill(0.0)
    else:
        goods.waiting -= units
    goods.passed += units
    for paper in goods.place.gate.requires:
        papers = state.papers[paper]
        if goods.rows == papers.rows:
            papers.draw(slice(None), units)
            continue
        for route, block in goods.place.rows.blocks.items():
            papers.draw(papers.place.rows.blocks[route], units[block])
    arriving: Floats | None = units
    if goods.under_way is not None:
        arriving = goods.under_way.enter(period, units)
    if arriving is not None:
        state.deliver(goods, arriving)
