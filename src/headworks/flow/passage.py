"""Step 4 of the period: goods gates in topological order pass what they can."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.arithmetic import clip_at_zero

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headworks.flow.goods import GoodsState
    from headworks.flow.state import Group, State
    from headworks.flow.waiting import Waiting

Floats: TypeAlias = NDArray[np.float64]


def pass_goods(state: State, period: int, waiting: Waiting | None = None) -> None:
    """Serve all goods gates in order, those that share a pool together.

    Args:
        state: The state, whose papers have been granted.
        period: Number of the period.
        waiting: Where it is noted what had to wait for papers, if anywhere.
    """
    for group in state.groups:
        for goods in group.goods:
            _refuse(state, goods, period)
        bounds = [_bound(state, group, goods, period, waiting) for goods in group.goods]
        if len(bounds) == 1 and group.goods[0].credit is None:
            _move(state, group.goods[0], group.booking.take(bounds[0]), period)
        else:
            _pass_together(state, group, bounds, period)


def _pass_together(state: State, group: Group, bounds: Sequence[Floats], period: int) -> None:
    """Serve gates that share a pool, or that pass whole lots."""
    gates = group.goods
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


def _bound(
    state: State, group: Group, goods: GoodsState, period: int, waiting: Waiting | None
) -> Floats:
    """Return what each line could pass if the pool had enough, shape (row, path), units.

    Where nothing limits it that is what waits, the same array.
    """
    result = _come(group, goods, period)
    admitted = state.admitted[goods.name]
    if admitted is not None:
        result = result * admitted[period][:, None]
    if goods.place.gate.requires or goods.place.ahead:
        result = _with_papers(state, goods, result, waiting)
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


def _with_papers(state: State, goods: GoodsState, come: Floats, waiting: Waiting | None) -> Floats:
    """Return what of the units that have come has its papers, shape (row, path)."""
    result = come
    for route, block in goods.place.rows.blocks.items():
        needed = _needed(state, goods, route)
        if not needed:
            continue
        fewest = needed[0].fewest
        for more in needed[1:]:
            fewest = np.minimum(fewest, more.fewest)
        queue = goods.waiting[block]
        passing = np.minimum(queue, fewest)
        if waiting is not None:
            waiting.hold(goods.name, queue - passing, needed, fewest)
        if come is not goods.waiting:
            passing = np.minimum(come[block], fewest)
        if len(passing) == len(come):
            return passing
        if result is come:
            result = come.copy()
        result[block] = passing
    return result


@dataclass(slots=True)
class Needed:
    """Papers that goods need together at one gate of a route; arrays have shape (row, path)."""

    unused: dict[str, Floats]
    """Unused papers by the gate that grants them."""
    taken: Floats | None
    """How many of each are spoken for by goods that are further on; None for none."""
    fewest: Floats
    """How many of the scarcest are free; do not write to it."""


def _needed(state: State, goods: GoodsState, route: str) -> list[Needed]:
    """Return the papers that a gate asks for on a route: those it draws, and those further on.

    Where scarce stock is given out, so many of the unused papers are spoken for as goods have been
    allotted and have not drawn them yet.
    """
    found: list[Needed] = []
    if goods.place.gate.requires:
        unused = _unused(state, goods.place.gate.requires, route)
        found.append(Needed(unused, None, _least(unused)))
    for ahead in goods.place.ahead:
        if ahead.route == route:
            unused = _unused(state, ahead.papers, route)
            taken = state.behind(route, (goods.name, *ahead.between))
            fewest = _least(unused) - taken
            clip_at_zero(fewest)
            found.append(Needed(unused, taken, fewest))
    return found


def _unused(state: State, names: Sequence[str], route: str) -> dict[str, Floats]:
    """Return the unused papers of some gates on a route, shape (row, path); do not write."""
    papers = [state.papers[name] for name in names]
    return {one.name: one.unused[one.place.rows.blocks[route]] for one in papers}


def _least(amounts: dict[str, Floats]) -> Floats:
    """Return the smallest of some amounts; do not write to it."""
    first, *others = amounts.values()
    for other in others:
        first = np.minimum(first, other)
    return first


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
