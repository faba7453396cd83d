"""Lags: the least time from an order to its arrival, path by path."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from headworks.flow.draws import Draws
    from headworks.flow.line import Line
    from headworks.planning.response.world import Paths, World
    from headworks.scenario.scenario import Scenario

Integers: TypeAlias = NDArray[np.int64]


def lags(world: World, paths: Paths) -> Integers:
    """Return the months from an order to the earliest that it can arrive, shape (line, path).

    It is the largest number of months L such that nothing ordered less than L months before the
    end of any month can have arrived by then.
    """
    shortest = shortest_ways(world, paths)
    placed, counted = world.placing, world.counted
    months = np.arange(len(world.months))
    result = np.full(shortest.shape, len(months), dtype=np.int64)
    for month in months:
        # Goods ordered in period k that take w periods are in service by the end of period k + w.
        in_time = placed[:, None, None] + shortest < counted[month]
        latest = np.where(in_time, months[:, None, None], -1).max(axis=0)
        result = np.where(latest >= 0, np.minimum(result, month - latest), result)
    return result


def shortest_ways(world: World, paths: Paths) -> Integers:
    """Return the least periods from an order to its arrival, shape (line, path).

    Those of the lead times of the goods gates of the route, cut to whole periods since the first
    part of a lead between two periods is through after the shorter one. Where scarce stock is
    given out against papers, or papers are drawn, these must be ready: their own lead times run
    from the order.
    """
    draws = world.draws(paths)
    return np.stack([_shortest(world, line, draws) for line in world.lines])


def _shortest(world: World, line: Line, draws: Draws) -> Integers:
    scenario, goods = world.scenario, world.net.goods
    passed = np.zeros(draws.paths, dtype=np.int64)
    for name in scenario.routes[line.route].gates:
        ahead = [one.papers for one in goods[name].ahead if one.route == line.route]
        papers = {*scenario.gates[name].requires, *(paper for some in ahead for paper in some)}
        for paper in sorted(papers):
            passed = np.maximum(passed, _whole_periods(paper, scenario, draws))
        passed = passed + _whole_periods(name, scenario, draws)
    return passed


def _whole_periods(gate: str, scenario: Scenario, draws: Draws) -> Integers:
    """Return the whole periods of the lead time of a gate, shape (path,)."""
    lead = scenario.gates[gate].lead_time_days
    if lead is None:
        return np.zeros(draws.paths, dtype=np.int64)
    days = draws.number(f"gates.{gate}.lead_time_days", lead)
    # The same slack as where the flow splits a lead between two periods.
    return np.floor(days / scenario.period_days + 1e-9).astype(np.int64)
