"""The supply side of a run of paths: pools and rounds, who books them, and what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.pools import PoolState, RoundsState, unit_size, unit_sizes
from headworks.flow.supply import Booking
from headworks.scenario.pool import FlowSharePool, RoundsPool

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from headworks.flow.draws import Draws
    from headworks.flow.goods import GoodsState
    from headworks.flow.network import Network
    from headworks.flow.openings import Openings
    from headworks.flow.papers import PaperState
    from headworks.flow.placed import PlacedAwards

Floats: TypeAlias = NDArray[np.float64]


class Supplies:
    """All pools that gates book, with what happens to them beside the sharing itself."""

    def __init__(
        self,
        net: Network,
        draws: Draws,
        goods: Mapping[str, GoodsState],
        papers: Mapping[str, PaperState],
        awards: PlacedAwards | None = None,
    ) -> None:
        self._net = net
        self.pools, self.rounds = _pools(net, draws)
        if awards is not None:
            self.rounds[awards.pool].place(awards)
        gates: list[GoodsState | PaperState] = [*goods.values(), *papers.values()]
        self._booked_at = {
            name: [gate for gate in gates if gate.place.gate.pool == name] for name in self.pools
        }
        self._perishing = {name: self._perishes(name) for name in self.pools}
        self._openings = {
            name: [gate.opening for gate in booked if gate.opening is not None]
            for name, booked in self._booked_at.items()
        }
        self._counting = {name: self._openings_that_count(name) for name in self.pools}
        self._returns = {name: self._returned(gate) for name, gate in goods.items()}
        self._reservations = {
            name: Booking(gate.place.gate, gate.lines, self.pools[pool], net.scenario)
            for name, gate in papers.items()
            if (pool := gate.place.gate.pool) in self.pools
            and self.pools[pool].pool.supply == "share_of_flow"
        }
        self._settled: dict[str, Floats] = {}
        self._followed = {
            name: _followed(net, pool)
            for name, pool in self.pools.items()
            if isinstance(pool.pool, FlowSharePool)
        }

    def begin(self, papers: Mapping[str, PaperState]) -> None:
        """Count starting papers: a moving cap counts what was granted before, as a ceiling does."""
        for name, booking in self._reservations.items():
            booking.book(papers[name].unused, reserve=True)
            self._settled[name] = papers[name].drawn
            booking.book(self._settled[name])

    def follow(self, stock: Callable[[str], Floats]) -> None:
        """Let moving caps grow with what the companies they follow have been shipped."""
        for name, cells in self._followed.items():
            for cell, lines, size in cells:
                # A route without an export installs what a buyer at home is shipped.
                shipped = np.maximum(stock("shipped")[lines], stock("installed")[lines])
                self.pools[name].follow(cell, shipped.sum(axis=0) * size)

    def fill(self, period: int) -> None:
        """Take in the supply of a period."""
        for name, pool in self.pools.items():
            pool.fill(period, self._open_share(name, period))

    def spoil(self, period: int) -> None:
        """Let what is left of rates perish at the end of a period, but for what accrues."""
        for name, pool in self.pools.items():
            if pool.pool.supply == "rate":
                pool.spoil(self._spoiled_share(name, period))

    def release(self, papers: PaperState, gone: Floats) -> None:
        """Give back to a moving cap what was reserved for papers that are lost."""
        booking = self._reservations.get(papers.name)
        if booking is not None:
            booking.release(gone)

    def settle(self, papers: PaperState) -> None:
        """Book what was reserved for the papers drawn since this was last called."""
        booking = self._reservations.get(papers.name)
        if booking is not None:
            drawn = papers.drawn
            booking.settle(drawn - self._settled[papers.name])
            self._settled[papers.name] = drawn

    def return_goods(self, gate: GoodsState, gone: Floats) -> None:
        """Give goods that leave a gate before export back to the pool they came from."""
        for pool, block, sizes in self._returns[gate.name]:
            pool.give_back(0, (gone[block] * sizes).sum(axis=0))

    def _returned(self, goods: GoodsState) -> list[tuple[PoolState, slice, Floats]]:
        """Return where goods withdrawn from a gate go back to: pool, rows and unit sizes."""
        found: list[tuple[PoolState, slice, Floats]] = []
        for route, name in goods.place.returns_to.items():
            pool, block = self.pools[name], goods.place.rows.blocks[route]
            sizes = unit_sizes(self._net.scenario, pool.pool.unit, goods.lines[block])
            found.append((pool, block, sizes))
        return found

    def _perishes(self, pool: str) -> bool:
        """Return whether supply that falls into shut time is lost."""
        says = {
            gate.place.gate.opening.while_shut
            for gate in self._booked_at[pool]
            if not isinstance(gate.place.gate.opening, str)
        } - {None}
        if self.pools[pool].pool.supply == "rate":
            return "accrue" not in says
        return "perish" in says

    def _openings_that_count(self, pool: str) -> list[Openings]:
        """Return the openings while one of which a pool's supply counts; none where all of it does.

        A rate counts while a gate that books it is open, unless it accrues; a stock always counts,
        unless it perishes while shut.
        """
        found = self._openings[pool]
        # A gate that is always open uses it all.
        always = len(found) < len(self._booked_at[pool])
        return [] if always or not self._perishing[pool] else found

    def _open_share(self, pool: str, period: int) -> Floats | None:
        """Return the share of a period's supply that counts, (path,) or (1,); None for all."""
        openings = self._counting[pool]
        if not openings:
            return None
        result: Floats = openings[0].share[period]
        for other in openings[1:]:
            result = np.maximum(result, other.share[period])
        return result

    def _spoiled_share(self, pool: str, period: int) -> Floats | None:
        """Return the share of what is left of a rate that perishes now; None for all of it."""
        if self._perishing[pool] or not self._openings[pool]:
            return None
        result: Floats = self._openings[pool][0].share[period]
        return result


def _pools(net: Network, draws: Draws) -> tuple[dict[str, PoolState], dict[str, RoundsState]]:
    """Return the states of the pools that some gate books."""
    pools: dict[str, PoolState] = {}
    rounds: dict[str, RoundsState] = {}
    used = {place.gate.pool for place in net.places.values()}
    for name, pool in sorted(net.scenario.pools.items()):
        if name not in used:
            continue
        if isinstance(pool, RoundsPool):
            rounds[name] = RoundsState(name, pool, net.scenario, draws)
        else:
            pools[name] = PoolState(name, pool, net.scenario, draws)
    return pools, rounds


def _followed(net: Network, pool: PoolState) -> list[tuple[int, NDArray[np.int64], float]]:
    """Return the cells of a moving cap that follow companies here: cell, lines and unit size."""
    found: list[tuple[int, NDArray[np.int64], float]] = []
    if isinstance(pool.pool, FlowSharePool):
        for cell, chip in enumerate(pool.cells):
            companies = pool.pool.products[chip].companies
            lines = np.flatnonzero(
                [line.chip == chip and line.company in companies for line in net.lines]
            )
            if lines.size:
                found.append((cell, lines, unit_size(net.scenario, pool.pool.unit, chip)))
    return found
