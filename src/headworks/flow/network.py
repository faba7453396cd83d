"""The network: lines, gates in order, and who waits, draws and books where, as index arrays.

Lines are sorted by route, chip and company, and gates by name among equals, so that no result
depends on the order in which a scenario lists them. Since lines of one route stand together, all
rows that a gate and its neighbours share are slices.
"""

from __future__ import annotations

from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING

from headworks.flow.admission import Bools, admitted
from headworks.flow.line import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from headworks.scenario.gate import Gate
    from headworks.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Rows:
    """The lines that pass one gate: their numbers in all lines, and the slice of each route."""

    lines: tuple[int, ...]
    blocks: dict[str, slice]


@dataclass(frozen=True, slots=True)
class Ahead:
    """Papers that goods allotted here will need at one gate further down one route."""

    papers: tuple[str, ...]
    route: str
    between: tuple[str, ...]
    """Goods gates after this one, up to and including the one that draws the papers."""


@dataclass(frozen=True, slots=True)
class GoodsGate:
    """A gate that moves goods, with its place in the network."""

    name: str
    gate: Gate
    rows: Rows
    following: dict[str, str | None]
    """Next gate by route; None where goods are installed."""
    ahead: tuple[Ahead, ...]
    """Papers looked at before scarce stock is given out; empty unless the gate books a stock."""
    returns_to: dict[str, str]
    """Pool that goods withdrawn from here go back to, by route."""


@dataclass(frozen=True, slots=True)
class PaperGate:
    """A gate that grants papers, with the goods gate that draws them on each route."""

    name: str
    gate: Gate
    rows: Rows
    upstream: dict[str, tuple[str, ...]]
    """Goods gates up to and including the drawing one, by route."""


@dataclass(frozen=True, slots=True)
class Network:
    """A scenario's lines and gates, ready to be run."""

    scenario: Scenario
    lines: tuple[Line, ...]
    routes: dict[str, slice]
    """Lines of each route."""
    goods: dict[str, GoodsGate]
    """Goods gates by name, in the order in which they are served."""
    groups: tuple[tuple[str, ...], ...]
    """The same gates, those that share a pool together."""
    papers: dict[str, PaperGate]
    """Gates that grant papers, by name, sorted."""
    index: dict[tuple[str, str, str], int]
    """Number of each line by (company, chip, route)."""
    admitted: dict[str, Bools | None]
    """By gate, which of its lines it admits as each period begins, shape (period, line)."""

    @property
    def places(self) -> dict[str, GoodsGate | PaperGate]:
        """All gates by name: those for goods in order, then those for papers."""
        return {**self.goods, **self.papers}

    @property
    def stocks(self) -> frozenset[str]:
        """The reported stocks that anything can be in."""
        found = {"wanted", "ordered", "installed"}
        found.update(place.gate.stock or "" for place in self.places.values())
        if any(place.gate.patience_days is not None for place in self.goods.values()):
            found.add("withdrawn")
        if any(self.admitted[name] is not None for name in self.goods):
            found.add("refused")
        return frozenset(found)


def network(scenario: Scenario, *, like: Network | None = None) -> Network:
    """Return the network of a checked scenario.

    Args:
        scenario: The scenario.
        like: Network of the same lines, whose gates admit the same lines unless they admit all;
            saves working that out again.
    """
    lines = _lines(scenario)
    routes = {
        name: _span(number for number, line in enumerate(lines) if line.route == name)
        for name in sorted({line.route for line in lines})
    }
    groups = _order(scenario, routes)
    goods = {name: _goods_gate(name, scenario, routes) for group in groups for name in group}
    needed = sorted({paper for name in goods for paper in scenario.gates[name].requires})
    papers = {name: _paper_gate(name, scenario, routes) for name in needed}
    index = {(line.company, line.chip, line.route): n for n, line in enumerate(lines)}
    places: dict[str, GoodsGate | PaperGate] = {**goods, **papers}
    allowed = {
        name: like.admitted[name]
        if like is not None and place.gate.admits
        else admitted(place.gate, [lines[n] for n in place.rows.lines], scenario)
        for name, place in places.items()
    }
    return Network(scenario, lines, routes, goods, groups, papers, index, allowed)


