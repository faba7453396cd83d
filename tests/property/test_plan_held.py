"""Laws of what a company has when a plan begins, on random small problems."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.plan_instance import Size, instance
from headworks.planning.solve.extensive import solve_extensive
from headworks.planning.solve.l_shaped import solve_l_shaped
from tests.tiers import examples

if TYPE_CHECKING:
    from headworks.planning.problem import Problem


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Problems of one or two companies that have some of each chip, more of it as time goes on."""
    size = Size(
        companies=draw(st.integers(1, 2)), imported=draw(st.integers(1, 2)), domestic=1,
        months=draw(st.integers(5, 8)), window=draw(st.integers(1, 3)),
        outlooks=draw(st.integers(1, 3)), works=1,
    )  # fmt: skip
    seed = draw(st.integers(0, 10_000))
    problem = instance(size, seed)
    random = np.random.default_rng(seed)
    most = draw(st.sampled_from([0.1, 1.0, 10.0])) * problem.outlooks[0].wanted.max()
    shape = (len(problem.lines), len(problem.months))
    outlooks = tuple(
        replace(one, held=np.cumsum(random.uniform(0, most / shape[1], shape), axis=1))
        for one in problem.outlooks
    )
    return replace(problem, outlooks=outlooks)


def keeps_the_laws(problem: Problem) -> None:
    whole, parts = solve_extensive(problem), solve_l_shaped(problem, gap=1e-4)
    slack = 1e-6 * abs(whole.objective)
    assert parts.objective >= whole.objective - slack
    assert parts.bound <= whole.objective + slack
    assert parts.objective <= whole.objective + 1.1e-4 * abs(whole.objective)
    for outlook, course in zip(problem.outlooks, whole.courses, strict=True):
        assert outlook.held is not None
        for line in range(len(problem.lines)):
            running = course.running[problem.berths.line == line].sum(axis=0)
            there = course.arrived[line] + outlook.held[line]
            assert np.all(running <= there + 1e-6 * np.maximum(there, 1.0))


def with_home_chips(problem: Problem, share: float) -> Problem:
    """Return the problem with a part of the domestic chips alone, which count as no imports."""
    earns = np.any([rule.domestic > 0 for rule in problem.ratios], axis=0)
    return replace(
        problem,
        outlooks=tuple(
            replace(one, held=None if one.held is None else share * one.held * earns[:, None])
            for one in problem.outlooks
        ),
    )


@settings(max_examples=examples(12))
@given(problems())
def test_both_methods_agree_and_no_more_runs_than_is_there(problem: Problem) -> None:
    keeps_the_laws(problem)


@settings(max_examples=examples(12))
@given(problems())
def test_chips_of_home_that_are_there_never_make_a_plan_dearer(problem: Problem) -> None:
    none, some, more = (
        solve_extensive(with_home_chips(problem, share)).objective for share in (0.0, 0.5, 1.0)
    )
    slack = 1e-6 * abs(none)
    assert more - slack <= some <= none + slack


@pytest.mark.slow
@settings(max_examples=examples(80))
@given(problems())
def test_both_methods_always_agree_and_no_more_runs_than_is_there(problem: Problem) -> None:
    keeps_the_laws(problem)
