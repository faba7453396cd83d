"""Everybody the same, as far as claims allow: equal awards, equal losses, between, and uniform."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from headworks.rationing.division import Division


def constrained_equal_awards(
    pool: Fraction, claims: Sequence[Fraction], *, weights: Sequence[Fraction] | None = None
) -> Division:
    """Award everybody the same, but nobody more than the claim: x = min(d, λ w), Σx = E.

    Nobody gains by claiming more than can be used; splitting into several claimants pays. With
    w = d the rule is proportional. Cost O(n log n).

    Source: Maimonides; Aumann and Maschler 1985; weighted form: Moulin 2000.
    """
    if sum(claims) <= pool:
        return Division(tuple(claims))
    level = fill_level(pool, claims, weights or [Fraction(1)] * len(claims))
    shares = [level] * len(claims) if weights is None else [level * w for w in weights]
    return Division(tuple(min(d, x) for d, x in zip(claims, shares, strict=True)), level)


def constrained_equal_losses(pool: Fraction, claims: Sequence[Fraction]) -> Division:
    """Let everybody lose the same, but nobody more than the claim: x = max(0, d - λ), Σx = E.

    The dual of constrained equal awards: d - CEA(D - E, d). Splitting never pays, overstating
    does. Cost O(n log n).

    Source: Maimonides; Aumann and Maschler 1985.
    """
    short = sum(claims) - pool
    if short <= 0:
        return Division(tuple(claims))
    level = fill_level(short, claims, [Fraction(1)] * len(claims))
    return Division(tuple(max(d - level, Fraction(0)) for d in claims), level)


def average(pool: Fraction, claims: Sequence[Fraction]) -> Division:
    """Award half-way between equal awards and equal losses: x = (CEA + CEL) / 2.

    A compromise between the small, whom equal awards favour, and the large, whom equal losses do;
    it keeps neither's safety of tranches. Cost O(n log n).

    Source: Thomson 2019, "How to Divide When There Isn't Enough".
    """
    if sum(claims) <= pool:
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
    total = sum(claims, Fraction(0))
    if total >= pool:
        return constrained_equal_awards(pool, claims)
    ordered = sorted(claims)
    level, left, lifted = ordered[0], pool - total, 1
    while lifted < len(ordered) and left > lifted * (ordered[lifted] - level):
        left -= lifted * (ordered[lifted] - level)
        level = ordered[lifted]
        lifted += 1
    level += left / lifted
    return Division(tuple(max(d, level) for d in claims), level)


def fill_level(
    amount: Fraction, capacities: Sequence[Fraction], weights: Sequence[Fraction]
) -> Fraction:
    """Return the lowest λ with Σ min(capacity, λ w) = amount, for 0 <= amount <= Σ capacities.

    Vessels are met in ascending order of capacity / weight, each lowering the weight that still
    rises. Weights are positive.
    """
    order = sorted(range(len(capacities)), key=lambda n: capacities[n] / weights[n])
    left, rising = amount, sum(weights, Fraction(0))
    for n in order:
        if left * weights[n] <= capacities[n] * rising:
            break
        left -= capacities[n]
        rising -= weights[n]
    return left / rising
