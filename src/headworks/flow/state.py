"""The state of a run of paths: orders, goods, papers and pools at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.balances import Balance
from headworks.flow.draws import Draws
from headworks.flow.events import moment
from headworks.flow.goods import GoodsState
from headworks.flow.network import Network
from headworks.flow.openings import Openings, openings, shut_spells
from headworks.flow.orders import Orders
from headworks.flow.papers import PaperState
from headworks.flow.pools import PoolState, RoundsState, unit_size, unit_sizes
from headworks.flow.supply import Booking
from headworks.scenario.event import Event
from headworks.scenario.gate import Gate
from headworks.scenario.pool import FlowSharePool, RoundsPool

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]


class State:
    """Everything that changes in a run of paths, shape (row, path) throughout."""

    def __init__(self, net: Network, draws: Draws, balances: Sequence[Balance] = ()) -> None:
        scenario = net.scenario
        self.net = net
        self.draws = draws
        self.paths = draws.paths
        shape = (len(net.lines), draws.paths)
        self.orders = Orders(net, draws)
        self.installed, self.withdrawn, self.refused, self.recalled = (
            np.zeros(shape) for _ in range(4)
        )
        opened = {name: self._opening(name, scenario.gates[name]) for name in (*net.goods, *net.papers)}
        self.goods = {
            name: GoodsState(place, net.lines, opened[name], scenario, draws)
            for name, place in net.goods.items()
        }
        self.papers = {
            name: PaperState(place, net.lines, opened[name], scenario, draws)
            for name, place in net.papers.items()
        }
        self.admitted = net.admitted
        self.pools, self.rounds = self._pools(draws)
        self.groups = [Group(names, self) for names in net.groups]
        self.paper_groups = [Group(names, self) for names in _paper_groups(net)]
        self.moments = {
            name: np.floor(moment(name, event, draws) / scenario.period_days)
            for name, event in sorted(scenario.events.items())
            if event.act != "shut" and self._concerns(event)
        }
        self.ceilings = [
            ceiling
            for gate in (*self.goods.values(), *self.papers.values())
            for ceiling in gate.ceilings
        ]
        self.booked_at = {
            name: [
                gate
                for gate in (*self.goods.values(), *self.papers.values())
                if gate.place.gate.pool == name
            ]
            for name in self.pools
        }
        self.returns = {name: self._returns(goods) for name, goods in self.goods.items()}
        self.perishing = {name: self._perishes(name) for name in self.pools}
        self.reservations = {
            name: Booking(papers.place.gate, papers.lines, self.pools[pool], scenario)
            for name, papers in self.papers.items()
            if (pool := papers.place.gate.pool) is not None
            and pool in self.pools
            and self.pools[pool].pool.supply == "share_of_flow"
        }
        self._settled = {name: np.zeros(()) for name in self.reservations}
        self.followed = {
            name: _followed(net, pool)
            for name, pool in self.pools.items()
            if isinstance(pool.pool, FlowSharePool)
        }
        self._begin(balances)

    def _concerns(self, event: Event) -> bool:
        """Return whether an event meets a gate or a pool that any line passes."""
        if event.act == "divert":
            return event.pool in self.pools
        return event.gate in self.papers or event.gate in self.goods

    def _returns(self, goods: GoodsState) -> list[tuple[PoolState, slice, Floats]]:
        """Return where goods withdrawn from a gate go back to: pool, rows and unit sizes."""
        found: list[tuple[PoolState, slice, Floats]] = []
        for route, name in goods.place.returns_to.items():
            pool, block = self.pools[name], goods.place.rows.blocks[route]
            sizes = unit_sizes(self.net.scenario, pool.pool.unit, goods.lines[block])
            found.append((pool, block, sizes))
        return found

    def _perishes(self, pool: str) -> bool:
        """Return whether supply that falls into shut time is lost."""
        says = {
            gate.place.gate.opening.while_shut
            for gate in self.booked_at[pool]
            if not isinstance(gate.place.gate.opening, str)
        } - {None}
        if self.pools[pool].pool.supply == "rate":
            return "accrue" not in says
        return "perish" in says

    def _opening(self, name: str, gate: Gate) -> Openings | None:
        """Return when a gate is open, or None if it always is."""
        shut = shut_spells(self.net.scenario, name, self.draws)
        if gate.opening == "open" and not shut:
            return None
        key = f"gates.{name}.opening"
        return openings(key, gate.opening, self.net.scenario, self.draws, shut)

    def _pools(self, draws: Draws) -> tuple[dict[str, PoolState], dict[str, RoundsState]]:
        scenario = self.net.scenario
        pools: dict[str, PoolState] = {}
        rounds: dict[str, RoundsState] = {}
        used = {scenario.gates[name].pool for name in (*self.goods, *self.papers)}
        for name, pool in sorted(scenario.pools.items()):
            if name not in used:
                continue
            if isinstance(pool, RoundsPool):
                rounds[name] = RoundsState(name, pool, scenario, draws)
            else:
                pools[name] = PoolState(name, pool, scenario, draws)
        return pools, rounds

    def _begin(self, balances: Sequence[Balance]) -> None:
        """Put the starting balances where they belong."""
        under_way = {name: np.zeros_like(goods.waiting) for name, goods in self.goods.items()}
        for row in balances:
            line = self.net.index[row.company, row.chip, row.route]
            if row.holding in {"waiting", "under_way", "installed"}:
                self.orders.begin(line, row.units)
            if row.holding == "installed":
                self.installed[line] += row.units
            elif row.gate in self.papers:
                papers = self.papers[row.gate]
                papers.begin(papers.rows.index(line), row.holding, row.units)
            else:
                goods = self.goods[row.gate]
                at = goods.rows.index(line)
                held = {"waiting": goods.waiting, "passed": goods.passed}
                held.get(row.holding, under_way[row.gate])[at] += row.units
        for goods in self.goods.values():
            goods.before = goods.waiting.copy()
        for name, goods in self.goods.items():
            if goods.under_way is not None and under_way[name].any():
                at_once = goods.under_way.begin(under_way[name])
                if at_once is not None:
                    self.deliver(goods, at_once)
        for name, booking in self.reservations.items():
            # A moving cap counts what was granted before, as a ceiling does.
            papers = self.papers[name]
            booking.book(papers.unused, reserve=True)
            booking.book(papers.drawn)
            self._settled[name] = papers.drawn.copy()

    def deliver(self, goods: GoodsState, units: Floats) -> None:
        """Hand units over to the next gate of each route, or install them at the end."""
        for route, block in goods.place.rows.blocks.items():
            following = goods.place.following[route]
            if following is None:
                self.installed[self.net.routes[route]] += units[block]
            else:
                later = self.goods[following]
                later.waiting[later.place.rows.blocks[route]] += units[block]

    def stock(self, name: str) -> Floats:
        """Return a reported stock of all lines, shape (line, path), cumulative units."""
        plain = {
            "wanted": self.orders.wanted,
            "ordered": self.orders.ordered,
            "installed": self.installed,
            "withdrawn": self.withdrawn,
            "refused": self.refused,
            "recalled": self.recalled,
        }
        if name in plain:
            return plain[name]
        result = np.zeros_like(self.installed)
        for state in self.goods.values():
            if state.place.gate.stock == name:
                result[state.span] += state.passed
        for papers in self.papers.values():
            if papers.place.gate.stock == name:
                result[papers.span] += papers.granted
        return result

    def granted(self) -> dict[str, Floats]:
        """Return the papers granted so far by gate, shape (all lines, path)."""
        result: dict[str, Floats] = {}
        for name in {gate for _, gate, _ in self.orders.reactions}:
            papers = self.papers[name]
            result[name] = np.zeros_like(self.installed)
            result[name][papers.span] = papers.granted
        return result

    def pool_supply(self, gate: Gate) -> str:
        """Return the kind of the pool that a gate books, `unlimited` without one."""
        return "unlimited" if gate.pool is None else self.net.scenario.pools[gate.pool].supply

    def release(self, papers: PaperState, gone: Floats) -> None:
        """Give back to a moving cap what was reserved for papers that are lost."""
        booking = self.reservations.get(papers.name)
        if booking is not None:
            booking.release(gone)

    def settle(self, papers: PaperState) -> None:
        """Book what was reserved for the papers drawn since this was last called."""
        booking = self.reservations.get(papers.name)
        if booking is not None:
            booking.settle(papers.drawn - self._settled[papers.name])
            self._settled[papers.name] = papers.drawn.copy()

    def open_share(self, pool: str, period: int) -> Floats | None:
        """Return the share of a period's supply that counts, shape (path,) or (1,); None for all.

        A rate counts while a gate that books it is open, unless it accrues; a stock always counts,
        unless it perishes while shut.
        """
        if not self.perishing[pool]:
            return None
        shares = [gate.opening.share[period] for gate in self.booked_at[pool] if gate.opening]
        if len(shares) < len(self.booked_at[pool]):
            return None  # a gate that is always open uses it all
        result = shares[0]
        for other in shares[1:]:
            result = np.maximum(result, other)
        return result

    def spoiled_share(self, pool: str, period: int) -> Floats | None:
        """Return the share of what is left of a rate that perishes now; None for all of it."""
        if self.perishing[pool]:
            return None
        shares = [gate.opening.share[period] for gate in self.booked_at[pool] if gate.opening]
        return shares[0] if shares else None

    def return_goods(self, gate: GoodsState, gone: Floats) -> None:
        """Give goods that leave a gate before export back to the pool they came from."""
        for pool, block, sizes in self.returns[gate.name]:
            pool.give_back(0, (gone[block] * sizes).sum(axis=0))


class Group:
    """Gates of one kind that share a pool and are served together."""

    def __init__(self, names: Sequence[str], state: State) -> None:
        scenario = state.net.scenario
        members = [state.goods.get(name) or state.papers[name] for name in names]
        self.members = members
        self.pool_name = members[0].place.gate.pool
        self.rounds = state.rounds.get(self.pool_name or "")
        pool = state.pools.get(self.pool_name or "")
        lines = [line for member in members for line in member.lines]
        self.booking = Booking(members[0].place.gate, lines, pool, scenario)
        ends = np.cumsum([len(member.lines) for member in members]).tolist()
        self.blocks = [slice(a, b) for a, b in zip([0, *ends], ends, strict=False)]
        self.is_rate = pool is not None and pool.pool.supply == "rate"


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


def _paper_groups(net: Network) -> list[tuple[str, ...]]:
    """Return the gates that grant papers, those that share a pool together."""
    by_pool: dict[str, list[str]] = {}
    for name, place in net.papers.items():
        by_pool.setdefault(place.gate.pool or f"gate {name}", []).append(name)
    return [tuple(sorted(names)) for _, names in sorted(by_pool.items())]
