"""The interval of the gap to the best plan, by replication."""

from __future__ import annotations

import numpy as np
import pytest

from headworks.planning.answers.gap import difference, optimality_gap
from headworks.planning.solve.extensive import solve_extensive
from headworks.planning.solve.solution import Decisions
from tests.plans import newsvendor

NOTHING = np.zeros((0, 1))


def order(units: float) -> Decisions:
    """Return the decision of an order."""
    return Decisions(np.array([[units]]), NOTHING, NOTHING)


def test_the_limit_is_one_sided_by_student_s_t() -> None:
    """Mean 2, deviation 1, three of them: 2 + 2.920 / √3 (tables of t, 2 degrees, 0.95)."""
    found = optimality_gap([1.0, 2.0, 3.0])
    assert found.mean == 2.0
    assert found.upper == pytest.approx(2.0 + 2.91999 / np.sqrt(3.0), abs=1e-5)
    assert optimality_gap([0.0, 0.0]).upper == 0.0


def test_a_difference_is_that_of_plan_and_best_on_the_same_sample() -> None:
    """10 ordered come to 300 + 2,000 / 2, the best 30 to 900."""
    sample = newsvendor([10.0, 30.0])
    assert difference(sample, order(10.0), solve_extensive) == pytest.approx(400.0)
    assert difference(sample, order(30.0), solve_extensive) == pytest.approx(0.0, abs=1e-6)


def test_no_difference_is_below_none() -> None:
    random = np.random.default_rng(3)
    for _ in range(20):
        sample = newsvendor(random.uniform(0, 100, 5).tolist())
        assert difference(sample, order(random.uniform(0, 100)), solve_extensive) >= 0.0


def coverage(plan: float, trials: int) -> float:
    """Return how often the interval covers the true gap of an order.

    Demand is even between 0 and 100, a chip costs 30 and one too few 100: of q ordered the expected
    cost is 30 q + (100 − q)² / 2, least at 70, where it is 2,550.
    """
    true = 30 * plan + (100 - plan) ** 2 / 2 - 2_550
    random = np.random.default_rng(11)
    covered = 0
    for _ in range(trials):
        samples = [newsvendor(random.uniform(0, 100, 20).tolist()) for _ in range(5)]
        found = optimality_gap([difference(one, order(plan), solve_extensive) for one in samples])
        covered += found.upper >= true
    return covered / trials


@pytest.mark.slow
def test_the_interval_covers_the_gap_of_a_bad_plan() -> None:
    assert coverage(30.0, 10) >= 0.7  # 10 trials at 0.95: fewer than 7 is a chance of 1 in 1,000


@pytest.mark.slow
@pytest.mark.parametrize("plan", [30.0, 70.0])
def test_the_interval_covers_the_true_gap_as_often_as_it_says(plan: float) -> None:
    """At least 95 %, less three standard errors of the trials."""
    trials = 60
    assert coverage(plan, trials) >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / trials)
