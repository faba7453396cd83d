"""A finer search for what breaks a property on one instance, by each property's own definition.

It shares no code with what it is compared with. Every group of claimants leaves, merges or comes,
amounts change on grids several times as fine, and nothing stops early. It is for a few claimants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, combinations_with_replacement
from typing import TypeAlias

Awards: TypeAlias = tuple[Fraction, ...]
Divide: TypeAlias = Callable[[Fraction, Sequence[Fraction]], Awards]
Search: TypeAlias = Callable[[Divide, Fraction, Awards], Iterator[bool]]
"""Yields, for each change of a pool and claims, whether the property holds under it."""

NOTHING = Fraction(0)
GRID = 24


def grid(most: Fraction, steps: int = GRID) -> list[Fraction]:
    return [most * n / steps for n in range(1, steps)]


def groups(claims: Awards, least: int, most: int) -> Iterator[tuple[list[int], list[int]]]:
    """Yield some of the claimants, and the others."""
    everybody = range(len(claims))
    for size in range(least, most + 1):
        for some in combinations(everybody, size):
            yield list(some), [n for n in everybody if n not in some]


def newcomers(pool: Fraction, claims: Awards) -> list[Fraction]:
    amounts = {d * n / 4 for d in (pool, *claims) for n in (1, 2, 4, 8)}
    return sorted(amounts - {NOTHING})


def balance(divide: Divide, pool: Fraction, claims: Awards) -> Iterator[bool]:
    for amount in [pool, *grid(sum(claims, NOTHING))]:
        yield sum(divide(amount, claims)) == min(amount, sum(claims))


def bounds(divide: Divide, pool: Fraction, claims: Awards) -> Iterator[bool]:
    for amount in [pool, *grid(sum(claims, NOTHING))]:
        yield all(0 <= x <= d for x, d in zip(divide(amount, claims), claims, strict=True))


def equal_treatment(divide: Divide, pool: Fraction, claims: Awards) -> Iterator[bool]:
    awards = divide(pool, claims)
    for (n, d), (m, e) in combinations(enumerate(claims), 2):
        yield d != e or awards[n] == awards[m]


def order_preservation(divide: Divide, pool: Fraction, claims: Awards) -> Iterator[bool]:
    pairs = list(zip(claims, divide(pool, claims), strict=True))
    for (d, x), (e, y) in combinations(sorted(pairs), 2):
        yield x <= y
        yield d - x <= e - y


def endowment_monotonicity(divide: Divide, pool: Fraction, claims: Awards) -> Iterator[bool]:
    here = divide(pool, claims)
    for amount in grid(sum(claims, NOTHING)):
        both = zip(here, divide(amount, claims), strict=True)
        yield all((x <= y) if amount >= pool else (x >= y) for x, y in both)


def claim_monotonicity(divide: Divide, pool: Fraction, claims: Awards) -> Iterator[bool]:
    here = divide(pool, claims)
    for n, d in enumerate(claims):
        for claim in [NOTHING, *grid(3 * d)]:
            award = divide(pool, [*claims[:n], claim, *claims[n + 1 :]])[n]
            yield award >= here[n] if claim >= d else award <= here[n]


def population_monotonicity(divide: Divide, pool: Fraction, claims: Awards) -> Iterator[bool]:
    here = divide(pool, claims)
    for kept, _ in groups(claims, 1, len(claims) - 1):
        alone = divide(pool, [claims[n] for n in kept])
        yield all(x >= here[n] for x, n in zip(alone, kept, strict=True))
    for claim in newcomers(pool, claims):
        yield all(x <= y for x, y in zip(divide(pool, [*claims, claim]), here, strict=False))


def linked_monotonicity(divide: Divide, pool: Fraction, claims: Awards) -> Iterator[bool]:
    here = divide(pool, claims)
    for kept, gone in groups(claims, 1, len(claims) - 1):
        rest = pool - sum(claims[n] for n in gone)
        if rest >= 0:
            alone = divide(rest, [claims[n] for n in kept])
            yield all(x <= here[n] for x, n in zip(alone, kept, strict=True))
    for claim in newcomers(pool, claims):
        joined = divide(pool + claim, [*claims, claim])
        yield all(x >= y for x, y in zip(joined, here, strict=False))


def truncation_invariance(divide: Divide, pool: Fraction, claims: Awards) -> Iterator[bool]:
    yield divide(pool, claims) == divide(pool, [min(d, pool) for d in claims])
    for some, _ in groups(claims, 1, len(claims)):
        for factor in (Fraction(3, 2), Fraction(2), Fraction(10)):
            low = [max(d, pool) if n in some else d for n, d in enumerate(claims)]
            high = [factor * d if n in some else d for n, d in enumerate(low)]
            yield divide(pool, low) == divide(pool, high)


def minimal_rights_first(divide: Divide, pool: Fraction, claims: Awards) -> Iterator[bool]:
    rights = [max(NOTHING, pool - sum(claims) + d) for d in claims]
    left = [d - m for d, m in zip(claims, rights, strict=True)]
    yield divide(pool, claims) == on_top(rights, divide(pool - sum(rights), left))


def composition_up(divide: Divide, pool: Fraction, claims: Awards) -> Iterator[bool]:
    stages = [(first, pool) for first in grid(pool)]
    stages += [(pool, pool + more) for more in [*grid(sum(claims) - pool), sum(claims) - pool]]
    for first, both in stages:
        got = divide(first, claims)
        left = [d - x for d, x in zip(claims, got, strict=True)]
        yield divide(both, claims) == on_top(got, divide(both - first, left))


def composition_down(divide: Divide, pool: Fraction, claims: Awards) -> Iterator[bool]:
    stages = [(pool, less) for less in grid(pool)]
    stages += [(pool + more, pool) for more in grid(sum(claims) - pool)]
    for larger, smaller in stages:
        yield divide(smaller, claims) == divide(smaller, divide(larger, claims))


def consistency(divide: Divide, pool: Fraction, claims: Awards) -> Iterator[bool]:
    here = divide(pool, claims)
    for kept, _ in groups(claims, 1, len(claims) - 1):
        theirs = tuple(here[n] for n in kept)
        yield divide(sum(theirs, NOTHING), [claims[n] for n in kept]) == theirs


def self_duality(divide: Divide, pool: Fraction, claims: Awards) -> Iterator[bool]:
    lost = divide(sum(claims) - pool, claims)
    yield divide(pool, claims) == tuple(d - x for d, x in zip(claims, lost, strict=True))


def no_advantageous_merging(divide: Divide, pool: Fraction, claims: Awards) -> Iterator[bool]:
    for apart, merged in regrouped(divide, pool, claims):
        yield merged <= apart


def no_advantageous_splitting(divide: Divide, pool: Fraction, claims: Awards) -> Iterator[bool]:
    for apart, merged in regrouped(divide, pool, claims):
        yield apart <= merged


def regrouped(
    divide: Divide, pool: Fraction, claims: Awards
) -> Iterator[tuple[Fraction, Fraction]]:
    """Yield what several get apart and as one: groups of the claimants, and parts of each."""
    here = divide(pool, claims)
    for some, others in groups(claims, 2, len(claims) - 1):
        together = divide(
            pool, [sum((claims[n] for n in some), NOTHING), *(claims[n] for n in others)]
        )
        yield sum((here[n] for n in some), NOTHING), together[0]
    for n, d in enumerate(claims):
        for numbers in (2, 3):
            for slices in combinations_with_replacement(range(1, 12), numbers):
                if sum(slices) == 12 and d:
                    parts = [d * part / 12 for part in slices]
                    split = divide(pool, [*parts, *claims[:n], *claims[n + 1 :]])
                    yield sum(split[:numbers], NOTHING), here[n]


def full_compensation(divide: Divide, pool: Fraction, claims: Awards) -> Iterator[bool]:
    for d, x in zip(claims, divide(pool, claims), strict=True):
        yield x == d or sum(min(d, other) for other in claims) > pool


def shares(divide: Divide, pool: Fraction, claims: Awards) -> list[Fraction]:
    return [x / d for d, x in sorted(zip(claims, divide(pool, claims), strict=True)) if d]


def regressive(divide: Divide, pool: Fraction, claims: Awards) -> Iterator[bool]:
    found = shares(divide, pool, claims)
    yield found == sorted(found, reverse=True)


def progressive(divide: Divide, pool: Fraction, claims: Awards) -> Iterator[bool]:
    found = shares(divide, pool, claims)
    yield found == sorted(found)


def replication_invariance(divide: Divide, pool: Fraction, claims: Awards) -> Iterator[bool]:
    for times in (2, 3):
        yield divide(times * pool, times * tuple(claims)) == times * divide(pool, claims)


def on_top(first: Sequence[Fraction], more: Sequence[Fraction]) -> Awards:
    return tuple(a + b for a, b in zip(first, more, strict=True))


SEARCHES: dict[str, Search] = {
    "balance": balance,
    "bounds": bounds,
    "equal_treatment": equal_treatment,
    "order_preservation": order_preservation,
    "endowment_monotonicity": endowment_monotonicity,
    "claim_monotonicity": claim_monotonicity,
    "population_monotonicity": population_monotonicity,
    "linked_monotonicity": linked_monotonicity,
    "truncation_invariance": truncation_invariance,
    "minimal_rights_first": minimal_rights_first,
    "composition_up": composition_up,
    "composition_down": composition_down,
    "consistency": consistency,
    "self_duality": self_duality,
    "no_advantageous_merging": no_advantageous_merging,
    "no_advantageous_splitting": no_advantageous_splitting,
    "full_compensation_of_small_claims": full_compensation,
    "regressive": regressive,
    "progressive": progressive,
    "replication_invariance": replication_invariance,
}  # fmt: skip


def broken(name: str, divide: Divide, pool: Fraction, claims: Awards) -> bool:
    """Say whether some change breaks a property on an instance whose claims reach the pool."""
    return not all(SEARCHES[name](divide, pool, claims))
