"""The same problem written in linopy, from the words of the issue and not from our rows."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bench.plan_instance import Size, instance
from bench.plan_linopy import linopy_model
from headworks.planning.problem import Risk
from headworks.planning.solve.extensive import solve_extensive
from tests.plans import toy

if TYPE_CHECKING:
    from headworks.planning.problem import Problem

PROBLEMS: dict[str, Problem] = {
    "toy": toy(),
    "two companies": instance(Size(2, 2, 1, 8, 3, 3), seed=3),
    "one company": instance(Size(1, 1, 2, 9, 4, 2), seed=4),
}


def solved(problem: Problem) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what linopy says of its own changes is not ours to mend
        model, constant = linopy_model(problem)
        model.solve(solver_name="highs", io_api="direct", output_flag=False)
    return float(model.objective.value) + constant


@pytest.mark.slow
@pytest.mark.parametrize("name", PROBLEMS)
def test_linopy_finds_the_same_least_cost(name: str) -> None:
    problem = PROBLEMS[name]
    assert problem.risk == Risk()
    plan = solve_extensive(problem)
    assert np.isfinite(plan.objective)
    assert solved(problem) == pytest.approx(plan.objective, rel=1e-7)
