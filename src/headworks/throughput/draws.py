"""Draws: the values that an uncertain number takes, side by side, so that one pass gives all.

Every number about a chip or a constant is drawn from its distribution at scores that its name
fixes, but for the order of those of constants that were fitted together (see `joint`). So two chips
share the luck of the constants that they share, and a ratio of them is as narrow as it deserves.
"""

from __future__ import annotations

import hashlib
from functools import cache
from statistics import NormalDist
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from headworks.scenario.quantity import Quantity

Draws: TypeAlias = NDArray[np.float64]
"""Values by draw, shape `(draw,)`; `(1,)` where only the middle is asked for."""

COUNT = 257
"""Draws of an answer, the middle first: when the scores of the other 256 are dealt anew, p5 and p95
move by three to six hundredths of their distance."""


@cache
def scores(name: str, count: int) -> Draws:
    """Return `count` standard normal scores of a named number, shape `(draw,)`.

    The first is the middle of every number, so that the first draw of an answer is its value where
    nothing is uncertain, and does not depend on luck. The others are the middles of equally likely
    parts, in an order that the name fixes, so that each number is covered evenly and any two are
    all but uncorrelated.
    """
    key = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")
    dealt = np.zeros(count)
    dealt[1:] = np.random.Generator(np.random.PCG64(key)).permutation(_middles(count - 1))
    dealt.flags.writeable = False
    return dealt


@cache
def _middles(count: int) -> Draws:
    """Return the scores of the middles of equally likely parts, ascending."""
    # SciPy's function takes a fifth of a second to import, and a query is to be answered in less.
    score = NormalDist().inv_cdf
    return np.array([score((place + 0.5) / count) for place in range(count)], dtype=np.float64)


def quantile(draws: Draws, share: float) -> Draws:
    """Return what a share of draws lies below, over the last axis: `()` of shape `(draw,)`.

    Between two draws it lies on the line that joins them. NumPy's own function loads masked arrays
    first, which takes a thirtieth of a cold command.
    """
    ordered = np.sort(draws, axis=-1)
    place = share * (ordered.shape[-1] - 1)
    below = int(place)
    above = min(below + 1, ordered.shape[-1] - 1)
    low, high = ordered[..., below], ordered[..., above]
    found: Draws = low + (high - low) * (place - below)
    return found


def middle(draws: Draws) -> Draws:
    """Return the median over the last axis, shape `()` of draws of shape `(draw,)`."""
    return quantile(draws, 0.5)


def drawn(quantity: Quantity, name: str, count: int) -> Draws:
    """Return the draws of a quantity, shape `(draw,)`, in its own unit."""
    return quantity.distribution.quantile(scores(name, count))