def _lines(scenario: Scenario) -> tuple[Line, ...]:
    found = [
        Line(company, chip, route, share)
        for company, record in scenario.companies.items()
        for chip, want in record.wants.items()
        for route, share in want.routes.shares.items()
        if share > 0
    ]
    return tuple(sorted(found, key=lambda line: (line.route, line.chip, line.company)))


def _order(scenario: Scenario, routes: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Return the goods gates in topological order over all routes; gates of one pool as one."""

    def group(gate: str) -> str:
        pool = scenario.gates[gate].pool
        return f"pool {pool}" if pool is not None else f"gate {gate}"

    members: dict[str, set[str]] = {}
    after: dict[str, set[str]] = {}
    for route in routes:
        gates = scenario.routes[route].gates
        for gate in gates:
            members.setdefault(group(gate), set()).add(gate)
            after.setdefault(group(gate), set())
        for gate, following in pairwise(gates):
            after[group(following)].add(group(gate))
    sorter = TopologicalSorter({name: sorted(after[name]) for name in sorted(after)})
    sorter.prepare()
    ordered: list[tuple[str, ...]] = []
    while sorter.is_active():
        for name in sorted(sorter.get_ready()):
            ordered.append(tuple(sorted(members[name])))
            sorter.done(name)
    return tuple(ordered)


def _rows(routes: dict[str, slice], through: Iterable[str]) -> Rows:
    lines: list[int] = []
    blocks: dict[str, slice] = {}
    for route in sorted(through):
        span = routes[route]
        blocks[route] = slice(len(lines), len(lines) + span.stop - span.start)
        lines.extend(range(span.start, span.stop))
    return Rows(tuple(lines), blocks)


def _goods_gate(name: str, scenario: Scenario, routes: dict[str, slice]) -> GoodsGate:
    through = [route for route in routes if name in scenario.routes[route].gates]
    following: dict[str, str | None] = {}
    ahead: list[Ahead] = []
    returns_to: dict[str, str] = {}
    for route in through:
        gates = scenario.routes[route].gates
        place = gates.index(name)
        following[route] = gates[place + 1] if place + 1 < len(gates) else None
        if _books_stock(scenario, name):
            ahead.extend(
                Ahead(tuple(papers), route, tuple(gates[place + 1 : later + 1]))
                for later in range(place + 1, len(gates))
                if (papers := scenario.gates[gates[later]].requires)
            )
        pool = _returned_to(scenario, gates, place)
        if pool is not None:
            returns_to[route] = pool
    rows = _rows(routes, through)
    return GoodsGate(name, scenario.gates[name], rows, following, tuple(ahead), returns_to)


def _paper_gate(name: str, scenario: Scenario, routes: dict[str, slice]) -> PaperGate:
    upstream: dict[str, tuple[str, ...]] = {}
    for route in routes:
        gates = scenario.routes[route].gates
        for place, gate in enumerate(gates):
            if name in scenario.gates[gate].requires:
                upstream[route] = tuple(gates[: place + 1])
    return PaperGate(name, scenario.gates[name], _rows(routes, upstream), upstream)


def _books_stock(scenario: Scenario, gate: str) -> bool:
    pool = scenario.gates[gate].pool
    return pool is not None and scenario.pools[pool].supply == "stock"


def _returned_to(scenario: Scenario, gates: list[str], place: int) -> str | None:
    """Return the stock that goods withdrawn from a gate go back to: until they are exported.

    A route without an export returns goods from every gate.
    """
    exports = [n for n, gate in enumerate(gates) if scenario.gates[gate].stock == "shipped"]
    if exports and place > exports[0]:
        return None
    for gate in gates[:place]:
        if (
            _books_stock(scenario, gate)
            and scenario.pools[scenario.gates[gate].pool or ""].unit != "mw"
        ):
            return scenario.gates[gate].pool
    return None


def span(numbers: Sequence[int]) -> slice | list[int]:
    """Return ascending row numbers as a slice if they are consecutive, which is far cheaper."""
    consecutive = numbers[-1] - numbers[0] + 1 == len(numbers)
    return slice(numbers[0], numbers[-1] + 1) if consecutive else list(numbers)


def _span(numbers: Iterable[int]) -> slice:
    found = list(numbers)
    return slice(found[0], found[-1] + 1)
