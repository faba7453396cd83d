"""Claims rules over arrays: equal to the exact ones, published vectors, properties, layouts."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from headworks.errors import InputError, UnknownName
from headworks.rationing.rule import rule as exact_rule
from headworks.rationing.shares import RULES, WEIGHTED, share
from tests.unit.rationing.rules.readings import READINGS

Floats: TypeAlias = NDArray[np.float64]
Exact: TypeAlias = list[Fraction]

NAMES = sorted(RULES)
FAIR = [name for name in NAMES if name != "priority"]
"""Rules that treat equal claims alike whatever the weights."""
DATA = Path(__file__).parents[2] / "data" / "rationing" / "vectors.yaml"


def awards(
    rule: str, claims: list[float], endowment: float, weights: list[float] | None = None
) -> list[float]:
    """Return the awards of one instance."""
    given_weights = None if weights is None else np.array(weights, dtype=np.float64)
    found = share(rule, np.array([claims], dtype=np.float64), np.array([endowment]), given_weights)
    return [float(award) for award in found[0]]


def exactly(rule: str, claims: Exact, endowment: Fraction, weights: Exact | None) -> Exact:
    """Return the awards by the exact rule of the same name, where a line gets at most its claim."""
    if sum(claims) <= endowment:
        return claims
    if rule == "priority":
        return by_classes(claims, endowment, weights or [Fraction(1)] * len(claims))
    if rule == "dominguez_thomson":  # the exact award may be a fraction of thousands of digits
        return READINGS[rule](endowment, claims, [Fraction(1)] * len(claims))
    options = {} if weights is None else {"weights": weights}
    return list(exact_rule(rule).divide(endowment, claims, **options).awards)


def by_classes(claims: Exact, endowment: Fraction, weights: Exact) -> Exact:
    """Serve the lines of the largest weight first; those of one weight in proportion."""
    found, left = [Fraction(0)] * len(claims), endowment
    for weight in sorted(set(weights), reverse=True):
        served = [n for n, w in enumerate(weights) if w == weight]
        asked = sum(claims[n] for n in served)
        for n in served:
            found[n] = claims[n] * min(Fraction(1), left / asked) if asked else Fraction(0)
        left = max(Fraction(0), left - asked)
    return found


amounts = st.integers(0, 10**6).map(lambda n: n / 8)
positive = st.sampled_from([0.25, 0.5, 1.0, 2.0, 3.0, 8.0])
instances = st.lists(st.tuples(amounts | st.just(0.0), positive), min_size=1, max_size=8)


@pytest.mark.parametrize("rule", NAMES)
@given(instances, amounts, st.booleans())
def test_awards_equal_the_exact_rule(
    rule: str, parties: list[tuple[float, float]], endowment: float, weighted: bool
) -> None:
    claims = [claim for claim, _ in parties]
    weights = [weight for _, weight in parties] if weighted and rule in WEIGHTED else None
    exact_weights = None if weights is None else [Fraction(weight) for weight in weights]
    expected = exactly(rule, [Fraction(c) for c in claims], Fraction(endowment), exact_weights)
    found = awards(rule, claims, endowment, weights)
    np.testing.assert_allclose(
        found, [float(e) for e in expected], rtol=1e-12, atol=1e-12 * max(endowment, 1.0)
    )


def vectors() -> list[Any]:
    """Return the published awards of every rule that has a form over arrays."""
    found: list[Any] = []
    for entry in yaml.safe_load(DATA.read_text(encoding="utf-8")):
        if entry.keys() - {"cite", "mark", "claims", "pools"}:
            continue  # what the rule is given beside claims is for the exact form
        for pool, by_rule in entry["pools"].items():
            for rule, expected in by_rule.items():
                if rule in FAIR and sum(map(Fraction, entry["claims"])) >= Fraction(pool):
                    found.append((rule, pool, entry["claims"], expected))
    return found


@pytest.mark.parametrize(("rule", "pool", "claims", "expected"), vectors())
def test_published_vectors(rule: str, pool: Any, claims: list[Any], expected: list[Any]) -> None:  # noqa: ANN401 - numbers or text
    found = awards(rule, [float(Fraction(d)) for d in claims], float(Fraction(pool)))
    np.testing.assert_allclose(found, [float(Fraction(x)) for x in expected], rtol=1e-12)


def test_there_are_vectors_for_every_rule_that_is_published() -> None:
    assert {rule for rule, *_ in vectors()} >= set(FAIR) - {"uniform"}


def test_weighted_constrained_equal_awards() -> None:
    assert awards("constrained_equal_awards", [3, 8, 10], 12, [1, 1, 2]) == [3.0, 3.0, 6.0]


def test_weighted_by_claims_equal_awards_are_proportional() -> None:
    claims = [3.0, 8.0, 10.0]
    by_claims = awards("constrained_equal_awards", claims, 12, claims)
    np.testing.assert_allclose(by_claims, awards("proportional", claims, 12), rtol=1e-12)


def test_the_larger_weight_is_served_first() -> None:
    found = awards("priority", [10, 20, 30, 40], 45, [1, 3, 2, 2])
    np.testing.assert_allclose(found, [0.0, 20.0, 75 / 7, 100 / 7], rtol=1e-12)


@pytest.mark.parametrize("rule", NAMES)
@pytest.mark.parametrize("weighted", [False, True])
def test_nothing_asked_and_nothing_to_give(rule: str, weighted: bool) -> None:
    weights = [1.0, 2.0, 4.0] if weighted and rule in WEIGHTED else None
    assert awards(rule, [0, 0, 0], 10, weights) == [0, 0, 0]
    assert awards(rule, [0, 0, 0], 0, weights) == [0, 0, 0]
    assert awards(rule, [1, 2, 3], 0, weights) == [0, 0, 0]
    assert awards(rule, [1, 2, 3], -5, weights) == [0, 0, 0]
    assert awards(rule, [1, 2, 3], 6, weights) == [1, 2, 3]
    assert awards(rule, [1, 2, 3], 1e9, weights) == [1, 2, 3]


@pytest.mark.parametrize("rule", NAMES)
def test_very_small_and_very_large_amounts(rule: str) -> None:
    expected = exactly(rule, [Fraction(1), Fraction(3)], Fraction(2), None)
    for scale in (1e-300, 1e-12, 1e12, 1e300):
        found = np.array(awards(rule, [scale, 3 * scale], 2 * scale)) / scale
        np.testing.assert_allclose(found, [float(x) for x in expected], rtol=1e-12)


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
    wanted = np.minimum(endowment, claims.sum(axis=1))
    np.testing.assert_allclose(found.sum(axis=1), wanted, rtol=1e-12, atol=tolerance)
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


@pytest.mark.parametrize("rule", NAMES)
@given(arrays)
def test_paths_do_not_meet(rule: str, many: list[tuple[list[float], float]]) -> None:
    """Awards are the same to the bit, whatever paths stand beside a path."""
    claims, endowment = as_arrays(many)
    found = share(rule, claims, endowment)
    alone = [share(rule, claims[n : n + 1], endowment[n : n + 1])[0] for n in range(len(claims))]
    assert np.array_equal(np.stack(alone), found)


@pytest.mark.parametrize("rule", NAMES)
@given(arrays)
def test_a_sum_that_is_known_changes_nothing(
    rule: str, many: list[tuple[list[float], float]]
) -> None:
    claims, endowment = as_arrays(many)
    total = np.zeros(len(claims))
    for line in claims.T:
        total += line
    known = share(rule, claims, endowment, total=total)
    assert np.array_equal(known, share(rule, claims, endowment))


@pytest.mark.parametrize("rule", NAMES)
@pytest.mark.parametrize("weighted", [False, True])
def test_claims_and_endowment_are_never_written_to(rule: str, weighted: bool) -> None:
    claims, endowment = np.array([[1.0, 5.0, 3.0]] * 4), np.array([-2.0, 0.0, 4.0, 90.0])
    weights = np.array([1.0, 2.0, 3.0]) if weighted and rule in WEIGHTED else None
    kept = claims.copy(), endowment.copy()
    found = share(rule, claims, endowment, weights)
    assert np.array_equal(claims, kept[0])
    assert np.array_equal(endowment, kept[1])
    assert not np.shares_memory(found, claims)
    claims.flags.writeable = endowment.flags.writeable = False
    share(rule, claims, endowment, weights)


@pytest.mark.parametrize("rule", NAMES)
def test_the_layout_in_memory_changes_nothing(rule: str) -> None:
    block = np.arange(48, dtype=np.float64).reshape(4, 12)
    for view in (block.T, block[:, ::3], block[::-1], np.asfortranarray(block)):
        endowment = np.linspace(1, 90, 2 * len(view))[::2]
        whole = share(rule, np.ascontiguousarray(view), endowment.copy())
        assert np.array_equal(share(rule, view, endowment), whole)


@pytest.mark.parametrize("rule", ["proportional", "constrained_equal_awards"])
def test_weights_may_differ_by_path(rule: str) -> None:
    claims, endowment = np.full((2, 2), 10.0), np.full(2, 6.0)
    by_path = share(rule, claims, endowment, np.array([[1.0, 1.0], [1.0, 2.0]]))
    np.testing.assert_allclose(by_path, [[3.0, 3.0], [2.0, 4.0]], rtol=1e-12)


@pytest.mark.parametrize("rule", sorted(set(NAMES) - WEIGHTED))
def test_a_rule_without_weights_says_so(rule: str) -> None:
    with pytest.raises(InputError, match="takes no weights"):
        share(rule, np.ones((1, 2)), np.ones(1), np.ones(2))


def test_an_unknown_rule_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownName, match="proportional"):
        share("proportionl", np.ones((1, 1)), np.ones(1))
