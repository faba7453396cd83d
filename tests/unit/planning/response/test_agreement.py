"""Rounds of plan and flow, and the curves between them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pytest
from numpy.typing import NDArray

from headworks.planning.response.agreement import Residual, agree, redrawn
from headworks.planning.response.around import around
from headworks.planning.response.curves import Points
from headworks.planning.response.following import orders_of
from headworks.planning.response.measure import Measured
from headworks.planning.response.prospect import prospect
from headworks.planning.response.readiness import ready
from tests.unit.planning.response.small_plan import Course, Decisions, problem_of
from tests.unit.planning.response.worlds import World, even, lively

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headworks.planning.problem import Problem
    from headworks.planning.response.prospect import Prospect

Floats: TypeAlias = NDArray[np.float64]


def points(ordered: list[float], arrived: list[float]) -> Points:
    shape = (-1, 1, 1, 1)
    return Points(np.array(ordered).reshape(shape), np.array(arrived).reshape(shape))


def near(ordered: list[float], arrived: list[float], own: int) -> Measured:
    found = points(ordered, arrived)
    return Measured(found, found.arrived[own], np.zeros_like(found.arrived[own]))


def at(base: Points, plan: Measured, counted: float, ordered: float) -> float:
    found = around(base, plan, np.full((1, 1, 1), counted))
    return float(found.at(np.full((1, 1, 1), ordered))[0, 0, 0])


BASE = points([0.0, 100.0, 200.0, 400.0], [0.0, 80.0, 120.0, 140.0])


def test_around_a_plan_its_own_timing_counts_and_beyond_it_the_base_goes_on() -> None:
    """Of 50 the plan gets 20, of 100 it gets 30; from 100 to 200 the base brings 40 more."""
    plan = near([0.0, 50.0, 100.0], [0.0, 20.0, 30.0], 1)
    assert at(BASE, plan, 50, 50) == 20.0
    assert at(BASE, plan, 50, 25) == pytest.approx(10.0)
    assert at(BASE, plan, 50, 0) == 0.0
    assert at(BASE, plan, 50, 200) == pytest.approx(70.0)
    assert at(BASE, plan, 50, 400) == pytest.approx(90.0)


def test_where_a_plan_orders_nothing_that_counts_the_base_stands() -> None:
    plan = near([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], 1)
    for ordered, arrives in ((100, 80), (150, 100), (200, 120), (400, 140)):
        assert at(BASE, plan, 0, ordered) == pytest.approx(arrives)


def test_a_plan_in_a_hollow_is_promised_what_arrives() -> None:
    """Nothing of 10, all of 20, as with a least lot: a chord says 10 for 10, the plan gets none."""
    plan = near([0.0, 10.0, 20.0], [0.0, 0.0, 20.0], 1)
    assert at(points([0.0, 20.0], [0.0, 20.0]), plan, 10, 10) == 0.0


def test_orders_of_a_plan_follow_the_nodes_of_each_outlook() -> None:
    world = World(lively(), ("ash",))
    found = prospect(world, even(world, 60.0, 60.0, months=2), dates=(2, 3), paths=30, count=9)
    problem = problem_of(found, window=2)
    assert problem.dates == (2, 3)
    later = np.arange(len(problem.nodes) * 2, dtype=float).reshape(-1, 2)
    committed = np.zeros((2, 4))
    committed[1, 0] = 7.0
    goods = replace(problem.goods, committed=committed)
    problem = replace(problem, goods=goods)
    orders = orders_of(problem, Decisions(np.ones((2, 2)), later))
    for number, outlook in enumerate(problem.outlooks):
        for date, node in zip((2, 3), outlook.node, strict=True):
            assert orders[:, date, number].tolist() == later[node].tolist()
    assert (orders[:, 0] == np.array([[1.0], [8.0]])).all()
    assert len({tuple(orders[..., n].ravel()) for n in range(9)}) > 1


def test_a_residual_tells_what_is_missing_and_where() -> None:
    """Half of the first line is missing in the likelier outlook, in the last of two months."""
    promised = np.array([[[10.0, 10.0], [20.0, 20.0]], [[0.0, 0.0], [40.0, 40.0]]])
    arrived = promised.copy()
    arrived[0, 1, 0] = 10.0
    arrived[1, 0, 1] = 5.0
    found = Residual(promised, arrived, promised, np.array([0.75, 0.25]), arrived)
    assert found.by_line.tolist() == [7.5, 0.0]
    assert found.expected == pytest.approx(7.5 / 70.0)
    assert found.worst == pytest.approx(10.0 / 70.0)
    assert found.denied == pytest.approx(1.25 / arrived.sum(axis=(0, 1)).dot([0.75, 0.25]))


def test_a_plan_that_promises_nothing_misses_nothing() -> None:
    nothing = np.zeros((1, 2, 1))
    found = Residual(nothing, nothing, nothing, np.ones(1), nothing)
    assert (found.expected, found.worst, found.denied) == (0.0, 0.0, 0.0)


class Scripted:
    """Makes plans that are given beforehand, with promises read off the curves of the problem."""

    def __init__(self, found: Prospect, plans: list[Floats]) -> None:
        self.found, self.plans, self.problems = found, plans, list[object]()

    def __call__(self, problem: Problem) -> tuple[Decisions, Sequence[Course]]:
        order = self.plans[min(len(self.problems), len(self.plans) - 1)]
        self.problems.append(problem)
        decisions = Decisions(order, np.zeros((0, len(problem.lines))))
        orders = orders_of(problem, decisions)
        courses = [
            Course((one.offset + one.slope * ready(orders, self.found.ready)[..., n]).min(axis=0))
            for n, one in enumerate(problem.outlooks)
        ]
        return decisions, courses


def uncertain() -> tuple[World, Prospect]:
    """Return a world with chance in it, measured around orders that are all placed at once."""
    world = World(lively(), ("ash",))
    base = np.zeros((2, 4))
    base[:, 0] = 80.0
    return world, prospect(world, base, paths=40, count=10)


def test_a_plan_that_stays_where_it_is_is_promised_what_arrives() -> None:
    """Curves drawn around it meet the flow at its own orders, on every path and in every month."""
    _, found = uncertain()
    stays = np.array([[5.0, 30.0, 10.0], [10.0, 0.0, 20.0]])
    planner = Scripted(found, [stays])
    agreed = agree(found, problem_of(found, window=3), planner, rounds=3, close=1e-9)
    assert agreed.rounds[0].residual.denied + agreed.rounds[0].residual.expected > 0.005
    last = agreed.rounds[-1]
    assert last.residual.expected < 1e-9
    assert last.residual.denied < 1e-9
    assert agreed.best == len(agreed.rounds) - 1


def test_with_costs_the_cheapest_round_counts_and_not_the_last() -> None:
    _, found = uncertain()
    plans = [np.full((2, 3), units) for units in (5.0, 10.0, 20.0, 10.0)]
    costs = iter([30.0, 10.0, 20.0, 15.0])
    agreed = agree(
        found, problem_of(found, window=3), Scripted(found, plans),
        cost=lambda *_: next(costs), rounds=4, close=0.0,
    )  # fmt: skip
    assert [one.cost for one in agreed.rounds] == [30.0, 10.0, 20.0, 15.0]
    assert agreed.best == 1


def test_a_loop_ends_when_costs_fall_no_more() -> None:
    _, found = uncertain()
    plans = [np.full((2, 3), units) for units in (5.0, 10.0)]
    costs = iter([30.0, 20.0, 20.0])
    agreed = agree(
        found, problem_of(found, window=3), Scripted(found, plans),
        cost=lambda *_: next(costs), rounds=9, close=0.2,
    )  # fmt: skip
    assert len(agreed.rounds) == 3


def test_curves_are_redrawn_around_the_profile_of_each_outlook() -> None:
    world, found = uncertain()
    problem = problem_of(found, window=3)
    profile = np.random.default_rng(3).uniform(0, 30, (2, 4, 10))
    after = redrawn(found, problem, profile)
    arrived = found.histories.arrivals([profile])[0]
    counted = ready(profile, found.ready)
    for number, one in enumerate(after.outlooks):
        promised = (one.offset + one.slope * counted[..., number]).min(axis=0)
        np.testing.assert_allclose(promised, arrived[..., number], atol=1e-7)
    assert len(world.lines) == 2
