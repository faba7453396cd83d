"""Rates: how much of each work a unit of each chip does, in H100-equivalents of that work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from headworks.errors import UnknownName
from headworks.flow.compute import REFERENCE_CHIP, measures
from headworks.throughput import WORKS

if TYPE_CHECKING:
    from collections.abc import Collection

    from headworks.scenario.chip import Chip
    from headworks.scenario.planning import Planning, Workload
    from headworks.scenario.scenario import Scenario
    from headworks.throughput import Throughput, Work

PEAKS = ("h100e_tpp", "h100e_bandwidth")
"""Measures that compare chips by a figure of their data sheets alone."""


@dataclass(frozen=True, slots=True)
class Rates:
    """What a unit of each chip does of each work; nothing where it is not known."""

    per_chip: dict[str, dict[str, float]]
    """H100-equivalents by work and chip."""
    remarks: tuple[str, ...]
    """Where a chip is compared otherwise than its work asks, or cannot be compared."""


def rates(
    scenario: Scenario, planning: Planning, throughput: Throughput, chips: Collection[str]
) -> Rates:
    """Return the rates of some chips of a scenario on the works of its plans.

    A work whose tokens the model of throughput cannot tell for a chip is compared by the figure
    that bounds it, processing power for prompts and bandwidth for tokens one by one, and a remark
    says so.

    Raises:
        UnknownName: A work is measured by something that there is not.
    """
    by_peak = measures(scenario, throughput)
    remarks: list[str] = []
    found: dict[str, dict[str, float]] = {}
    for name, work in planning.works.items():
        if work.measure in PEAKS:
            figures = by_peak[work.measure]
            found[name] = {chip: figures[chip] for chip in chips if chip in figures}
        else:
            found[name] = _by_tokens(scenario, throughput, _work(work), chips, by_peak, remarks)
        missing = sorted(set(chips) - set(found[name]))
        if missing:
            names = ", ".join(missing)
            remarks.append(f"{names}: no figure is known for {name}, so it is placed there nowhere")
    return Rates(found, tuple(remarks))


def _work(work: Workload) -> Work:
    if work.measure not in WORKS:
        raise UnknownName("measure of work", work.measure, {*PEAKS, *WORKS})
    return WORKS[work.measure]


def _by_tokens(
    scenario: Scenario,
    throughput: Throughput,
    work: Work,
    chips: Collection[str],
    by_peak: dict[str, dict[str, float]],
    remarks: list[str],
) -> dict[str, float]:
    """Return tokens per second against those of an H100, by chip."""
    one = throughput.tokens_per_s(_reference(scenario), work)
    instead = PEAKS[0] if work.phase == "prefill" else PEAKS[1]
    result: dict[str, float] = {}
    for chip_id in chips:
        estimate = throughput.tokens_per_s(scenario.chips[chip_id], work)
        if one is not None and estimate is not None:
            result[chip_id] = estimate.med / one.med
        elif chip_id in by_peak[instead]:
            result[chip_id] = by_peak[instead][chip_id]
            figure = "processing power" if instead == PEAKS[0] else "bandwidth"
            remarks.append(f"{chip_id}: compared on {work.name} by {figure}, for want of a model")
    return result


def _reference(scenario: Scenario) -> Chip:
    return scenario.catalogue.chip(REFERENCE_CHIP)
