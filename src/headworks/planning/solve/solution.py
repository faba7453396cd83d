"""Solutions: what is decided, what follows in each outlook, and what each constraint is worth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.programme.blocks import labels
from headworks.planning.programme.money import cost_parts

if TYPE_CHECKING:
    from headworks.planning.problem import Floats, Problem
    from headworks.planning.programme.programme import Part
    from headworks.planning.programme.stage import Decided
    from headworks.planning.solve.outcome import Basis


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a plan decides."""

    order: Floats
    """Units ordered in the window, shape (line, window)."""
    build: Floats
    """Power begun to be built in the window, MW, shape (site, window)."""
    later: Floats
    """Units ordered at each node, shape (node, line)."""


@dataclass(frozen=True, slots=True)
class Course:
    """What follows from decisions in one outlook."""

    outlook: str
    arrived: Floats
    """Units that have arrived by each month, shape (line, month)."""
    running: Floats
    """Units that run, shape (berth, month)."""
    rented: Floats
    """H100-equivalents that are rented, shape (company, work, month)."""
    short: Floats
    """H100-equivalents that are wanted and not there, shape (company, work, month)."""
    served: Floats
    """H100-equivalents of work that is served, shape (company, work, month)."""
    cost: float
    """Discounted cost of the outlook in USD, shortfall at its price; the sum of its parts."""
    parts: dict[str, float]
    """Parts of the cost by name: `orders`, `arrivals`, `building`, `rent`, `shortfall`, and with
    their sign `refund` and `residual`."""
    outcome: float
    """What the objective counts of the outlook: the cost, or the work not served."""

    def impossible(self) -> Course:
        """Return the course of an outlook in which nothing is feasible.

        Its cost is infinite. What would run, and what work would be served, cannot be told.
        """
        unknown = {
            name: np.full_like(getattr(self, name), np.nan)
            for name in ("running", "rented", "short", "served")
        }
        parts = dict.fromkeys(self.parts, np.nan)
        return replace(self, **unknown, parts=parts, cost=np.inf, outcome=np.inf)


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit more of a constraint's bound is worth."""

    axes: tuple[str, ...]
    """Names of the axes after the first, which is the outlook."""
    value: Floats
    """How far the objective falls for a unit more of the bound in one outlook, weighted by the
    outlook, shape (outlook, …): the sum over outlooks is what a unit more in all of them is worth.
    Of a bound from below, such as work wanted, it is what a unit less is worth."""


@dataclass(frozen=True, slots=True)
class Solution:
    """A plan with its proof."""

    decisions: Decisions
    courses: tuple[Course, ...]
    """What follows in each outlook of the problem."""
    prices: dict[str, Price]
    """Worth of a unit more of each constraint, by its name."""
    objective: float
    """Objective of the decisions, discounted USD or H100-equivalent months."""
    bound: float
    """What no plan can be below."""
    iterations: int
    seconds: float
    basis: Basis | None = None
    """The vertex that it is, of a problem solved in one piece by simplex."""

    @property
    def gap(self) -> float:
        """Objective less bound, as a share of the objective; how far from the best it may be."""
        return relative_gap(self.objective, self.bound)


def relative_gap(objective: float, bound: float) -> float:
    """Return how far an objective may be above the best, as a share of its size."""
    if not np.isfinite(objective):
        return np.inf
    return max(objective - bound, 0.0) / max(abs(objective), 1e-9)


def decisions_of(decided: Decided, values: Floats) -> Decisions:
    """Return the decisions among values of all decided columns; solvers' dust below 0 is cut."""
    found = {
        name: np.maximum(decided[name].of(values), 0.0) for name in ("order", "build", "later")
    }
    return Decisions(**found)


def values_of(decided: Decided, decisions: Decisions) -> Floats:
    """Return the values of all decided columns that decisions make, running totals included."""
    values = np.zeros(decided.columns.count)
    values[decided["order"].number] = decisions.order
    values[decided["build"].number] = decisions.build
    values[decided["later"].number] = decisions.later
    values[decided["ordered"].number] = np.cumsum(decisions.order, axis=1)
    values[decided["begun"].number] = np.cumsum(decisions.build, axis=1)
    stood = np.zeros(decisions.later.shape)
    for node, parent in enumerate(decided.parent):  # nodes are few, and a parent stands before
        before = stood[parent] if parent >= 0 else decisions.order.sum(axis=1)
        stood[node] = before + decisions.later[node]
    values[decided["stood"].number] = stood
    return values


def course_of(part: Part, cost_now: Floats, decided: Floats, columns: Floats) -> Course:
    """Return what follows in an outlook.

    Args:
        part: Its part of the programme.
        cost_now: Cost of each decided column that all outlooks pay alike.
        decided: Values of the decided columns.
        columns: Values of the outlook's own columns.
    """
    at = part.stage
    found = {
        name: np.maximum(at.columns[name].of(columns), 0.0)
        for name in ("arrived", "running", "rented", "short")
    }
    parts = cost_parts(at, decided, columns)
    outcome = cost_now @ decided + part.costs.decided @ decided
    outcome += part.costs.recourse @ columns + part.costs.constant
    return Course(
        outlook=at.outlook.name,
        **found,
        served=np.maximum(at.outlook.wanted - found["short"], 0.0),
        cost=sum(parts.values()),
        parts=parts,
        outcome=float(outcome),
    )


def prices_of(parts: list[Part], duals: list[Floats]) -> dict[str, Price]:
    """Return the worth of a unit more of each constraint from the duals of all outlooks' rows."""
    prices = {}
    for name, axes in zip(parts[0].matrix.names, parts[0].matrix.axes, strict=True):
        value = np.stack(
            [-part.matrix.of(name, dual) for part, dual in zip(parts, duals, strict=True)]
        )
        prices[name] = Price(axes, np.abs(value) if name in FROM_BELOW else value)
    return prices


FROM_BELOW = {"work"}
"""Constraints that are bounded below, of which a unit less is worth something."""


def highest(problem: Problem, price: Price, count: int) -> list[tuple[tuple[str, ...], float]]:
    """Return the entries of a constraint that are worth most over all outlooks, with their labels.

    Args:
        problem: The problem, for its labels.
        price: The price of the constraint.
        count: How many at most.
    """
    total = price.value.sum(axis=0)
    order = np.argsort(-total, axis=None, kind="stable")[:count]
    names = [labels(problem, axis) for axis in price.axes]
    found = []
    for flat in order:
        where = np.unravel_index(flat, total.shape)
        if total[where] > 0:
            label = tuple(name[int(at)] for name, at in zip(names, where, strict=True))
            found.append((label, float(total[where])))
    return found
