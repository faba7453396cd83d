"""One period, for every path at once: the rule of motion in five steps.

Everything that is read across gates is the state as the period begins. The sentences that could be
read in two ways are settled in `docs/background/period.md`, each with a test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.goods import GoodsState
from headworks.flow.grants import grant
from headworks.flow.papers import PaperState
from headworks.flow.passage import pass_goods

if TYPE_CHECKING:
    from headworks.flow.state import State
    from headworks.flow.waiting import Waiting

Floats: TypeAlias = NDArray[np.float64]


def step(state: State, period: int, waiting: Waiting | None = None) -> None:
    """Move all paths through one period.

    Args:
        state: The state as the period begins; becomes the state at its end.
        period: Number of the period, from 0.
        waiting: Where unit-days of waiting are noted, if anywhere.
    """
    _look(state)
    granted = state.granted()
    _arrive(state, period)
    _act(state, period)
    _order(state, period, granted)
    state.forget_queues()
    grant(state, period)
    pass_goods(state, period, waiting)
    if waiting is not None:
        waiting.note(state)
    _withdraw(state)
    _close(state, period)


def _look(state: State) -> None:
    """Read what ceilings and moving caps depend on, before anything moves."""
    stocks: dict[str, Floats] = {}

    def stock(name: str) -> Floats:
        if name not in stocks:
            stocks[name] = state.stock(name)
        return stocks[name]

    for ceiling in state.ceilings:
        ceiling.look(stock)
    state.supplies.follow(stock)


def _arrive(state: State, period: int) -> None:
    """Step 1, first half: goods arrive, papers ripen and lapse, pools fill."""
    for goods in state.goods.values():
        if goods.under_way is not None:
            state.deliver(goods, goods.under_way.leave(period))
    for papers in state.papers.values():
        papers.ripen(period)
        lapsed = papers.lapse(period)
        if lapsed is not None:
            state.supplies.release(papers, lapsed)
    state.supplies.fill(period)


def _act(state: State, period: int) -> None:
    """Step 1, second half: events whose moment falls into the period."""
    for name, moments in state.moments.items():
        now = moments == period if period else moments <= 0
        if not now.any():
            continue
        event = state.net.scenario.events[name]
        if event.act == "shut":
            continue
        share = now * state.draws.number(f"events.{name}.share", event.share, day=event.on)
        if event.act == "divert":
            state.pools[event.pool].divert(share)
            continue
        gate = state.papers[event.gate] if event.act == "revoke" else state.goods[event.gate]
        hit = [event.companies is None or line.company in event.companies for line in gate.lines]
        part = np.array(hit)[:, None] * share
        if isinstance(gate, PaperState):
            gone = gate.revoke(part)
            state.supplies.release(gate, gone)
        else:
            gone = _recall(state, gate, part)
        state.taken[name] = state.taken.get(name, 0.0) + gone


def _recall(state: State, goods: GoodsState, share: Floats) -> Floats:
    gone: Floats = goods.waiting * share
    goods.waiting -= gone
    state.recalled[goods.span] += gone
    state.supplies.return_goods(goods, gone)
    return gone


def _order(state: State, period: int, granted: dict[str, Floats]) -> None:
    """Step 2: lines order; orders wait at the first gate of their route."""
    new = state.orders.place(period, granted)
    if new is None:
        return
    for route, lines in state.net.routes.items():
        first = state.goods[state.net.scenario.routes[route].gates[0]]
        first.waiting[first.place.rows.blocks[route]] += new[lines]


def _withdraw(state: State) -> None:
    """Step 5: the impatient share of what still waits is withdrawn."""
    for goods in state.goods.values():
        gone = goods.withdraw()
        if gone is not None:
            state.withdrawn[goods.span] += gone
            state.supplies.return_goods(goods, gone)


def _close(state: State, period: int) -> None:
    """End the period: rates perish, reservations that were drawn are booked, ceilings take note."""
    state.supplies.spoil(period)
    for goods in state.goods.values():
        if goods.opening is not None:
            goods.before = goods.opening.left(period + 1, goods.waiting)
    for papers in state.papers.values():
        state.supplies.settle(papers)
    for gate in state.gates:
        for ceiling in gate.ceilings:
            ceiling.note(period, gate.passed if isinstance(gate, GoodsState) else gate.net)
