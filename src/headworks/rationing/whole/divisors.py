"""The divisor methods: the next unit to the largest award per divisor of the units that it has.

With s(k) the divisor of a claimant that has k units, the answer x has

    min over x > 0 of a / s(x - 1)  >=  max over x < d of a / s(x),

which an exact award a meets when it is rounded at the signposts s. So the rounded awards are the
place to begin. The claim d bounds every award; what it holds back goes to the others. A guaranteed
least bounds it from below, and what that takes comes from the others.

A larger pool costs nobody a unit, and nobody whose claim rises loses one to somebody whose claim
falls; an award may leave the exact one by more than a unit. Cost O(n log n) each.

Source: Balinski and Young 1982, "Fair Representation", appendix A.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, TypeAlias

from headworks.rationing.enclosed import any_enclosed
from headworks.rationing.whole.standing import Place, give

if TYPE_CHECKING:
    from headworks.rationing.enclosed import Number
    from headworks.rationing.whole.outcome import WholeUnits

HALF = Fraction(1, 2)
GUARANTEED, FIRST, MEASURED = range(3)
"""Classes of units: what is guaranteed, those without a divisor, and those with one."""
Least: TypeAlias = Sequence[int]
"""Units that each is guaranteed, at most the exact award rounded down; none if empty."""


def adams(
    awards: Sequence[Number], claims: Sequence[int], *, order: Sequence[int], units: int,
    least: Least = (),
) -> WholeUnits:  # fmt: skip
    """Round up: s(k) = k. Everybody gets a first unit before anybody a second; kind to the small.

    Where units are too few for that, the largest awards come first. Never more than the exact
    award rounded up.

    Source: J. Q. Adams 1832.
    """
    return _by_divisor(awards, claims, order, units, least, Fraction)


def dean(
    awards: Sequence[Number], claims: Sequence[int], *, order: Sequence[int], units: int,
    least: Least = (),
) -> WholeUnits:  # fmt: skip
    """Round at the harmonic mean: s(k) = 2 k (k + 1) / (2 k + 1); first units as with Adams.

    Source: Dean 1832.
    """
    return _by_divisor(
        awards, claims, order, units, least, lambda k: Fraction(2 * k * (k + 1), 2 * k + 1)
    )


def hill(
    awards: Sequence[Number], claims: Sequence[int], *, order: Sequence[int], units: int,
    least: Least = (),
) -> WholeUnits:  # fmt: skip
    """Round at the geometric mean: s(k) = √(k (k + 1)); first units as with Adams.

    Standings are squares, a² / (k (k + 1)), so that they stay exact.

    Source: Hill 1911; Huntington 1928; the United States House of Representatives since 1941.
    """
    squares = [award**2 for award in awards]  # in lowest terms as the award is
    return _by_divisor(
        awards, claims, order, units, least, lambda k: Fraction(k * (k + 1)), squares
    )


def webster(
    awards: Sequence[Number], claims: Sequence[int], *, order: Sequence[int], units: int,
    least: Least = (),
) -> WholeUnits:  # fmt: skip
    """Round to the nearest: s(k) = k + 1/2. Favours neither the large nor the small.

    Source: Webster 1832; Sainte-Laguë 1910.
    """
    return _by_divisor(awards, claims, order, units, least, lambda k: k + HALF)


def jefferson(
    awards: Sequence[Number], claims: Sequence[int], *, order: Sequence[int], units: int,
    least: Least = (),
) -> WholeUnits:  # fmt: skip
    """Round down: s(k) = k + 1. Kind to the large, and gains by merging.

    Never less than the exact award rounded down.

    Source: Jefferson 1792; D'Hondt 1878.
    """
    return _by_divisor(awards, claims, order, units, least, lambda k: Fraction(k + 1))


def _by_divisor(
    awards: Sequence[Number],
    claims: Sequence[int],
    order: Sequence[int],
    units: int,
    least: Least,
    divisor: Callable[[int], Fraction],
    measures: Sequence[Number] | None = None,
) -> WholeUnits:
    """Give units in descending order of a / s(k - 1); those that are guaranteed before all others.

    Args:
        awards: Exact awards.
        claims: Claims, whole.
        order: Positions of the claimants, first served first.
        units: How many there are.
        least: The least of each.
        divisor: s, or a rising function of it.
        measures: The same function of the awards.
    """
    against = awards if measures is None else measures
    floors = least or (0,) * len(awards)

    def place(n: int, k: int) -> Place:
        if k <= floors[n]:
            return GUARANTEED, 0
        below = divisor(k - 1)
        return (MEASURED, -against[n] / below) if below else (FIRST, -awards[n])

    def begin(n: int, award: Number) -> int:
        down = floor(award)
        return max(down + (award > down and place(n, down + 1) < (MEASURED, -1)), floors[n])

    return give(
        units,
        [begin(n, award) for n, award in enumerate(awards)],
        [claim if award else 0 for award, claim in zip(awards, claims, strict=True)],
        place,
        lambda place: -place[1] if place[0] == MEASURED else None,
        order,
        enclosed=any_enclosed(awards),
    )
