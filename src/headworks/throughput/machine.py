"""Machine: a chip's rates in SI units, as draws, with the constants and the fabric it works in."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np

from headworks.throughput import software as softwares
from headworks.throughput.constants import Constants, packaged
from headworks.throughput.draws import COUNT, drawn, middle, scores

if TYPE_CHECKING:
    from headworks.scenario.chip import Chip
    from headworks.scenario.quantity import Quantity
    from headworks.throughput.draws import Draws

GIB = 2.0**30
"""Bytes of what vendors call a gigabyte of memory: a 141 GB chip shows 140.4 GiB to its driver."""


@dataclass(frozen=True, slots=True)
class Machine:
    """One chip as operations see it."""

    chip_id: str
    chip: Chip
    constants: Constants
    flops: dict[str, Draws]
    """Peak dense operations per second by data type, shape `(draw,)` each."""
    watts_per_tflops: dict[str, Draws]
    """Design power over peak by data type, shape `(draw,)` each."""
    bandwidth: Draws
    """Memory bandwidth in bytes per second, shape `(draw,)`."""
    memory_bytes: float
    """Memory of the package in bytes."""
    link: Draws
    """Scale-up link in bytes per second and direction, shape `(draw,)`."""
    scale_out: Draws
    """Network beyond the scale-up domain in bytes per second and direction, shape `(draw,)`."""
    domain: int
    """Chips that the scale-up link joins."""
    realised: dict[str, Draws] = field(default_factory=dict, init=False, compare=False)
    """Operations per second that large products reach, by data type, filled as they are asked for:
    a step asks dozens of times."""

    @property
    def sharpness(self) -> float:
        """How sharply rooflines bend: the exponent of the norm that joins their sides."""
        return self.constants.middle("roofline_sharpness_factor")

    @property
    def zero(self) -> Draws:
        """Nothing, in the shape of a draw."""
        return np.zeros_like(self.bandwidth)


def lacks(chip: Chip) -> list[str]:
    """Return the figures that a chip would need to be estimated and that the catalogue lacks."""
    missing = []
    if not [dtype for dtype in chip.peak_tflops if dtype not in chip.doubtful]:
        missing.append("a peak rate")
    if chip.memory_bandwidth_gb_per_s is None:
        missing.append("a memory bandwidth")
    if chip.memory_gb is None:
        missing.append("a memory size")
    return missing


@lru_cache(maxsize=256)
def _constants(scopes: tuple[str, ...], count: int) -> Constants:
    return Constants(packaged(), scopes, count)


def scopes(chip_id: str, chip: Chip, software: str | None) -> tuple[str, ...]:
    """Return the scopes of a chip's constants, narrowest first: chip, family, software."""
    of_chip = (scope for scope in (chip_id, chip.architecture) if scope)
    return (*of_chip, *softwares.scopes(software))


def constants_for(chip_id: str, chip: Chip, software: str | None, count: int) -> Constants:
    """Return the constants of a chip under a serving software; of any software if None."""
    return _constants(scopes(chip_id, chip, software), count)


def machine(
    chip_id: str,
    chip: Chip,
    *,
    software: str | None = None,
    count: int = COUNT,
    constants: Constants | None = None,
) -> Machine:
    """Return a chip's rates and constants on `count` draws.

    Args:
        chip_id: Id of the chip, which fixes the scores of its figures.
        chip: Its figures.
        software: Serving software whose constants hold; of any if None.
        count: Draws.
        constants: Constants in place of the packaged ones.

    A figure that the catalogue states without a range is spread by the grade of the chip.

    Raises:
        ValueError: The chip lacks a figure (see `lacks`).
    """
    bandwidth, memory = chip.memory_bandwidth_gb_per_s, chip.memory_gb
    if lacks(chip) or bandwidth is None or memory is None:
        message = f"{chip_id} has no {' and no '.join(lacks(chip))}"
        raise ValueError(message)
    constants = constants or constants_for(chip_id, chip, software, count)
    figure = partial(_figure, chip_id, constants[f"grade_{chip.grade.lower()}_spread_log"], count)
    peaks = {name: peak for name, peak in chip.peak_tflops.items() if name not in chip.doubtful}
    link = chip.scale_up_gb_per_s
    out = constants["scale_out_gb_per_s"] * 1e9
    return Machine(
        chip_id,
        chip,
        constants,
        # What is wrong with one peak is wrong with all.
        {dtype: figure("peak", peak) * 1e12 for dtype, peak in peaks.items()},
        {dtype: _watts(chip, peak.median, constants) for dtype, peak in peaks.items()},
        figure("bandwidth", bandwidth) * 1e9,
        memory.median * GIB,
        out if link is None or link.median == 0 else figure("link", link) * 0.5e9,
        out,
        int(constants.middle("domain_count")),
    )


def _figure(chip_id: str, doubt: Draws, count: int, name: str, quantity: Quantity) -> Draws:
    """Return the draws of a figure, which the chip's grade spreads where it states no range."""
    values = drawn(quantity, f"{chip_id}.{name}", count)
    if not quantity.is_certain:
        return values
    return values * np.exp(doubt * scores(f"{chip_id}.{name}.doubt", count))


def link_assumed(rates: Machine, chips: int) -> list[str]:
    """Return what is taken for the links of chips that work together where no data sheet tells."""
    link = rates.chip.scale_up_gb_per_s
    speed = float(middle(rates.scale_out)) / 1e9
    if link is not None and link.median > 0:
        beyond = f"beyond {rates.domain} chips, a network of {speed:g} GB/s each"
        return [beyond] if chips > rates.domain else []
    if chips <= 1:
        return []
    known = "is not known" if link is None else "does not exist"
    return [
        f"a link between {rates.chip.name} {known}: they share a network of {speed:g} GB/s each"
    ]


def _watts(chip: Chip, peak_tflops: float, constants: Constants) -> Draws:
    """Return the design power per peak TFLOP/s, which draws of an uncertain peak do not move."""
    if chip.tdp_w is None:
        return constants["unknown_power_w_per_tflops"]
    return np.array([chip.tdp_w.median / peak_tflops])
