"""Rules that turn at half of the claims: Talmud, its reverse, Piniles, constrained egalitarian."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from headworks.rationing.division import Division
from headworks.rationing.rules.equal import fill_level

NOTHING = Fraction(0)


def talmud(pool: Fraction, claims: Sequence[Fraction]) -> Division:
    """Let all gain alike up to half of each claim, and beyond it lose alike.

    E <= D/2: x = min(d/2, λ); else x = d - min(d/2, λ); Σx = E. Below half of all claims the small
    are favoured, above it the large. Claiming more than the pool is pointless, claiming more up to
    it is not; tranches change the awards. Cost O(n log n).

    Source: Ketubot 93a; Aumann and Maschler 1985.
    """
    total = sum(claims, NOTHING)
    if total <= pool:
        return Division(tuple(claims))
    half = [d / 2 for d in claims]
    if 2 * pool <= total:
        return _capped(half, _level(pool, half))
    level = _level(total - pool, half)
    return Division(tuple(d - min(h, level) for d, h in zip(claims, half, strict=True)), level)


def reverse_talmud(pool: Fraction, claims: Sequence[Fraction]) -> Division:
    """Let all lose alike up to half of each claim, and beyond it gain alike.

    E <= D/2: x = max(0, d/2 - λ); else x = d/2 + min(d/2, λ); Σx = E. Below half of all claims the
    large are favoured, above it the small; who claims little may get nothing of a small pool. Cost
    O(n log n).

    Source: Chun, Schummer and Thomson 2001.
    """
    total = sum(claims, NOTHING)
    if total <= pool:
        return Division(tuple(claims))
    half = [d / 2 for d in claims]
    if 2 * pool <= total:
        level = _level(total / 2 - pool, half)
        return Division(tuple(max(NOTHING, h - level) for h in half), level)
    level = _level(pool - total / 2, half)
    return Division(tuple(h + min(h, level) for h in half), level)


def piniles(pool: Fraction, claims: Sequence[Fraction]) -> Division:
    """Let all gain alike up to half of each claim, and then again alike up to the other half.

    E <= D/2: x = min(d/2, λ); else x = d/2 + min(d/2, λ); Σx = E. The small are favoured
    throughout, but nobody is served in full before all have half. Cost O(n log n).

    Source: Piniles 1861; Thomson 2003.
    """
    total = sum(claims, NOTHING)
    if total <= pool:
        return Division(tuple(claims))
    half = [d / 2 for d in claims]
    if 2 * pool <= total:
        return _capped(half, _level(pool, half))
    level = _level(pool - total / 2, half)
    return Division(tuple(h + min(h, level) for h in half), level)


def constrained_egalitarian(pool: Fraction, claims: Sequence[Fraction]) -> Division:
    """Award as equally as can be, where beyond half of all claims nobody has less than half.

    E <= D/2: x = min(d/2, λ); else x = max(d/2, min(d, λ)); Σx = E. Above half of all claims the
    small are brought up to the large before these get more than half. Cost O(n log n).

    Source: Chun, Schummer and Thomson 2001.
    """
    total = sum(claims, NOTHING)
    if total <= pool:
        return Division(tuple(claims))
    half = [d / 2 for d in claims]
    if 2 * pool <= total:
        return _capped(half, _level(pool, half))
    level = _rising_level(pool - total / 2, claims)
    awards = (max(h, min(d, level)) for d, h in zip(claims, half, strict=True))
    return Division(tuple(awards), level)


def _capped(caps: Sequence[Fraction], level: Fraction) -> Division:
    return Division(tuple(min(cap, level) for cap in caps), level)


def _level(amount: Fraction, half: Sequence[Fraction]) -> Fraction:
    """Return the lowest λ with Σ min(d/2, λ) = amount, for amounts up to D/2."""
    return fill_level(amount, half, [Fraction(1)] * len(half))


def _rising_level(amount: Fraction, claims: Sequence[Fraction]) -> Fraction:
    """Return λ with Σ min(d/2, max(0, λ - d/2)) = amount, for 0 < amount < D/2.

    A common level rises past d/2, where a claimant begins to gain, and past d, where it stops.
    """
    bends = sorted([(d / 2, 1) for d in claims if d] + [(d, -1) for d in claims if d])
    left, level, gaining = amount, NOTHING, 0
    for bend, change in bends:
        if left <= gaining * (bend - level):
            break
        left -= gaining * (bend - level)
        level = bend
        gaining += change
    return level + left / gaining
