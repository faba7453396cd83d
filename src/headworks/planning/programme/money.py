"""Money: what a plan costs by month, its worth at the end, and the budgets of years."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.programme.rows import Rows, at_most

if TYPE_CHECKING:
    from headworks.planning.problem import Floats, Integers
    from headworks.planning.programme.stage import Decided, Stage


@dataclass(frozen=True, slots=True)
class Costs:
    """Coefficients of an objective, with what no decision changes."""

    decided: Floats
    """Cost of each decided column."""
    recourse: Floats
    """Cost of each column of the outlook."""
    constant: float


def cost_now(decided: Decided) -> Floats:
    """Return what orders and building of the window cost, discounted, per decided column.

    discount[month] × (prepaid × price [USD a unit] × order + build_usd [USD a MW] × build)
    """
    problem = decided.problem
    discount = problem.discount[: problem.window]
    cost = np.zeros(decided.columns.count)
    if problem.objective == "cost":
        cost[decided["order"].number] = _prepayment(decided)[:, np.newaxis] * discount
        cost[decided["build"].number] = problem.sites.build_usd[:, np.newaxis] * discount
    return cost


def costs(at: Stage) -> Costs:
    """Return what an outlook costs beyond what is paid for decisions of the window.

    With `cost`, in discounted USD: prepayments of later and of committed orders, the rest of the
    price as units arrive, rent and shortfall; less the refund at the horizon, (1 − nonrefundable)
    × prepaid × price × (ordered − arrived), and less residual_usd of each unit by its month of
    arrival. With `served`: the work not served, in H100-equivalent months.
    """
    problem = at.problem
    found = Costs(np.zeros(at.decided.columns.count), np.zeros(at.columns.count), 0.0)
    if problem.objective == "served":
        found.recourse[at["short"]] = 1.0
        return found
    goods, discount = problem.goods, problem.discount
    prepayment = _prepayment(at.decided)
    refund = (1 - goods.nonrefundable) * prepayment * discount[-1]
    month = np.asarray(problem.dates, np.int64)
    later = at.decided["later"].number[at.outlook.node]
    found.decided[later] = prepayment * discount[month][:, np.newaxis]
    found.decided[at.ordered[:, -1]] -= refund
    found.recourse[at["arrived"]] = _each_month(arrival_costs(at))
    found.recourse[at["arrived"][:, -1]] += refund
    found.recourse[at["rented"]] = problem.work.rent_usd[:, np.newaxis] * discount
    found.recourse[at["short"]] = problem.work.shortfall_usd[:, np.newaxis] * discount
    sunk = prepayment @ goods.committed @ discount - refund @ at.committed[:, -1]
    return Costs(found.decided, found.recourse, float(sunk))


def cost_parts(at: Stage, decided: Floats, columns: Floats) -> dict[str, float]:
    """Return the parts of an outlook's cost by name, in discounted USD.

    Args:
        at: The outlook's stage.
        decided: Values of the decided columns.
        columns: Values of the outlook's columns.
    """
    problem, goods, discount = at.problem, at.problem.goods, at.problem.discount
    prepayment = _prepayment(at.decided)
    order = np.array(goods.committed, np.float64)
    order[:, : problem.window] += at.decided["order"].of(decided)
    order[:, list(problem.dates)] += at.decided["later"].of(decided)[at.outlook.node].T
    build = at.decided["build"].of(decided)
    arrived = at.columns["arrived"].of(columns)
    arrivals = np.diff(arrived, axis=1, prepend=0.0)
    rest = goods.price_usd * (1 - goods.prepaid)
    open_orders = order.sum(axis=1) - arrived[:, -1]
    parts = {
        "orders": prepayment @ order @ discount,
        "arrivals": rest @ arrivals @ discount,
        "building": problem.sites.build_usd @ build @ discount[: problem.window],
        "rent": problem.work.rent_usd @ at.columns["rented"].of(columns).sum(axis=0) @ discount,
        "shortfall": problem.work.shortfall_usd
        @ at.columns["short"].of(columns).sum(axis=0)
        @ discount,
        "refund": -((1 - goods.nonrefundable) * prepayment) @ open_orders * discount[-1],
        "residual": -(goods.residual_usd * arrivals).sum() * discount[-1],
    }
    return {name: float(value) for name, value in parts.items()}


def arrival_costs(at: Stage) -> Floats:
    """Return what a unit that arrives in a month costs then, less its worth at the horizon.

    Shape (line, month), discounted USD.
    """
    goods, discount = at.problem.goods, at.problem.discount
    rest = goods.price_usd * (1 - goods.prepaid)
    found: Floats = rest[:, np.newaxis] * discount - goods.residual_usd * discount[-1]
    return found


def budget(at: Stage) -> Rows:
    """Spend no more in a year than the budget of a company.

    Σ over months of the year: Σ over lines of the company: prepaid × price × orders
    + (1 − prepaid) × price × arrivals; + Σ over sites of the company: build_usd × build
    + Σ over works: rent_usd × rented ≤ budget_usd[company, year]
    − Σ prepaid × price × committed   [USD]
    """
    problem = at.problem
    goods, year, company = problem.goods, problem.year, problem.company
    prepayment = _prepayment(at.decided)
    rows = at_most("budget", ("company", "year"), problem.budget_usd.astype(np.float64))
    spent = np.zeros(rows.upper.shape)
    np.add.at(spent, (company[:, np.newaxis], year), prepayment[:, np.newaxis] * goods.committed)
    rows.upper -= spent
    window = year[: problem.window]
    of_line = rows.number[company]
    rows.on_decided(of_line[:, window], at.decided["order"].number, prepayment[:, np.newaxis])
    date = year[np.asarray(problem.dates, np.int64)]
    later = at.decided["later"].number[at.outlook.node]
    rows.on_decided(of_line[:, date].T, later, prepayment)
    of_site = rows.number[problem.sites.company]
    build = problem.sites.build_usd[:, np.newaxis]
    rows.on_decided(of_site[:, window], at.decided["build"].number, build)
    rest = goods.price_usd * (1 - goods.prepaid)
    last = _last_months(year)
    arrived = at["arrived"][:, last]
    rows.on(of_line[:, year[last]], arrived, rest[:, np.newaxis])
    rows.on(of_line[:, year[last][1:]], arrived[:, :-1], -rest[:, np.newaxis])
    rent = problem.work.rent_usd[:, np.newaxis]
    rows.on(rows.number[:, np.newaxis, :][:, :, year], at["rented"], rent)
    return rows


def _prepayment(decided: Decided) -> Floats:
    """Return what is paid with the order of a unit, USD, shape (line,)."""
    goods = decided.problem.goods
    return goods.prepaid * goods.price_usd


def _last_months(year: Integers) -> Integers:
    """Return the last month of each year of the horizon."""
    return np.flatnonzero(np.append(np.diff(year) != 0, [True]))


def _each_month(value: Floats) -> Floats:
    """Return coefficients on running totals for what counts in the month in which it comes."""
    return value - np.append(value[:, 1:], np.zeros((len(value), 1)), axis=1)
