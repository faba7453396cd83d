"""Fast forward selection against its text, brute force, and cases worked by hand."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from headworks.errors import UnknownName
from headworks.planning.response.forward import fast_forward, forward
from headworks.planning.response.medoids import medoids
from headworks.planning.response.representatives import distances
from headworks.planning.response.selection import REDUCTIONS, check_reduction, select

if TYPE_CHECKING:
    from headworks.planning.problem import Floats, Integers


def as_published(apart: Floats, weight: Floats, count: int) -> list[int]:
    """Return what Algorithm 2.4 of Heitsch and Roemisch (2003) chooses, step by step as printed.

    The cost matrix itself is lowered in each step, and sums leave out the point that is tried.
    """
    cost = apart.copy()
    left = list(range(len(apart)))
    chosen: list[int] = []
    while len(chosen) < count:
        if chosen:
            last = chosen[-1]
            cost = np.minimum(cost, cost[:, [last]])
        z = {u: sum(weight[k] * cost[k, u] for k in left if k != u) for u in left}
        best = min(left, key=lambda u: z[u])
        chosen.append(best)
        left.remove(best)
    return chosen


def kantorovich(apart: Floats, weight: Floats, points: Integers, share: Floats) -> float:
    """Return the least mean distance over which weights can be moved onto some points."""
    between = apart[:, points]
    rows = np.kron(np.eye(len(apart)), np.ones(len(points)))
    columns = np.kron(np.ones(len(apart)), np.eye(len(points)))
    solved = linprog(
        between.ravel(), A_eq=np.vstack([rows, columns]), b_eq=np.concatenate([weight, share])
    )
    assert solved.fun is not None
    return float(solved.fun)


def drawn(seed: int, number: int = 9) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    return distances(rng.normal(size=(number, 2))), rng.dirichlet(np.ones(number))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 9))
def test_it_chooses_what_the_published_algorithm_chooses(seed: int, count: int) -> None:
    apart, weight = drawn(seed)
    assert forward(apart, weight, count) == as_published(apart, weight, count)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_the_first_is_the_best_single_point_and_each_next_the_best_beside_those(seed: int) -> None:
    apart, weight = drawn(seed)

    def cost(chosen: list[int]) -> float:
        return float(weight @ apart[:, chosen].min(axis=1))

    chosen: list[int] = []
    for one in forward(apart, weight, 9):
        others = [cost([*chosen, other]) for other in range(9)]
        chosen.append(one)
        assert cost(chosen) == pytest.approx(min(others), abs=1e-12)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_its_cost_is_the_kantorovich_distance_which_falls_with_each_point(seed: int) -> None:
    apart, weight = drawn(seed, 7)
    before = np.inf
    for count in range(1, 8):
        found = fast_forward(apart, count, weight)
        assert found.share.sum() == pytest.approx(1.0)
        assert (found.share > 0).all()
        moved = kantorovich(apart, weight, found.points, found.share)
        assert found.cost == pytest.approx(moved, abs=1e-9)
        assert found.cost < before
        before = found.cost
    assert before == 0.0


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 3))
def test_the_best_of_all_choices_is_no_worse_and_exchanges_only_help(seed: int, count: int) -> None:
    """What each point helps falls as others are there, so that being greedy has a known limit.

    Of what n points can help beyond the best single one, n − 1 greedy ones beside it reach at least
    1 − (1 − 1/n)^(n − 1) (Nemhauser, Wolsey and Fisher 1978).
    """
    apart, weight = drawn(seed)
    found = fast_forward(apart, count, weight)
    best = min(
        float(weight @ apart[:, list(chosen)].min(axis=1))
        for chosen in combinations(range(9), count)
    )
    share = 1 - (1 - 1 / count) ** (count - 1)
    helped = found.cost_of_one - found.cost
    assert share * (found.cost_of_one - best) - 1e-12 <= helped <= found.cost_of_one - best + 1e-12
    assert medoids(apart, count, weight).cost <= found.cost + 1e-12
    if count == 1:
        assert found.cost == pytest.approx(best)


def test_a_point_that_was_best_alone_is_kept_where_k_medoids_gives_it_up() -> None:
    """On a line at 0, 1, 4, 7 and 8 the middle comes first and stays."""
    apart = distances(np.array([0.0, 1, 4, 7, 8])[:, None])
    assert forward(apart, np.full(5, 0.2), 3) == [2, 0, 3]
    assert fast_forward(apart, 2).points.tolist() == [0, 2]
    assert medoids(apart, 2).cost < fast_forward(apart, 2).cost


def test_no_more_points_are_chosen_than_differ() -> None:
    found = fast_forward(distances(np.array([3.0, 3.0, 3.0, 8.0])[:, None]), 3)
    assert found.points.tolist() == [0, 3]
    np.testing.assert_allclose(found.share, [0.75, 0.25])


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_outlooks_are_chosen_by_either_method(reduction: str) -> None:
    arrivals = np.random.default_rng(4).uniform(0, 1, (2, 3, 30)).cumsum(axis=1)
    worth = np.array([1.0, 10.0])
    found = select(arrivals, worth, 6, reduction=reduction)
    assert found.reduction == reduction
    assert found.probability.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(found.probability, np.bincount(found.stands_for, minlength=6) / 30)
    assert 0.0 < found.lost < select(arrivals, worth, 3, reduction=reduction).lost
    assert select(arrivals, worth, 30, reduction=reduction).lost == 0.0


@pytest.mark.parametrize("wrong", ["fast", "", None, 3, ["fast-forward"], {"k-medoids"}])
def test_another_method_is_met_with_those_that_there_are(wrong: object) -> None:
    with pytest.raises(UnknownName, match="there is no method of reduction"):
        check_reduction(wrong)
