"""Sharing a pool among all lines that book it in a period, whichever gate they stand at."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.pools import PoolState, unit_sizes
from headworks.rationing import share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headworks.flow.line import Line
    from headworks.scenario.gate import Gate
    from headworks.scenario.scenario import Scenario

Floats: TypeAlias = NDArray[np.float64]


class Booking:
    """How the lines of the gates that share one pool book it.

    Args:
        gate: One of the gates; they all have the same rule and weights.
        lines: Lines of all the gates, one gate after the other.
        pool: The pool's state; None is unlimited.
        scenario: Gives the figures of the chips.
    """

    def __init__(
        self, gate: Gate, lines: Sequence[Line], pool: PoolState | None, scenario: Scenario
    ) -> None:
        self.rule = gate.rationing
        self.pool = pool
        self.weights = (
            np.array([gate.weights.get(line.company, 1.0) for line in lines])
            if gate.weights
            else None
        )
        # Rounds have no pool state, but a unit like all pools.
        unit = "units" if gate.pool is None else scenario.pools[gate.pool].unit
        self.sizes = unit_sizes(scenario, unit, lines)
        self.plain = bool((self.sizes == 1.0).all())
        cells = pool.cells if pool else [""]
        self.cells: list[tuple[int, slice | NDArray[np.int64]]] = (
            [(0, slice(None))]
            if len(cells) == 1 and cells[0] == ""
            else [
                (cell, np.flatnonzero([line.chip == chip for line in lines]))
                for cell, chip in enumerate(cells)
            ]
        )

    def take(self, claims: Floats, *, reserve: bool = False) -> Floats:
        """Share what the pool has among claims and book it; or only reserve it.

        Returns:
            Awards, shape (line, path), units. They may be the claims themselves.
        """
        if self.pool is None:
            return claims
        awards, amounts = self._given(claims)
        for cell, amount in amounts:
            self.pool.book(cell, amount, reserve=reserve)
        return awards

    def awards(self, claims: Floats) -> Floats:
        """Return what of the claims the pool can give, shape (line, path), units."""
        return self._given(claims)[0]

    def _given(self, claims: Floats) -> tuple[Floats, list[tuple[int, Floats]]]:
        """Return the awards, and what they take from each cell in the pool's unit, (path,)."""
        if self.pool is None:
            return claims, []
        asked = self.in_pool(claims)
        if len(self.cells) == 1 and isinstance(self.cells[0][1], slice):
            given, total = shared_out(self.rule, asked, self.pool.left[0], self.weights)
            amounts = [(0, total)]
        else:
            given, amounts = np.zeros_like(asked), []
            for cell, rows in self.cells:
                weights = None if self.weights is None else self.weights[rows]
                given[rows], total = shared_out(
                    self.rule, asked[rows], self.pool.left[cell], weights
                )
                amounts.append((cell, total))
        if self.plain:
            return given, amounts
        # Dividing what was multiplied may give a little more than the claim.
        return np.minimum(given / np.where(self.sizes > 0, self.sizes, 1.0), claims), amounts

    def in_pool(self, units: Floats) -> Floats:
        """Return units of each line in the pool's unit."""
        return units if self.plain else units * self.sizes

    def book(self, units: Floats, *, reserve: bool = False) -> None:
        """Book units of each line, shape (line, path); or only reserve them."""
        if self.pool is not None:
            for cell, amount in self._by_cell(units):
                self.pool.book(cell, amount, reserve=reserve)

    def settle(self, units: Floats) -> None:
        """Turn what was reserved for these units into booked."""
        if self.pool is not None:
            for cell, amount in self._by_cell(units):
                self.pool.settle(cell, amount)

    def release(self, units: Floats) -> None:
        """Give up what was reserved for these units."""
        if self.pool is not None:
            for cell, amount in self._by_cell(units):
                self.pool.release(cell, amount)

    def _by_cell(self, units: Floats) -> list[tuple[int, Floats]]:
        amounts = units if self.plain else units * self.sizes
        return [(cell, amounts[rows].sum(axis=0)) for cell, rows in self.cells]


def shared(rule: str, claims: Floats, endowment: Floats, weights: Floats | None) -> Floats:
    """Return what a rule awards, with lines first: shape (line, path)."""
    return shared_out(rule, claims, endowment, weights)[0]


def shared_out(
    rule: str, claims: Floats, endowment: Floats, weights: Floats | None
) -> tuple[Floats, Floats]:
    """Return what a rule awards, with lines first, and its sum: shapes (line, path) and (path,).

    Where nothing is short on any path the awards are the claims themselves, not a copy. Otherwise
    they are laid out with paths side by side whatever the rule returns, since the order in which
    lines are later added up, and so the last bit of the sum, follows the layout.
    """
    total: Floats = np.add.reduce(claims, axis=0)
    if (total <= endowment).all():
        return claims, total
    awards = np.ascontiguousarray(share(rule, claims.T, endowment, weights, total=total).T)
    # A pool that is overdrawn gives nothing, and stays overdrawn.
    return awards, np.minimum(total, np.maximum(endowment, 0.0))
