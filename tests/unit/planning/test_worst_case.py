"""The worst case over named scenarios: orders worked by hand, and what it leaves open."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from headworks.errors import InputError
from headworks.flow.line import Line
from headworks.planning.answers.scenarios import in_scenarios
from headworks.planning.problem import Berths, Goods, Problem, Risk
from headworks.planning.programme.risk import weighed, weights
from headworks.planning.solve.extensive import solve_extensive
from headworks.planning.solve.l_shaped import solve_l_shaped
from headworks.planning.solve.method import solve
from headworks.planning.worst import followed, settled
from tests.plans import newsvendor, outlook

WORST = Risk(worst_case=True)


def two_chips(*wanted_open: float, risk: Risk = WORST) -> Problem:
    """Return a buyer with 350 to spend on chips that arrive in one of two scenarios each.

    A `far` chip costs 30 and arrives if the gate is open, a `home` chip costs 40 and arrives if it
    is shut, and work not served costs 100. With x far and y home chips, and 10 wanted in the mean,
    open comes to 1,000 - 70 x + 40 y and shut to 1,000 + 30 x - 60 y.
    """
    plain = newsvendor([1.0])
    count = len(wanted_open)
    scenes = [
        outlook(
            2, 1, name=f"open {number}", probability=0.5 / count, scenario="open",
            slope=np.array([[[1.0], [0.0]]]), offset=np.zeros((1, 2, 1)), wanted=[[[units]]],
        )
        for number, units in enumerate(wanted_open)
    ]  # fmt: skip
    shut = outlook(
        2, 1, name="shut 0", probability=0.5, scenario="shut",
        slope=np.array([[[0.0], [1.0]]]), offset=np.zeros((1, 2, 1)), wanted=[[[10.0]]],
    )  # fmt: skip
    ones, none = np.ones(2), np.zeros((2, 1))
    return replace(
        plain,
        lines=(Line("buyer", "far", "sea", 1.0), Line("buyer", "home", "road", 1.0)),
        company=np.array([0, 0]),
        goods=Goods(
            np.array([30.0, 40.0]), ones, ones, none, np.zeros(2), np.zeros(2), none, none + np.inf
        ),
        berths=Berths(np.array([0, 1]), np.array([-1, -1]), np.array([0, 0]), ones),
        budget_usd=np.array([[350.0]]),
        outlooks=(*scenes, shut),
        risk=risk,
    )


@pytest.mark.parametrize("method", ["extensive", "l-shaped"])
def test_the_least_worst_case_is_where_both_scenarios_come_to_the_same(method: str) -> None:
    """Equal where x = y; 70 x = 350, so that five of each come to 850 in both."""
    found = solve(two_chips(10.0), method=method, gap=1e-7)
    np.testing.assert_allclose(found.decisions.order[:, 0], [5.0, 5.0], atol=1e-4)
    assert found.objective == pytest.approx(850.0)
    assert found.bound == pytest.approx(850.0)


def test_the_mean_alone_would_bet_on_one_of_them() -> None:
    """1,000 - 20 x - 10 y in the mean: ten far chips, and a home chip and a quarter."""
    found = solve(two_chips(10.0, risk=Risk()))
    np.testing.assert_allclose(found.decisions.order[:, 0], [10.0, 1.25])
    assert found.objective == pytest.approx(787.5)
    told = {one.name: one for one in in_scenarios(two_chips(10.0), found)}
    assert told["shut"].outcome == pytest.approx(1000 + 300 - 75)
    assert told["shut"].is_worst
    assert told["shut"].served_share == pytest.approx(0.125)
    assert told["open"].outcome == pytest.approx(300 + 50)
    assert not told["open"].is_worst


@pytest.mark.parametrize("solver", [solve_extensive, solve_l_shaped])
def test_outlooks_of_one_scenario_count_by_their_mean(solver: object) -> None:
    """Eight or twelve wanted come to the same as ten up to eight chips."""
    assert callable(solver)
    found = solver(two_chips(8.0, 12.0), gap=1e-7)
    np.testing.assert_allclose(found.decisions.order[:, 0], [5.0, 5.0], atol=1e-4)
    assert found.objective == pytest.approx(850.0)


def test_outlooks_of_no_scenario_count_each_by_itself() -> None:
    """Twelve wanted come to 1,200 - 70 x + 40 y: x = y + 2, and 30 x + 40 y = 350."""
    named = two_chips(8.0, 12.0)
    bare = replace(named, outlooks=tuple(replace(one, scenario="") for one in named.outlooks))
    found = solve(bare)
    home = 290 / 70
    np.testing.assert_allclose(found.decisions.order[:, 0], [home + 2, home])
    assert found.objective == pytest.approx(1000 + 30 * (home + 2) - 60 * home)
    assert in_scenarios(bare, found) == ()


def refunded() -> Problem:
    """Return a buyer who gets all back if the gate stays shut, where ten wanted go unserved."""
    one = newsvendor([10.0, 10.0])
    open_, shut = one.outlooks
    none = np.zeros((1, 1, 1))
    return replace(
        one,
        goods=replace(one.goods, nonrefundable=np.zeros(1)),
        outlooks=(
            replace(open_, name="open 0", scenario="open"),
            replace(shut, name="shut 0", scenario="shut", slope=none, offset=none),
        ),
        risk=WORST,
    )


@pytest.mark.parametrize("method", ["extensive", "l-shaped"])
def test_what_the_worst_case_leaves_open_is_decided_by_the_mean(method: str) -> None:
    """At worst nothing helps; ten chips cost nothing there, and save 700 where the gate is open."""
    problem = refunded()

    def solver(given: Problem, **options: object) -> object:
        return solve(given, method=method, gap=1e-7, **options)  # type: ignore[arg-type]

    found = settled(problem, solver(problem), solver, 0.0)  # type: ignore[arg-type]
    assert found.objective == pytest.approx(1000.0)
    assert found.bound == pytest.approx(1000.0)
    assert found.decisions.order[0, 0] == pytest.approx(10.0)
    told = {one.name: one.outcome for one in in_scenarios(problem, found)}
    assert told == pytest.approx({"open": 300.0, "shut": 1000.0})


def test_the_mean_decides_nothing_that_makes_the_worst_dearer() -> None:
    """Ten far chips would save 62.5 in the mean, and cost 375 at worst."""
    problem = two_chips(10.0)
    found = settled(problem, solve(problem), solve, 0.0)
    np.testing.assert_allclose(found.decisions.order[:, 0], [5.0, 5.0], atol=1e-4)
    assert found.objective == pytest.approx(850.0, rel=1e-6)


def for_open_alone(served_min: float = 0.0) -> Problem:
    """Return the buyer who plans for the open gate, and looks at the shut one besides."""
    open_, shut = two_chips(10.0).outlooks
    outlooks = (replace(open_, probability=1.0), replace(shut, probability=0.0))
    return replace(two_chips(10.0, risk=Risk()), outlooks=outlooks, served_min=served_min)


@pytest.mark.parametrize("method", ["extensive", "l-shaped"])
def test_what_counts_for_nothing_is_followed_to_its_end_all_the_same(method: str) -> None:
    """Ten far chips come to 300 where they arrive; where they do not, to 300 and all ten unserved.

    What is left of the budget buys a home chip and a quarter, which would help only there.
    """
    problem = for_open_alone()
    found = followed(problem, solve(problem, method=method, gap=1e-7))
    np.testing.assert_allclose(found.decisions.order[:, 0], [10.0, 0.0], atol=1e-4)
    told = {one.name: one.outcome for one in in_scenarios(problem, found)}
    assert told == pytest.approx({"open": 300.0, "shut": 1300.0}, rel=1e-5)


def test_orders_are_possible_in_a_scenario_that_counts_for_nothing() -> None:
    """A tenth of the work must be served where the gate is shut, too: a home chip is ordered."""
    problem = for_open_alone(served_min=0.1)
    found = solve(problem)
    np.testing.assert_allclose(found.decisions.order[:, 0], [10.0, 1.0])
    assert found.objective == pytest.approx(340.0)
    with pytest.raises(InputError, match="cannot hold together"):
        solve(for_open_alone(served_min=0.9))


@pytest.mark.parametrize("risk", [Risk(), WORST, Risk(weight=0.5)])
def test_what_is_impossible_in_one_outlook_comes_to_no_finite_cost(risk: Risk) -> None:
    problem = two_chips(5.0, 15.0, risk=risk)
    assert weighed(problem, np.array([1.0, 2.0, np.inf])) == np.inf
    certain = replace(problem.outlooks[0], probability=1.0)
    beside = replace(problem.outlooks[1], probability=0.0, scenario="beside")
    unweighed = replace(problem, outlooks=(certain, beside))
    assert weighed(unweighed, np.array([1.0, np.inf])) == np.inf


def test_the_mean_may_count_beside_the_worst_case() -> None:
    chance, scenario = np.array([0.1, 0.3, 0.6]), np.array([0, 0, 1])
    outcomes = np.array([8.0, 4.0, 3.0])  # means of 5 and 3
    found = weights(Risk(worst_case=True, mean_weight=0.2), outcomes, chance, scenario)
    np.testing.assert_allclose(found, [0.8 * 0.25 + 0.02, 0.8 * 0.75 + 0.06, 0.12])
    assert found @ outcomes == pytest.approx(0.8 * 5.0 + 0.2 * 3.8)
