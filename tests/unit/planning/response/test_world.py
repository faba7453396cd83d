"""What arrives of orders in a world."""

from __future__ import annotations

import numpy as np
import pytest

from headworks.errors import UnknownName
from headworks.planning.response.lags import lags
from headworks.planning.response.readiness import by_lag, readiness, ready
from tests.unit.planning.response.worlds import (
    World,
    contested,
    even,
    in_rounds,
    lively,
    paired,
)

ONE = np.array([0])


def test_a_company_that_is_not_in_the_scenario_is_named() -> None:
    with pytest.raises(UnknownName, match="ash"):
        World(contested(), ("asch",))


def test_lines_of_a_world_are_those_of_its_companies() -> None:
    world = World(lively(), ("birch", "ash"))
    assert {line.company for line in world.lines} == {"ash", "birch"}
    assert [world.companies[n] for n in world.company] == [line.company for line in world.lines]


def test_a_contested_pool_is_shared_in_proportion_to_what_is_ordered() -> None:
    """`birch` wants 300 by itself: 200 are shared as 300 to 100, and two weeks later in service."""
    world = World(contested(), ("ash",))
    orders = np.zeros((1, 7))
    orders[0, 0] = 100.0
    found = world.arrivals([orders, 3 * orders, 0 * orders], ONE)
    np.testing.assert_allclose(found[0][0, :, 0], [50.0] * 7)
    np.testing.assert_allclose(found[1][0, :, 0], [100.0] * 7)
    np.testing.assert_allclose(found[2][0, :, 0], [0.0] * 7)


def test_orders_may_differ_by_path() -> None:
    world = World(lively(), ("ash",))
    orders = np.random.default_rng(2).uniform(0, 30, (2, 4, 5))
    together = world.arrivals([orders], np.arange(5))[0]
    for path in range(5):
        alone = world.arrivals([orders[..., path]], np.array([path]))[0]
        np.testing.assert_allclose(together[..., path], alone[..., 0], rtol=1e-12)


@pytest.mark.parametrize("at_once", [1, 7, 10])
def test_no_arrival_depends_on_how_many_variants_are_run_together(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, paths = World(lively(), ("ash",)), np.array([4, 1, 9])
    variants = list(np.random.default_rng(2).uniform(0, 30, (5, 2, 4)))
    whole = world.arrivals(variants, paths)
    monkeypatch.setattr("headworks.planning.response.world.PATHS_AT_ONCE", at_once)
    for one, other in zip(whole, world.arrivals(variants, paths), strict=True):
        assert np.array_equal(one, other)


def test_conditions_that_a_plan_has_as_rows_are_lifted_for_its_companies_alone() -> None:
    world = World(paired(grace=8), ("ash",))
    orders = np.zeros((2, 7))
    orders[[line.chip == "alpha" for line in world.lines], 0] = 50.0
    chip = [line.chip for line in world.lines].index("alpha")
    assert world.arrivals([orders], ONE)[0][chip, -1, 0] == 50.0
    assert world.arrivals([orders], ONE, lifted=False)[0][chip, -1, 0] == 8.0
    condition = world.open_net.scenario.gates["export"].conditions["pairs"]
    assert condition.companies == ["birch"]


def test_the_lag_is_that_of_the_shortest_way() -> None:
    """Ordered on 1 February, in the fourth week; two weeks under way; counted on 28 February.

    With five weeks under way nothing ordered in a month is in service by its end.
    """
    assert lags(World(contested(), ("ash",)), ONE).tolist() == [[0]]
    assert lags(World(contested(lead_time_days=35), ("ash",)), ONE).tolist() == [[1]]
    assert lags(World(contested(lead_time_days=700), ("ash",)), ONE).tolist() == [[7]]


def test_nothing_arrives_that_was_ordered_less_than_the_lag_before() -> None:
    world = World(lively(), ("ash", "birch"))
    paths = np.arange(40)
    lag = lags(world, paths)
    assert lag.max() > 0
    rng = np.random.default_rng(5)
    for _ in range(3):
        orders = rng.uniform(0, 40, (len(world.lines), len(world.months)))
        found = world.arrivals([orders], paths)[0]
        before = ready(orders, by_lag(lag, len(world.months)))
        assert (found <= before + 1e-9).all()


def test_readiness_tells_a_late_order_from_an_early_one() -> None:
    """The round is on 18 February; what is ordered in March gets no papers from it."""
    world = World(in_rounds(), ("ash",))
    share = readiness(world, np.array([300.0]), ONE)[0, :, :, 0]
    np.testing.assert_allclose(share[0], [0, 0, 1, 1, 1, 1, 1])
    np.testing.assert_allclose(share[1], [0, 0, 1, 1, 1, 1, 1])
    assert not share[2:].any()
    orders = even(world, 70.0)
    counted = ready(orders, readiness(world, np.array([300.0]), ONE))
    np.testing.assert_allclose(counted[0, :, 0], [0, 0, 20, 20, 20, 20, 20])
    found = world.arrivals([orders], ONE)[0]
    np.testing.assert_allclose(found, counted)


def test_a_month_without_orders_counts_as_the_next_that_has_some() -> None:
    world = World(in_rounds(), ("ash",))
    total = np.array([300.0])
    every = readiness(world, total, ONE)
    some = readiness(world, total, ONE, {1, 4})
    for month, like in enumerate((1, 1, 4, 4, 4)):
        assert np.array_equal(some[:, month], every[:, like])
    assert not some[:, 5:].any()
