"""Names: everything that a scenario refers to must exist, and be of the kind that is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.scenario.condition import FlowShare
from headworks.scenario.event import Divert, Recall, Revoke
from headworks.scenario.gate import OpeningProcess
from headworks.scenario.pool import FlowSharePool, RoundsPool, StockPool
from headworks.scenario.quantity import Quantity
from headworks.scenario.walk import chips_named, records_in, sources_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from headworks.errors import Fault
    from headworks.scenario.checks.context import Context
    from headworks.scenario.company import Split
    from headworks.scenario.yaml_file import KeyPath


def something_to_forecast(context: Context) -> Iterator[Fault]:
    """Yield a fault where the scenario has no gate, route or company at all."""
    for section in ("gates", "routes", "companies"):
        if not context.known(section) and section not in context.left_out:
            yield context.fault((section,), f"there are no {section}", "add at least one")


def chips(context: Context) -> Iterator[Fault]:
    """Yield a fault for each chip that neither the catalogue nor the scenario has."""
    for path, name in chips_named(context.scenario):
        yield from context.unknown(path, "chip", name, context.chips_known)


def sources(context: Context) -> Iterator[Fault]:
    """Yield a fault for each source that neither the catalogue nor the scenario has."""
    known = {*context.catalogue.sources, *context.known("sources")}
    remedy = "add it under `sources`, or correct the name"
    for path, name in sources_named(context.scenario):
        yield from context.unknown(path, "source", name, known, remedy)


def drivers(context: Context) -> Iterator[Fault]:
    """Yield a fault for each driver that is loaded on and not defined."""
    for path, record in records_in(context.scenario):
        if isinstance(record, Quantity | OpeningProcess):
            for name in record.drivers:
                at = (*path, "drivers", name)
                yield from context.unknown(at, "driver", name, context.known("drivers"))


def gates_named(context: Context) -> Iterator[Fault]:
    """Yield a fault for each gate that routes, wants and events name wrongly."""
    scenario, known = context.scenario, context.known("gates")
    for route_id, route in scenario.routes.items():
        for number, gate in enumerate(route.gates):
            path: KeyPath = ("routes", route_id, "gates", number)
            yield from context.unknown(path, "gate", gate, known)
            remedy = "name it under `requires` of the goods gate that draws its papers"
            yield from _kind(context, path, gate, "passes", remedy)
    for (company, chip), want in context.wants.items():
        if want.reaction is not None:
            path = ("companies", company, "wants", chip, "reaction", "after")
            yield from context.unknown(path, "gate", want.reaction.after, known)
            yield from _kind(context, path, want.reaction.after, "grants", "name a paper gate")
    for event_id, event in scenario.events.items():
        if not isinstance(event, Divert):
            path = ("events", event_id, "gate")
            yield from context.unknown(path, "gate", event.gate, known)
        if isinstance(event, Revoke):
            yield from _kind(context, path, event.gate, "grants", "only papers can be revoked")
        if isinstance(event, Recall):
            yield from _kind(context, path, event.gate, "passes", "only goods can be recalled")


def papers_required(context: Context) -> Iterator[Fault]:
    """Yield a fault for each required paper that does not exist, or is no paper."""
    goods = {name for name, gate in context.scenario.gates.items() if gate.kind == "passes"}
    papers = context.known("gates") - goods
    for gate_id, gate in context.scenario.gates.items():
        for number, paper in enumerate(gate.requires):
            path = ("gates", gate_id, "requires", number)
            if paper not in goods:
                yield from context.unknown(path, "paper", paper, papers)
            remedy = "only the papers of a gate that grants can be required"
            yield from _kind(context, path, paper, "grants", remedy)


def of_gates(context: Context) -> Iterator[Fault]:
    """Yield a fault for each pool, company and instrument that a gate names wrongly."""
    for gate_id, gate in context.scenario.gates.items():
        at: KeyPath = ("gates", gate_id)
        if gate.pool is not None:
            yield from context.unknown((*at, "pool"), "pool", gate.pool, context.known("pools"))
        for company in gate.weights:
            path = (*at, "weights", company)
            yield from context.unknown(path, "company", company, context.known("companies"))
        for number, test in enumerate(gate.admits):
            path = (*at, "admits", number)
            yield from context.unknowns(
                (*path, "companies"), "company", test.companies, "companies"
            )
            if test.below is not None:
                known = context.catalogue.instruments
                yield from context.unknown((*path, "below"), "instrument", test.below, known)
        for name, condition in gate.conditions.items():
            path = (*at, "conditions", name)
            yield from context.unknowns(
                (*path, "companies"), "company", condition.companies, "companies"
            )
            if isinstance(condition, FlowShare):
                yield from context.unknowns((*path, "of"), "company", condition.of, "companies")


def of_pools(context: Context) -> Iterator[Fault]:
    """Yield a fault for each company that a pool names wrongly."""
    for pool_id, pool in context.scenario.pools.items():
        at: KeyPath = ("pools", pool_id)
        if isinstance(pool, RoundsPool):
            for name, one in pool.rounds.items():
                path = (*at, "rounds", name)
                yield from context.unknowns(
                    (*path, "eligible"), "company", one.eligible, "companies"
                )
                yield from _shares(context, (*path, "shares"), one.shares, "company", "companies")
        elif isinstance(pool, FlowSharePool):
            for chip, product in pool.products.items():
                path = (*at, "products", chip, "companies")
                yield from context.unknowns(path, "company", product.companies, "companies")


def of_wants(context: Context) -> Iterator[Fault]:
    """Yield a fault for each route that a want is split over and that does not exist."""
    for (company, chip), want in context.wants.items():
        path = ("companies", company, "wants", chip, "routes")
        yield from _shares(context, path, want.routes, "route", "routes")


def of_events(context: Context) -> Iterator[Fault]:
    """Yield a fault for each company and pool that an event names wrongly."""
    for event_id, event in context.scenario.events.items():
        at: KeyPath = ("events", event_id)
        if isinstance(event, Revoke | Recall):
            yield from context.unknowns((*at, "companies"), "company", event.companies, "companies")
        elif isinstance(event, Divert):
            path = (*at, "pool")
            yield from context.unknown(path, "pool", event.pool, context.known("pools"))
            pool = context.scenario.pools.get(event.pool)
            if pool is not None and not isinstance(pool, StockPool):
                message = f"the pool {event.pool!r} is a supply of {pool.supply!r}, not a stock"
                yield context.fault(path, message, "only a stock can be diverted")


def _shares(
    context: Context, path: KeyPath, split: Split | None, thing: str, section: str
) -> Iterator[Fault]:
    for name in split.shares if split else ():
        yield from context.unknown((*path, "shares", name), thing, name, context.known(section))


def _kind(context: Context, path: KeyPath, gate: str, kind: str, remedy: str) -> Iterator[Fault]:
    """Yield a fault if the gate is there and of the other kind."""
    found = context.scenario.gates.get(gate)
    if found is not None and found.kind != kind:
        does = {"passes": "passes goods", "grants": "grants papers"}
        message = f"the gate {gate!r} {does[found.kind]}, but here a gate that {kind} is named"
        yield context.fault(path, message, remedy)


CHECKS: tuple[Callable[[Context], Iterator[Fault]], ...] = (
    something_to_forecast,
    chips,
    sources,
    drivers,
    gates_named,
    papers_required,
    of_gates,
    of_pools,
    of_wants,
    of_events,
)
