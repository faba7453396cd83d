"""Counterfactuals: the same scenario with gates wide open."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from headworks.scenario.gate import Gate
    from headworks.scenario.scenario import Scenario


def wide_open(scenario: Scenario, gates: Iterable[str]) -> Scenario:
    """Return the scenario with some gates wide open; their lead times stay.

    Wide open means open always, no limit of its pool, no ceiling, validity and eligibility lifted,
    full take-up, and no event that shuts it.
    """
    opened = set(gates)
    changed = {
        name: _open(gate, scenario) if name in opened else gate
        for name, gate in scenario.gates.items()
    }
    events = {
        name: event
        for name, event in scenario.events.items()
        if not (event.act == "shut" and event.gate in opened)
        and not (event.act == "divert" and _unbooked(event.pool, changed))
    }
    return scenario.model_copy(update={"gates": changed, "events": events})


def restricts(scenario: Scenario, name: str) -> bool:
    """Return whether a gate has any part that wide opening would lift.

    A gate without one holds nothing back by itself, and need not be run to know it.
    """
    gate = scenario.gates[name]
    shut = any(event.act == "shut" and event.gate == name for event in scenario.events.values())
    return shut or _open(gate, scenario) != gate.model_copy(
        update={"requests": _open(gate, scenario).requests}
    )


def _open(gate: Gate, scenario: Scenario) -> Gate:
    changes: dict[str, object] = {
        "opening": "open",
        "pool": None,
        "conditions": {},
        "admits": [],
        "validity_days": None,
        "take_up": None,
    }
    if gate.kind == "grants" and gate.requests is None:
        rounds = gate.pool is not None and scenario.pools[gate.pool].supply == "rounds"
        changes["requests"] = "wanted" if rounds else "ordered"
    return gate.model_copy(update=changes)


def _unbooked(pool: str, gates: dict[str, Gate]) -> bool:
    return all(gate.pool != pool for gate in gates.values())
