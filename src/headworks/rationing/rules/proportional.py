"""Proportional awards, and those that first give what nobody else could claim."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from headworks.errors import Fault, InputError
from headworks.rationing.common import at_most, beyond, over_common, total
from headworks.rationing.rules.division import Division
from headworks.rationing.rules.equal import fill_level

NOTHING = Fraction(0)


def proportional(
    pool: Fraction, claims: Sequence[Fraction], *, weights: Sequence[Fraction] | None = None
) -> Division:
    """Award everybody the same share of the claim: x = λ d, Σx = E; with weights, min(d, λ w d).

    Merging and splitting change nothing, so it does not matter who owns whom; but whoever claims
    more gets more, at the cost of those who claim what they need. Cost O(n), with weights
    O(n log n).

    Source: O'Neill 1982; Thomson 2019, "How to Divide When There Isn't Enough", chapter 2.
    """
    numbers, unit = over_common(claims)
    asked = sum(numbers)
    if asked <= pool * unit:
        return Division(tuple(claims))
    if weights is None:
        above, below = pool.numerator, pool.denominator * asked
        awards = tuple(Fraction(above * number, below) for number in numbers)
        return Division(awards, Fraction(above * unit, below))
    asking = [(d, w * d) for d, w in zip(claims, weights, strict=True) if d]
    level = fill_level(pool, [d for d, _ in asking], [speed for _, speed in asking])
    found = (min(d, level * w * d) for d, w in zip(claims, weights, strict=True))
    return Division(tuple(found), level)


def adjusted_proportional(pool: Fraction, claims: Sequence[Fraction]) -> Division:
    """Award what nobody else could claim, then the rest in proportion: x = m + λ min(R, d - m).

    The minimal right m = max(0, E - Σ other d) is what is left if all others are served in full,
    and R = E - Σm is the rest. Claiming more than the pool is pointless; claiming more up to the
    pool is not, and tranches change the awards. Cost O(n).

    Source: Curiel, Maschler and Tijs 1987.
    """
    asked = total(claims)
    if asked <= pool:
        return Division(tuple(claims))
    rights = minimal_rights(pool, claims)
    rest = pool - total(rights)
    open_claims = at_most([d - m if m else d for d, m in zip(claims, rights, strict=True)], rest)
    level = rest / total(open_claims) if rest else NOTHING
    parts = zip(rights, open_claims, strict=True)
    awards = (m + level * d if m else level * d for m, d in parts)
    return Division(tuple(awards), level)


def concede_and_divide(pool: Fraction, claims: Sequence[Fraction]) -> Division:
    """Give each of two what the other does not claim, and half the rest: x = m + (E - Σm) / 2.

    The contested garment: two hold a garment, one claims all and the other half, so half is
    conceded and the other half divided. Talmud, random arrival, minimal overlap and adjusted
    proportional awards all agree with it for two claimants. Cost O(1).

    Source: Baba Metzia 2a; Aumann and Maschler 1985.

    Raises:
        InputError: There are not two claimants.
    """
    if len(claims) != 2:  # noqa: PLR2004 - the rule is for two
        message = f"concede-and-divide is for two claimants, and there are {len(claims)}"
        raise InputError([Fault("rule", 0, "", message, "take talmud, which extends it to more")])
    if sum(claims) <= pool:
        return Division(tuple(claims))
    rights = minimal_rights(pool, claims)
    half = (pool - sum(rights, NOTHING)) / 2
    return Division(tuple(m + half for m in rights))


def minimal_rights(pool: Fraction, claims: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Return what is left for each claimant if all others are served in full: max(0, E - Σ d)."""
    short = total(claims) - pool
    return tuple(beyond(claims, short)) if short > 0 else tuple(claims)
