"""The programme of a problem: one builder for the extensive form and for solving by outlooks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from headworks.errors import InputError
from headworks.planning.programme import arrivals, money, totals, work
from headworks.planning.programme.rows import stack
from headworks.planning.programme.stage import decided_stage, stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from headworks.planning.problem import Floats, Outlook, Problem
    from headworks.planning.programme.money import Costs
    from headworks.planning.programme.rows import Matrix, Rows
    from headworks.planning.programme.stage import Decided, Stage

DECIDED: dict[str, Callable[[Decided], Rows]] = {
    "ordered": totals.ordered,
    "begun": totals.begun,
    "stood": totals.stood,
    "lots": totals.lots,
    "later_lots": totals.later_lots,
}
"""Constraints on what is decided."""

RECOURSE: dict[str, Callable[[Stage], Rows]] = {
    "rising": arrivals.rising,
    "lead": arrivals.lead,
    "response": arrivals.response,
    "pairing": arrivals.pairing,
    "ceiling": arrivals.ceiling,
    "pool": arrivals.pool,
    "placed": work.placed,
    "power": work.power,
    "work": work.work,
    "served": work.served,
    "budget": money.budget,
}
"""Constraints on what follows in each outlook, with the decided columns that they bear on."""


@dataclass(frozen=True, slots=True)
class Part:
    """Columns and rows of one outlook, with what it costs."""

    stage: Stage
    matrix: Matrix
    costs: Costs


class Programme:
    """Columns and rows of a problem: the decided ones, and those of any outlook.

    Args:
        problem: The problem.
        integers: Whether orders are whole numbers of lots.

    Raises:
        InputError: The nodes of the information dates are no tree, or outlooks differ in shape.
    """

    def __init__(self, problem: Problem, *, integers: bool = False) -> None:
        if len({outlook.slope.shape for outlook in problem.outlooks}) > 1:
            raise InputError("response curves of outlooks differ in the number of their pieces")
        self.problem = problem
        self.decided = decided_stage(problem, integers=integers)

    @cached_property
    def matrix(self) -> Matrix:
        """Rows on what is decided."""
        whole = set(DECIDED) - ({"lots", "later_lots"} - set(self.decided.columns.integer))
        rows = [make(self.decided) for name, make in DECIDED.items() if name in whole]
        return stack(rows, decided=self.decided.columns.count, recourse=0)

    @cached_property
    def cost_now(self) -> Floats:
        """Cost of each decided column that every outlook pays alike."""
        return money.cost_now(self.decided)

    def part(self, outlook: Outlook, *, keep_all: bool = False) -> Part:
        """Return the columns and rows of an outlook.

        Args:
            outlook: One of the problem's, or another of the same shape.
            keep_all: Whether rows without a bound stay, so that all outlooks have the same rows.
        """
        at = stage(self.decided, outlook)
        rows = [make(at) for make in RECOURSE.values()]
        matrix = stack(
            rows, decided=self.decided.columns.count, recourse=at.columns.count, keep_all=keep_all
        )
        return Part(at, matrix, money.costs(at))
