"""Routes: the order of gates, what each reports, and what each draws."""

from __future__ import annotations

import itertools
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

    from headworks.errors import Fault
    from headworks.scenario.checks.context import Context

STOCK_ORDER = ("produced", "shipped", "cleared")
"""Order in which goods come into the stocks of a route, before they are installed."""


def gates_in_use(context: Context) -> Iterator[Fault]:
    """Yield a fault for each goods gate that no route uses and each paper that nothing requires."""
    routes = {gate for route in context.scenario.routes.values() for gate in route.gates}
    required = {paper for gate in context.scenario.gates.values() for paper in gate.requires}
    for gate_id, gate in context.scenario.gates.items():
        users = routes if gate.kind == "passes" else required
        if gate_id in context.meant(users, "gates") | context.mentioned:
            continue
        if gate.kind == "passes":
            message = f"no route uses the gate {gate_id!r}"
            remedy = "add it to the `gates` of a route, or remove it"
        else:
            message = f"nothing requires the papers of {gate_id!r}"
            remedy = "name it under `requires` of a goods gate, or remove it"
        yield context.fault(("gates", gate_id), message, remedy)


def repeated_gates(context: Context) -> Iterator[Fault]:
    """Yield a fault where a route has a gate, a pool, a stock or a paper twice."""
    for route_id, route in context.scenario.routes.items():
        first: dict[tuple[str, str], str] = {}
        for number, gate_id in enumerate(route.gates):
            path = ("routes", route_id, "gates", number)
            if gate_id in route.gates[:number]:
                message = f"the route passes the gate {gate_id!r} twice"
                yield context.fault(path, message, "give the second passage a gate of its own")
                continue
            for thing, name in _unique_things(context, gate_id, first):
                if (thing, name) in first:
                    other = first[thing, name]
                    yield context.fault(path, *_repetition(thing, name, other, gate_id))
                first[thing, name] = gate_id


def _unique_things(
    context: Context, gate_id: str, before: Container[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Yield what a route may have only once, as far as a goods gate brings it."""
    gates = context.scenario.gates
    gate = gates.get(gate_id)
    if gate is None or gate.kind != "passes":
        return
    if gate.pool is not None:
        yield "pool", gate.pool
    if gate.stock is not None:
        yield "stock", gate.stock
    for paper in dict.fromkeys(gate.requires):
        again = ("paper", paper) in before
        yield "paper", paper
        if not again and paper in gates and gates[paper].kind == "grants":
            yield from (("stock", stock) for stock in (gates[paper].stock,) if stock)


def _repetition(thing: str, name: str, first: str, again: str) -> tuple[str, str]:
    """Return the message and the remedy of something that a route has twice."""
    does = {"pool": "books the pool", "stock": "reports the stock", "paper": "draws the paper"}
    remedies = {
        "pool": "all gates of a pool are served together, once: book it at one of them",
        "stock": "units would be counted twice: name it at one of them",
        "paper": "one paper is drawn per unit: require it at one of them",
    }
    where = f"{first!r} and again {again!r}" if first != again else f"{again!r}, twice over"
    return f"the route {does[thing]} {name!r} twice: at {where}", remedies[thing]


def papers_named_once(context: Context) -> Iterator[Fault]:
    """Yield a fault where one gate requires a paper twice."""
    for gate_id, gate in context.scenario.gates.items():
        for number, paper in enumerate(gate.requires):
            if paper in gate.requires[:number]:
                path = ("gates", gate_id, "requires", number)
                yield context.fault(path, f"the paper {paper!r} is required twice", "keep one")


def ends_installed(context: Context) -> Iterator[Fault]:
    """Yield a fault where the last gate of a route does not report `installed`, or another does."""
    gates = context.scenario.gates
    for route_id, route in context.scenario.routes.items():
        for number, gate_id in enumerate(route.gates):
            gate = gates.get(gate_id)
            last = number == len(route.gates) - 1
            if gate is None or gate.kind != "passes" or last == (gate.stock == "installed"):
                continue
            path = ("routes", route_id, "gates", number)
            if last:
                message = f"the route ends at {gate_id!r}, whose stock is {gate.stock!r}"
                remedy = f"set `stock: installed` at {gate_id!r}, or end with a gate that has it"
            else:
                message = f"goods are installed at {gate_id!r}, but the route goes on after it"
                remedy = "end the route there, or give that gate another stock"
            yield context.fault(path, message, remedy)


def stocks_in_order(context: Context) -> Iterator[Fault]:
    """Yield a fault where a route reports a stock before one that comes earlier in the world."""
    for route_id in context.scenario.routes:
        held = [
            (STOCK_ORDER.index(stock), gate)
            for gate in context.gates_of(route_id)
            if (stock := context.scenario.gates[gate].stock) in STOCK_ORDER
        ]
        for (rank, gate), (next_rank, next_gate) in itertools.pairwise(held):
            if next_rank < rank:
                names = f"{STOCK_ORDER[rank]!r} at {gate!r}", f"{STOCK_ORDER[next_rank]!r}"
                message = f"the route reports {names[0]} before {names[1]} at {next_gate!r}"
                remedy = f"the order is {', '.join(STOCK_ORDER)}"
                yield context.fault(("routes", route_id, "gates"), message, remedy)


def one_order(context: Context) -> Iterator[Fault]:
    """Yield a fault where the routes cannot all be served in one order of gates.

    Gates that share a pool are served together, so they count as one.
    """
    gates = context.scenario.gates
    before: dict[str, set[str]] = {}
    for route in context.scenario.routes.values():
        steps = [_served_as(context, gate) for gate in route.gates if gate in gates]
        if len(set(steps)) < len(steps):
            return  # a gate or a pool stands twice, which is a fault of its own
        for step, following in itertools.pairwise(steps):
            before.setdefault(following, set()).add(step)
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        cycle = " → ".join(error.args[1])
        message = f"the order of the gates goes round in a circle: {cycle}"
        remedy = "let all routes pass these in the same order, or give them pools of their own"
        yield context.fault(("routes",), message, remedy)


def _served_as(context: Context, gate: str) -> str:
    pool = context.scenario.gates[gate].pool
    return gate if pool is None else f"pool {pool}"


CHECKS: tuple[Callable[[Context], Iterator[Fault]], ...] = (
    gates_in_use,
    repeated_gates,
    papers_named_once,
    ends_installed,
    stocks_in_order,
    one_order,
)
