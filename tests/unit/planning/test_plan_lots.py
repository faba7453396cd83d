"""Whole lots against enumeration of all orders."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pytest

from headworks.planning.solve.extensive import solve_extensive
from headworks.planning.solve.fixed import recourse
from headworks.planning.solve.l_shaped import solve_l_shaped
from headworks.planning.solve.solution import Decisions
from tests.plans import toy

if TYPE_CHECKING:
    from headworks.planning.problem import Problem

LOT = 25.0


def lots() -> Problem:
    """Return the toy with lots of both chips and no orders after the window."""
    problem = toy(served_min=0.0)
    goods = replace(
        problem.goods,
        lot=np.array([LOT, LOT]),
        order_max=np.array([[100.0, 0.0], [100.0, 0.0]]),
    )
    no_building = replace(problem.sites, build_max_mw=np.zeros((1, 2)))
    return replace(problem, goods=goods, sites=no_building)


def enumerated(problem: Problem) -> tuple[float, tuple[float, ...]]:
    """Return the least mean cost over all orders in whole lots, and the orders."""
    chance = np.array([outlook.probability for outlook in problem.outlooks])
    found = []
    for far, home in product(range(5), range(5)):
        order = np.array([[far * LOT], [home * LOT]])
        decisions = Decisions(order, np.zeros((1, 1)), np.zeros((2, 2)))
        costs = [course.outcome for course in recourse(problem, decisions, problem.outlooks)]
        found.append((float(chance @ np.array(costs)), (far * LOT, home * LOT)))
    return min(found)


def test_one_piece_and_outlook_by_outlook_find_the_best_of_all_whole_orders() -> None:
    problem = lots()
    cost, order = enumerated(problem)
    whole = solve_extensive(problem, integers=True)
    parts = solve_l_shaped(problem, integers=True, gap=1e-6)
    assert whole.objective == pytest.approx(cost)
    assert parts.objective == pytest.approx(cost)
    assert tuple(whole.decisions.order[:, 0]) == pytest.approx(order)
    assert solve_extensive(problem).objective < cost - 1e-3  # lots make a difference here
