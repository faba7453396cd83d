"""Values of planning and of knowing, and problems in which something is decided already."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.plan_instance import Size, instance
from headworks.planning.answers.fixing import decided_now, standing, with_now, without_orders
from headworks.planning.answers.values import values
from headworks.planning.problem import Risk
from headworks.planning.solve.extensive import solve_extensive
from headworks.planning.solve.solution import Decisions
from tests.plans import toy
from tests.unit.planning.answers.cases import gate, half_year

SMALL = Size(companies=1, imported=2, domestic=1, months=6, window=2, outlooks=3, works=1)


def test_planning_for_chance_is_worth_what_planning_for_the_mean_costs_more() -> None:
    """Half of what is ordered arrives in the mean: 20 for 600, of which 10 too many or 20 in vain.

    That comes to (600 + 1,800) / 2, against 900 of the plan and 750 of knowing.
    """
    problem = half_year()
    mean = half_year(outlooks=(replace(gate(0.5, 0, "mean"), probability=1.0),), nodes=(0,))
    found, now = values(problem, solve_extensive(problem), mean, solve_extensive)
    assert found.plan == pytest.approx(900.0)
    assert found.evpi == pytest.approx(150.0)
    assert found.vss == pytest.approx(300.0)
    np.testing.assert_allclose(found.per_outlook, [300.0, 1_200.0])
    assert now.order.sum() == pytest.approx(20.0)
    assert now.later.shape == (2, 1)
    np.testing.assert_allclose([one.order.sum() for one in found.knowing], [10.0, 0.0])


def test_knowing_is_weighed_as_the_plan_is() -> None:
    """In the worst case the gate is shut, and nothing is ordered: knowing that is worth nothing."""
    problem = half_year(risk=Risk(worst_case=True))
    mean = half_year(outlooks=(replace(gate(0.5, 0, "mean"), probability=1.0),), nodes=(0,))
    found, _ = values(problem, solve_extensive(problem), mean, solve_extensive)
    assert found.plan == pytest.approx(1_200.0)
    assert found.wait_and_see == pytest.approx(1_200.0)
    assert found.evpi == 0.0


def test_a_plan_for_the_mean_that_cannot_serve_enough_costs_without_limit() -> None:
    """It waits for an outlook in which nothing is wanted, and then has nothing in January."""
    problem = half_year(outlooks=(replace(gate(1.0, 0, "open"), probability=1.0),), nodes=(0,))
    asked = replace(problem, served_min=0.5)
    mean = replace(problem, outlooks=(replace(problem.outlooks[0], wanted=np.zeros((1, 1, 6))),))
    found, _ = values(asked, solve_extensive(asked), mean, solve_extensive)
    assert found.vss == np.inf


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([Risk(), Risk(0.5, 0.6), Risk(worst_case=True)]))
def test_knowing_costs_no_more_than_the_plan_and_the_mean_s_no_less(seed: int, risk: Risk) -> None:
    problem = replace(instance(SMALL, seed), risk=risk)
    mean = replace(problem, risk=Risk(), outlooks=(replace(problem.outlooks[0], probability=1.0),))
    found, _ = values(problem, solve_extensive(problem), mean, solve_extensive)
    slack = 1e-7 * abs(found.plan)
    assert found.wait_and_see <= found.plan + slack
    assert found.plan <= found.mean_plan + slack


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["cost", "served"]))
def test_a_window_that_stands_leaves_the_plan_its_objective(seed: int, objective: str) -> None:
    problem = replace(instance(SMALL, seed), objective=objective)
    plan = solve_extensive(problem)
    fixed, missing = decided_now(problem, plan.decisions)
    again = solve_extensive(fixed)
    assert again.objective + missing == pytest.approx(plan.objective, rel=1e-7, abs=1e-3)
    assert again.decisions.order.sum() == pytest.approx(0.0, abs=1e-6)


def test_what_stands_is_committed_built_and_paid_for() -> None:
    """One MW begun in December costs 20 of the first year's budget, and is there a month later."""
    problem = toy()
    fixed, missing = standing(problem, np.array([[7.0], [2.0]]), np.array([[1.0]]))
    np.testing.assert_array_equal(fixed.goods.committed, [[17.0, 0.0], [2.0, 0.0]])
    np.testing.assert_array_equal(fixed.goods.order_max[:, 0], 0.0)
    np.testing.assert_array_equal(fixed.sites.power_mw, [[12.0, 16.0]])
    np.testing.assert_array_equal(fixed.budget_usd, [[2_980.0, 9_000.0]])
    assert missing == 20.0


def test_budgets_cover_what_was_prepaid_but_for_rounding() -> None:
    problem = toy(budget_usd=np.array([[175.0, 9_000.0]]))
    fixed, _ = standing(problem, np.array([[1.0 + 1e-6], [0.5]]), np.array([[0.0]]))
    assert fixed.budget_usd[0, 0] == pytest.approx(175.0)
    assert solve_extensive(replace(fixed, served_min=0.0)).objective > 0


def test_only_the_lines_and_months_asked_for_are_closed() -> None:
    shut = without_orders(toy(), np.array([True, False]), slice(1))
    np.testing.assert_array_equal(shut.goods.order_max, [[0.0, np.inf], [np.inf, np.inf]])


def test_a_window_of_one_plan_is_joined_to_the_dates_of_another() -> None:
    now, rest = (Decisions(*(np.full((1, 1), n + k) for k in range(3))) for n in (0.0, 10.0))
    both = with_now(now, rest)
    assert [both.order[0, 0], both.build[0, 0], both.later[0, 0]] == [0.0, 1.0, 12.0]
