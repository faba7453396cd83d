"""The largest remainder where units differ in size: chips that take unequal parts of one pool."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from math import floor
from typing import TYPE_CHECKING

from headworks.rationing.whole.outcome import Tie, WholeUnits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.rationing.enclosed import Number

NOTHING = Fraction(0)


def largest_remainder_by_size(
    awards: Sequence[Number],
    sizes: Sequence[Fraction],
    most: Sequence[int],
    *,
    order: Sequence[int],
    measure: Fraction,
) -> WholeUnits:
    """Round down, and give what that leaves to the largest fractions of a unit that it still holds.

    Every award moves by less than one unit, and together they take no more of the pool's measure
    than the exact ones. A unit that is larger than what is left is passed over, and smaller ones
    behind it may still be given; so a rest can stay that holds none of the units in line. With one
    size it is the method of the largest remainder. Cost O(n log n).

    Args:
        awards: Exact awards, in units.
        sizes: Of one unit of each, in the pool's measure.
        most: The most units of each.
        order: Positions of all claimants, first served first, for fractions that stand equal.
        measure: What exact awards take of the pool's measure.
    """
    counts = [floor(award) for award in awards]
    left = measure - sum((size * n for size, n in zip(sizes, counts, strict=True)), NOTHING)
    ties: list[Tie] = []
    for equal in _by_fraction(awards, counts, most, order):
        fitting = [n for n in equal if sizes[n] <= left]
        won: list[int] = []
        for n in fitting:
            if sizes[n] <= left:
                counts[n] += 1
                left -= sizes[n]
                won.append(n)
        lost = sorted(set(fitting) - set(won), key=fitting.index)
        if won and lost:
            ties.append(Tie(tuple(won), tuple(lost)))
    return WholeUnits(tuple(counts), tuple(ties))


def _by_fraction(
    awards: Sequence[Number], counts: Sequence[int], most: Sequence[int], order: Sequence[int]
) -> Iterator[list[int]]:
    """Yield who has the same fraction of a unit, the largest first; of equals the first served."""

    def fraction(n: int) -> Number:
        return awards[n] - counts[n]

    waiting = [n for n in order if fraction(n) and counts[n] < most[n]]
    for _, group in groupby(sorted(waiting, key=fraction, reverse=True), key=fraction):
        yield list(group)
