"""Claims rules beside what computes them another way: all orders, all groups, readings by bends."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import combinations, pairwise, permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headworks.rationing.rule import RULES
from headworks.rationing.rules.arrival import random_arrival
from headworks.rationing.rules.sampling import Sampled, sampled
from headworks.rationing.rules.steps import dominguez_thomson
from headworks.rationing.rules.subsets import by_halves, by_sum
from tests.unit.rationing.rules.readings import READINGS

if TYPE_CHECKING:
    from headworks.rationing.rules.division import Division

NOTHING = Fraction(0)
amounts = st.fractions(min_value=0, max_value=40, max_denominator=4)
problems = st.tuples(
    st.lists(amounts, min_size=1, max_size=6), st.fractions(min_value=0, max_value=1)
).map(lambda drawn: (drawn[1] * sum(drawn[0], NOTHING), drawn[0]))
some = settings(max_examples=25)


def over_all_orders(pool: Fraction, claims: list[Fraction]) -> list[Fraction]:
    """Return the mean of min(d, what is left) over all n! orders."""
    found = [NOTHING for _ in claims]
    for order in permutations(range(len(claims))):
        left = pool
        for n in order:
            found[n] += min(claims[n], left)
            left -= min(claims[n], left)
    return [x / math.factorial(len(claims)) for x in found]


@some
@given(problem=problems)
def test_random_arrival_is_the_mean_over_all_orders(
    problem: tuple[Fraction, list[Fraction]],
) -> None:
    pool, claims = problem
    assert list(random_arrival(pool, claims).awards) == over_all_orders(pool, claims)


LEVELLED = sorted(READINGS.keys() & RULES.keys() - {"priority", "dominguez_thomson"})


@pytest.mark.parametrize("name", LEVELLED)
@some
@given(problem=problems)
def test_a_rule_with_a_level_is_what_walking_over_its_bends_gives(
    name: str, problem: tuple[Fraction, list[Fraction]]
) -> None:
    pool, claims = problem
    equal = [Fraction(1) for _ in claims]
    if sum(claims) > pool:
        wanted = READINGS[name](pool, claims, equal)
        assert list(RULES[name].divide(pool, claims).awards) == wanted


@pytest.mark.parametrize("name", ["proportional", "constrained_equal_awards"])
@some
@given(problem=problems, data=st.data())
def test_a_weighted_rule_is_what_walking_over_its_bends_gives(
    name: str, problem: tuple[Fraction, list[Fraction]], data: st.DataObject
) -> None:
    pool, claims = problem
    weight = st.fractions(min_value=Fraction(1, 4), max_value=8, max_denominator=4)
    weights = data.draw(st.lists(weight, min_size=len(claims), max_size=len(claims)))
    if sum(claims) > pool:
        wanted = READINGS[name](pool, claims, weights)
        assert list(RULES[name].divide(pool, claims, weights=weights).awards) == wanted


def all_groups(claims: list[int], bound: int) -> list[list[tuple[int, int]]]:
    """Return what `by_sum` and `by_halves` count, by looking at every group."""
    found = [[(0, 0)] * (len(claims) + 1) for _ in claims]
    for size in range(1, len(claims) + 1):
        for group in combinations(range(len(claims)), size):
            total = sum(claims[n] for n in group)
            for n in group if total <= bound else ():
                groups, sums = found[n][size]
                found[n][size] = (groups + 1, sums + total)
    return found


@some
@given(claims=st.lists(st.integers(1, 30), min_size=1, max_size=8), bound=st.integers(0, 130))
def test_groups_are_counted_alike_by_sum_by_halves_and_one_by_one(
    claims: list[int], bound: int
) -> None:
    wanted = all_groups(claims, bound)
    assert by_sum(claims, bound) == wanted
    assert by_halves(claims, bound) == wanted


@some
@given(data=st.data(), bits=st.sampled_from([24, 60, 66, 140, 500]))
def test_sums_of_any_width_are_counted_exactly(data: st.DataObject, bits: int) -> None:
    wide = st.integers(1, 2**bits)
    claims = data.draw(st.lists(wide, min_size=1, max_size=7))
    # On a sum, beside it, and anywhere: what fits by one unit fits.
    edge = sum(data.draw(st.lists(st.sampled_from(claims), unique=True)))
    bound = data.draw(st.sampled_from([edge, max(edge - 1, 0), edge + 1]) | wide)
    assert by_halves(claims, bound) == all_groups(claims, bound)


def test_thirty_claims_are_counted_alike_by_sum_and_by_halves() -> None:
    draw = random.Random(30)  # noqa: S311 - a test needs no secrets
    claims = [draw.randint(1, 300) for _ in range(30)]
    assert by_sum(claims, 2000) == by_halves(claims, 2000)
    scaled = [claim << 90 for claim in claims]  # in digits, compared by rank
    wide = [[(n, s >> 90) for n, s in sizes] for sizes in by_halves(scaled, 2000 << 90)]
    assert wide == by_sum(claims, 2000)


def claimants(count: int, top: int = 10**6) -> list[Fraction]:
    draw = random.Random(count)  # noqa: S311 - a test needs no secrets
    return [Fraction(draw.randint(10**5, top)) for _ in range(count)]


def checked(division: Division, pool: Fraction, claims: list[Fraction]) -> None:
    """Check that awards are exact, sum to the pool and are in the order of the claims."""
    assert not isinstance(division, Sampled)
    scale = math.lcm(*(x.denominator for x in division.awards))  # sums long fractions fast
    whole = [x.numerator * (scale // x.denominator) for x in division.awards]
    assert sum(whole) == pool * scale
    ordered = [x for _, x in sorted(zip(claims, whole, strict=True))]
    assert all(low <= high for low, high in pairwise(ordered))


def test_random_arrival_is_exact_for_25_claimants() -> None:
    claims = claimants(25)
    pool = sum(claims, NOTHING) / 3
    division = random_arrival(pool, claims)
    checked(division, pool, claims)


@pytest.mark.slow
@pytest.mark.parametrize("divisors", [(1,), (3, 7, 11, 13)])
def test_random_arrival_is_exact_for_40_claimants(
    divisors: tuple[int, ...],
) -> None:
    claims = [d / divisors[n % len(divisors)] for n, d in enumerate(claimants(40))]
    pool = sum(claims, NOTHING) / 3
    division = random_arrival(pool, claims)
    checked(division, pool, claims)


def test_claims_as_large_as_the_pool_do_not_count_as_claimants_to_be_counted() -> None:
    small, pool = claimants(10), Fraction(10**6)
    claims = [*small, *([pool + 5] * 90)]
    division = random_arrival(pool, claims)
    checked(division, pool, claims)
    assert len({*division.awards[10:]}) == 1


def test_a_hundred_claimants_of_round_claims_are_exact() -> None:
    claims = [Fraction(1000 * (1 + n % 12)) for n in range(100)]
    pool = Fraction(100_500)
    checked(random_arrival(pool, claims), pool, claims)


def test_equal_claimants_of_any_number_get_equal_parts() -> None:
    assert {*random_arrival(Fraction(10), [Fraction(7)] * 300).awards} == {Fraction(1, 30)}


def test_a_sample_agrees_with_all_orders_within_its_standard_errors() -> None:
    claims = [*claimants(10), Fraction(400_000), Fraction(400_000)]
    for pool in (sum(claims, NOTHING) / 3, sum(claims, NOTHING) * Fraction(7, 10)):
        exact, sample = random_arrival(pool, claims), random_arrival(pool, claims, orders=4000)
        assert isinstance(sample, Sampled)
        assert sum(sample.awards) == pool
        assert sample.awards[-1] == sample.awards[-2]
        off = [
            float(abs(x - y)) / error
            for x, y, error in zip(sample.awards, exact.awards, sample.standard_errors, strict=True)
        ]
        assert max(off) < 4
        assert max(off) > 0.1


def test_a_sample_is_drawn_where_groups_are_too_many_and_again_the_same() -> None:
    claims = claimants(60)
    pool = sum(claims, NOTHING) / 2
    division = random_arrival(pool, claims, seed=7)
    assert isinstance(division, Sampled)
    assert (division.orders, division.seed) == (100_000, 7)
    assert sum(division.awards) == pool
    assert max(division.standard_errors) < 2000
    few = [sampled(pool, claims, orders=50, seed=seed) for seed in (7, 7, 8)]
    assert few[0] == few[1] != few[2]


def test_a_sample_of_very_wide_numbers_is_like_that_of_narrow_ones() -> None:
    claims, unit = claimants(9), Fraction(10**60, 7)
    narrow = sampled(Fraction(10**6), claims, orders=40)
    wide = sampled(unit * 10**6, [d * unit for d in claims], orders=40)
    assert [x / unit for x in wide.awards] == list(narrow.awards)
    scaled = [error / float(unit) for error in wide.standard_errors]
    assert scaled == pytest.approx(narrow.standard_errors)
    huge = sampled(Fraction(10**406), [d * 10**400 for d in claims], orders=40)
    assert [x / 10**400 for x in huge.awards] == list(narrow.awards)
    assert {*huge.standard_errors} == {math.inf}


FEW_STEPS = {"dominguez_thomson"}
OTHERS = sorted(
    name for name, rule in RULES.items()
    if not rule.needs and name not in {"concede_and_divide", "random_arrival", *FEW_STEPS}
)  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_ten_thousand_claimants_and_a_pool_of_10_to_the_12_stay_exact(name: str) -> None:
    claims = claimants(10_000, top=10**9)
    pool = Fraction(10**12)
    division = RULES[name].divide(pool, claims)
    checked(division, pool, claims)


def test_ten_thousand_claimants_in_order_stay_exact() -> None:
    claims = claimants(10_000, top=10**9)
    pool, numbers = Fraction(10**12), list(range(10_000))
    for name, options in (
        ("priority", {"priority": numbers[::-1]}),
        ("points", {"scores": numbers}),
        ("first_come_first_served", {"days": [n % 7 for n in numbers]}),
    ):
        assert sum(RULES[name].divide(pool, claims, **options).awards) == pool


def test_random_arrival_of_ten_thousand_is_a_sample_that_sums_to_the_pool() -> None:
    claims = claimants(10_000, top=10**9)
    division = random_arrival(Fraction(10**12), claims, orders=100)
    assert isinstance(division, Sampled)
    assert sum(division.awards) == 10**12


def test_dominguez_thomson_of_ten_thousand_is_exact_where_claims_are_near_the_pool() -> None:
    claims = [Fraction(10**12 - n) for n in range(10_000)]
    pool = Fraction(10**12)
    checked(dominguez_thomson(pool, claims), pool, claims)
