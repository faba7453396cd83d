"""Where goods and claims wait: unit-days by gate, waiting for papers booked to the scarcest one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.arithmetic import clip_at_zero
from headworks.flow.passage import between

if TYPE_CHECKING:
    from headworks.flow.goods import GoodsState
    from headworks.flow.state import State

Floats: TypeAlias = NDArray[np.float64]


EQUAL_UNITS = 1e-6
"""Papers that differ by less are equally scarce: the difference is one of rounding."""


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
            own = goods.waiting.sum(axis=0)
            for route, block in goods.place.rows.blocks.items():
                room = _room(state, goods, route)
                if room:
                    own -= self._note_held(goods.waiting[block], room)
            self._add(goods.name, np.maximum(own, 0.0))
        for line, gate, _ in state.orders.reactions:
            self._add(gate, state.orders.needed[line] - state.orders.ordered[line])

    def _note_held(self, waiting: Floats, room: dict[str, Floats]) -> Floats:
        """Book what waits for papers to the scarcest of each line; return its sum, shape (path,).

        Args:
            waiting: Units of each line of a route, shape (row, path).
            room: How many of them each paper gate's papers would still let pass, same shape.
        """
        names = sorted(room)
        fewest = room[names[0]]
        for name in names[1:]:
            fewest = np.minimum(fewest, room[name])
        held = waiting - fewest
        clip_at_zero(held)
        booked: Floats = held.sum(axis=0)
        left = booked
        for name in names[:-1]:
            mine = held * (room[name] - fewest <= EQUAL_UNITS)
            part = mine.sum(axis=0)
            self._add(name, part)
            left = left - part
            if name != names[-2]:
                held -= mine  # of equally scarce papers the first one is named
        self._add(names[-1], np.maximum(left, 0.0))
        return booked

    def _add(self, gate: str, units: Floats) -> None:
        self.unit_days[self._index[gate]] += units * self._days


def _room(state: State, goods: GoodsState, route: str) -> dict[str, Floats]:
    """Return, by paper gate, how many units waiting on a route still have a paper, (row, path)."""
    room: dict[str, Floats] = {}
    for name in goods.place.gate.requires:
        papers = state.papers[name]
        room[name] = papers.unused[papers.place.rows.blocks[route]]
    for ahead in goods.place.ahead:
        if ahead.route != route:
            continue
        taken = between(state, goods, ahead)
        for name in ahead.papers:
            papers = state.papers[name]
            free = papers.unused[papers.place.rows.blocks[route]] - taken
            clip_at_zero(free)
            room[name] = np.minimum(room[name], free) if name in room else free
    return room
