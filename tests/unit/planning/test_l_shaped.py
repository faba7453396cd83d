"""Solving outlook by outlook: what it proves, where it stops, and where it starts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bench.plan_instance import Size, instance
from headworks.errors import UnknownName
from headworks.planning.problem import Risk
from headworks.planning.programme.programme import Programme
from headworks.planning.solve.extensive import solve_extensive
from headworks.planning.solve.fixed import recourse
from headworks.planning.solve.l_shaped import solve_l_shaped
from headworks.planning.solve.method import solve
from headworks.planning.solve.recourse import OutlookRows, WarmModels
from headworks.planning.solve.solution import Decisions, highest
from tests.plans import newsvendor, toy

if TYPE_CHECKING:
    from headworks.planning.solve.search import Progress

SMALL = instance(Size(1, 1, 1, 10, 4, 6, works=1), seed=5)


def test_the_gap_is_proven_at_every_iteration() -> None:
    seen: list[Progress] = []
    plan = solve_l_shaped(SMALL, gap=1e-6, progress=seen.append)
    best = solve_extensive(SMALL).objective
    slack = 1e-9 * abs(best)
    assert seen
    for progress in seen:
        assert progress.bound <= best + slack
        assert progress.objective >= best - slack
    assert plan.gap <= 1e-6
    assert plan.iterations == len(seen)


def test_no_time_ends_with_the_plan_and_the_gap_at_hand() -> None:
    plan = solve_l_shaped(SMALL, time_limit_s=0.0)
    assert plan.iterations == 0
    assert plan.gap == np.inf
    assert plan.decisions.order.sum() == 0


def test_threads_of_joblib_find_what_one_thread_finds() -> None:
    one, two = (solve_l_shaped(SMALL, gap=1e-6, executor=by) for by in ("serial", "joblib"))
    assert one.objective == pytest.approx(two.objective, rel=1e-6)


def test_a_search_from_the_best_decisions_ends_at_once() -> None:
    best = solve_extensive(SMALL)
    plan = solve_l_shaped(SMALL, start=best.decisions, gap=1e-4)
    assert plan.objective == pytest.approx(best.objective, rel=1e-4)


@pytest.mark.slow
def test_many_outlooks_begin_at_the_plan_for_a_sample() -> None:
    problem = instance(Size(1, 1, 1, 8, 3, 30, works=1), seed=6)
    plan = solve_l_shaped(problem, gap=1e-4)
    assert plan.objective == pytest.approx(solve_extensive(problem).objective, rel=2e-4)


@pytest.mark.parametrize("risk", [Risk(weight=0.7, level=0.5), Risk(worst_case=True)])
def test_decisions_that_one_outlook_cannot_keep_are_cut_off(risk: Risk) -> None:
    # Orders of what must be served can only be paid in one of two years.
    problem = toy(served_min=0.3, risk=risk)
    whole, parts = solve_extensive(problem), solve_l_shaped(problem, gap=1e-7)
    assert parts.objective == pytest.approx(whole.objective, rel=1e-6)


def test_a_name_that_no_method_or_executor_has_is_told() -> None:
    with pytest.raises(UnknownName, match="did you mean extensive"):
        solve(SMALL, method="extensiv")
    with pytest.raises(UnknownName, match="there is no executor"):
        solve_l_shaped(SMALL, executor="ray")


def test_small_problems_are_solved_in_one_piece() -> None:
    assert solve(newsvendor([10.0, 20.0])).iterations == 1
    assert solve(SMALL, method="l-shaped", gap=1e-3).iterations > 1


def test_an_outlook_without_the_least_share_served_has_an_infinite_cost() -> None:
    problem = toy(served_min=0.9)
    nothing = Decisions(np.zeros((2, 1)), np.zeros((1, 1)), np.zeros((2, 2)))
    costs = [course.cost for course in recourse(problem, nothing, problem.outlooks)]
    assert costs == [np.inf, np.inf]


def test_fixed_arrivals_are_what_arrives_where_that_is_worth_it() -> None:
    problem = newsvendor([50.0])
    sure = replace(problem.outlooks[0], slope=np.zeros((1, 1, 1)), offset=np.full((1, 1, 1), 30.0))
    decisions = Decisions(np.array([[40.0]]), np.zeros((0, 1)), np.zeros((0, 1)))
    (course,) = recourse(problem, decisions, [sure])
    assert course.arrived[0, 0] == pytest.approx(30.0)
    assert course.served[0, 0, 0] == pytest.approx(30.0)
    assert course.cost == pytest.approx(40 * 30 + 20 * 100)


def test_outlooks_on_shared_models_answer_as_on_their_own() -> None:
    programme = Programme(SMALL)
    rows = [OutlookRows(programme, outlook) for outlook in SMALL.outlooks]
    shared, held = WarmModels(), WarmModels(4)
    random = np.random.default_rng(1)
    size = programme.decided.columns.count
    for _ in range(3):
        values = random.uniform(0, 50, size)
        for one in rows:
            alone = WarmModels().solve(one, values).cost
            assert shared.solve(one, values).cost == pytest.approx(alone, rel=1e-9)
            assert held.solve(one, values).cost == pytest.approx(alone, rel=1e-9)


def test_the_line_of_an_answer_is_below_the_cost_everywhere() -> None:
    problem = replace(SMALL, budget_usd=np.full(SMALL.budget_usd.shape, np.inf))
    programme = Programme(problem)
    rows = OutlookRows(programme, problem.outlooks[0])
    model, random = WarmModels(), np.random.default_rng(2)
    points = [random.uniform(0, 100, programme.decided.columns.count) for _ in range(6)]
    answers = [model.solve(rows, point) for point in points]
    for answer in answers:
        for point, other in zip(points, answers, strict=True):
            assert answer.level + answer.slope @ point <= other.cost * (1 + 1e-9)


def test_what_is_infeasible_is_cut_off_and_what_is_feasible_is_not() -> None:
    programme = Programme(SMALL)
    rows = OutlookRows(programme, SMALL.outlooks[0])
    model, size = WarmModels(), programme.decided.columns.count
    too_much = np.full(size, 1e6)
    answer = model.solve(rows, too_much)
    assert answer.cost == np.inf
    assert answer.level + answer.slope @ too_much > 0
    for few in (0.0, 0.01, 0.1):
        assert np.isfinite(model.solve(rows, np.full(size, few)).cost)
        assert answer.level + answer.slope @ np.full(size, few) <= 0


def test_the_dearest_prices_are_told_with_their_labels() -> None:
    problem = toy()
    prices = solve_extensive(problem).prices
    (label, worth), *_ = highest(problem, prices["power"], 2)
    assert label[0] == "north"
    assert worth == pytest.approx(prices["power"].value.sum(axis=0).max())
    assert highest(problem, prices["pool"], 3) == []
