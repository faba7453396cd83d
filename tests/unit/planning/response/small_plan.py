"""A small planner of its own, to test the loop of plan and flow without the programme.

It orders where what arrives is worth more than it costs: worth of a unit for each month that it is
in service, against its price. Everything else of a problem is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from headworks.planning.problem import Berths, Goods, Problem, Sites, Works

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headworks.planning.problem import Outlook
    from headworks.planning.response.prospect import Prospect

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Decisions:
    order: Floats
    later: Floats


@dataclass(frozen=True)
class Course:
    arrived: Floats


def problem_of(
    prospect: Prospect, *, window: int, order_max: float = np.inf, price: float = 1.0
) -> Problem:
    """Return a problem with the outlooks of a prospect, in which nothing but arrivals matters."""
    world = prospect.world
    lines, months, companies = len(world.lines), len(world.months), len(world.companies)
    none = np.zeros(0, np.int64)
    plain = Problem(
        months=world.months, lines=world.lines, companies=world.companies, company=world.company,
        works=("any",), window=window, dates=(), nodes=(),
        goods=Goods(
            np.full(lines, price), np.ones(lines), np.ones(lines), np.zeros((lines, months)),
            np.zeros(lines), np.zeros(lines), np.zeros((lines, months)),
            np.full((lines, months), order_max),
        ),
        berths=Berths(none, none, none, np.zeros(0)),
        work=Works(np.zeros(1), np.zeros(1), np.zeros(1)),
        sites=Sites(
            (), none, np.zeros((0, months)), np.zeros(0),
            none, np.zeros((0, months)),
        ),
        budget_usd=np.full((companies, 1), np.inf), year=np.zeros(months, np.int64),
        discount=np.ones(months), ratios=(), ceilings=(), pools=(), outlooks=(),
    )  # fmt: skip
    return prospect.into(plain, np.zeros((companies, 1, months)))


class Planner:
    """Plans by linear programming.

    Args:
        worth: What a unit is worth in each month in service, shape (line,).
    """

    def __init__(self, worth: Floats) -> None:
        self.worth = worth

    def __call__(self, problem: Problem) -> tuple[Decisions, Sequence[Course]]:
        lines, months = len(problem.lines), len(problem.months)
        window, nodes = problem.window, len(problem.nodes)
        decided = lines * window + nodes * lines
        own = lines * months
        count = decided + own * len(problem.outlooks)
        cost = np.zeros(count)
        cost[: lines * window] = np.repeat(problem.goods.price_usd, window)
        upper = np.full(count, np.inf)
        upper[: lines * window] = problem.goods.order_max[:, :window].ravel()
        rows: list[tuple[dict[int, float], float]] = []
        for number, outlook in enumerate(problem.outlooks):
            at = decided + number * own
            cost[at : at + own] = -outlook.probability * np.repeat(self.worth, months)
            for date, node in zip(problem.dates, outlook.node, strict=True):
                del date
                later = lines * window + node * lines + np.arange(lines)
                cost[later] += outlook.probability * problem.goods.price_usd
                upper[later] = problem.goods.order_max[:, -1]
            rows.extend(_rows(problem, outlook, at))
        matrix = np.zeros((len(rows), count))
        for row, (entries, _) in enumerate(rows):
            for column, value in entries.items():
                matrix[row, column] = value
        bounds = list(zip([0.0] * count, upper.tolist(), strict=True))
        found = linprog(cost, matrix, np.array([bound for _, bound in rows]), bounds=bounds)
        assert found.status == 0, found.message
        assert found.x is not None
        x = np.maximum(found.x, 0.0)
        courses = [
            Course(x[decided + n * own : decided + (n + 1) * own].reshape(lines, months))
            for n in range(len(problem.outlooks))
        ]
        order = x[: lines * window].reshape(lines, window)
        return Decisions(order, x[lines * window : decided].reshape(nodes, lines)), courses


Row: TypeAlias = tuple[dict[int, float], float]
"""Entries by column, and the upper bound of their sum."""


def _rows(problem: Problem, outlook: Outlook, at: int) -> list[Row]:
    """Return the rows of an outlook, whose columns `arrived` begin at a number."""
    arrived = at + np.arange(len(problem.lines) * len(problem.months)).reshape(
        len(problem.lines), len(problem.months)
    )
    found: list[Row] = []
    for line, columns in enumerate(arrived):
        for month, column in enumerate(columns.tolist()):
            found.extend(_answers(problem, outlook, line, month, column))
            if month:
                found.append(({int(columns[month - 1]): 1.0, column: -1.0}, 0.0))
    for month, columns in enumerate(arrived.T):
        for row, amount in zip(problem.pools, outlook.pool[:, month], strict=True):
            entries = dict(zip(columns.tolist(), row.weight.tolist(), strict=True))
            found.append((entries, float(amount)))
        found.extend(_paired(problem, outlook, month, columns.tolist()))
    return found


def _counted(problem: Problem, outlook: Outlook, line: int, weight: Floats) -> dict[int, float]:
    """Return the orders of each month, by column, with their weights."""
    window, lines = problem.window, len(problem.lines)
    entries = {line * window + month: float(weight[month]) for month in range(window)}
    for date, node in zip(problem.dates, outlook.node, strict=True):
        entries[lines * window + int(node) * lines + line] = float(weight[date])
    return entries


def _answers(problem: Problem, outlook: Outlook, line: int, month: int, column: int) -> list[Row]:
    """Return the lead time and the pieces of the response curve."""
    by_lag = (np.arange(len(problem.months)) <= month - outlook.lag[line]).astype(float)
    counts = by_lag if outlook.ready is None else outlook.ready[line, :, month]
    found: list[Row] = []
    for slope, offset, share in [
        (1.0, 0.0, by_lag),
        *((s, o, counts) for s, o in zip(
            outlook.slope[:, line, month], outlook.offset[:, line, month], strict=True
        )),
    ]:  # fmt: skip
        if np.isfinite(offset):
            orders = _counted(problem, outlook, line, share)
            found.append(({column: 1.0, **{c: -slope * v for c, v in orders.items()}}, offset))
    return found


def _paired(problem: Problem, outlook: Outlook, month: int, columns: list[int]) -> list[Row]:
    found: list[Row] = []
    by_now = (np.arange(len(problem.months)) <= month).astype(float)
    for number, ratio in enumerate(problem.ratios):
        multiple = float(outlook.pairing_ratio[number, month])
        if not np.isfinite(multiple):
            continue
        entries = dict(zip(columns, ratio.imported.tolist(), strict=True))
        for line in np.flatnonzero(ratio.domestic).tolist():
            earned = multiple * float(ratio.domestic[line])
            if ratio.trigger == "installed":
                entries[columns[line]] = -earned
            else:
                orders = _counted(problem, outlook, line, by_now)
                entries.update({c: -earned * v for c, v in orders.items()})
        found.append((entries, float(outlook.pairing_grace[number])))
    return found
