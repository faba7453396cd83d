"""Clashes are told in words, with the numbers on both sides."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from headworks.errors import InputError
from headworks.planning.solve.clash import find_clashes
from headworks.planning.solve.extensive import solve_extensive
from headworks.planning.solve.l_shaped import solve_l_shaped
from tests.plans import newsvendor, toy

if TYPE_CHECKING:
    from collections.abc import Callable

    from headworks.planning.problem import Problem
    from headworks.planning.solve.solution import Solution

    Solver = Callable[[Problem], Solution]

SOLVERS = (solve_extensive, solve_l_shaped)


def names(problem: Problem) -> list[list[str]]:
    return [[group.name for group in clash] for clash in find_clashes(problem)]


@pytest.mark.parametrize("solve", SOLVERS)
def test_a_budget_below_the_committed_orders_is_told_with_both_amounts(solve: Solver) -> None:
    problem = newsvendor([25.0], budget_usd=np.array([[1_000.0]]))
    goods = replace(problem.goods, committed=np.array([[50.0]]))
    with pytest.raises(InputError) as caught:
        solve(replace(problem, goods=goods))
    assert len(caught.value.faults) == 1
    assert str(caught.value) == (
        "plan: the budget of 2026 for buyer, 1,000 USD, is below what its committed orders cost, "
        "1,500 USD\n    → raise the budget, or leave out committed orders"
    )


@pytest.mark.parametrize("solve", SOLVERS)
def test_work_that_must_be_served_without_power_names_power_rent_and_the_work(
    solve: Solver,
) -> None:
    problem = toy(served_min=0.6)
    sites = replace(problem.sites, power_mw=np.zeros((1, 2)), build_max_mw=np.zeros((1, 2)))
    with pytest.raises(InputError) as caught:
        solve(replace(problem, sites=sites))
    text = str(caught.value)
    assert "at least 60% of serving for buyer is to be served" in text
    assert "the power of north, 0.0 to 0.0 MW" in text
    assert "at most 20% of the work wanted" in text
    assert "budget" not in text


def test_nothing_can_be_left_out_of_a_clash() -> None:
    problem = toy(served_min=0.9)
    clashes = find_clashes(problem)
    assert clashes
    assert names(problem)[0].count("served") >= 1
    assert not find_clashes(toy())


def test_two_budgets_that_are_too_low_are_told_at_once() -> None:
    problem = toy(budget_usd=np.array([[100.0, 50.0]]), served_min=0.0)
    committed = np.array([[10.0, 5.0], [0.0, 0.0]])
    problem = replace(problem, goods=replace(problem.goods, committed=committed))
    with pytest.raises(InputError) as caught:
        solve_extensive(problem)
    assert [fault.message.split(",")[0] for fault in caught.value.faults] == [
        "the budget of 2026 for buyer",
        "the budget of 2027 for buyer",
    ]


@pytest.mark.parametrize("solve", SOLVERS)
def test_costs_without_end_name_the_chip_and_both_prices(solve: Solver) -> None:
    problem = newsvendor([25.0])
    goods = replace(problem.goods, residual_usd=np.array([[45.0]]))
    with pytest.raises(InputError) as caught:
        solve(replace(problem, goods=goods))
    text = str(caught.value)
    assert "orders of buyer:chip:road in 2026-01 grow" in text
    assert "costs 30 USD and is worth up to 45 USD" in text
