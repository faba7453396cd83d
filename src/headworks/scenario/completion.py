"""Completion: what a checked scenario still lacks to be self-contained."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from headworks.scenario.catalogue import Catalogue
from headworks.scenario.walk import chips_named, sources_named

if TYPE_CHECKING:
    from collections.abc import Iterable

    from headworks.errors import Fault
    from headworks.scenario.scenario import Scenario


def extended(known: Catalogue, scenario: Scenario) -> tuple[Catalogue, dict[str, str]]:
    """Return the catalogue with a scenario's own chips and sources in it.

    A chip of the scenario with the id of a catalogue's chip stands in for that chip.

    Returns:
        The catalogue, and the chips that were left out because another chip has one of their names,
        with the id of that chip.
    """
    others = Catalogue(sources={**known.sources, **scenario.sources})
    others = replace(others, instruments=known.instruments)
    for chip_id, chip in known.chips.items():
        if chip_id not in scenario.chips:
            others.add_chip(chip_id, chip, known.designers.get(chip_id, ""))
    clashes: dict[str, str] = {}
    for chip_id, chip in scenario.chips.items():
        other = others.add_chip(chip_id, chip, "")
        if other is not None:
            clashes[chip_id] = other
    return others, clashes


def complete(scenario: Scenario, known: Catalogue, remarks: Iterable[Fault] = ()) -> Scenario:
    """Return the scenario with every chip and source in it that it names.

    Args:
        scenario: A scenario without faults.
        known: The catalogue with the scenario's own chips and sources.
        remarks: What is no fault, but can hardly be meant.
    """
    used = {chip for _, chip in chips_named(scenario)} | scenario.chips.keys()
    chips = {chip: known.chips[chip] for chip in sorted(used)}
    instruments = {
        test.below: known.instruments[test.below]
        for gate in scenario.gates.values()
        for test in gate.admits
        if test.below is not None
    }
    named = {name for part in (scenario, chips, instruments) for _, name in sources_named(part)}
    sources = {name: known.sources[name] for name in sorted(named | scenario.sources.keys())}
    whole = scenario.model_copy(update={"chips": chips, "sources": sources})
    whole._catalogue = known  # noqa: SLF001 - private to the reader of scenarios, which this is
    whole._remarks = tuple(sorted(remarks))  # noqa: SLF001 - likewise
    return whole
