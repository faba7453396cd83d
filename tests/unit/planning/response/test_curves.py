"""Concave majorants of what was measured."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from headworks.planning.response.curves import Curves, Points, curves

Floats: TypeAlias = NDArray[np.float64]


def curve(x: list[float], y: list[float]) -> Curves:
    return curves(Points(np.reshape(x, (-1, 1, 1, 1)), np.reshape(y, (-1, 1, 1, 1))))


def at(found: Curves, ordered: float) -> float:
    return float(found.at(np.full((1, 1, 1), ordered))[0, 0, 0])


def test_a_concave_response_is_met_exactly() -> None:
    x, y = [0.0, 10.0, 20.0, 40.0], [0.0, 10.0, 15.0, 16.0]
    found = curve(x, y)
    assert [at(found, point) for point in x] == y
    assert at(found, 30.0) == 15.5
    assert found.gap.max() == 0.0


def test_beyond_the_highest_level_the_last_piece_goes_on() -> None:
    found = curve([0.0, 10.0, 20.0], [0.0, 10.0, 15.0])
    assert at(found, 40.0) == 25.0
    assert at(curve([0.0, 10.0, 20.0], [0.0, 10.0, 10.0]), 1000.0) == 10.0


def test_a_response_that_bends_upwards_is_bridged_and_the_gap_told() -> None:
    """Nothing of 10, all of 20: a lot. The chord gives 10 for 10."""
    found = curve([0.0, 10.0, 20.0], [0.0, 0.0, 20.0])
    assert at(found, 10.0) == 10.0
    assert found.gap.max() == 10.0


def test_a_response_that_falls_stays_at_its_best() -> None:
    found = curve([0.0, 10.0, 20.0], [0.0, 8.0, 5.0])
    assert at(found, 20.0) == 8.0
    assert found.gap.max() == 3.0


def test_levels_in_one_place_are_one_point() -> None:
    found = curve([0.0, 0.0, 10.0, 10.0], [2.0, 3.0, 7.0, 8.0])
    assert (at(found, 0.0), at(found, 10.0)) == (3.0, 8.0)
    assert np.isfinite(found.slope).all()


def test_where_nothing_was_ordered_what_arrives_anyway_stands() -> None:
    found = curve([0.0, 0.0, 0.0], [4.0, 4.0, 4.0])
    assert (at(found, 0.0), at(found, 50.0)) == (4.0, 4.0)


def test_pieces_that_go_on_as_the_one_before_do_not_bind() -> None:
    found = curve([0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 2.0, 3.0])
    assert np.isfinite(found.offset).sum() == 1


numbers = st.floats(0, 1e5, allow_subnormal=False)


@settings(max_examples=40)
@given(st.lists(st.tuples(numbers, numbers), min_size=2, max_size=7))
def test_a_curve_lies_above_all_points_rises_and_is_concave(
    points: list[tuple[float, float]],
) -> None:
    x, y = (list(each) for each in zip(*sorted(points), strict=True))
    found = curve(x, y)
    scale = max(*x, *y, 1.0)
    for place, value in zip(x, y, strict=True):
        assert at(found, place) >= value - 1e-6 * scale
    grid = np.linspace(0, max(x) * 1.1, 41)
    values = np.array([at(found, float(place)) for place in grid])
    steps = np.diff(values)
    assert (steps >= -1e-6 * scale).all()
    assert (np.diff(steps) <= 1e-6 * scale).all()
    reached = at(found, max(x))
    assert reached <= max(y) * (1 + 1e-9) + 1e-9  # no higher than the highest point


@settings(max_examples=40)
@given(st.lists(st.integers(0, 50), min_size=3, max_size=7))
def test_a_curve_is_the_least_concave_one(heights: list[int]) -> None:
    """Each point is on it, or strictly under a chord between two points that are."""
    x = [10.0 * n for n in range(len(heights))]
    y = [float(h) for h in np.maximum.accumulate(heights)]
    found = curve(x, y)
    for middle, place in enumerate(x):
        chords = [
            y[a] + (y[b] - y[a]) * (place - x[a]) / (x[b] - x[a])
            for a in range(middle + 1)
            for b in range(middle, len(x))
            if a < b
        ]
        assert abs(at(found, place) - max([y[middle], *chords])) < 1e-9
