"""Compute of what is installed, in several measures side by side: never one scalar."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.throughput import WORKS, Throughput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headworks.scenario.scenario import Scenario

Floats: TypeAlias = NDArray[np.float64]

REFERENCE_CHIP = "h100-sxm"
"""The chip whose equivalents are counted."""


def measures(scenario: Scenario, throughput: Throughput) -> dict[str, dict[str, float]]:
    """Return what one chip of each type counts for, by measure and chip.

    `h100e_tpp` and `h100e_bandwidth` are H100-equivalents by total processing performance and by
    memory bandwidth; `tokens_per_s_…` is the throughput of a named work. A chip whose figure is not
    known counts nothing in that measure; `unmeasured` says which these are.
    """
    reference = scenario.catalogue.chip(REFERENCE_CHIP)
    bandwidth = reference.memory_bandwidth_gb_per_s
    result: dict[str, dict[str, float]] = {"h100e_tpp": {}, "h100e_bandwidth": {}}
    for chip_id, chip in scenario.chips.items():
        if chip.tpp and reference.tpp:
            result["h100e_tpp"][chip_id] = chip.tpp / reference.tpp
        if chip.memory_bandwidth_gb_per_s and bandwidth:
            own = chip.memory_bandwidth_gb_per_s.median
            result["h100e_bandwidth"][chip_id] = own / bandwidth.median
    for name, work in WORKS.items():
        rates: dict[str, float] = {}
        for chip_id, chip in scenario.chips.items():
            estimate = throughput.tokens_per_s(chip, work)
            if estimate is not None:
                rates[chip_id] = estimate.med
        result[f"tokens_per_s_{name.replace('-', '_')}"] = rates
    return result


def unmeasured(
    scenario: Scenario, per_chip: Mapping[str, Mapping[str, float]]
) -> dict[str, list[str]]:
    """Return, by measure, the chips whose figure is not known and which count nothing in it."""
    return {
        measure: sorted(chip for chip in scenario.chips if chip not in values)
        for measure, values in per_chip.items()
    }


def total(units: Mapping[str, Floats], per_chip: Mapping[str, float]) -> Floats:
    """Return Σ units × what one unit counts for, shape (path,).

    Args:
        units: Units by chip, shape (path,); at least one chip.
        per_chip: What one unit of a chip counts for; nothing where it is missing.
    """
    result = np.zeros_like(next(iter(units.values())))
    for chip, amount in sorted(units.items()):
        result += amount * per_chip.get(chip, 0.0)
    return result
