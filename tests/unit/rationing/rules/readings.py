"""Claims rules read from their definitions, in fractions and one problem at a time.

They share no code and as little thought as possible with what they are compared with: a level is
found by walking over the points where awards bend, and steps are taken one by one. Pools are not
larger than the sum of the claims.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

Exact: TypeAlias = list[Fraction]
Reading: TypeAlias = Callable[[Fraction, Exact, Exact], Exact]

NOTHING, ONE = Fraction(0), Fraction(1)
LEFT = Fraction(1, 10**17)
"""Share of a pool at which steps that never end are ended."""


def where(
    amount: Callable[[Fraction], Fraction], bends: Sequence[Fraction], wanted: Fraction
) -> Fraction:
    """Return where an amount that is linear between its bends is what is wanted."""
    for low, high in pairwise(sorted({NOTHING, *bends})):
        one, two = amount(low), amount(high)
        if min(one, two) <= wanted <= max(one, two):
            return low + (high - low) * (wanted - one) / (two - one) if one != two else low
    return NOTHING  # there are only claims of nothing


def proportional(pool: Fraction, claims: Exact, weights: Exact) -> Exact:
    speeds = [w * d for w, d in zip(weights, claims, strict=True)]
    return constrained_equal_awards(pool, claims, speeds)


def constrained_equal_awards(pool: Fraction, claims: Exact, weights: Exact) -> Exact:
    def awards(level: Fraction) -> Exact:
        return [min(d, level * w) for d, w in zip(claims, weights, strict=True)]

    full = [d / w for d, w in zip(claims, weights, strict=True) if w]
    return awards(where(lambda level: sum(awards(level), NOTHING), full, pool))


def constrained_equal_losses(pool: Fraction, claims: Exact, weights: Exact) -> Exact:
    del weights

    def awards(loss: Fraction) -> Exact:
        return [max(NOTHING, d - loss) for d in claims]

    return awards(where(lambda loss: sum(awards(loss), NOTHING), claims, pool))


def talmud(pool: Fraction, claims: Exact, weights: Exact) -> Exact:
    half = [d / 2 for d in claims]
    if pool <= sum(half):
        return constrained_equal_awards(pool, half, weights)
    return on_top(half, constrained_equal_losses(pool - sum(half), half, weights))


def reverse_talmud(pool: Fraction, claims: Exact, weights: Exact) -> Exact:
    half = [d / 2 for d in claims]
    if pool <= sum(half):
        return constrained_equal_losses(pool, half, weights)
    return on_top(half, constrained_equal_awards(pool - sum(half), half, weights))


def piniles(pool: Fraction, claims: Exact, weights: Exact) -> Exact:
    half = [d / 2 for d in claims]
    if pool <= sum(half):
        return constrained_equal_awards(pool, half, weights)
    return on_top(half, constrained_equal_awards(pool - sum(half), half, weights))


def on_top(first: Exact, then: Exact) -> Exact:
    return [a + b for a, b in zip(first, then, strict=True)]


def constrained_egalitarian(pool: Fraction, claims: Exact, weights: Exact) -> Exact:
    half = [d / 2 for d in claims]
    if pool <= sum(half):
        return constrained_equal_awards(pool, half, weights)

    def awards(level: Fraction) -> Exact:
        return [max(d / 2, min(d, level)) for d in claims]

    return awards(where(lambda level: sum(awards(level), NOTHING), [*half, *claims], pool))


def minimal_overlap(pool: Fraction, claims: Exact, weights: Exact) -> Exact:
    del weights
    if pool <= max(claims):
        return laid(pool, claims)
    common = where(lambda s: s + sum((max(NOTHING, d - s) for d in claims), NOTHING), claims, pool)
    return on_top(laid(common, claims), [max(NOTHING, d - common) for d in claims])


def laid(pool: Fraction, claims: Exact) -> Exact:
    """Return the awards where claims lie one over the other: each stretch is shared alike."""
    ends = sorted({NOTHING, *(min(d, pool) for d in claims)})
    return [
        sum(((b - a) / sum(c >= b for c in claims) for a, b in pairwise(ends) if d >= b), NOTHING)
        for d in claims
    ]


def adjusted_proportional(pool: Fraction, claims: Exact, weights: Exact) -> Exact:
    rights = [max(NOTHING, pool - (sum(claims) - d)) for d in claims]
    rest = pool - sum(rights)
    left = [min(rest, d - m) for d, m in zip(claims, rights, strict=True)]
    return on_top(rights, proportional(rest, left, weights))


def dominguez_thomson(pool: Fraction, claims: Exact, weights: Exact) -> Exact:
    del weights
    found, left, rest = [NOTHING for _ in claims], list(claims), pool
    while rest > LEFT * pool:
        step = [min(d, rest) / len(claims) for d in left]
        found, left = on_top(found, step), [d - s for d, s in zip(left, step, strict=True)]
        rest -= sum(step)
    return found


def average(pool: Fraction, claims: Exact, weights: Exact) -> Exact:
    awards = constrained_equal_awards(pool, claims, weights)
    losses = constrained_equal_losses(pool, claims, weights)
    return [(a + b) / 2 for a, b in zip(awards, losses, strict=True)]


def priority(pool: Fraction, claims: Exact, weights: Exact) -> Exact:
    found, rest = [NOTHING for _ in claims], pool
    for weight in sorted(set(weights), reverse=True):
        asked = sum((d for d, w in zip(claims, weights, strict=True) if w == weight), NOTHING)
        for n, (d, w) in enumerate(zip(claims, weights, strict=True)):
            if w == weight and asked:
                found[n] = d * min(ONE, rest / asked)
        rest = max(NOTHING, rest - asked)
    return found


READINGS: dict[str, Reading] = {
    "proportional": proportional,
    "constrained_equal_awards": constrained_equal_awards,
    "constrained_equal_losses": constrained_equal_losses,
    "talmud": talmud,
    "reverse_talmud": reverse_talmud,
    "piniles": piniles,
    "constrained_egalitarian": constrained_egalitarian,
    "minimal_overlap": minimal_overlap,
    "adjusted_proportional": adjusted_proportional,
    "dominguez_thomson": dominguez_thomson,
    "average": average,
    "uniform": constrained_equal_awards,
    "priority": priority,
}


def exactly(
    rule: str, claims: Sequence[float], pool: float, weights: Sequence[float] | None = None
) -> Exact:
    """Return the awards of a rule; everybody's claim where there is enough."""
    asked = [Fraction(d) for d in claims]
    if sum(asked) <= Fraction(pool):
        return asked
    by_line = [ONE] * len(asked) if weights is None else [Fraction(w) for w in weights]
    return READINGS[rule](max(NOTHING, Fraction(pool)), asked, by_line)
