"""Solving by outlooks against solving in one piece, on random small problems."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.plan_instance import Size, instance
from headworks.planning.problem import Problem, Risk
from headworks.planning.programme.risk import weighed
from headworks.planning.solve.extensive import solve_extensive
from headworks.planning.solve.l_shaped import solve_l_shaped

RISKS = (Risk(), Risk(weight=0.4, level=0.6), Risk(worst_case=True))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Problems of one to three companies in which every constraint may bind."""
    size = Size(
        companies=draw(st.integers(1, 3)),
        imported=draw(st.integers(1, 2)),
        domestic=1,
        months=draw(st.integers(5, 9)),
        window=draw(st.integers(1, 4)),
        outlooks=draw(st.integers(1, 4)),
        works=1,
        means=draw(st.sampled_from([0.05, 0.3, 1.0, 20.0])),
    )
    problem = instance(size, draw(st.integers(0, 10_000)), draw(st.sampled_from(RISKS)))
    scarce = draw(st.sampled_from([0.01, 0.1, 1.0]))
    outlooks = tuple(replace(one, pool=one.pool * scarce) for one in problem.outlooks)
    return replace(problem, outlooks=outlooks)


def agree(problem: Problem) -> None:
    whole = solve_extensive(problem)
    parts = solve_l_shaped(problem, gap=1e-4)
    assert parts.gap <= 1e-4
    size = abs(whole.objective)
    assert parts.objective >= whole.objective - 1e-6 * size
    assert parts.bound <= whole.objective + 1e-6 * size
    assert parts.objective <= whole.objective + 1.1e-4 * size
    outcomes = np.array([course.outcome for course in parts.courses])
    assert weighed(problem, outcomes) == pytest.approx(parts.objective, rel=1e-6)
    for course in parts.courses:
        assert sum(course.parts.values()) == pytest.approx(course.outcome, rel=1e-6)


@settings(max_examples=10, deadline=None)
@given(problems())
def test_solving_by_outlooks_agrees_with_one_piece_to_the_proven_gap(problem: Problem) -> None:
    agree(problem)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(problems())
def test_solving_by_outlooks_agrees_with_one_piece_on_many_problems(problem: Problem) -> None:
    agree(problem)
