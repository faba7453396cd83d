"""Rules that turn at half of the claims: Talmud, its reverse, Piniles, constrained egalitarian."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from headworks.rationing.common import at_most, below, beyond, over_common, total
from headworks.rationing.rules.division import Division
from headworks.rationing.rules.equal import fill_level

NOTHING = Fraction(0)


def talmud(pool: Fraction, claims: Sequence[Fraction]) -> Division:
    """Let all gain alike up to half of each claim, and beyond it lose alike.

    E <= D/2: x = min(d/2, λ); else x = d - min(d/2, λ); Σx = E. Below half of all claims the small
    are favoured, above it the large. Claiming more than the pool is pointless, claiming more up to
    it is not; tranches change the awards. Cost O(n log n).

    Source: Ketubot 93a; Aumann and Maschler 1985.
    """
    asked = total(claims)
    if asked <= pool:
        return Division(tuple(claims))
    if 2 * pool <= asked:
        return _half_or_level(pool, claims)
    lost = _half_or_level(asked - pool, claims)
    return Division(tuple(d - x for d, x in zip(claims, lost.awards, strict=True)), lost.level)


def reverse_talmud(pool: Fraction, claims: Sequence[Fraction]) -> Division:
    """Let all lose alike up to half of each claim, and beyond it gain alike.

    E <= D/2: x = max(0, d/2 - λ); else x = d/2 + min(d/2, λ); Σx = E. Below half of all claims the
    large are favoured, above it the small; who claims little may get nothing of a small pool. Cost
    O(n log n).

    Source: Chun, Schummer and Thomson 2001.
    """
    asked = total(claims)
    if asked <= pool:
        return Division(tuple(claims))
    if 2 * pool <= asked:
        level = fill_level(asked - 2 * pool, claims) / 2
        return Division(tuple(x / 2 for x in beyond(claims, 2 * level)), level)
    return _half_and(_half_or_level(pool - asked / 2, claims), claims)


def piniles(pool: Fraction, claims: Sequence[Fraction]) -> Division:
    """Let all gain alike up to half of each claim, and then again alike up to the other half.

    E <= D/2: x = min(d/2, λ); else x = d/2 + min(d/2, λ); Σx = E. The small are favoured
    throughout, but nobody is served in full before all have half. Cost O(n log n).

    Source: Piniles 1861; Thomson 2003.
    """
    asked = total(claims)
    if asked <= pool:
        return Division(tuple(claims))
    if 2 * pool <= asked:
        return _half_or_level(pool, claims)
    return _half_and(_half_or_level(pool - asked / 2, claims), claims)


def constrained_egalitarian(pool: Fraction, claims: Sequence[Fraction]) -> Division:
    """Award as equally as can be, where beyond half of all claims nobody has less than half.

    E <= D/2: x = min(d/2, λ); else x = max(d/2, min(d, λ)); Σx = E. Above half of all claims the
    small are brought up to the large before these get more than half. Cost O(n log n).

    Source: Chun, Schummer and Thomson 2001.
    """
    asked = total(claims)
    if asked <= pool:
        return Division(tuple(claims))
    if 2 * pool <= asked:
        return _half_or_level(pool, claims)
    level = _rising_level(pool - asked / 2, claims)
    raised = zip(claims, at_most(claims, level), below(claims, 2 * level), strict=True)
    return Division(tuple(x if small else d / 2 for d, x, small in raised), level)


def _half_or_level(amount: Fraction, claims: Sequence[Fraction]) -> Division:
    """Return min(d/2, λ) that sum to an amount, for amounts up to D/2."""
    level = fill_level(2 * amount, claims) / 2
    small = below(claims, 2 * level)
    return Division(tuple(d / 2 if s else level for d, s in zip(claims, small, strict=True)), level)


def _half_and(more: Division, claims: Sequence[Fraction]) -> Division:
    """Return half of each claim and what comes on top of it."""
    awards = (d / 2 + x for d, x in zip(claims, more.awards, strict=True))
    return Division(tuple(awards), more.level)


def _rising_level(amount: Fraction, claims: Sequence[Fraction]) -> Fraction:
    """Return λ with Σ min(d/2, max(0, λ - d/2)) = amount, for 0 < amount < D/2.

    A common level rises past d/2, where a claimant begins to gain, and past d, where it stops.
    """
    (left, *room), unit = over_common([2 * amount, *(d for d in claims if d)])
    level, gaining = 0, 0
    for bend, change in sorted([*((d, 1) for d in room), *((2 * d, -1) for d in room)]):
        if left <= gaining * (bend - level):
            break
        left -= gaining * (bend - level)
        level = bend
        gaining += change
    return (level + Fraction(left, gaining)) / (2 * unit)
