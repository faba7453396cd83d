"""Where goods and claims wait: unit-days by gate, waiting for papers booked to the scarcest one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.passage import between

if TYPE_CHECKING:
    from headworks.flow.goods import GoodsState
    from headworks.flow.state import State

Floats: TypeAlias = NDArray[np.float64]


class Waiting:
    """Unit-days that goods have waited at each gate, cumulative, shape (gate, path).

    What a gate that draws papers (or gives out scarce stock for them) could not pass for want of
    papers waits for the paper gate with the fewest; the rest waits for the gate itself. Wants that
    are not ordered before a paper is granted wait for that paper.
    """

    def __init__(self, state: State) -> None:
        self.gates = (*state.goods, *state.papers)
        self._index = {name: number for number, name in enumerate(self.gates)}
        self._days = float(state.net.scenario.period_days)
        self.unit_days = np.zeros((len(self.gates), state.paths))

    def note(self, state: State) -> None:
        """Add a period's waiting, as it stands after the gates have passed what they could."""
        for goods in state.goods.values():
            limits = _limits(state, goods)
            if limits:
                self._note_limited(goods, limits)
            else:
                self._add(goods.name, goods.waiting.sum(axis=0))
        for line, gate, _ in state.orders.reactions:
            self._add(gate, state.orders.needed[line] - state.orders.ordered[line])

    def _note_limited(self, goods: GoodsState, limits: dict[str, Floats]) -> None:
        names = sorted(limits)
        fewest = np.minimum.reduce([limits[name] for name in names])
        held = np.maximum(goods.waiting - fewest, 0.0)
        own = goods.waiting.sum(axis=0)
        for name in names[:-1]:
            mine = np.where(limits[name] == fewest, held, 0.0)
            held -= mine  # of equally scarce papers the first one is named
            booked = mine.sum(axis=0)
            self._add(name, booked)
            own -= booked
        booked = held.sum(axis=0)
        self._add(names[-1], booked)
        self._add(goods.name, np.maximum(own - booked, 0.0))

    def _add(self, gate: str, units: Floats) -> None:
        self.unit_days[self._index[gate]] += units * self._days


def _limits(state: State, goods: GoodsState) -> dict[str, Floats]:
    """Return, by paper gate, how many waiting units still have a paper, shape (row, path)."""
    limits: dict[str, Floats] = {}
    for name in goods.place.gate.requires:
        papers = state.papers[name]
        for route, block in goods.place.rows.blocks.items():
            _room(limits, name, goods)[block] = papers.unused[papers.place.rows.blocks[route]]
    for ahead in goods.place.ahead:
        block = goods.place.rows.blocks[ahead.route]
        taken = between(state, goods, ahead)
        for name in ahead.papers:
            papers = state.papers[name]
            free = papers.unused[papers.place.rows.blocks[ahead.route]] - taken
            room = _room(limits, name, goods)
            room[block] = np.minimum(room[block], np.maximum(free, 0.0))
    return limits


def _room(limits: dict[str, Floats], name: str, goods: GoodsState) -> Floats:
    if name not in limits:
        limits[name] = np.full_like(goods.waiting, np.inf)
    return limits[name]
