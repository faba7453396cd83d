"""The few points that stand for many."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headworks.planning.response.medoids import medoids
from headworks.planning.response.representatives import distances
from headworks.planning.response.selection import select


def test_three_heaps_have_their_middles_as_medoids() -> None:
    points = np.array([0.0, 1, 2, 100, 101, 102, 500, 501, 502])[:, None]
    found = medoids(distances(points), 3)
    assert found.points.tolist() == [1, 4, 7]
    np.testing.assert_allclose(found.share, [1 / 3] * 3)
    assert found.cost == pytest.approx(2 / 3)


def test_weights_move_the_medoid() -> None:
    points = np.array([0.0, 10.0, 11.0])[:, None]
    assert medoids(distances(points), 1).points.tolist() == [1]
    assert medoids(distances(points), 1, np.array([5.0, 1, 1])).points.tolist() == [0]


def test_like_points_need_one_medoid() -> None:
    points = np.array([3.0, 3.0, 3.0, 8.0])[:, None]
    found = medoids(distances(points), 3)
    assert found.points.tolist() == [0, 3]
    assert found.cost == 0.0


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.integers(1, 3))
def test_no_exchange_of_one_medoid_is_better_and_the_best_is_near(seed: int, count: int) -> None:
    points = np.random.default_rng(seed).normal(size=(9, 2))
    apart = distances(points)
    found = medoids(apart, count)

    def cost(chosen: list[int]) -> float:
        return float(apart[:, chosen].min(axis=1).mean())

    assert found.cost == pytest.approx(cost(found.points.tolist()))
    for out in found.points:
        for other in range(9):
            chosen = [n for n in found.points.tolist() if n != out] + [other]
            assert cost(chosen) >= found.cost - 1e-12
    best = min(cost(list(chosen)) for chosen in combinations(range(9), count))
    assert found.cost <= 1.3 * best + 1e-12


def test_selected_outlooks_stand_for_all_paths() -> None:
    rng = np.random.default_rng(4)
    arrivals = rng.uniform(0, 1, (2, 3, 30)).cumsum(axis=1)
    found = select(arrivals, np.array([1.0, 10.0]), 6)
    assert found.probability.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(found.probability, np.bincount(found.stands_for, minlength=6) / 30)
    assert 0.0 < found.lost < 1.0
    fewer = select(arrivals, np.array([1.0, 10.0]), 3)
    assert found.lost < fewer.lost
    assert select(arrivals, np.array([1.0, 10.0]), 30).lost == 0.0


def test_what_a_line_is_worth_decides_which_paths_are_alike() -> None:
    """Two lines: one splits the paths 0, 1 | 2, 3, the other 0, 2 | 1, 3."""
    arrivals = np.array([[[0.0, 0, 9, 9]], [[0.0, 9, 0, 9]]])
    first = select(arrivals, np.array([10.0, 1.0]), 2).stands_for
    other = select(arrivals, np.array([1.0, 10.0]), 2).stands_for
    assert first[0] == first[1] != first[2] == first[3]
    assert other[0] == other[2] != other[1] == other[3]


def test_values_in_dollars_or_cents_choose_alike() -> None:
    arrivals = np.random.default_rng(1).uniform(0, 1, (2, 3, 20))
    one = select(arrivals, np.array([1.0, 3.0]), 4)
    other = select(arrivals, np.array([100.0, 300.0]), 4)
    assert one.paths.tolist() == other.paths.tolist()


def test_paths_on_which_other_work_is_wanted_are_not_alike() -> None:
    arrivals = np.ones((1, 3, 4))
    wanted = np.zeros((1, 2, 3, 4))
    wanted[..., [1, 3]] = 5.0
    assert len(select(arrivals, np.ones(1), 2).paths) == 1
    found = select(arrivals, np.ones(1), 2, wanted)
    assert found.stands_for.tolist() == [0, 1, 0, 1]
    assert found.lost == 0.0
