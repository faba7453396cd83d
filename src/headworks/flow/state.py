"""The state of a run of paths: orders, goods, papers and pools at one moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.arithmetic import total
from headworks.flow.events import moment
from headworks.flow.goods import GoodsState
from headworks.flow.openings import Openings, openings, shut_spells
from headworks.flow.orders import Orders
from headworks.flow.papers import PaperState
from headworks.flow.supplies import Supplies
from headworks.flow.supply import Booking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headworks.flow.balances import Balance
    from headworks.flow.draws import Draws
    from headworks.flow.network import Network
    from headworks.flow.placed import PlacedAwards, PlacedOrders
    from headworks.scenario.event import Event
    from headworks.scenario.gate import Gate

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]


class State:
    """Everything that changes in a run of paths, shape (row, path) throughout."""

    def __init__(
        self,
        net: Network,
        draws: Draws,
        balances: Sequence[Balance] = (),
        placed: PlacedOrders | None = None,
        awards: PlacedAwards | None = None,
    ) -> None:
        scenario = net.scenario
        self.net = net
        self.draws = draws
        self.paths = draws.paths
        shape = (len(net.lines), draws.paths)
        self.orders = Orders(net, draws, placed)
        self.installed, self.withdrawn, self.refused, self.recalled = (
            np.zeros(shape) for _ in range(4)
        )
        opened = {name: self._opening(name, scenario.gates[name]) for name in net.places}
        self.goods = {
            name: GoodsState(place, net.lines, opened[name], scenario, draws)
            for name, place in net.goods.items()
        }
        self.papers = {
            name: PaperState(place, net.lines, opened[name], scenario, draws)
            for name, place in net.papers.items()
        }
        self.admitted = net.admitted
        self.supplies = Supplies(net, draws, self.goods, self.papers, awards)
        self.pools, self.rounds = self.supplies.pools, self.supplies.rounds
        self.groups = [Group(names, self) for names in net.groups]
        self.paper_groups = [Group(names, self) for names in _paper_groups(net)]
        self.moments = {
            name: np.floor(moment(name, event, draws) / scenario.period_days)
            for name, event in sorted(scenario.events.items())
            if event.act != "shut" and self._concerns(event)
        }
        self._queues: dict[tuple[str, tuple[str, ...]], Floats] = {}
        self.taken: dict[str, Floats] = {}
        """Papers or goods that each event has taken, shape (row of its gate, path)."""
        self.gates: tuple[GoodsState | PaperState, ...] = (
            *self.goods.values(),
            *self.papers.values(),
        )
        self.stocks = net.stocks
        self.ceilings = [ceiling for gate in self.gates for ceiling in gate.ceilings]
        self._begin(balances)
        for papers in self.papers.values():
            for route, upstream in papers.place.upstream.items():
                papers.drawn_at(self.goods[upstream[-1]], route)
        self.supplies.begin(self.papers)

    def _concerns(self, event: Event) -> bool:
        """Return whether an event meets a gate or a pool that any line passes."""
        if event.act == "divert":
            return event.pool in self.pools
        return event.gate in self.papers or event.gate in self.goods

    def _opening(self, name: str, gate: Gate) -> Openings | None:
        """Return when a gate is open, or None if it always is."""
        shut = shut_spells(self.net.scenario, name, self.draws)
        if gate.opening == "open" and not shut:
            return None
        key = f"gates.{name}.opening"
        return openings(key, gate.opening, self.net.scenario, self.draws, shut)

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
            if goods.opening is not None:
                goods.before = goods.opening.left(0, goods.waiting)
        for name, goods in self.goods.items():
            if goods.under_way is not None and under_way[name].any():
                at_once = goods.under_way.begin(under_way[name])
                if at_once is not None:
                    self.deliver(goods, at_once)

    def deliver(self, goods: GoodsState, units: Floats) -> None:
        """Hand units over to the next gate of each route, or install them at the end."""
        for route, block in goods.place.rows.blocks.items():
            following = goods.place.following[route]
            if following is None:
                self.installed[self.net.routes[route]] += units[block]
            else:
                later = self.goods[following]
                later.waiting[later.place.rows.blocks[route]] += units[block]

    def queue(self, route: str, gates: tuple[str, ...]) -> Floats:
        """Return what on a route has still to pass the last of some gates that follow each other.

        What waits at each gate and what is under way between them, shape (row, path). It is added
        up once in a period, before goods pass, for all who ask. Do not write to it.
        """
        goods = self.goods[gates[0]]
        waiting = goods.waiting[goods.place.rows.blocks[route]]
        if len(gates) == 1:
            return waiting
        if (route, gates) not in self._queues:
            self._queues[route, gates] = self.behind(route, gates) + waiting
        return self._queues[route, gates]

    def behind(self, route: str, gates: tuple[str, ...]) -> Floats:
        """Return the part of `queue` that has passed the first of the gates; do not write to it."""
        following = self.queue(route, gates[1:])
        goods = self.goods[gates[0]]
        if goods.under_way is None:
            return following
        block = goods.place.rows.blocks[route]
        return total([following, *(part[block] for part in goods.under_way.parts)])

    def forget_queues(self) -> None:
        """Let queues be added up anew, now that goods have moved."""
        self._queues.clear()

    def stock(self, name: str) -> Floats:
        """Return a reported stock of all lines, shape (line, path), cumulative units.

        Do not write to it.
        """
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
        counted = [
            (gate.span, gate.passed if isinstance(gate, GoodsState) else gate.granted)
            for gate in self.gates
            if gate.place.gate.stock == name
        ]
        if len(counted) == 1 and counted[0][0] == slice(0, len(self.installed)):
            return counted[0][1]  # one gate that all lines pass
        result = np.zeros(self.installed.shape)
        for rows, units in counted:
            result[rows] += units
        return result

    def granted(self) -> dict[str, Floats]:
        """Return the papers granted so far by gate, shape (all lines, path)."""
        result: dict[str, Floats] = {}
        for name in {gate for _, gate, _ in self.orders.reactions}:
            papers = self.papers[name]
            result[name] = np.zeros(self.installed.shape)
            result[name][papers.span] = papers.granted
        return result

    def pool_supply(self, gate: Gate) -> str:
        """Return the kind of the pool that a gate books, `unlimited` without one."""
        return "unlimited" if gate.pool is None else self.net.scenario.pools[gate.pool].supply


class Group:
    """Gates of one kind that share a pool and are served together."""

    def __init__(self, names: Sequence[str], state: State) -> None:
        scenario = state.net.scenario
        members: list[GoodsState | PaperState] = [
            state.goods.get(name) or state.papers[name] for name in names
        ]
        self.members = members
        self.goods = [member for member in members if isinstance(member, GoodsState)]
        self.papers = [member for member in members if isinstance(member, PaperState)]
        self.pool_name = members[0].place.gate.pool
        self.rounds = state.rounds.get(self.pool_name or "")
        pool = state.pools.get(self.pool_name or "")
        lines = [line for member in members for line in member.lines]
        self.booking = Booking(members[0].place.gate, lines, pool, scenario)
        ends = np.cumsum([len(member.lines) for member in members]).tolist()
        self.blocks = [slice(a, b) for a, b in zip([0, *ends], ends, strict=False)]
        self.is_rate = pool is not None and pool.pool.supply == "rate"


def _paper_groups(net: Network) -> list[tuple[str, ...]]:
    """Return the gates that grant papers, those that share a pool together."""
    by_pool: dict[str, list[str]] = {}
    for name, place in net.papers.items():
        by_pool.setdefault(place.gate.pool or f"gate {name}", []).append(name)
    return [tuple(sorted(names)) for _, names in sorted(by_pool.items())]
