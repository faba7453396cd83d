"""Sizes of chips in the measures of pools, from the data: TPP, memory bandwidth, power."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from headworks.errors import UnknownName
from headworks.scenario.catalogue import catalogue

if TYPE_CHECKING:
    from headworks.scenario.chip import Chip

WATTS = 1_000_000
"""Watts of a megawatt."""


def _tpp(chip: Chip) -> float | None:
    return chip.tpp


def _bandwidth(chip: Chip) -> float | None:
    rate = chip.memory_bandwidth_gb_per_s
    return None if rate is None else rate.median


def _power(chip: Chip) -> float | None:
    return None if chip.tdp_w is None else chip.tdp_w.median / WATTS


MEASURES: dict[str, tuple[Callable[[Chip], float | None], str]] = {
    "tpp": (_tpp, "TPP"),
    "memory_bandwidth": (_bandwidth, "GB/s"),
    "power": (_power, "MW"),
}
"""Measures by name, each with what it is of a chip, and its unit."""


def sizes(measure: str) -> tuple[dict[str, float], str]:
    """Return the size of every chip that has one, by id, name and alias, and the unit.

    Uncertain figures count with their median; power is the chip's thermal design power alone,
    without its share of server and cooling.

    Raises:
        UnknownName: There is no such measure.
    """
    name = measure.strip().lower().replace("-", "_").replace(" ", "_")
    if name not in MEASURES:
        remedy = "name one, or give sizes: h200=15832,h20=2368"
        raise UnknownName("measure of chips", measure, MEASURES, remedy=remedy)
    of, unit = MEASURES[name]
    found: dict[str, float] = {}
    for chip_id, chip in catalogue().chips.items():
        size = of(chip)
        if size is not None and size > 0:
            found |= dict.fromkeys((chip_id, chip.name, *chip.aliases), size)
    return found, unit
