"""Laws of the worst case over named scenarios, on random small problems."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.plan_instance import Size, instance
from headworks.planning.problem import Problem, Risk
from headworks.planning.programme.risk import by_scenario
from headworks.planning.solve.extensive import solve_extensive
from headworks.planning.solve.fixed import recourse
from headworks.planning.solve.l_shaped import solve_l_shaped
from headworks.planning.worst import settled
from tests.tiers import examples

SLACK = 1e-6


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Problems whose outlooks, of any probabilities, belong to one to three scenarios."""
    size = Size(
        companies=1, imported=draw(st.integers(1, 2)), domestic=1, months=draw(st.integers(4, 8)),
        window=draw(st.integers(1, 3)), outlooks=draw(st.integers(2, 5)), works=1,
    )  # fmt: skip
    problem = instance(size, draw(st.integers(0, 10_000)), Risk(worst_case=True))
    chance = np.array([draw(st.integers(1, 9)) for _ in problem.outlooks], np.float64)
    chance /= chance.sum()
    outlooks = tuple(
        replace(one, probability=float(own), scenario=draw(st.sampled_from("abc")))
        for one, own in zip(problem.outlooks, chance, strict=True)
    )
    return replace(problem, outlooks=outlooks)


def worst_of(problem: Problem, outcomes: list[float]) -> float:
    return max(by_scenario(problem, np.array(outcomes)).values())


def of_scenario(problem: Problem, name: str) -> Problem:
    """Return the problem of a buyer who knows which scenario comes about."""
    own = [one for one in problem.outlooks if one.scenario == name]
    whole = sum(one.probability for one in own)
    known = tuple(replace(one, probability=one.probability / whole) for one in own)
    return replace(problem, outlooks=known, risk=Risk())


def keeps_the_laws(problem: Problem) -> None:
    least = solve_extensive(problem)
    slack = SLACK * abs(least.objective)
    mean = solve_extensive(replace(problem, risk=Risk()))
    followed = recourse(problem, mean.decisions, problem.outlooks)
    assert least.objective <= worst_of(problem, [one.outcome for one in followed]) + slack
    names = {one.scenario for one in problem.outlooks}
    known = {name: solve_extensive(of_scenario(problem, name)).objective for name in names}
    assert max(known.values()) <= least.objective + slack
    if len(names) == 1:
        assert least.objective == pytest.approx(max(known.values()), rel=SLACK)
    final = settled(problem, least, lambda one, **_: solve_extensive(one), 0.0)
    assert final.objective <= least.objective + 2 * slack
    assert final.bound <= least.objective + slack
    own = worst_of(problem, [one.outcome for one in final.courses])
    assert final.objective == pytest.approx(own, rel=SLACK)


@settings(max_examples=examples(12))
@given(problems())
def test_no_plan_comes_to_less_at_worst(problem: Problem) -> None:
    keeps_the_laws(problem)


@pytest.mark.slow
@settings(max_examples=examples(100))
@given(problems())
def test_no_plan_comes_to_less_at_worst_ever(problem: Problem) -> None:
    keeps_the_laws(problem)


def agree(problem: Problem) -> None:
    whole, parts = solve_extensive(problem), solve_l_shaped(problem, gap=1e-4)
    size = abs(whole.objective)
    assert parts.gap <= 1e-4
    assert whole.objective - 1e-6 * size <= parts.objective <= whole.objective + 1.1e-4 * size
    assert parts.bound <= whole.objective + 1e-6 * size


@settings(max_examples=examples(8))
@given(problems())
def test_solving_by_outlooks_finds_the_same_worst_case(problem: Problem) -> None:
    agree(problem)


@pytest.mark.slow
@settings(max_examples=examples(60))
@given(problems())
def test_solving_by_outlooks_always_finds_the_same_worst_case(problem: Problem) -> None:
    agree(problem)
