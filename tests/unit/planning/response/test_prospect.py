"""Outlooks of a problem, made from a world."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from headworks.errors import InputError
from headworks.planning.response.histories import Named, histories, worlds_of
from headworks.planning.response.measure import LEVELS, measure
from headworks.planning.response.prospect import prospect
from headworks.planning.response.readiness import readiness, ready
from headworks.planning.response.sharing import shared_pools
from tests.unit.planning.response.worlds import World, contested, even, lively

if TYPE_CHECKING:
    from headworks.scenario.scenario import Scenario

ONE = np.array([0])


def test_outlooks_have_arrays_of_the_shapes_that_a_problem_asks_for() -> None:
    world = World(lively(), ("ash", "birch"))
    found = prospect(
        world, even(world, *([50.0] * 4)), dates=(1, 3), paths=30, count=8, first_path=5
    )
    outlooks = found.outlooks(np.zeros((2, 1, 4)))
    assert len(outlooks) == 8
    assert sum(one.probability for one in outlooks) == pytest.approx(1.0)
    assert {int(one.name) for one in outlooks} <= set(range(5, 35))
    pools = len(found.pools)
    assert pools == 3  # papers, chips and power
    for one in outlooks:
        assert one.lag.shape == (4,)
        assert one.slope.shape == one.offset.shape
        assert one.slope.shape[1:] == (4, 4)
        assert one.ready is not None
        assert one.ready.shape == (4, 4, 4)
        assert one.pairing_ratio.shape == (0, 4)
        assert one.ceiling.shape == (0, 4)
        assert one.pool.shape == (pools, 4)
        assert found.tree.nodes[one.node[0]].date == 0
        assert found.tree.nodes[one.node[1]].parent == one.node[0]


def test_without_readiness_curves_are_keyed_on_the_lag() -> None:
    world = World(lively(), ("ash",))
    found = prospect(world, even(world, 50.0, 50.0), paths=10, count=3, by_readiness=False)
    assert all(one.ready is None for one in found.outlooks(np.zeros((1, 1, 4))))


def test_a_curve_is_exact_at_the_levels_that_were_run_where_it_is_concave() -> None:
    """A share in proportion to claims, 200 x / (x + 300), is concave; `birch` orders 300."""
    world = World(contested(), ("ash",))
    profile = np.zeros((1, 7))
    profile[0, 0] = 100.0
    found = prospect(world, profile, paths=2, count=1)
    for level in LEVELS:
        counted = ready(level * profile, found.ready)
        x = 100.0 * level
        arrives = min(x, 200.0 * x / (x + 300.0))
        np.testing.assert_allclose(found.curves.at(counted)[0, 1:, 0], arrives, rtol=1e-9)
    assert found.curves.gap.max() < 1e-9


def test_companies_are_scaled_together_and_their_pool_is_a_row() -> None:
    """Both order 100 of 200; at five times each gets its half all the same."""
    world = World(contested(), ("ash", "birch"))
    profile = np.zeros((2, 7))
    profile[:, 0] = 100.0
    share = readiness(world, np.array([100.0, 100.0]), ONE)
    found = measure(histories(world, ONE), profile, share)
    np.testing.assert_allclose(found.along[:, -1, 0], 100.0)
    np.testing.assert_allclose(found.points.arrived[-1, :, -1, 0], 100.0)
    rows, amounts = shared_pools(world, found.together)
    assert [row.name for row in rows] == ["made"]
    assert rows[0].weight.tolist() == [1.0, 1.0]
    np.testing.assert_allclose(amounts[0, -1], 200.0)


def test_a_pool_of_which_one_company_takes_is_no_row() -> None:
    world = World(contested(), ("ash",))
    assert shared_pools(world, np.zeros((1, 7, 1)))[0] == ()


def shut(case: Scenario, gate: str) -> Scenario:
    closed = case.gates[gate].model_copy(update={"opening": "shut"})
    return case.model_copy(update={"gates": {**case.gates, gate: closed}})


def test_outlooks_of_a_named_scenario_are_the_same_paths_measured_in_it() -> None:
    """With customs shut for good nothing of `ash` arrives by its route, whatever it orders."""
    case = lively()
    world = World(case, ("ash",))
    orders = even(world, 50.0, 50.0)
    closed = Named("customs never open", shut(case, "customs"), probability=0.1)
    found = prospect(world, orders, named=[closed], dates=(2,), paths=20, count=4)
    outlooks = found.outlooks(np.zeros((1, 1, 4)))
    own, others = outlooks[:4], outlooks[4:]
    assert {one.scenario for one in own} == {case.scenario}
    assert {one.scenario for one in others} == {"customs never open"}
    assert all(one.name.startswith("customs never open, path ") for one in others)
    assert sum(one.probability for one in own) == pytest.approx(0.9)
    assert sum(one.probability for one in others) == pytest.approx(0.1)
    imported = [line.route for line in world.lines].index("main")
    for one in others:
        assert one.ready is not None
        assert not one.ready[imported].any()
    assert not found.measured.along[imported, -1, 4:].any()
    assert found.measured.along[imported, -1, :4].max() > 0.0
    (_, own_paths), (_, paths) = found.histories.parts
    np.testing.assert_array_equal(own_paths, paths)
    alone = World(closed.scenario, ("ash",)).arrivals([orders], paths)[0]
    np.testing.assert_allclose(found.measured.along[..., 4:], alone, rtol=1e-12)


def test_a_scenario_that_counts_for_nothing_splits_no_node() -> None:
    case = lively()
    world = World(case, ("ash",))
    closed = Named("customs never open", shut(case, "customs"))
    bare, with_it = (
        prospect(world, even(world, 50.0, 50.0), dates=(1, 2), paths=30, count=9, named=named)
        for named in ((), [closed])
    )
    assert [node.outlooks for node in with_it.tree.nodes] == [n.outlooks for n in bare.tree.nodes]
    np.testing.assert_array_equal(with_it.selection.paths, bare.selection.paths)
    np.testing.assert_array_equal(with_it.node[:9], bare.node)
    assert set(with_it.node[9:, 1].tolist()) <= set(bare.node[:, 1].tolist())


def test_paths_are_alike_where_they_are_so_in_each_scenario_that_counts() -> None:
    """With customs shut paths differ less; what tells them apart is what they do in the other."""
    case = lively()
    closed = shut(case, "customs")

    def chosen(of: Scenario, *named: Named) -> list[int]:
        world = World(of, ("ash",))
        found = prospect(world, even(world, 50.0, 50.0), named=named, paths=30, count=5)
        assert found.probability.sum() == pytest.approx(1.0)
        return [int(path) for path in found.selection.paths]

    assert chosen(case, Named("again", case, 0.5)) == chosen(case)
    assert chosen(closed, Named("open", case, 0.5)) == chosen(case, Named("shut", closed, 0.5))
    assert chosen(closed, Named("open", case, 0.5)) != chosen(closed)
    assert chosen(closed, Named("open", case)) == chosen(closed)


def test_a_scenario_with_other_wants_or_months_is_refused_with_both_sides() -> None:
    world = World(contested(), ("ash",))
    other = contested(companies=("ash", "birch", "cedar"))
    assert len(worlds_of(world, [Named("more buyers", other)])) == 1
    short = other.model_copy(update={"periods": 10})
    nobody = contested(companies=("birch",))
    with pytest.raises(InputError) as caught:
        worlds_of(world, [Named("sooner over", short), Named("no ash", nobody)])
    months, missing = caught.value.faults
    assert (months.file, months.key) == ("sooner over", "periods")
    assert "2026-03-16" in months.message
    assert "2026-07-06" in months.message
    assert (missing.file, missing.key) == ("no ash", "companies")
    assert "no company ash" in missing.message
