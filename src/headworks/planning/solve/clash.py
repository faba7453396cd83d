"""Clashes: why a problem has no plan, in words with the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.errors import InputError

if TYPE_CHECKING:
    from headworks.planning.problem import Problem
    from headworks.planning.solve.outcome import Outcome


def explain(problem: Problem, outcome: Outcome) -> InputError:
    """Return the error that says why there is no plan."""
    return InputError(f"no plan of {len(problem.outlooks)} outlooks: {outcome.value}")
