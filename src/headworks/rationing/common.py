"""Many fractions at once: over one denominator, summed, in order.

Fractions reduce after every step, which costs most of the time of a rule for thousands of
claimants. What is done here gives the same numbers without it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

NOTHING = Fraction(0)


def over_common(numbers: Sequence[Fraction]) -> tuple[list[int], int]:
    """Return the numerators of some numbers over their least common denominator, and that."""
    whole = 1
    for denominator in sorted({number.denominator for number in numbers}, reverse=True):
        if whole % denominator:  # far cheaper than what follows, and soon none is left
            whole = math.lcm(whole, denominator)
    if whole == 1:
        return [number.numerator for number in numbers], 1
    return [number.numerator * (whole // number.denominator) for number in numbers], whole


def total(numbers: Iterable[Fraction]) -> Fraction:
    """Return the sum of some numbers, 0 of none."""
    numerators, whole = over_common(list(numbers))
    return Fraction(sum(numerators), whole)


def keyed(numbers: Iterable[Fraction]) -> list[tuple[float, Fraction]]:
    """Return what is in the same order as some numbers, and is compared sooner.

    A float is the nearest to its fraction, so that floats never stand in another order; fractions
    are compared only where floats are equal.
    """
    return [(nearest(number), number) for number in numbers]


def nearest(number: int | Fraction) -> float:
    """Return the nearest float; infinity where none is so large."""
    try:
        return number.numerator / number.denominator
    except OverflowError:
        return math.inf if number.numerator > 0 else -math.inf


def ascending(numbers: Sequence[Fraction]) -> list[int]:
    """Return the positions of some numbers in ascending order, equal ones as they are listed."""
    keys = keyed(numbers)
    return sorted(range(len(keys)), key=keys.__getitem__)


def below(numbers: Sequence[Fraction], bound: Fraction) -> list[bool]:
    """Return which of some numbers are less than a bound."""
    numerators, whole = over_common(numbers)
    scaled = bound.numerator * whole
    return [number * bound.denominator < scaled for number in numerators]


def at_most(numbers: Sequence[Fraction], bound: Fraction) -> list[Fraction]:
    """Return the numbers, each cut to the bound."""
    pairs = zip(numbers, below(numbers, bound), strict=True)
    return [number if small else bound for number, small in pairs]


def beyond(numbers: Sequence[Fraction], bound: Fraction) -> list[Fraction]:
    """Return by how much each number is above the bound, nothing for those that are not."""
    pairs = zip(numbers, below(numbers, bound), strict=True)
    return [NOTHING if small else number - bound for number, small in pairs]
