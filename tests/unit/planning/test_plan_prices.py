"""Prices against finite differences: between what one unit more and one unit less would change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bench.plan_instance import Size, instance
from headworks.errors import InputError
from headworks.planning.problem import Risk
from headworks.planning.solve.extensive import solve_extensive
from headworks.planning.solve.l_shaped import solve_l_shaped
from tests.plans import newsvendor, toy

if TYPE_CHECKING:
    from collections.abc import Callable

    from headworks.planning.problem import Outlook, Problem
    from headworks.planning.solve.solution import Solution

PROBLEMS: dict[str, Problem] = {
    "toy": toy(),
    "toy with risk": toy(risk=Risk(weight=0.5, level=0.5)),
    "random": instance(Size(1, 2, 1, 18, 6, 3, works=1), seed=1),
}
SOLVERS: dict[str, Callable[[Problem], Solution]] = {
    "extensive": solve_extensive,
    "l-shaped": lambda problem: solve_l_shaped(problem, gap=1e-9),
}


def every(problem: Problem, change: Callable[[Outlook], Outlook]) -> Problem:
    return replace(problem, outlooks=tuple(change(outlook) for outlook in problem.outlooks))


def added(values: np.ndarray, at: tuple[int, ...], by: float) -> np.ndarray:
    found = np.array(values, np.float64)
    found[at] += by
    return found


def more_power(problem: Problem, at: tuple[int, ...], by: float) -> Problem:
    sites = replace(problem.sites, power_mw=added(problem.sites.power_mw, at, by))
    return replace(problem, sites=sites)


def more_budget(problem: Problem, at: tuple[int, ...], by: float) -> Problem:
    return replace(problem, budget_usd=added(problem.budget_usd, at, by))


def more_pool(problem: Problem, at: tuple[int, ...], by: float) -> Problem:
    return every(problem, lambda one: replace(one, pool=added(one.pool, at, by)))


def more_ceiling(problem: Problem, at: tuple[int, ...], by: float) -> Problem:
    return every(problem, lambda one: replace(one, ceiling=added(one.ceiling, at, by)))


def more_response(problem: Problem, at: tuple[int, ...], by: float) -> Problem:
    return every(problem, lambda one: replace(one, offset=added(one.offset, at, by)))


def more_grace(problem: Problem, at: tuple[int, ...], by: float) -> Problem:
    # The grace counts in every month, so that its price is the sum of those of all months.
    return every(problem, lambda one: replace(one, pairing_grace=added(one.pairing_grace, at, by)))


def less_work(problem: Problem, at: tuple[int, ...], by: float) -> Problem:
    # Rent and the least share served move with the work wanted: they have no part in its price.
    assert not np.any(problem.work.rent_max)
    return every(problem, lambda one: replace(one, wanted=added(one.wanted, at, -by)))


MORE: dict[str, Callable[[Problem, tuple[int, ...], float], Problem]] = {
    "power": more_power,
    "budget": more_budget,
    "pool": more_pool,
    "ceiling": more_ceiling,
    "response": more_response,
    "pairing": more_grace,
}


def objective(problem: Problem) -> float:
    """Return the least cost; infinite where a bound below 0 lets nothing be feasible."""
    try:
        return solve_extensive(problem).objective
    except InputError:
        return np.inf


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize(
    "name", ["toy", "toy with risk", pytest.param("random", marks=pytest.mark.slow)]
)
def test_prices_lie_between_one_sided_differences(name: str, solver: str) -> None:
    problem = PROBLEMS[name]
    plan = SOLVERS[solver](problem)
    step, seen = 1e-2, 0
    for constraint, more in MORE.items():
        value = plan.prices[constraint].value.sum(axis=0)
        if constraint == "pairing":
            value = value.sum(axis=1)
        dearest = np.argsort(-value, axis=None, kind="stable")[:3]
        for flat in dearest:
            at = tuple(int(one) for one in np.unravel_index(flat, value.shape))
            up = solve_extensive(more(problem, at, step)).objective
            down = objective(more(problem, at, -step))
            here = solve_extensive(problem).objective
            slack = 1e-9 * abs(here) / step + 1e-6
            assert (here - up) / step - slack <= value[at] <= (down - here) / step + slack
            seen += value[at] > slack
    assert seen >= 2  # some constraints bind, or this shows nothing


@pytest.mark.parametrize("solver", SOLVERS)
def test_work_is_worth_what_going_without_it_saves(solver: str) -> None:
    problem = newsvendor((10.0, 20.0, 30.0), price=50.0)
    plan = SOLVERS[solver](problem)
    up = solve_extensive(less_work(problem, (0, 0, 0), 1e-3)).objective
    down = solve_extensive(less_work(problem, (0, 0, 0), -1e-3)).objective
    price = plan.prices["work"].value.sum()
    assert (plan.objective - up) / 1e-3 == pytest.approx(price)
    assert (down - plan.objective) / 1e-3 == pytest.approx(price)
