"""Claims rules over arrays where digits get lost and batches are large."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from headworks.rationing.shares import RULES, WEIGHTED, share
from tests.unit.rationing.rules.readings import exactly

NAMES = sorted(RULES)
LINES = 25

mixed = st.one_of(
    st.sampled_from([0.0, 0.1, 1.0, 1.0, 2.0, 100.0, 1e6]),
    st.builds(lambda digits, power: digits * 10.0**power, st.floats(1, 10), st.integers(-12, 12)),
)
pools = st.one_of(
    st.sampled_from(
        ["all", "half", "largest", "all but the smallest", "just short", "crumb", "speck"]
    ),
    st.floats(0, 1),
)
weights = st.sampled_from([1e-6, 0.25, 1.0, 1.0, 3.0, 1e6])


FINEST = Fraction(2) ** -1070
"""Some steps of a float below 2^-1022, where floats have fewer digits the smaller they are."""


def pool_of(chosen: str | float, claims: list[float]) -> float:
    total = sum(claims)
    named = {
        "all": total, "half": total / 2, "largest": max(claims),
        "crumb": total * 1e-15, "speck": total * 1e-300,
        "all but the smallest": total - min(claims), "just short": float(np.nextafter(total, 0)),
    }  # fmt: skip
    return named[chosen] if isinstance(chosen, str) else chosen * total


@pytest.mark.parametrize("rule", NAMES)
@given(st.lists(st.tuples(mixed, weights), min_size=1, max_size=5), pools, st.booleans())
def test_awards_keep_their_digits_beside_claims_of_any_size(
    rule: str, parties: list[tuple[float, float]], chosen: str | float, weighted: bool
) -> None:
    """The error is measured by the pool, however large the claims are beside it."""
    claims = [claim for claim, _ in parties]
    by_line = [weight for _, weight in parties] if weighted and rule in WEIGHTED else None
    pool = pool_of(chosen, claims)
    given_weights = None if by_line is None else np.array(by_line)
    (found,) = share(rule, np.array([claims]), np.array([pool]), given_weights).tolist()
    expected = exactly(rule, claims, pool, by_line)
    spent = min(Fraction(pool), sum(map(Fraction, claims), Fraction(0)))
    for award, wanted, claim in zip(found, expected, claims, strict=True):
        assert 0 <= award <= claim
        assert abs(Fraction(award) - wanted) <= max(spent / 10**12, FINEST)


huge = st.builds(lambda digits, power: digits * 2.0**power, st.floats(1, 2), st.integers(-900, 900))
tiny = st.builds(lambda digits, power: digits * 2.0**power, st.floats(1, 2), st.integers(-1073, 0))
uneven = st.builds(lambda power: 2.0**power, st.integers(-200, 200))


@pytest.mark.parametrize("rule", NAMES)
@example([(1.0, 1.0), (2.0**-353, 1.0), (2.0**671, 1.0)], 2.0**-230, False)
@example([(1.0, 1.0), (2.0**823, 2.0**200)], 1.0, True)
@given(st.lists(st.tuples(huge, uneven), min_size=1, max_size=4), tiny, st.booleans())
def test_a_pool_may_be_any_part_of_the_claims(
    rule: str, parties: list[tuple[float, float]], part: float, weighted: bool
) -> None:
    """Down to pools of one step of the smallest float beside claims of 2^900."""
    claims = [claim for claim, _ in parties]
    by_line = [weight for _, weight in parties] if weighted and rule in WEIGHTED else None
    pool = max(part * min(1.0, sum(claims)), 5e-324)
    given_weights = None if by_line is None else np.array(by_line)
    beside = np.array([claims, [1.0] * len(claims)])
    found = share(rule, beside, np.array([pool, 0.5]), given_weights)
    assert np.array_equal(found[1:], share(rule, beside[1:], np.array([0.5]), given_weights))
    expected = exactly(rule, claims, pool, by_line)
    spent = min(Fraction(pool), sum(map(Fraction, claims), Fraction(0)))
    for award, wanted, claim in zip(found[0].tolist(), expected, claims, strict=True):
        assert 0 <= award <= claim
        assert abs(Fraction(award) - wanted) <= max(spent / 10**12, FINEST)


@pytest.mark.parametrize(
    ("rule", "weighted"),
    [*((rule, False) for rule in NAMES), *((rule, True) for rule in sorted(WEIGHTED))],
)
def test_a_large_batch_gives_each_path_the_bits_it_has_alone(rule: str, weighted: bool) -> None:
    rng = np.random.default_rng(7)
    claims = rng.gamma(0.5, 100.0, (400, LINES)) * (rng.random((400, LINES)) < 0.8)
    pool = claims.sum(axis=1) * rng.uniform(0, 1.2, 400)
    by_line = rng.choice([0.5, 1.0, 4.0], LINES) if weighted else None
    whole = share(rule, claims, pool, by_line)
    for size in (1, 2, 7, 33):
        parts = [
            share(rule, claims[n : n + size], pool[n : n + size], by_line)
            for n in range(0, 400, size)
        ]
        assert np.array_equal(np.concatenate(parts), whole)
    order = rng.permutation(400)
    assert np.array_equal(share(rule, np.asfortranarray(claims[order]), pool[order], by_line),
                          whole[order])  # fmt: skip


@pytest.mark.parametrize("rule", NAMES)
def test_many_lines_spend_the_pool(rule: str) -> None:
    rng = np.random.default_rng(8)
    claims = rng.pareto(1.1, (3, 1000))
    pool = claims.sum(axis=1) * np.array([0.001, 0.4, 0.95])
    found = share(rule, claims, pool)
    np.testing.assert_allclose(found.sum(axis=1), pool, rtol=1e-12)
    assert ((found >= 0) & (found <= claims)).all()


@pytest.mark.parametrize("rule", NAMES)
def test_no_lines_and_no_paths_are_no_awards(rule: str) -> None:
    assert share(rule, np.zeros((3, 0)), np.ones(3)).shape == (3, 0)
    assert share(rule, np.zeros((0, 4)), np.ones(0)).shape == (0, 4)
