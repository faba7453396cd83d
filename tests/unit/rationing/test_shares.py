"""Claims rules over arrays: exact readings, published vectors, properties."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from headworks.errors import UnknownName
from headworks.rationing import RULES, share

Floats: TypeAlias = NDArray[np.float64]
Exact: TypeAlias = list[Fraction]

NAMES = sorted(RULES)


def awards(
    rule: str, claims: list[float], endowment: float, weights: list[float] | None = None
) -> list[float]:
    """Return the awards of one instance."""
    given_weights = None if weights is None else np.array(weights, dtype=np.float64)
    found = share(rule, np.array([claims], dtype=np.float64), np.array([endowment]), given_weights)
    return [float(award) for award in found[0]]


def exactly(rule: str, claims: Exact, endowment: Fraction, weights: Exact) -> Exact:
    """Return the awards by raising a common level until the endowment is spent, in fractions.

    An independent reading: at level λ a claim d of weight w has min(d, λ w), or with the
    proportional rule min(d, λ w d). The claims that are met leave the others their rest, again and
    again.
    """
    if sum(claims) <= endowment:
        return claims
    speed = [w * d if rule == "proportional" else w for w, d in zip(weights, claims, strict=True)]
    found = [Fraction(0) for _ in claims]
    active = {n for n, claim in enumerate(claims) if claim > 0}
    while active:
        rest = endowment - sum(found[n] for n in range(len(claims)) if n not in active)
        level = rest / sum(speed[n] for n in active)
        met = {n for n in active if claims[n] <= level * speed[n]}
        if not met:
            for n in active:
                found[n] = level * speed[n]
            break
        for n in met:
            found[n] = claims[n]
        active -= met
    return found


amounts = st.integers(0, 10**6).map(lambda n: n / 8)
positive = st.sampled_from([0.25, 0.5, 1.0, 2.0, 3.0, 8.0])
instances = st.lists(st.tuples(amounts | st.just(0.0), positive), min_size=1, max_size=8)


@pytest.mark.parametrize("rule", NAMES)
@given(instances, amounts, st.booleans())
def test_awards_equal_an_exact_reading(
    rule: str, parties: list[tuple[float, float]], endowment: float, weighted: bool
) -> None:
    claims = [claim for claim, _ in parties]
    weights = [weight for _, weight in parties] if weighted else [1.0] * len(parties)
    expected = exactly(
        rule, [Fraction(c) for c in claims], Fraction(endowment), [Fraction(w) for w in weights]
    )
    found = awards(rule, claims, endowment, weights if weighted else None)
    np.testing.assert_allclose(found, [float(e) for e in expected], rtol=1e-12, atol=1e-12)


VECTORS = [
    # Ketubot 93a
    ("proportional", 100, (100, 200, 300), (50 / 3, 100 / 3, 50)),
    ("proportional", 200, (100, 200, 300), (100 / 3, 200 / 3, 100)),
    ("proportional", 300, (100, 200, 300), (50, 100, 150)),
    ("proportional", 400, (100, 200, 300), (200 / 3, 400 / 3, 200)),
    ("proportional", 500, (100, 200, 300), (250 / 3, 500 / 3, 250)),
    ("constrained_equal_awards", 100, (100, 200, 300), (100 / 3, 100 / 3, 100 / 3)),
    ("constrained_equal_awards", 200, (100, 200, 300), (200 / 3, 200 / 3, 200 / 3)),
    ("constrained_equal_awards", 300, (100, 200, 300), (100, 100, 100)),
    ("constrained_equal_awards", 400, (100, 200, 300), (100, 150, 150)),
    ("constrained_equal_awards", 500, (100, 200, 300), (100, 200, 200)),
    # the example of the R package ClaimsProblems
    ("proportional", 10, (2, 4, 7, 8), (20 / 21, 40 / 21, 10 / 3, 80 / 21)),
    ("constrained_equal_awards", 10, (2, 4, 7, 8), (2, 8 / 3, 8 / 3, 8 / 3)),
    # Ibn Ezra
    ("proportional", 120, (30, 40, 60, 120), (14.4, 19.2, 28.8, 57.6)),
    ("constrained_equal_awards", 120, (30, 40, 60, 120), (30, 30, 30, 30)),
    # three claimants that cross half of what is claimed
    ("proportional", 120, (30, 50, 100), (20, 100 / 3, 200 / 3)),
    ("constrained_equal_awards", 120, (30, 50, 100), (30, 45, 45)),
    # in two tranches and at once
    ("proportional", 15, (2, 4, 7, 8), (10 / 7, 20 / 7, 5, 40 / 7)),
    ("constrained_equal_awards", 15, (2, 4, 7, 8), (2, 4, 4.5, 4.5)),
    # order inflation: who asks for more gains under the one and not under the other
    ("proportional", 100, (120, 60), (200 / 3, 100 / 3)),
    ("constrained_equal_awards", 100, (120, 60), (50, 50)),
    ("proportional", 100, (240, 60), (80, 20)),
    ("constrained_equal_awards", 100, (240, 60), (50, 50)),
    # splitting a claim
    ("proportional", 60, (60, 30, 30), (30, 15, 15)),
    ("constrained_equal_awards", 60, (60, 30, 30), (20, 20, 20)),
]


@pytest.mark.parametrize(("rule", "endowment", "claims", "expected"), VECTORS)
def test_published_vectors(
    rule: str, endowment: float, claims: tuple[float, ...], expected: tuple[float, ...]
) -> None:
    np.testing.assert_allclose(awards(rule, list(claims), endowment), expected, rtol=1e-12)


def test_weighted_constrained_equal_awards() -> None:
    assert awards("constrained_equal_awards", [3, 8, 10], 12, [1, 1, 2]) == [3.0, 3.0, 6.0]


def test_weighted_by_claims_equal_awards_are_proportional() -> None:
    claims = [3.0, 8.0, 10.0]
    by_claims = awards("constrained_equal_awards", claims, 12, claims)
    np.testing.assert_allclose(by_claims, awards("proportional", claims, 12), rtol=1e-12)


@pytest.mark.parametrize("rule", NAMES)
@pytest.mark.parametrize("weights", [None, [1.0, 2.0, 4.0]])
def test_nothing_asked_and_nothing_to_give(rule: str, weights: list[float] | None) -> None:
    assert awards(rule, [0, 0, 0], 10, weights) == [0, 0, 0]
    assert awards(rule, [0, 0, 0], 0, weights) == [0, 0, 0]
    assert awards(rule, [1, 2, 3], 0, weights) == [0, 0, 0]
    assert awards(rule, [1, 2, 3], -5, weights) == [0, 0, 0]
    assert awards(rule, [1, 2, 3], 6, weights) == [1, 2, 3]
    assert awards(rule, [1, 2, 3], 1e9, weights) == [1, 2, 3]


@pytest.mark.parametrize("rule", NAMES)
def test_very_small_and_very_large_amounts(rule: str) -> None:
    for scale in (1e-300, 1e-12, 1e12, 1e300):
        found = np.array(awards(rule, [scale, 3 * scale], 2 * scale)) / scale
        expected = [0.5, 1.5] if rule == "proportional" else [1.0, 1.0]
        np.testing.assert_allclose(found, expected, rtol=1e-12)


arrays = st.integers(1, 5).flatmap(
    lambda lines: st.lists(
        st.tuples(st.lists(amounts, min_size=lines, max_size=lines), amounts),
        min_size=1,
        max_size=5,
    )
)


def as_arrays(many: list[tuple[list[float], float]]) -> tuple[Floats, Floats]:
    return np.array([claims for claims, _ in many]), np.array([endowment for _, endowment in many])


@pytest.mark.parametrize("rule", NAMES)
@given(arrays)
def test_properties(rule: str, many: list[tuple[list[float], float]]) -> None:
    claims, endowment = as_arrays(many)
    found = share(rule, claims, endowment)
    tolerance = 1e-12 * max(1.0, float(claims.sum(axis=1).max()))
    # balance and bounds
    np.testing.assert_allclose(
        found.sum(axis=1), np.minimum(endowment, claims.sum(axis=1)), rtol=1e-12, atol=1e-12
    )
    assert ((found >= 0) & (found <= claims)).all()
    # equal treatment, and order of awards and of losses preserved
    order = np.argsort(claims, axis=1, kind="stable")
    ordered = np.take_along_axis(found, order, axis=1)
    losses = np.take_along_axis(claims - found, order, axis=1)
    assert (np.diff(ordered, axis=1) >= -tolerance).all()
    assert (np.diff(losses, axis=1) >= -tolerance).all()
    for row, mine in zip(found, claims, strict=True):
        for claim in set(mine.tolist()):
            assert np.ptp(row[mine == claim]) <= tolerance
    # nobody loses when there is more
    assert (share(rule, claims, endowment * 1.5 + 1) >= found - tolerance).all()
    # paths do not meet
    alone = [share(rule, claims[n : n + 1], endowment[n : n + 1])[0] for n in range(len(claims))]
    np.testing.assert_allclose(np.stack(alone), found, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("rule", NAMES)
@pytest.mark.parametrize("weighted", [False, True])
def test_claims_and_endowment_are_never_written_to(rule: str, weighted: bool) -> None:
    claims, endowment = np.array([[1.0, 5.0, 3.0]] * 4), np.array([-2.0, 0.0, 4.0, 90.0])
    weights = np.array([1.0, 2.0, 3.0]) if weighted else None
    kept = claims.copy(), endowment.copy()
    found = share(rule, claims, endowment, weights)
    assert np.array_equal(claims, kept[0])
    assert np.array_equal(endowment, kept[1])
    assert not np.shares_memory(found, claims)
    claims.flags.writeable = endowment.flags.writeable = False
    share(rule, claims, endowment, weights)


@pytest.mark.parametrize("rule", NAMES)
def test_input_need_not_be_contiguous(rule: str) -> None:
    block = np.arange(48, dtype=np.float64).reshape(4, 12)
    for view in (block.T, block[:, ::3], block[::-1], np.asfortranarray(block)):
        endowment = np.linspace(1, 90, 2 * len(view))[::2]
        whole = share(rule, np.ascontiguousarray(view), endowment.copy())
        np.testing.assert_allclose(share(rule, view, endowment), whole, rtol=1e-12)


@pytest.mark.parametrize("rule", NAMES)
def test_weights_may_differ_by_path(rule: str) -> None:
    claims, endowment = np.full((2, 2), 10.0), np.full(2, 6.0)
    by_path = share(rule, claims, endowment, np.array([[1.0, 1.0], [1.0, 2.0]]))
    np.testing.assert_allclose(by_path, [[3.0, 3.0], [2.0, 4.0]], rtol=1e-12)


def test_an_unknown_rule_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownName, match="proportional"):
        share("proportionl", np.ones((1, 1)), np.ones(1))
