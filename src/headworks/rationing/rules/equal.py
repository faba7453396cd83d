"""Everybody the same, as far as claims allow: equal awards, equal losses, between, and uniform."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from headworks.rationing.common import ascending, at_most, beyond, over_common, total
from headworks.rationing.rules.division import Division


def constrained_equal_awards(
    pool: Fraction, claims: Sequence[Fraction], *, weights: Sequence[Fraction] | None = None
) -> Division:
    """Award everybody the same, but nobody more than the claim: x = min(d, λ w), Σx = E.

    Nobody gains by claiming more than can be used; splitting into several claimants pays. With
    w = d the rule is proportional. Cost O(n log n).

    Source: Maimonides; Aumann and Maschler 1985; weighted form: Moulin 2000.
    """
    if total(claims) <= pool:
        return Division(tuple(claims))
    level = fill_level(pool, claims, weights)
    if weights is None:
        return Division(tuple(at_most(claims, level)), level)
    awards = (min(d, level * w) for d, w in zip(claims, weights, strict=True))
    return Division(tuple(awards), level)


def constrained_equal_losses(pool: Fraction, claims: Sequence[Fraction]) -> Division:
    """Let everybody lose the same, but nobody more than the claim: x = max(0, d - λ), Σx = E.

    The dual of constrained equal awards: d - CEA(D - E, d). Splitting never pays, overstating
    does. Cost O(n log n).

    Source: Maimonides; Aumann and Maschler 1985.
    """
    short = total(claims) - pool
    if short <= 0:
        return Division(tuple(claims))
    level = fill_level(short, claims)
    return Division(tuple(beyond(claims, level)), level)


def average(pool: Fraction, claims: Sequence[Fraction]) -> Division:
    """Award half-way between equal awards and equal losses: x = (CEA + CEL) / 2.

    A compromise between the small, whom equal awards favour, and the large, whom equal losses do;
    it keeps neither's safety of tranches. Cost O(n log n).

    Source: Thomson 2019, "How to Divide When There Isn't Enough".
    """
    if total(claims) <= pool:
        return Division(tuple(claims))
    both = (constrained_equal_awards(pool, claims), constrained_equal_losses(pool, claims))
    return Division(tuple((a + b) / 2 for a, b in zip(*(x.awards for x in both), strict=True)))


def uniform(pool: Fraction, claims: Sequence[Fraction]) -> Division:
    """Share where too much is as bad as too little: D >= E: x = min(d, λ); else max(d, λ), Σx = E.

    A claim here is the amount that the claimant likes best, its peak. The pool is shared whole, so
    with less asked for than there is some get more than they ask for. It never pays to name
    another peak, as long as surplus units are of no use; with a market for them everybody wants
    all, and only caps, deposits and rules of use help. In shortage it is constrained equal awards.
    Cost O(n log n).

    Source: Sprumont 1991; Ching 1994.
    """
    asked = total(claims)
    if asked >= pool:
        return constrained_equal_awards(pool, claims)
    ordered = [claims[n] for n in ascending(claims)]
    level, left, lifted = ordered[0], pool - asked, 1
    while lifted < len(ordered) and left > lifted * (ordered[lifted] - level):
        left -= lifted * (ordered[lifted] - level)
        level = ordered[lifted]
        lifted += 1
    level += left / lifted
    return Division(tuple(max(d, level) for d in claims), level)


def fill_level(
    amount: Fraction, capacities: Sequence[Fraction], weights: Sequence[Fraction] | None = None
) -> Fraction:
    """Return the lowest λ with Σ min(capacity, λ w) = amount, for 0 <= amount <= Σ capacities.

    Vessels are met in ascending order of capacity / weight, each lowering the weight that still
    rises. Weights are positive, and 1 if not given. Cost O(n log n).
    """
    (left, *room), unit = over_common([amount, *capacities])
    if weights is None:
        speeds, weight = [1] * len(room), 1
        order = sorted(range(len(room)), key=room.__getitem__)
    else:
        speeds, weight = over_common(weights)
        order = ascending([Fraction(*pair) for pair in zip(room, speeds, strict=True)])
    rising = sum(speeds)
    for n in order:
        if left * speeds[n] <= room[n] * rising:
            break
        left -= room[n]
        rising -= speeds[n]
    return Fraction(left * weight, rising * unit)
