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
from tests.tiers import examples


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


@pytest.mark.parametrize(("steps_at_once", "part"), [(1, 1), (1, 5), (3, 2), (20_000, 1)])
@given(st.data())
def test_the_queue_is_the_method(steps_at_once: int, part: int, data: st.DataObject) -> None:
    claims = data.draw(claims_of_few)
    pool = data.draw(st.integers(0, sum(claims)))
    awards = [Fraction(pool * claim, sum(claims)) for claim in claims]
    order = data.draw(st.permutations(range(len(claims))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quota_module, "STEPS_AT_ONCE", steps_at_once)
        patch.setattr(quota_module, "PART", part)
        found = whole_units(awards, claims, by="quota", order=order)
    assert found.awards == step_by_step(awards, list(order))


@settings(max_examples=examples(20))
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


unequal = st.lists(
    st.one_of(st.integers(1, 4), st.integers(1, 60), st.integers(400, 2_000)), min_size=2,
    max_size=7,
)  # fmt: skip


@settings(deadline=None)
@given(unequal, st.integers(0, 3_000), st.data())
def test_very_unequal_awards_are_those_of_the_method(
    claims: list[int], pool: int, data: st.DataObject
) -> None:
    """The small wait for hundreds of steps, nearly all of which are left out."""
    pool = min(pool, sum(claims))
    awards = [Fraction(pool * claim, sum(claims)) for claim in claims]
    order = data.draw(st.permutations(range(len(claims))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quota_module, "STEPS_AT_ONCE", data.draw(st.integers(1, 60)))
        patch.setattr(quota_module, "PART", data.draw(st.integers(1, 40)))
        found = whole_units(awards, claims, by="quota", order=order)
    assert found.awards == step_by_step(awards, list(order))


@pytest.mark.parametrize(
    "claims",
    [
        [10**9 + 7, 10**6 + 3, 10**3 + 9, 11],
        [4 * 10**8 + 1, 3 * 10**8 + 5, 10**8 + 3, 7],
        [2**n + n for n in range(30, -1, -1)],
    ],
)
def test_tiny_awards_beside_a_huge_pool_keep_within_their_share(claims: list[int]) -> None:
    pool = sum(claims) * 3 // 7
    awards = [Fraction(pool * claim, sum(claims)) for claim in claims]
    found = whole_units(awards, claims, by="quota", order=range(len(claims))).awards
    assert sum(found) == pool
    assert all(abs(units - award) < 1 for units, award in zip(found, awards, strict=True))
    more = [award * (pool + 1) / pool for award in awards]
    larger = whole_units(more, claims, by="quota", order=range(len(claims))).awards
    assert sum(larger) == pool + 1
    assert all(x <= y for x, y in zip(found, larger, strict=True))


def test_what_takes_too_long_to_know_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota_module, "WORK_MAX", 50_000)
    claims = [10**12, 10**12 - 1, 3, 4, 5]
    awards = [Fraction(3 * claim, 7) for claim in claims]
    with pytest.raises(InputError, match="takes too long for 5 awards that are so unequal") as no:
        whole_units(awards, claims, by="quota", order=range(5))
    assert "largest_remainder" in no.value.faults[0].remedy


@given(st.lists(st.integers(0, 10**30), min_size=1, max_size=5).filter(any), st.integers(1, 40))
def test_claims_of_any_size_are_counted_exactly(claims: list[int], pool: int) -> None:
    """Paces of thirty digits do not fit the whole numbers of an array."""
    awards = [Fraction(pool * claim, sum(claims)) for claim in claims]
    order = list(range(len(claims)))
    found = quota_module.quota(awards, claims, order=order)
    assert found.awards == step_by_step(awards, order)
