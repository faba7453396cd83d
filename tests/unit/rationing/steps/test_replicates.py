"""Standard errors of awards that are sampled in several parts, and what they leave in doubt."""

from __future__ import annotations

import statistics
from fractions import Fraction
from typing import Any

import pytest

import headworks as hw
from headworks.rationing.intake.parameters import SEED_MAX, Parameters
from headworks.rationing.steps.replicates import RUNS, runs_of, standard_errors

CLAIMS = {"a": 20, "b": 40, "c": 70, "d": 80}


def test_in_tranches_errors_are_those_of_other_luck() -> None:
    """The error told is about the spread of awards over many seeds."""
    given: dict[str, Any] = {"claims": CLAIMS, "pool": 110, "rule": "ra", "tranches": [60, 50]}
    told = hw.ration(**given, orders=400).standard_errors
    many = [hw.ration(**given, orders=400, seed=1000 + n).awards for n in range(60)]
    for place, name in enumerate(CLAIMS):
        spread = statistics.stdev(float(awards[place].award) for awards in many)
        assert told[name] == pytest.approx(spread, rel=0.6)
        assert told[name] > 0


def test_with_a_cap_errors_are_told_too() -> None:
    result = hw.ration(CLAIMS, 110, "ra", caps={"d": 20}, orders=200)
    assert result.standard_errors["d"] == 0  # the cap, whatever the luck
    assert result.standard_errors["c"] > 0
    assert "standard errors of up to" in result.warnings[0]


def test_asked_once_the_error_is_that_of_the_sample() -> None:
    once = hw.ration(CLAIMS, 110, "ra", orders=2000)
    again = hw.ration(CLAIMS, 110, "ra", orders=2000, tranches=[110])
    assert once.standard_errors == again.standard_errors


def test_a_difference_that_may_be_luck_is_not_told() -> None:
    """With few orders nothing can be told apart; with many, what tranches really change can."""
    given: dict[str, Any] = {"claims": CLAIMS, "pool": 110, "rule": "ra", "tranches": [60, 50]}
    few = hw.ration(**given, orders=4).warnings
    assert not any("awards are other than at once" in text for text in few)
    assert any("cannot be told: no difference" in text for text in few)
    many = hw.ration(**given, orders=100_000).warnings
    assert any("awards are other than at once" in text for text in many)


def test_awards_that_tranches_leave_alone_are_not_told() -> None:
    """Equal claims get the same in parts as at once; a sample says something else, by luck."""
    claims = [10, 10, 10, 10, 10, 30]
    given: dict[str, Any] = {"claims": claims, "pool": 8, "rule": "ra", "tranches": [4, 4]}
    assert not hw.ration(**given).warnings  # exact: all claims are above what is left
    noisy = hw.ration(**given, orders=50).warnings
    assert not any("awards are other than at once" in text for text in noisy)


def test_runs_draw_as_many_orders_together_on_other_luck() -> None:
    runs = runs_of(Parameters("random_arrival", seed=SEED_MAX), 1600)
    assert sum(run.orders or 0 for run in runs) == 1600
    assert len({run.seed for run in runs}) == len(runs) == RUNS
    assert all(0 <= run.seed <= SEED_MAX for run in runs)


def test_errors_of_huge_pools_are_numbers() -> None:
    def amounts(run: Parameters) -> list[Fraction]:
        return [Fraction(10**400) / (run.seed + 1), Fraction(1)]

    huge, none = standard_errors(Parameters("random_arrival"), 100, Fraction(10**400), amounts)
    assert (huge, none) == (float("inf"), 0.0)
