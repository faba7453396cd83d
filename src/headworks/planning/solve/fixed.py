"""Fixed decisions: what follows from them in any outlooks, the problem's or fresh ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.programme.programme import Programme
from headworks.planning.solve.recourse import OutlookRows, WarmModels
from headworks.planning.solve.solution import course_of, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from headworks.planning.problem import Outlook, Problem
    from headworks.planning.solve.solution import Course, Decisions


def recourse(
    problem: Problem, decisions: Decisions, outlooks: Iterable[Outlook]
) -> Iterator[Course]:
    """Yield what follows from decisions in each outlook.

    One model serves all, each outlook from the basis of the one before.

    Args:
        problem: The problem that the decisions are of.
        decisions: What was decided.
        outlooks: The problem's outlooks, or others of the same shape. An outlook of fixed arrivals
            has slope 0 and those as offset. One in which nothing is feasible, as where the least
            share of work cannot be served, has an infinite cost, and its work is unknown (NaN).
    """
    programme = Programme(problem)
    values = values_of(programme.decided, decisions)
    models = WarmModels()
    for outlook in outlooks:
        rows = OutlookRows(programme, outlook)
        answer = models.solve(rows, values, remember=False)
        course = course_of(rows.part, programme.cost_now, values, answer.columns)
        yield course if np.isfinite(answer.cost) else course.impossible()
