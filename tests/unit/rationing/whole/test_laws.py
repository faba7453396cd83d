"""Laws of whole units: each for the methods that guarantee it, a counter-example for the others."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor
from typing import TypeAlias

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from headworks.rationing.rules.equal import constrained_equal_awards
from headworks.rationing.whole import METHODS, Method, whole_units
from tests.tiers import examples

Instance: TypeAlias = tuple[int, list[int]]

LAWS = ("lower_bound", "upper_bound", "pool_monotone", "claim_monotone")
KEEPS = [(m.name, law) for m in METHODS.values() for law in LAWS if getattr(m, law)]
BREAKS = [(m.name, law) for m in METHODS.values() for law in LAWS if not getattr(m, law)]
NAMES = sorted(METHODS)


def exact(name: str, pool: int, claims: list[int]) -> list[Fraction]:
    """Return awards of the rule that a method is about: proportional for most."""
    if METHODS[name].rule == "constrained_equal_awards":
        found = constrained_equal_awards(Fraction(pool), [Fraction(claim) for claim in claims])
        return list(found.awards)
    return [Fraction(pool * claim, sum(claims)) for claim in claims]


def whole(name: str, pool: int, claims: list[int]) -> tuple[int, ...]:
    """Return whole awards, ties to the first."""
    awards = exact(name, pool, claims)
    if METHODS[name].draws:
        return whole_units(awards, claims, by=name, key="7./").awards
    return whole_units(awards, claims, by=name, order=range(len(claims))).awards


def below(name: str, one: Instance, _: Instance) -> bool:
    """Whether an award is below the exact one rounded down."""
    awards = zip(whole(name, *one), exact(name, *one), strict=True)
    return any(award < floor(share) for award, share in awards)


def above(name: str, one: Instance, _: Instance) -> bool:
    """Whether an award is above the exact one rounded up."""
    awards = zip(whole(name, *one), exact(name, *one), strict=True)
    return any(award > ceil(share) for award, share in awards)


def loses_by_more(name: str, one: Instance, other: Instance) -> bool:
    """Whether somebody has less of the second, larger pool."""
    assert one[0] < other[0]
    assert one[1] == other[1]
    pairs = zip(whole(name, *one), whole(name, *other), strict=True)
    return any(after < before for before, after in pairs)


def loses_to_a_falling_claim(name: str, one: Instance, other: Instance) -> bool:
    """Whether somebody whose claim rises loses a unit to somebody whose claim falls."""
    moves = [
        (there - here, after - before)
        for here, there, before, after in zip(
            one[1], other[1], whole(name, *one), whole(name, *other), strict=True
        )
    ]
    loser = any(claim > 0 and award < 0 for claim, award in moves)
    return loser and any(claim < 0 and award > 0 for claim, award in moves)


BROKEN: dict[str, Callable[[str, Instance, Instance], bool]] = {
    "lower_bound": below,
    "upper_bound": above,
    "pool_monotone": loses_by_more,
    "claim_monotone": loses_to_a_falling_claim,
}
NONE: Instance = (0, [1])

COUNTER_EXAMPLES: dict[tuple[str, str], tuple[Instance, Instance]] = {
    ("adams", "lower_bound"): ((3, [1, 1, 4]), NONE),
    ("dean", "lower_bound"): ((3, [1, 1, 4]), NONE),
    ("hill", "lower_bound"): ((3, [1, 1, 4]), NONE),
    ("webster", "lower_bound"): ((14, [3, 1, 18, 3]), NONE),
    ("proportional_random", "lower_bound"): ((2, [2, 2]), NONE),
    ("jefferson", "upper_bound"): ((3, [1, 1, 4]), NONE),
    ("webster", "upper_bound"): ((9, [18, 4, 4, 1]), NONE),
    ("hill", "upper_bound"): ((166, [140, 19, 6, 18]), NONE),
    ("dean", "upper_bound"): ((223, [153, 27, 24, 25]), NONE),
    ("proportional_random", "upper_bound"): ((2, [2, 2]), NONE),
    # the Alabama paradox at its smallest
    ("largest_remainder", "pool_monotone"): ((3, [3, 1, 3]), (4, [3, 1, 3])),
    ("largest_remainder", "claim_monotone"): (
        (12, [324, 33, 15, 18, 56, 5]),
        (12, [326, 53, 15, 16, 56, 5]),
    ),
    ("quota", "claim_monotone"): ((15, [90, 1, 17, 14]), (15, [95, 3, 19, 13])),
    ("proportional_random", "claim_monotone"): ((1, [7, 1]), (1, [6, 3])),
}

instances = st.lists(st.integers(0, 60), min_size=1, max_size=6).flatmap(
    lambda claims: st.tuples(st.integers(0, sum(claims)), st.just(claims))
).filter(lambda one: any(one[1]))  # fmt: skip


def test_every_broken_law_has_its_counter_example() -> None:
    assert sorted(COUNTER_EXAMPLES) == sorted(BREAKS)


@pytest.mark.parametrize(("name", "law"), BREAKS)
def test_a_law_that_is_not_guaranteed_is_broken(name: str, law: str) -> None:
    assert BROKEN[law](name, *COUNTER_EXAMPLES[name, law])


@pytest.mark.parametrize(("name", "law"), [pair for pair in KEEPS if pair[1].endswith("bound")])
@given(instances)
def test_a_bound_that_is_guaranteed_is_kept(name: str, law: str, one: Instance) -> None:
    assert not BROKEN[law](name, one, NONE)


@pytest.mark.parametrize("name", [name for name, law in KEEPS if law == "pool_monotone"])
@given(instances, st.integers(1, 5))
def test_a_larger_pool_costs_nobody_a_unit(name: str, one: Instance, more: int) -> None:
    pool, claims = one
    assume(pool + more <= sum(claims))
    assert not loses_by_more(name, one, (pool + more, claims))


@pytest.mark.parametrize("name", [name for name, law in KEEPS if law == "claim_monotone"])
@settings(max_examples=examples(50))
@given(instances, st.data())
def test_a_rising_claim_loses_nothing_to_a_falling_one(
    name: str, one: Instance, data: st.DataObject
) -> None:
    pool, claims = one
    moved = [data.draw(st.integers(max(0, c - 9), c + 9)) for c in claims]
    assume(sum(moved) >= max(pool, 1))
    assert not loses_to_a_falling_claim(name, one, (pool, moved))


@pytest.mark.parametrize("name", NAMES)
@given(instances)
def test_awards_sum_to_the_pool_and_exceed_no_claim(name: str, one: Instance) -> None:
    pool, claims = one
    found = whole(name, pool, claims)
    assert sum(found) == pool
    assert all(0 <= award <= claim for award, claim in zip(found, claims, strict=True))


fractions = st.fractions(0, 1, max_denominator=12)
any_awards = st.lists(st.tuples(st.integers(0, 20), fractions), min_size=1, max_size=6)


@pytest.mark.parametrize("name", [name for name, one in METHODS.items() if one.rule is None])
@settings(max_examples=examples(50))
@given(any_awards)
def test_awards_of_any_rule_are_rounded_within_claims(
    name: str, parties: list[tuple[int, Fraction]]
) -> None:
    claims = [claim for claim, _ in parties]
    awards = [claim * part for claim, part in parties]
    found = whole_units(awards, claims, by=name, order=range(len(claims))).awards
    assert sum(found) == floor(sum(awards))
    assert all(0 <= award <= claim for award, claim in zip(found, claims, strict=True))
    one: Method = METHODS[name]
    scale = Fraction(floor(sum(awards)), 1) / (sum(awards) or 1)
    for units, award in zip(found, awards, strict=True):
        assert not one.lower_bound or units >= floor(award * scale)
        assert not one.upper_bound or units <= ceil(award)
        if name == "largest_remainder":
            assert abs(units - award) < 1


@pytest.mark.parametrize("name", [name for name, one in METHODS.items() if not one.draws])
@settings(max_examples=examples(50))
@given(instances, st.data())
def test_the_place_in_the_list_is_of_no_account(
    name: str, one: Instance, data: st.DataObject
) -> None:
    pool, claims = one
    count = len(claims)
    order = data.draw(st.permutations(range(count)))
    moved = data.draw(st.permutations(range(count)))
    awards = exact(name, pool, claims)
    here = whole_units(awards, claims, by=name, order=order).awards
    there = whole_units(
        [awards[n] for n in moved], [claims[n] for n in moved], by=name,
        order=[moved.index(n) for n in order],
    ).awards  # fmt: skip
    assert there == tuple(here[n] for n in moved)


# Independent readings


def squared_divisor(name: str, k: int) -> Fraction:
    """Return the square of the divisor of a claimant that has k units, from the textbook."""
    return {
        "adams": Fraction(k * k),
        "dean": Fraction(k * (k + 1), 1) ** 2 / (k + Fraction(1, 2)) ** 2,
        "hill": Fraction(k * (k + 1)),
        "webster": (k + Fraction(1, 2)) ** 2,
        "jefferson": Fraction((k + 1) ** 2),
    }[name]


@pytest.mark.parametrize("name", ["adams", "dean", "hill", "webster", "jefferson"])
@settings(max_examples=examples(50))
@given(any_awards)
def test_divisor_methods_keep_the_inequality_that_defines_them(
    name: str, parties: list[tuple[int, Fraction]]
) -> None:
    claims = [claim for claim, _ in parties]
    awards = [claim * part for claim, part in parties]
    found = whole_units(awards, claims, by=name, order=range(len(claims))).awards
    for n, m in itertools.permutations(range(len(claims)), 2):
        if found[n] > 0 and found[m] < claims[m]:
            had = awards[n] ** 2 * squared_divisor(name, found[m])
            wanted = awards[m] ** 2 * squared_divisor(name, found[n] - 1)
            assert had >= wanted


@given(any_awards)
def test_the_largest_remainder_is_nearest_to_the_exact_awards(
    parties: list[tuple[int, Fraction]],
) -> None:
    parties = [(claim % 5, part) for claim, part in parties[:4]]
    claims = [claim for claim, _ in parties]
    awards = [claim * part for claim, part in parties]
    found = whole_units(awards, claims, order=range(len(claims))).awards

    def distance(units: tuple[int, ...]) -> Fraction:
        return sum(((x - a) ** 2 for x, a in zip(units, awards, strict=True)), Fraction(0))

    choices = itertools.product(*(range(claim + 1) for claim in claims))
    total = floor(sum(awards))
    assert distance(found) == min(distance(units) for units in choices if sum(units) == total)


@given(instances)
def test_rounds_of_one_are_rounds_of_one(one: Instance) -> None:
    pool, claims = one
    awards = [0] * len(claims)
    left = pool
    while left:
        for n, claim in enumerate(claims):
            if (
                awards[n] < claim
                and left
                and awards[n] == min(awards[m] for m in range(len(claims)) if awards[m] < claims[m])
            ):
                awards[n] += 1
                left -= 1
    assert whole("rounds_of_one", pool, claims) == tuple(awards)
