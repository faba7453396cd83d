"""Cost: the time of a piece of work, split by what it is spent on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from headworks.throughput.draws import Draws
    from headworks.throughput.protocol import Bound


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by cause, each of shape `(draw,)`."""

    compute: Draws
    """Arithmetic."""
    bandwidth: Draws
    """Reading and writing the chip's memory."""
    latency: Draws
    """Launches, host work and other time that does not shrink with a faster chip."""
    network: Draws
    """Messages between chips."""

    @property
    def total(self) -> Draws:
        """The sum of the causes, in seconds, shape `(draw,)`."""
        return self.compute + self.bandwidth + self.latency + self.network

    def __add__(self, other: Cost) -> Cost:
        """Return one after the other."""
        return Cost(
            self.compute + other.compute,
            self.bandwidth + other.bandwidth,
            self.latency + other.latency,
            self.network + other.network,
        )

    def __sub__(self, other: Cost) -> Cost:
        """Return what this costs above the other."""
        return self + other * -1.0

    def __mul__(self, times: Draws | float) -> Cost:
        """Return it so many times."""
        return Cost(
            self.compute * times,
            self.bandwidth * times,
            self.latency * times,
            self.network * times,
        )

    def seconds(self) -> dict[Bound, float]:
        """Return the median seconds by cause."""
        parts: dict[Bound, Draws] = {
            "compute": self.compute,
            "bandwidth": self.bandwidth,
            "latency": self.latency,
            "network": self.network,
        }
        return {name: float(np.median(part)) for name, part in parts.items()}

    def bound_by(self) -> Bound:
        """Return the cause that takes the most time at the median."""
        parts = self.seconds()
        return max(parts, key=lambda name: parts[name])


def roofline(compute: Draws, bandwidth: Draws, sharpness: float) -> Cost:
    """Return the cost of an operation that computes and reads at once.

    Args:
        compute: Seconds of arithmetic alone, shape `(draw,)`.
        bandwidth: Seconds of memory traffic alone, shape `(draw,)`.
        sharpness: Exponent of the norm that joins the two, of which each bears its share: kernels
            near the ridge take longer than either side alone says.
    """
    a, b = compute**sharpness, bandwidth**sharpness
    both = np.maximum(a + b, np.finfo(np.float64).tiny)
    scale = both ** (1.0 / sharpness) / both
    none = np.zeros_like(scale)
    return Cost(a * scale, b * scale, none, none)


def waiting(seconds: Draws) -> Cost:
    """Return a cost of latency alone."""
    none = np.zeros_like(seconds)
    return Cost(none, none, seconds, none)


def messages(seconds: Draws) -> Cost:
    """Return a cost of the network alone."""
    none = np.zeros_like(seconds)
    return Cost(none, none, none, seconds)
