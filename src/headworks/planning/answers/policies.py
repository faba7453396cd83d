"""Policies: simple ways to order, which a plan is measured against on the same fresh paths."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.answers.fixing import without_orders
from headworks.planning.means.wanted import wants
from headworks.planning.problem import Outlook, Risk
from headworks.planning.response.curves import Points, curves
from headworks.planning.solve.solution import Decisions

if TYPE_CHECKING:
    from headworks.planning.problem import Floats, Problem
    from headworks.planning.response.prospect import Prospect
    from headworks.planning.response.world import Paths, World

MORE_LIKELY_THAN_NOT = 0.5


@dataclass(frozen=True, slots=True)
class Policy:
    """A way to order, in a word and in a sentence."""

    name: str
    title: str


PLAN = Policy("plan", "the plan")
MEAN = Policy("mean", "the plan for the mean of what may happen")
EVERYTHING = Policy(
    "everything", "order all that is said to be wanted, and power for it, as far as budgets go"
)
DOMESTIC = Policy("domestic", "order domestic chips alone, as well as can be")
WAIT = Policy("wait", "order and build nothing now, and plan at the first information date")
ROLLING = Policy("rolling", "plan again each quarter, as if one sampled path were certain")


TITLES = {policy.name: policy.title for policy in (PLAN, MEAN, EVERYTHING, DOMESTIC, WAIT, ROLLING)}
"""Policies as people read them, by name."""


def domestic_only(problem: Problem, prospect: Prospect) -> Problem:
    """Return a problem in which no chip under another country's export control is ordered."""
    chips = prospect.world.scenario.chips
    controlled = [bool(chips[line.chip].export_controlled_by) for line in problem.lines]
    bare = without_orders(problem, np.array(controlled), slice(None))
    return replace(bare, served_min=0.0)


def waiting(problem: Problem) -> Problem:
    """Return a problem in which nothing is ordered or built in the window."""
    bare = without_orders(problem, np.ones(len(problem.lines), bool), slice(problem.window))
    sites = replace(bare.sites, build_max_mw=np.zeros_like(bare.sites.build_max_mw))
    return replace(bare, sites=sites, served_min=0.0)


def everything(problem: Problem, stated: Floats) -> Decisions:
    """Return orders of all that is said to be wanted, with the power that they need.

    In each year orders and building are cut alike to what budgets can pay in full. Building begins
    as orders go out, as fast as it may.

    Args:
        problem: The problem.
        stated: Units that lines are said to want in each month, shape (line, month).
    """
    placed = _placed(problem, stated)
    build = _needed_power(problem, placed)
    share = _affordable(problem, placed, build)
    orders = placed * share[problem.company[:, None], problem.year[None]]
    window = problem.year[: problem.window]
    later = np.zeros((len(problem.nodes), len(problem.lines)))
    for node, date in enumerate(problem.nodes):
        later[node] = orders[:, problem.dates[date]]
    return Decisions(
        orders[:, : problem.window],
        build * share[problem.sites.company[:, None], window[None]],
        later,
    )


def _placed(problem: Problem, stated: Floats) -> Floats:
    """Return wants in the months in which they are ordered, shape (line, month).

    After the window those are the dates: each for the months until the next, the first also for
    those since the window. Without dates nothing is ordered after the window.
    """
    placed = np.zeros_like(stated)
    placed[:, : problem.window] = stated[:, : problem.window]
    begins = (problem.window, *problem.dates[1:], len(problem.months))
    for number, date in enumerate(problem.dates):
        placed[:, date] = stated[:, begins[number] : begins[number + 1]].sum(axis=1)
    return np.minimum(placed, problem.goods.order_max)


def _needed_power(problem: Problem, placed: Floats) -> Floats:
    """Return the building that gives all that is ordered its power, MW, shape (site, window).

    A line that may run at several sites needs an equal part of each.
    """
    sites, berths = problem.sites, problem.berths
    at = np.zeros((len(sites.names), len(problem.lines)))
    held = berths.site >= 0
    at[berths.site[held], berths.line[held]] = 1.0
    at /= np.maximum(at.sum(axis=0), 1.0)
    units = np.cumsum(placed + problem.goods.committed, axis=1) + _held(problem)
    lacking = (at * problem.goods.power_mw) @ units - sites.power_mw
    build = np.zeros((len(sites.names), problem.window))
    for month in range(problem.window):
        wanted = np.maximum(lacking[:, month] - build.sum(axis=1), 0.0)
        build[:, month] = np.minimum(wanted, sites.build_max_mw[:, month])
    return build


