"""The extensive form against cases solved by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from headworks.planning.problem import Risk
from headworks.planning.programme.risk import tail
from headworks.planning.solve.extensive import solve_extensive
from tests.plans import newsvendor, outlook, toy

DEMAND = (10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 100.0)


def test_one_period_buys_what_is_wanted_where_that_is_cheaper_than_going_without() -> None:
    plan = solve_extensive(newsvendor([25.0]))
    assert plan.decisions.order == pytest.approx(np.array([[25.0]]))
    assert plan.objective == pytest.approx(25 * 30)
    assert plan.gap == pytest.approx(0.0, abs=1e-9)


def test_one_period_goes_without_where_that_is_cheaper() -> None:
    plan = solve_extensive(newsvendor([25.0], price=101.0))
    assert plan.decisions.order == pytest.approx(np.array([[0.0]]))
    assert plan.objective == pytest.approx(25 * 100)
    assert plan.courses[0].short == pytest.approx(np.array([[[25.0]]]))


@pytest.mark.parametrize(("price", "order"), [(35.0, 70.0), (45.0, 60.0), (75.0, 30.0)])
def test_the_newsvendor_orders_the_critical_fractile(price: float, order: float) -> None:
    # Least demand that holds with a chance of (shortfall − price) / shortfall: Arrow, Harris and
    # Marschak 1951, Optimal inventory policy.
    plan = solve_extensive(newsvendor(DEMAND, price=price))
    assert plan.decisions.order[0, 0] == pytest.approx(order)
    short = np.maximum(np.array(DEMAND) - order, 0).mean()
    assert plan.objective == pytest.approx(price * order + 100 * short)


def test_what_cannot_arrive_is_not_ordered() -> None:
    shut = outlook(1, 1, slope=[[[0.0]]], offset=[[[0.0]]], wanted=[[[25.0]]])
    plan = solve_extensive(newsvendor([25.0], outlooks=(shut,)))
    assert plan.decisions.order[0, 0] == 0


def test_cvar_of_the_plan_is_that_of_its_outcomes() -> None:
    risk = Risk(weight=0.5, level=0.75)
    plan = solve_extensive(newsvendor(DEMAND, price=75.0, risk=risk))
    outcomes = np.array([course.outcome for course in plan.courses])
    chance = np.full(10, 0.1)
    # The worst quarter of ten outcomes: two and a half of them.
    worst = np.sort(outcomes)[::-1]
    cvar = tail(outcomes, chance, 0.75) @ outcomes
    assert cvar == pytest.approx((worst[0] + worst[1] + worst[2] / 2) / 2.5)
    assert plan.objective == pytest.approx(0.5 * outcomes.mean() + 0.5 * cvar)
    assert plan.objective == pytest.approx(plan.bound)

    # Ordering q costs 75 q and is short of the demand above: try every order.
    def objective(order: float) -> float:
        costs = 75 * order + 100 * np.maximum(np.array(DEMAND) - order, 0)
        return float(0.5 * costs.mean() + 0.5 * tail(costs, chance, 0.75) @ costs)

    assert plan.objective == pytest.approx(min(objective(order) for order in range(101)))


def test_the_worst_case_counts_the_dearest_outlook_alone() -> None:
    plan = solve_extensive(newsvendor(DEMAND, price=75.0, risk=Risk(worst_case=True)))
    assert plan.decisions.order[0, 0] == pytest.approx(100.0)
    assert plan.objective == pytest.approx(7_500.0)


def test_served_work_is_counted_alone_under_the_budget() -> None:
    plan = solve_extensive(
        newsvendor([25.0], price=101.0, objective="served", budget_usd=np.array([[1_010.0]]))
    )
    assert plan.decisions.order[0, 0] == pytest.approx(10.0)
    assert plan.objective == pytest.approx(15.0)


def test_the_parts_of_each_cost_sum_to_what_the_objective_counts() -> None:
    for risk in (Risk(), Risk(weight=0.3, level=0.5), Risk(worst_case=True)):
        plan = solve_extensive(toy(risk=risk))
        for course in plan.courses:
            assert sum(course.parts.values()) == pytest.approx(course.outcome)


def test_later_orders_differ_by_what_is_known_then_and_first_ones_do_not() -> None:
    plan = solve_extensive(toy(budget_usd=np.array([[np.inf, np.inf]])))
    assert plan.decisions.order.shape == (2, 1)
    assert plan.decisions.later.shape == (2, 2)
    assert plan.courses[0].arrived[1, 0] == pytest.approx(plan.courses[1].arrived[1, 0])


def test_orders_are_whole_lots_on_request() -> None:
    problem = newsvendor([25.0])
    lots = replace(problem, goods=replace(problem.goods, lot=np.array([8.0])))
    plan = solve_extensive(lots, integers=True)
    # Three lots and one H100-equivalent short, or four lots: 24 × 30 + 100 is the cheaper.
    assert plan.decisions.order[0, 0] == pytest.approx(24.0)
    assert plan.objective == pytest.approx(820.0)
    assert solve_extensive(lots).decisions.order[0, 0] == pytest.approx(25.0)
