"""Cost: the time of a piece of work, split by what it is spent on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from headworks.throughput.draws import middle

if TYPE_CHECKING:
    from headworks.throughput.draws import Draws
    from headworks.throughput.protocol import Bound

COMPUTE, BANDWIDTH, LATENCY, NETWORK = range(4)
CAUSES: tuple[Bound, ...] = ("compute", "bandwidth", "latency", "network")
TINY = float(np.finfo(np.float64).tiny)
"""What takes the place of no time at all, by which nothing can be divided."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by cause.

    The causes share one array, since most of what is done with a cost is to add it to another.
    """

    parts: Draws
    """Seconds, shape `(cause, draw)`, in the order of `CAUSES`."""

    @property
    def compute(self) -> Draws:
        """Arithmetic, shape `(draw,)`."""
        seconds: Draws = self.parts[COMPUTE]
        return seconds

    @property
    def bandwidth(self) -> Draws:
        """Reading and writing the chip's memory, shape `(draw,)`."""
        seconds: Draws = self.parts[BANDWIDTH]
        return seconds

    @property
    def latency(self) -> Draws:
        """Launches, host work and other time that does not shrink with a faster chip."""
        seconds: Draws = self.parts[LATENCY]
        return seconds

    @property
    def network(self) -> Draws:
        """Messages between chips, shape `(draw,)`."""
        seconds: Draws = self.parts[NETWORK]
        return seconds

    @property
    def total(self) -> Draws:
        """The sum of the causes, in seconds, shape `(draw,)`."""
        seconds: Draws = self.parts.sum(axis=0)
        return seconds

    def __add__(self, other: Cost) -> Cost:
        """Return one after the other."""
        return Cost(self.parts + other.parts)

    def __sub__(self, other: Cost) -> Cost:
        """Return what this costs above the other."""
        return Cost(self.parts - other.parts)

    def __mul__(self, times: Draws | float) -> Cost:
        """Return it so many times."""
        return Cost(self.parts * times)

    def seconds(self) -> dict[Bound, float]:
        """Return the median seconds by cause."""
        middles = middle(self.parts)
        return {cause: float(part) for cause, part in zip(CAUSES, middles, strict=True)}

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
    scale = np.maximum(a + b, TINY) ** (1.0 / sharpness - 1.0)
    cost = _nothing(scale)
    np.multiply(a, scale, out=cost.parts[COMPUTE])
    np.multiply(b, scale, out=cost.parts[BANDWIDTH])
    return cost


def computing(seconds: Draws) -> Cost:
    """Return a cost of arithmetic alone."""
    return _of(COMPUTE, seconds)


def streaming(seconds: Draws) -> Cost:
    """Return a cost of memory traffic alone."""
    return _of(BANDWIDTH, seconds)


def waiting(seconds: Draws) -> Cost:
    """Return a cost of latency alone."""
    return _of(LATENCY, seconds)


def messages(seconds: Draws) -> Cost:
    """Return a cost of the network alone."""
    return _of(NETWORK, seconds)


def _of(cause: int, seconds: Draws) -> Cost:
    cost = _nothing(seconds)
    cost.parts[cause] = seconds
    return cost


def _nothing(like: Draws) -> Cost:
    return Cost(np.zeros((len(CAUSES), *like.shape)))
