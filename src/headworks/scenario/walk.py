"""Walking a scenario: every record inside another, every source and chip that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel

from headworks.scenario.condition import Pairing
from headworks.scenario.pool import FlowSharePool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.scenario.gate import Gate
    from headworks.scenario.planning import Planning
    from headworks.scenario.scenario import Scenario
    from headworks.scenario.yaml_file import KeyPath


def records_in(value: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, BaseModel]]:
    """Yield every record inside a value, the value itself included, with its key path."""
    if isinstance(value, BaseModel):
        yield path, value
        for name, field in type(value).model_fields.items():
            yield from records_in(getattr(value, name), (*path, field.alias or name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from records_in(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from records_in(item, (*path, number))


def sources_named(value: object) -> Iterator[tuple[KeyPath, str]]:
    """Yield every source that is named inside a value, with the key path of the name."""
    for path, record in records_in(value):
        name = getattr(record, "source", None)
        if isinstance(name, str):
            yield (*path, "source"), name


def chips_named(scenario: Scenario) -> Iterator[tuple[KeyPath, str]]:
    """Yield every chip that a scenario names, with the key path of the name."""
    for chip in scenario.terms:
        yield ("terms", chip), chip
    for company_id, company in scenario.companies.items():
        for chip in company.wants:
            yield ("companies", company_id, "wants", chip), chip
    if scenario.planning is not None:
        yield from _chips_planned(scenario.planning)
    yield from _chips_of_pools(scenario)
    for gate_id, gate in scenario.gates.items():
        for below, chips in _lists_of_chips(gate):
            for number, chip in enumerate(chips):
                yield ("gates", gate_id, *below, number), chip


def _chips_of_pools(scenario: Scenario) -> Iterator[tuple[KeyPath, str]]:
    for pool_id, pool in scenario.pools.items():
        if isinstance(pool, FlowSharePool):
            for chip in pool.products:
                yield ("pools", pool_id, "products", chip), chip


def _chips_planned(planning: Planning) -> Iterator[tuple[KeyPath, str]]:
    for chip in planning.offers:
        yield ("planning", "offers", chip), chip
    for name, buyer in planning.buyers.items():
        for number, order in enumerate(buyer.committed):
            yield ("planning", "buyers", name, "committed", number, "chip"), order.chip


def _lists_of_chips(gate: Gate) -> Iterator[tuple[KeyPath, list[str]]]:
    for number, test in enumerate(gate.admits):
        yield ("admits", number, "chips"), test.chips or []
    for name, condition in gate.conditions.items():
        yield ("conditions", name, "chips"), condition.chips or []
        if isinstance(condition, Pairing):
            yield ("conditions", name, "domestic"), condition.domestic
