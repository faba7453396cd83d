"""The quota method against its definition, step by step, and by the shorter way."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from headworks.errors import InputError
from headworks.rationing.whole import quota as quota_module
from headworks.rationing.whole import whole_units


def step_by_step(awards: list[Fraction], order: list[int]) -> tuple[int, ...]:
    """Give one unit after another to the largest a / (x + 1) within its share rounded up."""
    total = sum(awards, Fraction(0))
    counts = [0] * len(awards)
    for step in range(1, floor(total) + 1):
        free = [n for n in order if counts[n] < ceil(awards[n] * step / total)]
        chosen = max(free, key=lambda n: awards[n] / (counts[n] + 1))
        counts[chosen] += 1
    return tuple(counts)


claims_of_few = st.lists(st.integers(0, 60), min_size=1, max_size=7).filter(any)


@pytest.mark.parametrize("steps_at_once", [1, 20_000])
@given(st.data())
def test_the_queue_is_the_method(steps_at_once: int, data: st.DataObject) -> None:
    claims = data.draw(claims_of_few)
    pool = data.draw(st.integers(0, sum(claims)))
    awards = [Fraction(pool * claim, sum(claims)) for claim in claims]
    order = data.draw(st.permutations(range(len(claims))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quota_module, "STEPS_AT_ONCE", steps_at_once)
        found = whole_units(awards, claims, by="quota", order=order)
    assert found.awards == step_by_step(awards, list(order))


@settings(max_examples=20)
@given(st.lists(st.integers(1, 30), min_size=2, max_size=5), st.integers(3_000, 20_000))
def test_the_shorter_way_comes_to_the_same(weights: list[int], pool: int) -> None:
    claims = [weight * 10_000 for weight in weights]
    assume(pool <= sum(claims))
    awards = [Fraction(pool * claim, sum(claims)) for claim in claims]
    order = list(range(len(claims)))
    at_length = quota_module.quota(awards, claims, order=order)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quota_module, "STEPS_AT_ONCE", 1)
        shorter = quota_module.quota(awards, claims, order=order)
    assert shorter == at_length


def test_a_pool_of_a_million_million_takes_few_steps() -> None:
    claims = [5 * 10**12 + 1, 3 * 10**12 + 7, 10**12 + 3]
    pool = 10**12
    awards = [Fraction(pool * claim, sum(claims)) for claim in claims]
    found = whole_units(awards, claims, by="quota").awards
    assert sum(found) == pool
    assert all(abs(units - award) < 1 for units, award in zip(found, awards, strict=True))


def test_a_tiny_award_beside_a_huge_pool_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota_module, "STEPS_MAX", 2_000)
    monkeypatch.setattr(quota_module, "STEPS_AT_ONCE", 1_000)
    claims = [10**12, 10**12 - 1, 3, 4, 5]
    awards = [Fraction(10**12 * claim, sum(claims)) for claim in claims]
    with pytest.raises(InputError, match="more than 2,000 steps for a pool of 1,000,000,000,000"):
        whole_units(awards, claims, by="quota")


@given(st.lists(st.integers(0, 10**30), min_size=1, max_size=5).filter(any), st.integers(1, 40))
def test_claims_of_any_size_are_counted_exactly(claims: list[int], pool: int) -> None:
    """Paces of thirty digits do not fit the whole numbers of an array."""
    awards = [Fraction(pool * claim, sum(claims)) for claim in claims]
    order = list(range(len(claims)))
    found = quota_module.quota(awards, claims, order=order)
    assert found.awards == step_by_step(awards, order)
