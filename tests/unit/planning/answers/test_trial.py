"""Trials against cases worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from headworks.planning.answers.rolling import as_known, quarters, rolling
from headworks.planning.problem import Risk
from headworks.planning.solve.extensive import solve_extensive
from headworks.planning.solve.solution import Decisions
from tests.unit.planning.answers.cases import field_of, gate, half_year

NO_POWER = np.zeros((0, 3))


def ordering(now: float, *later: float) -> Decisions:
    """Return decisions of January, and of April at each node."""
    return Decisions(np.array([[now, 0.0, 0.0]]), NO_POWER, np.array([[one] for one in later]))


def test_the_plan_comes_to_what_it_says_on_paths_like_its_outlooks() -> None:
    problem = half_year()
    plan = solve_extensive(problem)
    assert plan.objective == pytest.approx(900.0)
    trial = field_of(problem, [np.inf, 0.0]).trial("plan", plan.decisions)
    np.testing.assert_allclose(trial.outcome, [300.0, 1_500.0])
    np.testing.assert_allclose(trial.cost_usd, trial.outcome)
    np.testing.assert_allclose(trial.served_share, [1.0, 0.0])


def test_later_orders_are_those_of_the_node_that_a_path_is_in() -> None:
    ground = field_of(half_year(), [np.inf, 0.0, 4.0])
    waiting = ordering(0.0, 10.0, 2.0)
    np.testing.assert_array_equal(ground.orders(waiting)[0, 3], [10.0, 2.0, 10.0])
    trial = ground.trial("wait", waiting)
    # Three months unserved and 300; none served and 60 in vain; six short for three months more.
    np.testing.assert_allclose(trial.outcome, [900.0, 1_260.0, 600.0 + 300.0 + 360.0])
    np.testing.assert_allclose(trial.served, [30.0, 0.0, 12.0])


def test_trials_ask_for_no_least_share_since_what_is_not_served_has_its_price() -> None:
    ground = field_of(half_year(served_min=0.9), [0.0])
    assert ground.trial("none", ordering(0.0, 0.0, 0.0)).outcome == pytest.approx([1_200.0])


def test_decisions_by_path_come_to_what_the_same_ones_come_to_for_all() -> None:
    ground = field_of(half_year(), [np.inf, 0.0, 4.0])
    plan = ordering(7.0, 3.0, 0.0)
    each = ground.orders(plan)
    apart = [
        Decisions(each[..., path], np.zeros((0, 6)), np.zeros((0, 1))) for path in range(3)
    ]  # fmt: skip
    found, wanted = ground.trial_of_each("apart", apart), ground.trial("plan", plan)
    np.testing.assert_allclose(found.outcome, wanted.outcome)
    np.testing.assert_allclose(found.served, wanted.served)
    assert found.decisions is None


def test_rolling_believes_one_sample_and_mends_it_when_it_knows_more() -> None:
    """Ten in January where it samples the open gate; where it did not, ten in April if open."""
    problem = half_year()
    ground = field_of(problem, [np.inf, 0.0] * 30)
    decided = rolling(ground, solve_extensive)
    january = np.array([one.order[0, 0] for one in decided])
    april = np.array([one.order[0, 3] for one in decided])
    assert set(np.round(january)) == {0.0, 10.0}
    assert 15 <= (january > 5).sum() <= 45  # half of 60, give or take five standard deviations
    is_open = np.array([True, False] * 30)
    np.testing.assert_allclose(april, np.where(is_open, 10.0 - january, 0.0), atol=1e-6)
    trial = ground.trial_of_each("rolling", decided)
    wanted = np.where(
        is_open, np.where(january > 5, 300.0, 900.0), np.where(january > 5, 1_500.0, 1_200.0)
    )
    np.testing.assert_allclose(trial.outcome, wanted)


def test_rolling_is_the_same_on_a_path_however_many_others_there_are() -> None:
    problem = half_year()
    few = rolling(field_of(problem, [np.inf] * 3), solve_extensive)
    many = rolling(field_of(problem, [np.inf] * 9), solve_extensive)
    for one, same in zip(few, many, strict=False):
        np.testing.assert_allclose(one.order, same.order)


def test_what_has_not_arrived_is_ordered_again() -> None:
    """Of ten in January four have arrived: the certain outlook goes on from four."""
    problem = half_year(risk=Risk(worst_case=True), served_min=0.9)
    order = np.zeros((1, 6))
    order[0, 0] = 10.0
    task = as_known(problem, gate(1.0, 0, "open"), 3, order, np.zeros((0, 6)), np.full((1, 6), 4.0))
    found = solve_extensive(task)
    np.testing.assert_allclose(found.decisions.order, [[0, 0, 0, 6, 0, 0]], atol=1e-9)
    np.testing.assert_allclose(found.courses[0].arrived, [[4, 4, 4, 10, 10, 10]])


def test_plans_are_made_anew_at_the_beginnings_of_quarters_while_orders_can_arrive() -> None:
    problem = half_year()
    assert quarters(problem) == (0, 3)
    late = [gate(1.0, 0, "open"), gate(0.0, 1, "shut")]
    for one in late:
        one.lag[:] = 3
    assert quarters(half_year(outlooks=tuple(late))) == (0,)
