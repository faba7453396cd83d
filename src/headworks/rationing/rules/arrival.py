"""Random arrival: what each gets on average when claimants come one by one in random order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from headworks.rationing.rules import subsets
from headworks.rationing.rules.division import Division
from headworks.rationing.rules.sampling import sampled

NOTHING = Fraction(0)
COST_MAX = 1.5e10
"""Bytes moved up to which awards are exact; about half a minute."""


def random_arrival(
    pool: Fraction,
    claims: Sequence[Fraction],
    *,
    orders: int | None = None,
    seed: int = 0,
) -> Division:
    """Award the mean of min(d, what is left) over all orders of arrival: the Shapley value.

    x = Σ |S|! (n - |S| - 1)! / n! · min(d, max(0, E - Σ d of S)) over the groups S that may be
    served before. Nobody is favoured but by luck, and luck is averaged out. Claiming more than the
    pool is pointless, claiming more up to it is not; tranches change the awards.

    No order is walked through: what counts is, for each claimant and each size, how many groups
    with the claimant fit into the pool, and their sums. `subsets` counts them by sum where claims
    are small multiples of a common unit, or by meeting in the middle, O(2^(n/2) n), for up to 46
    claimants below the pool, whatever their claims. Of more than half of all claims the losses
    are shared instead, which is the same. Where both ways cost more than `COST_MAX`, awards are
    the mean over some orders only, in a `Sampled` division with a standard error for each.

    Source: O'Neill 1982; Aumann and Maschler 1985.

    Args:
        pool: E, what there is to share.
        claims: What each claims.
        orders: Draw so many orders of arrival, at least 2; None draws only where it must.
        seed: Whole number from 0 to 2^128 - 1, from which orders are drawn.

    Raises:
        InputError: Orders or seed are out of bounds, and orders are drawn.
    """
    total = sum(claims, NOTHING)
    if total <= pool:
        return Division(tuple(claims))
    if 2 * pool > total:
        lost = random_arrival(total - pool, claims, orders=orders, seed=seed)
        awards = (d - x for d, x in zip(claims, lost.awards, strict=True))
        return replace(lost, awards=tuple(awards))
    asking = [d for d in claims if d]
    found = _exact(pool, asking) if orders is None else None
    if found is None:
        return sampled(pool, claims, orders=orders, seed=seed)
    left = iter(found)
    return Division(tuple(next(left) if d else NOTHING for d in claims))


def _exact(pool: Fraction, claims: Sequence[Fraction]) -> list[Fraction] | None:
    """Return the awards for positive claims, or None if that would cost too much.

    With g(S) = max(0, E - Σ d of S), min(d, g(S)) is g(S) - g(S with the claimant). Collected by
    groups T with the claimant, an award is a constant, the same for all, less the sum of g(T) / (k
    C(n-1, k)) over T of size k. Only groups that fit have g > 0, and none has a claim as large as
    the pool.
    """
    count = len(claims)
    scale = math.lcm(*(d.denominator for d in claims))
    numbers = [int(d * scale) for d in claims]
    unit = Fraction(math.gcd(*numbers), scale)
    room = pool / unit
    bound = math.ceil(room) - 1
    sizes = [min(int(d / unit), bound + 1) for d in claims]
    if len(set(sizes)) == 1:
        return [pool / count] * count
    fitting = [size for size in sizes if size <= bound]
    counts = _counted(fitting, bound)
    if counts is None:
        return None
    chances = [Fraction(1, k * math.comb(count - 1, k)) for k in range(1, count)]
    kept: dict[int, Fraction] = {bound + 1: NOTHING}
    for size, per_size in zip(fitting, counts, strict=True):
        if size not in kept:
            missed = zip(chances, per_size[1:], strict=False)  # not all together: they do not fit
            kept[size] = sum((c * (room * n - s) for c, (n, s) in missed), NOTHING)
    constant = (room + sum((kept[size] for size in sizes), NOTHING)) / count
    return [(constant - kept[size]) * unit for size in sizes]


def _counted(claims: Sequence[int], bound: int) -> subsets.Counts | None:
    ways = [
        (subsets.by_sum_cost(claims, bound), subsets.by_sum),
        (subsets.by_halves_cost(claims), subsets.by_halves),
    ]
    cost, count = min(ways, key=lambda way: way[0])
    return count(claims, bound) if cost <= COST_MAX else None
