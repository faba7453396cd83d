"""Laws of the information tree: no plan sees the future of its outlook."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from headworks.planning.response.tree import Tree, grow, observed
from tests.unit.planning.response.worlds import World, even, lively

Floats: TypeAlias = NDArray[np.float64]

histories = st.tuples(
    st.integers(0, 10_000), st.integers(1, 3), st.integers(1, 4), st.integers(2, 24)
)


def made(given: tuple[int, int, int, int]) -> tuple[Floats, Floats, Tree, np.random.Generator]:
    """Return histories of few distinct values, so that many are alike for a while, and a tree."""
    seed, dates, features, outlooks = given
    rng = np.random.default_rng(seed)
    history = rng.integers(0, 3, (dates, features, outlooks)).astype(float).cumsum(axis=0)
    probability = rng.dirichlet(np.ones(outlooks))
    return history, probability, grow(history, probability), rng


@given(histories)
@settings(max_examples=30)
def test_paths_that_are_equal_up_to_a_date_are_in_one_node_at_that_date(
    given: tuple[int, int, int, int],
) -> None:
    history, _, tree, rng = made(given)
    for date in range(len(history)):
        other = history.copy()
        other[date + 1 :] = rng.uniform(0, 9, other[date + 1 :].shape)
        one, two = tree.node_of(history), tree.node_of(other)
        assert np.array_equal(one[:, : date + 1], two[:, : date + 1])
        for a in range(history.shape[2]):
            for b in range(a):
                if np.array_equal(history[: date + 1, :, a], history[: date + 1, :, b]):
                    assert one[a, date] == one[b, date]


@given(histories)
@settings(max_examples=30)
def test_nodes_nest_stand_together_by_date_and_share_out_all_probability(
    given: tuple[int, int, int, int],
) -> None:
    history, probability, tree, _ = made(given)
    node = tree.node_of(history)
    dates = [one.date for one in tree.nodes]
    assert dates == sorted(dates)
    for date in range(len(history)):
        here = [number for number, one in enumerate(tree.nodes) if one.date == date]
        assert set(node[:, date]) == set(here)  # no node is empty
        for number in here:
            mine = node[:, date] == number
            np.testing.assert_allclose(tree.nodes[number].probability, probability[mine].sum())
            assert tree.nodes[number].outlooks == mine.sum()
            if date:
                assert set(node[mine, date - 1]) == {tree.nodes[number].parent}


def test_what_is_observed_until_a_date_does_not_know_later_orders() -> None:
    world = World(lively(), ("ash", "birch"))
    orders = even(world, *([40.0] * len(world.lines)))
    later = orders.copy()
    later[:, 2:] *= 3.0
    paths = np.arange(12)
    one, other = (observed(world, each, paths, (1, 2)) for each in (orders, later))
    assert np.array_equal(one, other)
    assert one.shape[0] == 2
    assert one[1].std(axis=1).max() > 0


def test_without_information_dates_there_is_no_node() -> None:
    world = World(lively(), ("ash",))
    history = observed(world, even(world, 40.0, 40.0), np.arange(4), ())
    tree = grow(history, np.full(4, 0.25))
    assert tree.nodes == ()
    assert tree.node_of(history).shape == (4, 0)
