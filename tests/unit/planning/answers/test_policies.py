"""Simple policies against cases worked by hand."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from headworks.planning.answers import policies
from headworks.planning.solve.extensive import solve_extensive
from tests.plans import toy
from tests.unit.planning.answers.cases import MONTHS, half_year

if TYPE_CHECKING:
    from headworks.planning.response.prospect import Prospect

ALL = np.inf


def test_everything_that_is_wanted_is_ordered_when_it_can_be() -> None:
    """After the window orders stand at dates, those of the months before the date too."""
    decided = policies.everything(half_year(dates=(4,)), np.array([[5.0, 4.0, 3.0, 2.0, 1.0, 6.0]]))
    np.testing.assert_array_equal(decided.order, [[5.0, 4.0, 3.0]])
    np.testing.assert_array_equal(decided.later, [[9.0], [9.0]])


def test_everything_is_cut_to_what_the_budget_of_a_year_pays_in_full() -> None:
    """Eight at 30 are 240 in 2026, of 120 that there are."""
    problem = half_year(budget_usd=np.array([[120.0]]))
    half = replace(problem, goods=replace(problem.goods, prepaid=np.array([0.1])))
    decided = policies.everything(half, np.array([[4.0, 0.0, 2.0, 2.0, 0.0, 0.0]]))
    np.testing.assert_allclose(decided.order, [[2.0, 0.0, 1.0]])
    np.testing.assert_allclose(decided.later, [[1.0], [1.0]])


def test_committed_orders_are_paid_for_before_everything_else() -> None:
    problem = half_year(budget_usd=np.array([[120.0]]))
    goods = replace(problem.goods, committed=np.full((1, MONTHS), 0.5))  # 90 of 120
    decided = policies.everything(
        replace(problem, goods=goods), np.array([[4.0, 0, 0, 0, 0, 0]])
    )  # fmt: skip
    assert decided.order[0, 0] == pytest.approx(1.0)


def test_everything_has_the_power_that_it_needs_as_fast_as_it_may_be_built() -> None:
    """50 far at 0.2 and 30 home at 0.1 MW, with 10 committed: 15 MW, of which 12 are there.

    3 MW are to be built, and 4 a month may be. Budgets do not hold them.
    """
    problem = toy(budget_usd=np.full((1, 2), ALL))
    decided = policies.everything(problem, np.array([[50.0, 0.0], [30.0, 0.0]]))
    assert decided.build[0, 0] == pytest.approx(3.0)
    slow = replace(problem, sites=replace(problem.sites, build_max_mw=np.array([[2.0, 0.0]])))
    decided = policies.everything(slow, np.array([[50.0, 0.0], [30.0, 0.0]]))
    assert decided.build[0, 0] == pytest.approx(2.0)


def test_orders_and_power_are_cut_alike() -> None:
    """50 × 30 + 30 × 20 + 3 × 20 = 2,160 beyond 300 committed, of 1,380: a half."""
    problem = toy(budget_usd=np.array([[1_380.0, ALL]]))
    decided = policies.everything(problem, np.array([[50.0, 0.0], [30.0, 0.0]]))
    np.testing.assert_allclose(decided.order[:, 0], [25.0, 15.0])
    np.testing.assert_allclose(decided.build[0, 0], 1.5)


def test_domestic_is_what_no_other_country_s_export_control_holds() -> None:
    chips = {
        "far": SimpleNamespace(export_controlled_by=["US"]),
        "home": SimpleNamespace(export_controlled_by=[]),
    }
    coming = SimpleNamespace(world=SimpleNamespace(scenario=SimpleNamespace(chips=chips)))
    found = policies.domestic_only(toy(), cast("Prospect", coming))
    plan = solve_extensive(found)
    assert plan.decisions.order[0].sum() == 0
    assert plan.decisions.later[:, 0].sum() == 0
    assert plan.decisions.order[1].sum() > 0


def test_waiting_orders_and_builds_nothing_before_the_first_date() -> None:
    plan = solve_extensive(policies.waiting(half_year()))
    assert plan.decisions.order.sum() == 0
    np.testing.assert_allclose(plan.decisions.later[:, 0], [10.0, 0.0])
    assert plan.objective == pytest.approx(1_050.0)
    assert solve_extensive(policies.waiting(toy())).decisions.build.sum() == 0


def test_the_mean_is_that_of_arrivals_and_a_condition_holds_if_that_is_likelier() -> None:
    """Ten ordered give 8 with a chance of 0.75 and 0 otherwise: 6 in the mean."""
    ordered = np.broadcast_to(np.array([0.0, 10.0])[:, None, None, None], (2, 2, 2, 2))
    arrived = ordered * np.array([0.8, 0.0])
    points = SimpleNamespace(ordered=ordered, arrived=arrived)
    coming = SimpleNamespace(measured=SimpleNamespace(points=points))
    problem = toy()
    likely, seldom = problem.outlooks
    held = replace(
        seldom, pairing_ratio=np.array([[9.0, 9.0], [3.0, 3.0]]), ceiling=np.array([[7.0, 7.0]])
    )
    (mean,) = policies.mean_problem(
        replace(problem, outlooks=(likely, held)), cast("Prospect", coming)
    ).outlooks
    assert (mean.offset + mean.slope * 10.0).min(axis=0) == pytest.approx(np.full((2, 2), 6.0))
    np.testing.assert_allclose(mean.wanted, [[[100.0, 210.0]]])
    # 0.5 with 0.75 and 9 with 0.25; the second pairing holds in the first month with 0.25 alone.
    np.testing.assert_array_equal(mean.pairing_ratio, [[0.5, 0.5], [np.inf, 0.8]])
    np.testing.assert_array_equal(mean.ceiling, [[np.inf, 120.0]])
