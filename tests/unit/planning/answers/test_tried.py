"""Policies in each scenario: numbers worked by hand, those without an end among them."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest

from headworks.errors import InputError
from headworks.planning.answers import knowing
from headworks.planning.answers.contest import contest_again
from headworks.planning.answers.rolling import rolling
from headworks.planning.answers.scenarios import in_scenarios
from headworks.planning.answers.trial import Trial
from headworks.planning.answers.tried import Tried, at_worst, quantile, regret, summary
from headworks.planning.information import PATHS_MIN, Unknown
from headworks.planning.solve.extensive import solve_extensive
from headworks.planning.solve.solution import Decisions
from tests.unit.planning.answers.cases import field_of, half_year

if TYPE_CHECKING:
    from headworks.planning.answers.trial import Ground
    from headworks.planning.response.world import World

FREE = np.inf


def trial(name: str, *outcome: float, served: float = 1.0) -> Trial:
    ones = np.ones(len(outcome))
    return Trial(name, None, np.array(outcome), np.array(outcome), served * ones, ones, ())


def test_regret_is_beyond_the_best_on_the_same_path_and_none_where_none_has_an_end() -> None:
    found = regret([np.array([1.0, 5.0, FREE, FREE]), np.array([4.0, 2.0, 3.0, FREE])])
    np.testing.assert_array_equal(found, [[0.0, 3.0, FREE, 0.0], [3.0, 0.0, 0.0, 0.0]])


def test_what_a_solver_cannot_tell_apart_is_the_same() -> None:
    """A ten-millionth of what it comes to is dust; a thousandth is a difference."""
    dust = 1e9 * (1 + 1e-7)
    np.testing.assert_array_equal(
        regret([np.array([dust, 1e9, 0.0]), np.array([1e9, 1.001e9, 1e-3])]),
        [[0.0, 0.0, 0.0], [0.0, 1e6, 1e-3]],
    )
    own = Tried("own", (trial("plan", 1e9), trial("wait", 0.9e9)), ())
    again = Tried("again", (trial("plan", dust), trial("wait", 0.9e9 - 100.0)), ())
    dear = Tried("dear", (trial("plan", 1.001e9), trial("wait", 0.899e9)), ())
    (plan, wait) = at_worst([own, again])
    assert (plan["scenario"], plan["mean"]) == ("own", 1e9)
    assert (plan["regret_scenario"], plan["regret_mean"]) == ("own", 1e8)
    assert (wait["scenario"], wait["regret_scenario"], wait["regret_mean"]) == ("own", "own", 0.0)
    plan = next(at_worst([own, again, dear]))
    assert (plan["scenario"], plan["regret_scenario"]) == ("dear", "dear")
    # Where no policy has an end none is regretted, and most regret is elsewhere.
    nowhere = Tried("nowhere", (trial("plan", FREE), trial("wait", FREE)), ())
    plan = next(at_worst([nowhere, dear]))
    assert (plan["scenario"], plan["regret_scenario"]) == ("nowhere", "dear")


def test_numbers_without_an_end_are_none_and_the_others_stay_what_they_are() -> None:
    values = np.array([3.0, FREE, 1.0, 2.0, 4.0])
    assert summary(values) == {"mean": None, "p5": pytest.approx(1.2), "med": 3.0, "p95": None}
    assert quantile(values, 0.75) == 4.0
    assert quantile(np.full(3, FREE), 0.5) == FREE
    few = np.random.default_rng(1).random(37)
    assert quantile(few, 0.3) == np.quantile(few, 0.3)


def test_each_policy_has_a_scenario_in_which_it_is_worst_and_one_of_most_regret() -> None:
    own = Tried("own", (trial("plan", 1.0, 3.0), trial("wait", 6.0, 4.0)), ())
    shut = Tried("shut", (trial("plan", 9.0, 9.0), trial("wait", 5.0, 4.0, served=0.5)), None)
    assert list(at_worst([own, shut])) == [
        {"name": "plan", "scenario": "shut", "mean": 9.0, "served_share_mean": 1.0,
         "regret_scenario": "shut", "regret_mean": 4.5},
        {"name": "wait", "scenario": "own", "mean": 5.0, "served_share_mean": 1.0,
         "regret_scenario": "own", "regret_mean": 3.0},
    ]  # fmt: skip
    endless = Tried("late", (trial("plan", 1.0, FREE), trial("wait", 1.0, 1.0)), ())
    plan = next(at_worst([own, shut, endless]))
    assert (plan["scenario"], plan["mean"], plan["regret_mean"]) == ("late", None, None)
    assert list(at_worst([])) == []


def test_work_is_unknown_where_what_is_ordered_cannot_be_paid_for() -> None:
    """Of 200, 150 go in January; where the gate is open as much shall be spent again in April."""
    field = field_of(half_year(budget_usd=np.array([[200.0]])), [FREE, 0.0, 0.0])
    again = replace(ordering(5.0), later=np.array([[5.0], [0.0]]))
    tried = Tried("own", (field.trial("ten", again), field.trial("two", ordering(2.0))), ())
    ten, two = tried.trials
    np.testing.assert_allclose(ten.outcome, [FREE, 1_350.0, 1_350.0])
    np.testing.assert_allclose(ten.served, [np.nan, 0.0, 0.0])
    np.testing.assert_allclose(ten.served_share, [np.nan, 0.0, 0.0])
    np.testing.assert_allclose(two.served_share, [0.2, 0.0, 0.0])
    broken = ten.courses[0]
    assert np.isnan([*broken.parts.values()]).all()
    assert np.isnan(broken.rented).all()
    assert np.isnan(broken.short).all()
    rows = {row["name"]: row for row in tried.policy_rows()}
    shares = ("served_share_mean", "served_share_p5", "served_share_p95")
    assert [rows["ten"][key] for key in shares] == [None, None, None]
    assert [rows["two"][key] for key in shares] == pytest.approx([0.2 / 3, 0.0, 0.18])
    assert rows["two"]["mean"] == pytest.approx((1_020.0 + 2 * 1_260.0) / 3)
    assert [row["served_share_mean"] for row in at_worst([tried])] == [None, pytest.approx(0.2 / 3)]
    nothing = replace(ten, wanted=np.zeros(3))
    np.testing.assert_allclose(nothing.served_share, [np.nan, 1.0, 1.0])


def test_policies_are_decided_once_and_tried_in_each_scenario() -> None:
    """The plan orders ten in January, whichever scenario the paths are of."""
    problem = half_year()
    plan = solve_extensive(problem)
    own = field_of(problem, [FREE, 0.0])
    trials = (
        own.trial("plan", plan.decisions),
        own.trial_of_each("rolling", rolling(own, solve_extensive)),
    )
    again = contest_again(field_of(problem, [0.0, 0.0, FREE]), trials[:1], solve_extensive)
    np.testing.assert_allclose(again[0].outcome, [1_500.0, 1_500.0, 300.0])
    told: list[tuple[int, int]] = []
    both = contest_again(
        field_of(problem, [0.0] * 4), trials, solve_extensive,
        lambda done, whole: told.append((done, whole)),
    )  # fmt: skip
    assert [one.name for one in both] == ["plan", "rolling"]
    assert both[1].outcome.shape == (4,)
    assert told == sorted(told)
    assert {whole for _, whole in told} == {3}


def test_rolling_goes_on_where_an_outlook_weighs_nothing() -> None:
    """A shut gate that counts for nothing in the plan: paths in its node sample the open one."""
    problem = half_year()
    outlooks = tuple(
        replace(one, probability=chance)
        for one, chance in zip(problem.outlooks, (1.0, 0.0), strict=True)
    )
    decided = rolling(field_of(replace(problem, outlooks=outlooks), [0.0] * 5), solve_extensive)
    january = np.array([one.order[0, 0] for one in decided])
    april = np.array([one.order[0, 3] for one in decided])
    np.testing.assert_allclose(january, 10.0)
    np.testing.assert_allclose(april, 10.0)  # what has not arrived is ordered again


def test_rolling_orders_nothing_where_nothing_can_be_done_any_more() -> None:
    def stuck(_problem: object) -> Any:  # noqa: ANN401 - never returns
        raise InputError("constraints clash")

    (decided,) = rolling(field_of(half_year(), [0.0]), stuck)
    assert not decided.order.any()


def knowable(field: Ground, monkeypatch: pytest.MonkeyPatch) -> Ground:
    """Return a field in which it can be known whether the gate is open."""
    is_open = (cast("Any", field.world).most > 0).astype(np.float64)
    monkeypatch.setattr(knowing, "unknowns", lambda *_: [Unknown("gate", {"open": is_open})])
    scenario = SimpleNamespace(gates={}, pools={}, drivers={})
    world = SimpleNamespace(
        scenario=scenario, companies=("buyer",), net=None, draws=lambda _paths: None,
        arrivals=field.world.arrivals,
    )  # fmt: skip
    return replace(field, world=cast("World", world))


def ordering(units: float) -> Decisions:
    return Decisions(np.array([[units, 0.0, 0.0]]), np.zeros((0, 3)), np.zeros((2, 1)))


def test_an_option_without_an_end_is_left_out_of_what_is_worth_knowing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ten in January or none: 300 or 1,200 where open, 1,500 or 1,200 where shut."""
    field = knowable(field_of(half_year(), [FREE, 0.0] * PATHS_MIN), monkeypatch)
    trials = [field.trial("plan", ordering(10.0)), field.trial("wait", ordering(0.0))]
    found = knowing.worth_knowing(field, trials, [])
    assert found is not None
    # Known: (300 + 1,200) / 2; unknown: (300 + 1,500) / 2.
    assert found[0].value == pytest.approx(150.0, rel=1e-4)
    endless = replace(trials[0], outcome=np.where(trials[0].outcome > 1_000, FREE, 300.0))
    assert knowing.worth_knowing(field, [endless, *trials], []) == found
    assert knowing.worth_knowing(field, [endless], [ordering(10.0), ordering(0.0)]) == found
    assert knowing.worth_knowing(field, [endless], []) is None


def test_what_has_no_end_in_one_scenario_says_nothing_of_another() -> None:
    problem = half_year()
    named = tuple(
        replace(one, scenario=one.name, probability=chance)
        for one, chance in zip(problem.outlooks, (1.0, 0.0), strict=True)
    )
    solved = solve_extensive(replace(problem, outlooks=named))
    courses = (solved.courses[0], solved.courses[1].impossible())
    found = in_scenarios(replace(problem, outlooks=named), replace(solved, courses=courses))
    assert [one.name for one in found if one.is_worst] == ["shut"]
    assert np.isfinite(found[0].outcome)
    assert found[1].outcome == FREE
    assert found[0].served_share == pytest.approx(1.0)
    assert np.isnan(found[1].served_share)
