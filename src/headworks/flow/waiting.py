"""Where goods and claims wait: unit-days by gate, waiting for papers booked to the scarcest one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headworks.flow.passage import Needed
    from headworks.flow.state import State

Floats: TypeAlias = NDArray[np.float64]

EQUAL_UNITS = 1e-6
"""Papers that differ by less are equally scarce: the difference is one of rounding."""


class Waiting:
    """Unit-days that goods have waited at each gate, cumulative.

    What a gate that draws papers (or gives out scarce stock for them) cannot pass for want of
    papers waits for the paper gate with the fewest; the rest waits for the gate itself. Wants that
    are not ordered before a paper is granted wait for that paper.
    """

    def __init__(self, state: State) -> None:
        self.gates = (*state.goods, *state.papers)
        self._index = {name: number for number, name in enumerate(self.gates)}
        self._days = float(state.net.scenario.period_days)
        self._units = np.zeros((len(self.gates), state.paths))
        """Units that waited, added up over the periods."""

    @property
    def unit_days(self) -> Floats:
        """Unit-days by now, shape (gate, path), gates as in `gates`."""
        # A gate at which all waits for papers is left with errors of rounding.
        return np.maximum(self._units, 0.0) * self._days

    def hold(self, gate: str, held: Floats, needed: Sequence[Needed], fewest: Floats) -> None:
        """Book what a gate cannot pass for want of papers to the scarcest paper of each line.

        Args:
            gate: The goods gate.
            held: Units of each line of a route that no paper lets pass, shape (row, path).
            needed: The papers that they need.
            fewest: How many of the scarcest of them are free, same shape.
        """
        booked: Floats = np.add.reduce(held, axis=0)
        if not booked.any():
            return
        self._units[self._index[gate]] -= booked  # `note` counts all that stands at the gate
        papers = sorted(
            (name, number) for number, some in enumerate(needed) for name in some.unused
        )
        for place, (name, number) in enumerate(papers[:-1], start=2):
            some = needed[number]
            beyond = some.unused[name] - (fewest if some.taken is None else some.taken)
            if some.taken is not None:
                beyond -= fewest
            scarcest = beyond <= EQUAL_UNITS
            if not scarcest.any():
                continue
            mine = np.multiply(held, scarcest, out=beyond)
            part = np.add.reduce(mine, axis=0)
            self._units[self._index[name]] += part
            booked = booked - part
            if place < len(papers):
                held = held - mine  # of equally scarce papers the first one is named
        self._units[self._index[papers[-1][0]]] += np.maximum(booked, 0.0)

    def note(self, state: State) -> None:
        """Add what stands at the gates once they have passed what they could."""
        for goods in state.goods.values():
            self._units[self._index[goods.name]] += np.add.reduce(goods.waiting, axis=0)
        for line, gate, _ in state.orders.reactions:
            self._units[self._index[gate]] += state.orders.needed[line] - state.orders.ordered[line]
