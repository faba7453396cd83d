"""Where nothing is random, what a plan promises is what the flow lets arrive."""

from __future__ import annotations

import numpy as np
import pytest

from headworks.planning.response.agreement import agree
from headworks.planning.response.following import flown, orders_of
from headworks.planning.response.prospect import prospect
from headworks.scenario.load import load
from tests.unit.planning.response.small_plan import Planner, problem_of
from tests.unit.planning.response.worlds import World, contested, even, in_rounds, paired


def test_a_finite_order_in_a_contested_pool_arrives_as_planned() -> None:
    """200 shared in proportion with 300 of another company: 200 x / (x + 300) arrive of x.

    A unit is in service from the second month on at the latest, and worth 0.5 a month then; it is
    ordered for 1 in the first month. What a further unit brings is more than it costs up to about
    x = 147, where 6 months × 0.5 × 60,000 / (x + 300)² is less than 1 less the first month's.
    """
    world = World(contested(), ("ash",))
    base = np.zeros((1, 7))
    base[0, 0] = 300.0
    found = prospect(world, base, paths=2, count=1)
    agreed = agree(found, problem_of(found, window=1), Planner(np.array([0.5])))
    plan = agreed.plan
    ordered = plan.decisions.order.sum()
    assert 100 < ordered < 300
    np.testing.assert_allclose(plan.residual.promised, plan.residual.arrived, rtol=1e-9)
    np.testing.assert_allclose(
        plan.residual.arrived[0, -1, 0], 200 * ordered / (ordered + 300), rtol=1e-9
    )


def test_two_planned_companies_in_a_contested_pool_get_what_they_were_promised() -> None:
    """A third one orders 300: of x that both order together, 200 x / (x + 300) arrive."""
    world = World(contested(companies=("ash", "birch", "cedar")), ("ash", "birch"))
    base = np.zeros((2, 7))
    base[:, 0] = 150.0
    found = prospect(world, base, paths=2, count=1)
    problem = problem_of(found, window=1, order_max=400.0)
    agreed = agree(found, problem, Planner(np.array([0.5, 0.6])), rounds=15, close=1e-4)
    plan = agreed.plan
    ordered = plan.decisions.order.sum(axis=1)
    assert 100.0 < ordered.sum() < 600.0
    np.testing.assert_allclose(plan.residual.promised, plan.residual.arrived, rtol=1e-3)
    np.testing.assert_allclose(
        plan.residual.arrived[:, -1, 0], 200 * ordered / (ordered.sum() + 300), rtol=1e-9
    )


def test_companies_planned_together_do_not_outbid_each_other() -> None:
    """With nobody else in the pool of 200, both together order what there is and no more."""
    world = World(contested(), ("ash", "birch"))
    base = np.zeros((2, 7))
    base[:, 0] = 150.0
    found = prospect(world, base, paths=2, count=1)
    problem = problem_of(found, window=1, order_max=400.0)
    plan = agree(found, problem, Planner(np.array([0.3, 0.4])), rounds=12, close=1e-4).plan
    assert plan.decisions.order.sum() == pytest.approx(200.0, rel=0.02)
    np.testing.assert_allclose(plan.residual.promised, plan.residual.arrived, rtol=1e-3)


def test_the_smallest_scenario_is_planned_as_it_flows() -> None:
    """`one-gate`: 1,000 in stock and 100 a week, two weeks of delivery."""
    world = World(load("one-gate"), ("buyer",))
    found = prospect(world, even(world, 6000.0, months=12), paths=2, count=1)
    agreed = agree(found, problem_of(found, window=12), Planner(np.array([0.3])))
    np.testing.assert_allclose(
        agreed.plan.residual.promised, agreed.plan.residual.arrived, rtol=1e-6, atol=1e-6
    )
    assert agreed.plan.residual.arrived[0, -1, 0] > 3000


def test_what_is_ordered_after_a_round_is_not_promised() -> None:
    """The round of 60 is in the third month: 60 are ordered before it, and nothing after.

    Curves are chords between the levels that were run, so that the bend is found to a step.
    """
    world = World(in_rounds(), ("ash",))
    found = prospect(world, even(world, 120.0), paths=2, count=1)
    agreed = agree(
        found, problem_of(found, window=6), Planner(np.array([0.4])), rounds=12, close=1e-6
    )
    plan = agreed.plan
    np.testing.assert_allclose(plan.residual.promised, plan.residual.arrived, atol=1e-6)
    assert plan.decisions.order[0, :2].sum() == pytest.approx(60.0, rel=0.05)
    assert plan.decisions.order[0, 2:].sum() == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("trigger", ["ordered", "installed"])
def test_imports_are_promised_as_far_as_domestic_chips_earn_them(trigger: str) -> None:
    """Half an import for each domestic chip: the imports are worth more than both cost."""
    world = World(paired(trigger=trigger, grace=10), ("ash",))
    imported = [line.chip for line in world.lines].index("alpha")
    found = prospect(world, even(world, 200.0, 200.0), paths=2, count=1)
    worth = np.where(np.arange(2) == imported, 2.0, 0.01)
    problem = problem_of(found, window=1, order_max=80.0)
    agreed = agree(found, problem, Planner(worth), close=1e-9)
    plan = agreed.plan
    assert plan.residual.promised[imported, -1, 0] == pytest.approx(50.0)  # 10 and half of 80
    np.testing.assert_allclose(plan.residual.promised, plan.residual.arrived, atol=1e-6)


def test_decisions_that_stand_are_weighed_where_arrivals_are_those_of_the_flow() -> None:
    world = World(contested(), ("ash",))
    base = np.zeros((1, 7))
    base[0, 0] = 300.0
    found = prospect(world, base, paths=2, count=1)
    problem = problem_of(found, window=1)
    plan = agree(found, problem, Planner(np.array([0.5]))).plan
    arrived = plan.residual.arrived
    assert orders_of(problem, plan.decisions)[0, 0, 0] == plan.decisions.order[0, 0]
    (outlook,) = flown(problem, arrived).outlooks
    np.testing.assert_array_equal(outlook.offset[0], arrived[..., 0])
    assert not outlook.slope.any()
    assert outlook.ready is None
