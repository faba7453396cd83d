"""Intervals: draws as p5, median and p95, and as they stand in JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from headworks.throughput.draws import quantile

if TYPE_CHECKING:
    from headworks.throughput.draws import Draws

DIGITS = 6
"""Digits of a number in JSON: more say nothing."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with the range that nine of ten measurements should lie in."""

    p5: float
    med: float
    p95: float


def interval(draws: Draws) -> Interval:
    """Return draws as p5, median and p95; the median is the first draw, the middle of all."""
    p5, p95 = quantile(draws, 0.05), quantile(draws, 0.95)
    return Interval(float(p5), float(np.clip(draws[0], p5, p95)), float(p95))


def as_json(found: Interval) -> dict[str, float]:
    """Return an interval as plain values."""
    return {"p5": rounded(found.p5), "med": rounded(found.med), "p95": rounded(found.p95)}


def rounded(value: float) -> float:
    """Return a number without the digits that say nothing."""
    return float(f"{value:.{DIGITS}g}")
