"""Fixing: problems in which part of what could be decided is decided already."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.solve.solution import Decisions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headworks.planning.problem import Floats, Outlook, Problem


def decided_now(problem: Problem, decisions: Decisions) -> tuple[Problem, float]:
    """Return a problem in which the orders and the building of the window stand.

    Returns:
        The problem, whose later orders are still free, and the cost that its objective lacks.
    """
    fixed, missing = standing(problem, decisions.order, decisions.build)
    closed = np.zeros_like(fixed.sites.build_max_mw)
    return replace(fixed, sites=replace(fixed.sites, build_max_mw=closed)), missing


def standing(problem: Problem, order: Floats, build: Floats) -> tuple[Problem, float]:
    """Return a problem in which what was ordered and built in the first months stands.

    What is ordered counts as committed, what is built as power that is there, and what building
    costs is taken from the budgets, which cover at least what has been prepaid.

    Args:
        problem: The problem.
        order: Units ordered in the first months, shape (line, month), beyond those committed.
        build: Power begun in them, MW, shape (site, month).

    Returns:
        The problem, and the cost of building, which its objective lacks.
    """
    goods, sites, months = problem.goods, problem.sites, order.shape[1]
    committed, most = goods.committed.copy(), goods.order_max.copy()
    committed[:, :months] += order
    most[:, :months] = 0.0
    build_most = sites.build_max_mw.copy()
    build_most[:, :months] = 0.0
    spent = sites.build_usd[:, None] * build
    budget = problem.budget_usd.copy()
    for number, company in enumerate(sites.company):
        np.add.at(budget[company], problem.year[:months], -spent[number])
    budget = np.maximum(budget, _prepaid(problem, committed))  # but for a solver's rounding
    fixed = replace(
        problem,
        goods=replace(goods, committed=committed, order_max=most),
        sites=replace(
            sites, power_mw=sites.power_mw + _ready(problem, build), build_max_mw=build_most
        ),
        budget_usd=budget,
    )
    counts = problem.objective == "cost"
    return fixed, float((spent @ problem.discount[:months]).sum()) if counts else 0.0


def _prepaid(problem: Problem, committed: Floats) -> Floats:
    """Return what committed orders prepay in each year, USD, shape (company, year)."""
    paid = np.zeros(problem.budget_usd.shape)
    due = (problem.goods.prepaid * problem.goods.price_usd)[:, None] * committed
    np.add.at(paid, (problem.company[:, None], problem.year), due)
    return paid


def _ready(problem: Problem, build: Floats) -> Floats:
    """Return the power that building gives by each month, MW, shape (site, month)."""
    total = np.zeros_like(problem.sites.power_mw)
    for site, lead in enumerate(problem.sites.build_lead):
        for month, begun in enumerate(build[site]):
            total[site, month + int(lead) :] += begun
    return total


def with_now(now: Decisions, rest: Decisions) -> Decisions:
    """Return decisions whose window is that of one plan and whose later orders those of another."""
    return Decisions(now.order, now.build, rest.later)


def without_orders(problem: Problem, lines: NDArray[np.bool_], months: slice) -> Problem:
    """Return a problem in which some lines cannot order in some months."""
    most = problem.goods.order_max.copy()
    rows = np.flatnonzero(lines)
    most[rows, months] = 0.0
    return replace(problem, goods=replace(problem.goods, order_max=most))


def alone(problem: Problem, outlook: Outlook) -> Problem:
    """Return the problem as if one outlook were certain."""
    return replace(problem, outlooks=(replace(outlook, probability=1.0),))


def month_by_month(problem: Problem) -> Problem:
    """Return a problem without outlooks in which orders are placed in every month, none at dates.

    It is that of a buyer who decides anew as time goes on; building ends with the window as before.
    """
    return replace(problem, window=len(problem.months), dates=(), nodes=(), outlooks=())
