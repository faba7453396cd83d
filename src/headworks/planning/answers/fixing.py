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

    What is ordered counts as committed, what is built as power that is there, and what building
    costs is taken from the budgets.

    Returns:
        The problem, whose later orders are still free, and the cost that its objective lacks.
    """
    goods, sites, window = problem.goods, problem.sites, problem.window
    committed = goods.committed.copy()
    committed[:, :window] += decisions.order
    most = goods.order_max.copy()
    most[:, :window] = 0.0
    spent = sites.build_usd[:, None] * decisions.build
    budget = problem.budget_usd.copy()
    for number, company in enumerate(sites.company):
        np.add.at(budget[company], problem.year[:window], -spent[number])
    fixed = replace(
        problem,
        goods=replace(goods, committed=committed, order_max=most),
        sites=replace(
            sites,
            power_mw=sites.power_mw + _ready(problem, decisions.build),
            build_max_mw=np.zeros_like(sites.build_max_mw),
        ),
        budget_usd=budget,
    )
    counts = problem.objective == "cost"
    return fixed, float((spent @ problem.discount[:window]).sum()) if counts else 0.0


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
