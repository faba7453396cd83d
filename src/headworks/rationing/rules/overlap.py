"""Minimal overlap: claims are laid on the pool so that few share a part of it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from headworks.rationing.common import beyond, over_common, total
from headworks.rationing.rules.division import Division

NOTHING = Fraction(0)


def minimal_overlap(pool: Fraction, claims: Sequence[Fraction]) -> Division:
    """Lay claims on parts of the pool so that few share a part; each part is shared alike.

    If no claim exceeds the pool: with s such that Σ max(0, d - s) = E - s, those above s get d - s
    that is theirs alone, and s is shared as by one who claims all of it. Otherwise claims cut to
    the pool are nested: of claims t in ascending order the stretch from t' to t is shared by all
    who reach t, x = Σ (t - t') / (how many reach t), which extends Ibn Ezra. The large are
    favoured. λ is s. Cost O(n log n) on fractions whose divisors are those of lcm(1, …, n) times
    the claims' own: among 10,000 different claims they have some 4,350 digits.

    Source: O'Neill 1982; Chun and Thomson 2005.
    """
    asked = total(claims)
    if asked <= pool:
        return Division(tuple(claims))
    if pool <= max(claims):
        return Division(_nested(pool, claims))
    level = _shared_part(pool, claims)
    nested = _nested(level, claims)
    parts = zip(beyond(claims, level), nested, strict=True)
    return Division(tuple(own + x if own else x for own, x in parts), level)


def _shared_part(pool: Fraction, claims: Sequence[Fraction]) -> Fraction:
    """Return s with s + Σ max(0, d - s) = E, for max d < E <= D.

    With k claims above it, s = (their sum - E) / (k - 1). As s rises from nothing claims fall
    below it, the smallest first, until it no longer has to pass the next.
    """
    (left, *room), unit = over_common([pool, *claims])
    ordered = sorted(room)
    above, k = sum(ordered), len(ordered)
    while above - left > ordered[-k] * (k - 1):
        above -= ordered[-k]
        k -= 1
    return Fraction(above - left, (k - 1) * unit)


def _nested(pool: Fraction, claims: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Share each stretch of the pool alike among those whose claims, cut to the pool, reach it."""
    (room, *ends), unit = over_common([pool, *claims])
    ends = [min(end, room) for end in ends]
    order = sorted(range(len(ends)), key=ends.__getitem__)
    found, award, reached = [NOTHING] * len(claims), NOTHING, 0
    for served, n in enumerate(order):
        if ends[n] > reached:  # adding a short fraction to a long one is cheap
            award += Fraction(ends[n] - reached, (len(order) - served) * unit)
        found[n], reached = award, ends[n]
    return tuple(found)
