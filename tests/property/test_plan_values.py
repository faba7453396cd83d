"""Values of information and of planning for chance, on random small problems."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.plan_instance import Size, instance
from headworks.planning.solve.extensive import solve_extensive
from headworks.planning.solve.fixed import recourse
from headworks.planning.solve.solution import Decisions

if TYPE_CHECKING:
    from headworks.planning.problem import Floats, Outlook, Problem


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    size = Size(
        companies=1,
        imported=draw(st.integers(1, 2)),
        domestic=1,
        months=draw(st.integers(4, 8)),
        window=draw(st.integers(1, 3)),
        outlooks=draw(st.integers(2, 4)),
        works=1,
    )
    return instance(size, draw(st.integers(0, 10_000)))


def alone(problem: Problem, outlook: Outlook) -> Problem:
    """Return the problem of a buyer who knows which outlook comes."""
    return replace(problem, outlooks=(replace(outlook, probability=1.0),))


def mean(problem: Problem) -> Outlook:
    """Return the outlook that is the mean of all."""

    def averaged(name: str) -> Floats:
        values = np.stack([getattr(outlook, name) for outlook in problem.outlooks])
        return np.asarray(values.mean(axis=0), np.float64)

    first = problem.outlooks[0]
    return replace(
        first,
        name="mean",
        probability=1.0,
        lag=np.round(averaged("lag")).astype(np.int64),
        slope=averaged("slope"),
        offset=averaged("offset"),
        wanted=averaged("wanted"),
        pool=averaged("pool"),
        pairing_grace=averaged("pairing_grace"),
    )


def in_order(problem: Problem) -> None:
    plan = solve_extensive(problem)
    known = [solve_extensive(alone(problem, outlook)).objective for outlook in problem.outlooks]
    perfect = float(np.mean(known))  # outlooks are equally likely
    for_mean = solve_extensive(replace(problem, outlooks=(mean(problem),))).decisions
    costs = [course.outcome for course in recourse(problem, for_mean, problem.outlooks)]
    slack = 1e-7 * abs(plan.objective)
    assert perfect <= plan.objective + slack
    assert plan.objective <= float(np.mean(costs)) + slack


@settings(max_examples=8, deadline=None)
@given(problems())
def test_knowing_all_costs_least_and_planning_for_the_mean_most(problem: Problem) -> None:
    in_order(problem)


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(problems())
def test_knowing_all_costs_least_and_planning_for_the_mean_most_always(problem: Problem) -> None:
    in_order(problem)


@settings(max_examples=8, deadline=None)
@given(problems())
def test_the_plan_s_own_decisions_cost_what_it_says(problem: Problem) -> None:
    plan = solve_extensive(problem)
    courses = list(recourse(problem, plan.decisions, problem.outlooks))
    for found, said in zip(courses, plan.courses, strict=True):
        assert found.outcome == pytest.approx(said.outcome, rel=1e-7, abs=1e-3)
        assert found.cost == pytest.approx(sum(found.parts.values()))


@settings(max_examples=6, deadline=None)
@given(problems(), st.integers(0, 1_000))
def test_no_other_decisions_cost_less(problem: Problem, seed: int) -> None:
    plan = solve_extensive(problem)
    random = np.random.default_rng(seed)
    other = Decisions(
        plan.decisions.order * random.uniform(0.8, 1.2, plan.decisions.order.shape),
        plan.decisions.build * random.uniform(0.8, 1.0, plan.decisions.build.shape),
        plan.decisions.later * random.uniform(0.8, 1.2, plan.decisions.later.shape),
    )
    costs = [course.outcome for course in recourse(problem, other, problem.outlooks)]
    assert float(np.mean(costs)) >= plan.objective * (1 - 1e-9)
