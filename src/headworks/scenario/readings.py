"""What a chip's record leaves in doubt: the figures to rule on, one set for each assumption."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from headworks.errors import InputError
from headworks.scenario.chip import BITS, Chip
from headworks.scenario.law import Figures, weakest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.scenario.us_export import Review, Ruling


@dataclass(frozen=True, slots=True)
class Reading:
    """The answer under one assumption about a doubtful or unknown figure."""

    assumption: str
    """The assumption in words."""
    tpp: float
    """Total processing performance under it."""
    precision: str
    """Data type that sets the TPP."""
    performance_density: float | None
    """TPP per mm² of die; None where the area is not known."""
    eccn: str | None
    """3A090.a, 3A090.b, or None for neither."""
    review: Review
    """Posture of review under it."""
    stated_policy: str | None = None
    """Instrument of a policy against the export that is stated and no rule; None for none."""


Case = tuple[str, str, Figures]
"""An assumption, the data type that sets the TPP under it, and the figures."""


def cases(chip_id: str, chip: Chip) -> Iterator[Case]:
    """Yield the figures to rule on: first by the rule's wording, then under each other assumption.

    Raises:
        InputError: No rate is disclosed, so that there is nothing to classify by.
    """
    rates = chip.tpp_by_dtype()
    if not rates:
        message = f"{chip_id} has no peak rate on record, so it cannot be classified"
        remedy = "add its `peak_tflops`, with a source, to data/chips"
        raise InputError(f"{message}; {remedy}")
    precision, tpp = maximum(rates)
    figures = _figures(chip_id, chip, precision, tpp)
    doubt = precision if precision in chip.doubtful else None
    with_doubt = f" ({doubt} is doubtful)" if doubt else ""
    yield f"maximum over all data types{with_doubt}", precision, figures
    sure = {dtype: tpp for dtype, tpp in rates.items() if dtype not in chip.doubtful}
    if sure and len(sure) < len(rates):
        name, rate = maximum(sure)
        without = ", ".join(sorted(set(rates) - set(sure)))
        yield f"without the doubtful {without}", name, _figures(chip_id, chip, name, rate)
    for score, percentile in ((-1, "5th"), (1, "95th")):
        name, rate = maximum(_at_percentile(chip, score))
        if rate != tpp:
            yield (
                f"rates at their {percentile} percentile",
                name,
                _figures(chip_id, chip, name, rate),
            )
    yield from _unknowns(chip, precision, figures)


def _unknowns(chip: Chip, precision: str, figures: Figures) -> Iterator[Case]:
    """Yield both ends of every figure that the chip's record leaves open."""
    if figures.density is None:
        yield "if the density is high", precision, replace(figures, density=float("inf"))
    if figures.dram_gb_per_s is None:
        for text, end in (("low", 0.0), ("high", float("inf"))):
            bounded = replace(figures, dram_gb_per_s=end)
            yield f"if the DRAM bandwidth is {text}", precision, bounded
    if chip.data_centre is None:
        text = "if it is not marketed for data centres"
        yield text, precision, replace(figures, data_centre=False)


def readings(chip: Chip, asked: list[Case], rulings: list[Ruling]) -> Iterator[Reading]:
    """Yield the headline and every other reading, if any changes the answer or rests on doubt."""
    first = (rulings[0].eccn, rulings[0].review)
    pairs = list(zip(asked, rulings, strict=True))
    others = [
        (case, found)
        for number, (case, found) in enumerate(pairs[1:])
        if (found.eccn, found.review) != first or (number == 0 and chip.doubtful)
    ]
    for (assumption, precision, figures), found in [pairs[0], *others] if others else []:
        density = figures.density if figures.density != float("inf") else None
        yield Reading(
            assumption, figures.tpp, precision, density, found.eccn, found.review, found.policy
        )


def _figures(chip_id: str, chip: Chip, dtype: str, tpp: float) -> Figures:
    rate = next(peak for name, peak in chip.peak_tflops.items() if name == dtype)
    area = chip.die_area_mm2
    dram, io = chip.memory_bandwidth_gb_per_s, chip.scale_up_gb_per_s
    rest_on = {
        "tpp": (rate,),
        "density": (rate, area),
        "dram_gb_per_s": (dram,),
        "io_gb_per_s": (io,),
        "total_gb_per_s": (dram, io),
    }
    return Figures(
        tpp=tpp,
        density=None if area is None else tpp / area.median,
        dram_gb_per_s=None if dram is None else dram.median,
        io_gb_per_s=None if io is None else io.median,
        data_centre=chip.data_centre is not False,
        names=frozenset({chip_id, chip.architecture or chip_id}),
        kinds={
            figure: weakest(part.kind for part in parts if part is not None)
            for figure, parts in rest_on.items()
            if None not in parts
        },
    )


def _at_percentile(chip: Chip, side: int) -> dict[str, float]:
    """Return the TPP by data type at the 5th (-1) or the 95th (1) percentile of the rates."""
    import numpy as np

    from headworks.scenario.distribution import Z95

    score = np.array([side * Z95])
    return {
        dtype: round(float(peak.distribution.quantile(score)[0]) * BITS[dtype], 1)
        for dtype, peak in chip.peak_tflops.items()
    }


def maximum(rates: dict[str, float]) -> tuple[str, float]:
    """Return the data type with the largest TPP; the first one named in the record on a tie."""
    return max(rates.items(), key=lambda item: item[1])
