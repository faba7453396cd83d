"""Rules that lay claims on the pool one over the other, or cut them to it step by step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from headworks.errors import Fault, InputError
from headworks.rationing.common import beyond, over_common, total
from headworks.rationing.rules.division import Division

NOTHING = Fraction(0)
DIGITS_MAX = 3_000
"""Digits of a divisor beyond which an award is no number that people write down."""


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


def dominguez_thomson(pool: Fraction, claims: Sequence[Fraction]) -> Division:
    """Award everybody the n-th part of the claim cut to the pool, and so on with what is left.

    x = Σ min(d, E) / n, where d and E are lowered by what was awarded in each step. Once no claim
    but those of nothing is below what is left of the pool, all further steps are alike, and what
    they award in the end is the rest in equal parts. Claiming more than the pool is pointless.

    After k steps a claim never cut to the pool is d (1 - 1/n)^k; with c claims cut, and U the sum
    of the others, the rest of the pool is n^-k times a whole number A of its unit, which becomes
    (n - c) A - U (n - 1)^k. So a step costs O(1) operations on numbers of k log n digits, and the
    awards are fractions of as many. Where the smallest claim is far below the pool, or claimants
    are many, that is too many to write: n claimants who get half of what they claim take n log 2
    steps, which for 10,000 are divisors of some 28,000 digits, and half a gigabyte of awards. Such
    a call ends at once, with an error that offers other rules.

    Source: Dominguez and Thomson 2006.

    Raises:
        InputError: An award would have a divisor of more than `DIGITS_MAX` digits.
    """
    asked = total(claims)
    if asked <= pool:
        return Division(tuple(claims))
    if not pool:
        return Division((NOTHING,) * len(claims))
    unit = Fraction(1, math.lcm(pool.denominator, *(d.denominator for d in claims)))
    wanted = sorted((n for n, d in enumerate(claims) if d), key=claims.__getitem__, reverse=True)
    count, found = len(claims), [NOTHING] * len(claims)
    # All over `whole`, n^k: what is left of the pool, what is left of an uncut claim of 1, and
    # what each claim that is cut would have got if it had been so from the start.
    left, open_share, got, whole = int(pool / unit), 1, 0, 1
    others = int(asked / unit)
    joined: list[Fraction] = []
    for cut, n in enumerate(wanted):
        claim = int(claims[n] / unit)
        while left > claim * open_share:
            if whole.bit_length() > DIGITS_MAX * math.log2(10):
                raise _too_long(count)
            left, got = (count - cut) * left - others * open_share, count * got + left
            open_share, whole = (count - 1) * open_share, count * whole
        others -= claim
        joined.append(Fraction(claim * (whole - open_share) - got, whole))
    each = Fraction(got, whole) + Fraction(left, whole * len(wanted))
    for n, own in zip(wanted, joined, strict=True):
        found[n] = (own + each) * unit
    return Division(tuple(found))


def _too_long(count: int) -> InputError:
    message = (
        f"an exact Dominguez–Thomson award among these {count} claimants would be a fraction of "
        f"more than {DIGITS_MAX:,} digits, because claimants are many or the smallest claim is far "
        "below the pool"
    )
    remedy = "take adjusted_proportional or minimal_overlap, or leave out the smallest claims"
    return InputError([Fault("rule", 0, "", message, remedy)])
