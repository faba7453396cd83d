"""Comparing two scenarios: the same luck, the same days, and a progress that reaches its end."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from headworks.errors import InputError
from headworks.flow.compare import compare
from headworks.flow.forecast import forecast
from tests.unit.flow.build import day, passes, rate, scenario, want
from tests.unit.flow.worlds import lively, spread

GATES = {"installation": passes("installed", pool="crews")}


def test_differences_are_taken_path_by_path() -> None:
    case = lively()
    other = scenario(GATES, {"ash": want(spread(10, 90))}, {"crews": rate(7)}, periods=16)
    both = compare(case, other, paths=40, seed=5, at=[day(111)])
    mine, theirs = (
        forecast(one, paths=40, seed=5, at=[day(111)]).samples(company="ash", chip="alpha")
        for one in (case, other)
    )
    row = next(
        row
        for row in both.rows()
        if (row["company"], row["chip"], row["stock"]) == ("ash", "alpha", "installed")
    )
    assert row["difference_p5"] == pytest.approx(np.quantile(theirs - mine, 0.05))
    assert row["p_more"] == (theirs > mine).mean()


def test_by_default_the_days_are_those_that_both_scenarios_have() -> None:
    long, short = (
        scenario(GATES, {"a": want(100)}, {"crews": rate(7)}, periods=periods)
        for periods in (60, 30)
    )
    both = compare(long, short, paths=2)
    assert both.base.asked.dates == both.other.asked.dates == (dt.date(2026, 6, 30),)


def test_without_such_a_day_it_is_the_last_one_of_the_shorter() -> None:
    long, short = (
        scenario(GATES, {"a": want(100)}, {"crews": rate(7)}, periods=periods)
        for periods in (60, 10)
    )
    both = compare(long, short, paths=2)
    assert both.base.asked.dates == both.other.asked.dates == (day(69),)


@pytest.mark.parametrize("first", [60, 10])
def test_a_day_that_one_of_them_lacks_is_refused_before_anything_is_run(first: int) -> None:
    ran: list[int] = []
    one, other = (
        scenario(GATES, {"a": want(100)}, {"crews": rate(7)}, periods=periods)
        for periods in (first, 70 - first)
    )
    with pytest.raises(InputError, match="outside the horizon"):
        compare(
            one, other, paths=2, at=[day(50), day(200)], progress=lambda done, _: ran.append(done)
        )
    assert not ran


@pytest.mark.parametrize("binding", [False, True])
def test_progress_goes_up_to_its_end(binding: bool) -> None:
    told: list[tuple[int, int]] = []
    case = lively()
    both = compare(
        case, case, paths=30, binding=binding,
        progress=lambda done, whole: told.append((done, whole)),
    )  # fmt: skip
    assert both.other.binding.known is binding
    assert not both.base.binding.known
    assert len({whole for _, whole in told}) == 1
    assert told[-1][0] == told[-1][1]
    assert [done for done, _ in told] == sorted(done for done, _ in told)
