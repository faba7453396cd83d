"""Weights over arrays that differ by any power of two, against the exact rules."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from headworks.rationing.arrays.uneven import EXACT, UNEVEN_EXPONENT
from headworks.rationing.rule import RULES
from headworks.rationing.shares import WEIGHTED, share

SMALLEST = Fraction(1, 2**1074)
floats = st.floats(0.0, 1e300)
weights = st.one_of(
    st.floats(5e-324, 1.7e308), st.integers(-1074, 1023).map(lambda power: 2.0**power)
)
lines = st.lists(st.tuples(floats, weights), min_size=1, max_size=5)


@pytest.mark.parametrize("rule", sorted(EXACT))
@example(lines=[(0.0, 2.0**55), (4.99e291, 1.0)], part=0.5)
@example(lines=[(1.268e299, 1.0), (4.604e299, 390485594.0)], part=1.0)
@given(lines=lines, part=st.floats(0.0, 1.0))
def test_awards_are_those_of_the_exact_rule(
    rule: str, lines: list[tuple[float, float]], part: float
) -> None:
    claims, by_line = zip(*lines, strict=True)
    pool = part * sum(claims)
    (found,) = share(rule, np.array([claims]), np.array([pool]), np.array(by_line))
    exact = RULES[rule].divide(
        Fraction(pool), list(map(Fraction, claims)), weights=list(map(Fraction, by_line))
    )
    near = Fraction(pool) / 10**12 + 4 * SMALLEST
    assert all(
        abs(Fraction(float(x)) - award) <= near
        for x, award in zip(found, exact.awards, strict=True)
    )
    assert all(0 <= x <= claim for x, claim in zip(found, claims, strict=True))


@pytest.mark.parametrize("rule", sorted(EXACT))
def test_an_uneven_path_changes_none_beside_it(rule: str) -> None:
    claims = np.array([[5.0, 7.0, 9.0], [5.0, 7.0, 9.0], [1.0, 1.0, 1.0]])
    by_path = np.array([[1.0, 2.0, 3.0], [2.0**-500, 2.0**500, 1.0], [2.0**-500, 1.0, 1.0]])
    pools = np.array([11.0, 11.0, 30.0])
    found = share(rule, claims, pools, by_path)
    alone = share(rule, claims[:1], pools[:1], by_path[:1])
    assert found[0].tolist() == alone[0].tolist()
    assert found[1].tolist() == pytest.approx([0, 7, 4], abs=1e-12)
    assert found[2].tolist() == [1, 1, 1]


def test_every_weighted_rule_bears_uneven_weights() -> None:
    """Priority compares weights and never computes with them."""
    assert {*EXACT, "priority"} == WEIGHTED
    far = 2.0 ** (UNEVEN_EXPONENT * 3)
    found = share("priority", np.array([[5.0, 5.0]]), np.array([7.0]), np.array([1 / far, far]))
    assert found.tolist() == [[2.0, 5.0]]
