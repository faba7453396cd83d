"""Rounds of one: constrained equal awards in whole units."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from headworks.errors import Fault, InputError
from headworks.rationing.common import NOTHING
from headworks.rationing.rules.equal import constrained_equal_awards
from headworks.rationing.whole.standing import give

if TYPE_CHECKING:
    from headworks.rationing.whole.outcome import WholeUnits


def rounds_of_one(
    awards: Sequence[Fraction], claims: Sequence[int], *, order: Sequence[int]
) -> WholeUnits:
    """Give one unit to everybody whose claim is not met, again and again: place k.

    The order says who is served in the last, incomplete round. No two claimants differ by more
    than a unit, unless by their claims. It is constrained equal awards, and rounds no other rule.
    Cost O(n log n).

    Raises:
        InputError: The awards are those of another rule.

    Source: Herrero and Martínez 2008, the "up" method.
    """
    equal = constrained_equal_awards(sum(awards, NOTHING), [Fraction(claim) for claim in claims])
    if tuple(awards) != equal.awards:
        message = "rounds of one give equal awards, and those to be rounded are of another rule"
        remedy = "use largest_remainder, or the rule constrained_equal_awards without weights"
        raise InputError([Fault("whole", 0, "", message, remedy)])
    level = max(claims, default=0) if equal.level is None else floor(equal.level)
    return give(
        floor(sum(awards)),
        [min(claim, level) for claim in claims],
        claims,
        lambda _, k: (0, k),
        lambda place: -place[1],
        order,
    )