def _held(problem: Problem) -> Floats:
    """Return the mean units in service that were there before, shape (line, month)."""
    found = np.zeros(problem.goods.committed.shape)
    for outlook in problem.outlooks:
        if outlook.held is not None:
            found += outlook.probability * outlook.held
    return found


def _affordable(problem: Problem, placed: Floats, build: Floats) -> Floats:
    """Return the share of what is asked for that each year's budget pays, shape (company, year)."""
    goods, sites = problem.goods, problem.sites
    share = np.ones(problem.budget_usd.shape)
    window = problem.year[: problem.window]
    for company, year in np.ndindex(*share.shape):
        own, there = problem.company == company, sites.company == company
        months, begun = problem.year == year, window == year
        before = goods.price_usd[own] @ goods.committed[own][:, months].sum(axis=1)
        asked = goods.price_usd[own] @ placed[own][:, months].sum(axis=1)
        asked += sites.build_usd[there] @ build[there][:, begun].sum(axis=1)
        left = max(problem.budget_usd[company, year] - before, 0.0)
        if asked > left:
            share[company, year] = left / asked
    return share


def mean_problem(problem: Problem, prospect: Prospect) -> Problem:
    """Return the problem as if the mean of what may happen were certain.

    Arrivals at each order level and work wanted are means; a condition holds in months in which it
    holds more likely than not, at its median among the outlooks in which it holds.
    """
    outlooks = problem.outlooks
    chance = np.array([outlook.probability for outlook in outlooks])
    measured = prospect.measured.points
    ready = [outlook.ready for outlook in outlooks if outlook.ready is not None]
    held = [outlook.held for outlook in outlooks if outlook.held is not None]
    found = curves(
        Points(
            np.tensordot(measured.ordered, chance, axes=1)[..., None],
            np.tensordot(measured.arrived, chance, axes=1)[..., None],
        )
    )
    mean = Outlook(
        name="mean",
        probability=1.0,
        lag=np.rint(chance @ np.stack([outlook.lag for outlook in outlooks])).astype(np.int64),
        slope=found.slope[..., 0],
        offset=found.offset[..., 0],
        wanted=_mean([outlook.wanted for outlook in outlooks], chance),
        pairing_ratio=_middle([outlook.pairing_ratio for outlook in outlooks], chance),
        pairing_grace=_mean([outlook.pairing_grace for outlook in outlooks], chance),
        ceiling=_middle([outlook.ceiling for outlook in outlooks], chance),
        pool=_mean([outlook.pool for outlook in outlooks], chance),
        node=np.arange(len(problem.dates)),
        ready=_mean(ready, chance) if len(ready) == len(outlooks) else None,
        held=_mean(held, chance) if len(held) == len(outlooks) else None,
    )
    return replace(problem, nodes=tuple(range(len(problem.dates))), outlooks=(mean,), risk=Risk())


def _mean(values: list[Floats], chance: Floats) -> Floats:
    return np.tensordot(chance, np.stack(values), axes=1)


def _middle(values: list[Floats], chance: Floats) -> Floats:
    """Return the weighted median where a bound holds, infinite where it seldom does."""
    stacked = np.stack(values)
    order = np.argsort(stacked, axis=0, kind="stable")
    ranked = np.take_along_axis(stacked, order, axis=0)
    weight = np.take_along_axis(
        np.broadcast_to(chance.reshape(-1, *([1] * (stacked.ndim - 1))), stacked.shape), order, 0
    )
    holding = np.where(np.isfinite(ranked), weight, 0.0)
    total = holding.sum(axis=0)
    reached = np.cumsum(holding, axis=0) >= total / 2
    first = np.argmax(reached, axis=0)
    middle = np.take_along_axis(ranked, first[None], axis=0)[0]
    return np.where(total > MORE_LIKELY_THAN_NOT, middle, np.inf)


def stated(world: World, paths: Paths) -> Floats:
    """Return the units that lines are said to want in each month, by their medians, (line, month).

    Args:
        world: The world.
        paths: Paths on which wants are looked at.
    """
    by_then = np.median(wants(world, paths), axis=2)
    return np.maximum(np.diff(by_then, axis=1, prepend=0.0), 0.0)
