"""Dominguez–Thomson awards: their steps, fractions of any length in lowest terms, and an end."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import headworks as hw
from headworks.errors import InputError
from headworks.rationing.record import record, verify
from headworks.rationing.rules import steps
from headworks.rationing.rules.steps import dominguez_thomson
from tests.unit.rationing.rules.readings import READINGS

NOTHING = Fraction(0)
amounts = st.fractions(0, 40, max_denominator=7)
LONG_DIVISORS = [2**5000 * 3, 6**3000 * 10_007, 7**2000 * 10**9 * (10**40 + 1)]
"""Of small primes, and of large ones with them."""


@given(st.lists(st.integers(1, 40), min_size=1, max_size=5), st.fractions(0, 1))
def test_awards_are_the_sum_of_their_steps(claims: list[int], part: Fraction) -> None:
    amount, left = part * sum(claims), [Fraction(d) for d in claims]
    found = list(dominguez_thomson(amount, left).awards)
    stepped, rest = [NOTHING for _ in claims], amount
    while rest > amount / 10**9:
        step = [min(d, rest) / len(left) for d in left]
        stepped = [a + b for a, b in zip(stepped, step, strict=True)]
        left = [a - b for a, b in zip(left, step, strict=True)]
        rest -= sum(step)
    assert sum(found) == amount
    assert all(0 <= x - y <= amount / 10**9 for x, y in zip(found, stepped, strict=True))


@given(st.lists(amounts, min_size=1, max_size=8), st.fractions(0, 1, max_denominator=30))
def test_awards_are_fractions_in_lowest_terms(claims: list[Fraction], part: Fraction) -> None:
    """`Fraction` is told so, and would compare wrongly if it were not."""
    pool = part * sum(claims, NOTHING)
    for award in dominguez_thomson(pool, claims).awards:
        assert math.gcd(award.numerator, award.denominator) == 1
        assert award == Fraction(award.numerator, award.denominator)


@given(
    st.integers(1, 10**9), st.sampled_from([2, 6, 10, 12]), st.integers(0, 40),
    st.one_of(st.integers(1, 60), st.sampled_from(LONG_DIVISORS)), st.integers(0, 40),
    st.sampled_from([1, 2**50, 3, 7**30, 10_007, 10**40 + 1]),
)  # fmt: skip
def test_a_divisor_of_known_primes_is_the_greatest(
    odd: int, count: int, step: int, rest: int, power: int, more: int
) -> None:
    numerator = odd * count**power * more
    assert steps.common_divisor(numerator, count, step, rest) == math.gcd(
        numerator, count**step * rest
    )


def test_awards_of_thousands_of_digits_are_those_of_the_definition() -> None:
    """Read one step after the other, in fractions that Python reduces itself."""
    claims = [Fraction(10**9 + 7_919 * n * n) for n in range(150)]
    pool = sum(claims, NOTHING) / 2
    found = dominguez_thomson(pool, claims).awards
    assert list(found) == list(READINGS["dominguez_thomson"](pool, claims, [Fraction(1)] * 150))
    assert found[0].denominator > 10**200


def test_no_award_can_be_shorter_than_half_of_what_the_steps_need() -> None:
    """Two claims uncut for k steps differ in award by their difference, times 1 - (1 - 1/n)^k."""
    count = 101  # a prime, so that nothing cancels by luck
    claims = [Fraction(1000 + n) for n in range(count)]
    found = dominguez_thomson(sum(claims, NOTHING) / 2, claims).awards
    apart = found[1] - found[0]
    least = count ** (apart.denominator.bit_length() // math.ceil(math.log2(count)) - 1)
    assert apart.denominator % count == 0
    assert max(found[0].denominator, found[1].denominator) ** 2 >= least


def test_an_award_with_too_many_digits_is_refused_with_a_way_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(steps, "WORK_MAX", 10**7)
    claims = [Fraction(10**9), Fraction(1)]
    with pytest.raises(InputError) as caught:
        dominguez_thomson(Fraction(10**9), claims)
    assert str(caught.value) == (
        "rule: an exact Dominguez–Thomson award among these 2 claimants would be a fraction of "
        "more than 952 digits, because claimants are many or the smallest claim is far "
        "below the pool\n"
        "    → take adjusted_proportional or minimal_overlap"
    )


def many(count: int) -> dict[str, int]:
    return {f"c{n}": (1 + n * 7_919 % 999_983) * 10**3 for n in range(count)}


def test_whole_units_of_long_awards_are_counted_exactly_and_recorded() -> None:
    claims = many(400)
    pool = sum(claims.values()) // 2
    exact = hw.ration(claims, pool, "dt")
    whole = hw.ration(claims, pool, "dt", whole="largest_remainder", ballot_key="3./")
    assert sum(one.award for one in whole.awards) == pool
    rests = {one.name: one.award % 1 for one in exact.awards}
    up = {
        one.name
        for one, at in zip(whole.awards, exact.awards, strict=True)
        if one.award > math.floor(at.award)
    }
    assert all(one.award - math.floor(at.award) in {0, 1}
               for one, at in zip(whole.awards, exact.awards, strict=True))  # fmt: skip
    assert min(rests[n] for n in up) >= max(rests[n] for n in rests.keys() - up)
    assert verify(record(whole)) == []


def test_exact_awards_too_long_to_write_have_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from headworks.rationing.record import writing

    monkeypatch.setattr(writing, "TEXT_MAX", 10_000)
    result = hw.ration(many(400), sum(many(400).values()) // 2, "dt")
    with pytest.raises(InputError, match="digits in all, too many to write") as caught:
        record(result)
    assert "largest_remainder" in caught.value.faults[0].remedy
    assert record(hw.ration(many(400), 10**8, "dt", whole="largest_remainder", ballot_key="3./"))


@pytest.mark.slow
def test_ten_thousand_claimants_and_a_pool_of_10_to_the_12_stay_exact() -> None:
    claims = many(10_000)
    pool = 10**12
    result = hw.ration(claims, pool, "dt", whole="largest_remainder", ballot_key="3./")
    assert result.left == 0
    order = sorted(result.awards, key=lambda one: one.claim)
    assert all(x.award <= y.award + 1 for x, y in pairwise(order))
    assert all(0 <= one.award <= one.claim for one in order)
    assert verify(record(result)) == []
