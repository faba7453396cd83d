"""The flow against queues whose answer is known: Lindley's recursion and a fluid queue."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from headworks.flow.period import step
from tests.unit.flow.build import EVIDENCE, Play, day, over, passes, rate, scenario, want, week


def test_a_gate_with_a_rate_is_lindleys_recursion_path_by_path() -> None:
    """W' = max(W + A - c, 0), with arrivals drawn for every week and path.

    Source: Lindley 1952, "The theory of queues with a single server".
    """
    weeks, paths, capacity = 150, 40, 31.0
    spread = {"dist": "lognormal", "p5": 8.0, "p95": 80.0, **EVIDENCE}
    arriving = [{"on": week(n), "units": spread} for n in range(weeks)]
    gates = {"installation": passes("installed", pool="crews")}
    wants = {"buyer": want(0, schedule=arriving)}
    case = scenario(gates, wants, {"crews": rate(capacity)}, periods=weeks)
    play = Play(case, paths)
    queue = np.zeros(paths)
    longest = 0.0
    for period in range(weeks):
        name = f"companies.buyer.wants.alpha.schedule.{period}.units"
        score = stats.norm.ppf(play.state.draws.streams.uniform(name))
        arrived = np.exp((np.log(8) + np.log(80)) / 2 + score * np.log(10) / 2 / 1.6448536269514722)
        queue = np.maximum(queue + arrived - capacity, 0.0)
        step(play.state, period)
        np.testing.assert_allclose(
            play.state.goods["installation"].waiting[0], queue, rtol=1e-9, atol=1e-9
        )
        longest = max(longest, float(queue.max()))
    assert longest > 3 * capacity  # the queue was tried


def test_lindleys_recursion_with_random_capacity() -> None:
    weeks, paths = 100, 30
    arriving = [{"on": week(n), "units": 30} for n in range(weeks)]
    gates = {"installation": passes("installed", pool="crews")}
    wants = {"buyer": want(0, schedule=arriving)}
    case = scenario(gates, wants, {"crews": rate(32, weekly_noise=0.5)}, periods=weeks)
    play = Play(case, paths)
    queue, offered = np.zeros(paths), np.zeros(paths)
    for period in range(weeks):
        step(play.state, period)
        inflow = play.state.pools["crews"].inflow[0].copy()
        queue = np.maximum(queue + 30 - (inflow - offered), 0.0)
        offered = inflow
        np.testing.assert_allclose(
            play.state.goods["installation"].waiting[0], queue, rtol=1e-9, atol=1e-9
        )
    assert abs(offered.mean() / weeks - 32) < 4 * 16 / math.sqrt(weeks * paths)


def test_an_on_off_gate_has_the_mean_queue_of_the_fluid_model() -> None:
    """A server that is on and off for exponential times, with a constant inflow.

    With inflow λ, capacity c while on, d = c - λ, and rates a (on to off) and b (off to on), the
    content has P(X > x) = a/(a+b) · c/d · exp(-θ x), θ = b/λ - a/d, hence the mean
    a/(a+b) · c/(d θ). On a clock of days the content is at most λ · 1 day lower while it is busy,
    as what is served in the part of a day in which the gate is on may be what comes later that day.

    Source: Mitra 1988, "Stochastic theory of a fluid model of producers and consumers coupled by a
    buffer", with one consumer; Kosten 1974 for the eigenvalue.
    """
    inflow, capacity, on, off = 1.0, 2.5, 60.0, 30.0
    a, b, d = 1 / on, 1 / off, capacity - inflow
    theta = b / inflow - a / d
    busy = a / (a + b) * capacity / d
    mean = busy / theta
    periods, warm, paths = 1000, 500, 10_000
    process = {"open_at_start": on / (on + off), "mean_days_open": on, "mean_days_shut": off}
    gates = {"installation": passes("installed", pool="crews", opening={"process": process})}
    wants = {"buyer": want(0, schedule=[over(day(0), day(periods), inflow * periods)])}
    pools = {"crews": rate(7 * capacity)}
    case = scenario(gates, wants, pools, periods=periods, period_days=1)
    play = Play(case, paths)
    total, seen = np.zeros(paths), 0
    tail = 0
    for period in range(periods):
        step(play.state, period)
        if period >= warm:
            waiting = play.state.goods["installation"].waiting[0]
            total += waiting
            tail += int((waiting > mean).sum())
            seen += 1
    found = total / seen
    error = 4 * float(found.std()) / math.sqrt(paths)
    assert error < 0.06 * mean
    assert mean - inflow * busy - error <= found.mean() <= mean + error
    beyond = busy * math.exp(-theta * mean)
    assert abs(tail / (seen * paths) - beyond) < 0.02
