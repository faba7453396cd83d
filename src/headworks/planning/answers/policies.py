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
EVERYTHING = Policy("everything", "order all that is said to be wanted, as far as budgets go")
DOMESTIC = Policy("domestic", "order domestic chips alone, as well as can be")
WAIT = Policy("wait", "order nothing now, and plan at the first information date")
ROLLING = Policy("rolling", "plan again each quarter, as if one sampled path were certain")


TITLES = {policy.name: policy.title for policy in (PLAN, MEAN, EVERYTHING, DOMESTIC, WAIT, ROLLING)}
"""Policies as people read them, by name."""


def domestic_only(problem: Problem, prospect: Prospect) -> Problem:
    """Return a problem in which no chip under another country's export control is ordered."""
    chips = prospect.world.scenario.chips
    controlled = [bool(chips[line.chip].export_controlled_by) for line in problem.lines]
    return without_orders(problem, np.array(controlled), slice(None))


def waiting(problem: Problem) -> Problem:
    """Return a problem in which nothing is ordered or built in the window."""
    bare = without_orders(problem, np.ones(len(problem.lines), bool), slice(problem.window))
    sites = replace(bare.sites, build_max_mw=np.zeros_like(bare.sites.build_max_mw))
    return replace(bare, sites=sites)


def everything(problem: Problem, stated: Floats) -> Decisions:
    """Return orders of all that is said to be wanted, scaled to what budgets can prepay.

    Args:
        problem: The problem.
        stated: Units that lines are said to want in each month, shape (line, month).
    """
    goods = problem.goods
    affordable = np.ones(problem.budget_usd.shape)
    for company in range(len(problem.companies)):
        own = problem.company == company
        paid = (goods.price_usd * goods.prepaid)[own]
        for year in range(problem.budget_usd.shape[1]):
            months = problem.year == year
            before = paid @ goods.committed[own][:, months].sum(axis=1)
            asked = paid @ stated[own][:, months].sum(axis=1)
            left = max(problem.budget_usd[company, year] - before, 0.0)
            if asked > left:
                affordable[company, year] = left / asked
    orders = stated * affordable[problem.company[:, None], problem.year[None]]
    later = np.zeros((len(problem.nodes), len(problem.lines)))
    ends = (*problem.dates[1:], len(problem.months))
    for node, date in enumerate(problem.nodes):
        later[node] = orders[:, problem.dates[date] : ends[date]].sum(axis=1)
    build = np.zeros((len(problem.sites.names), problem.window))
    return Decisions(orders[:, : problem.window], build, later)


def mean_problem(problem: Problem, prospect: Prospect) -> Problem:
    """Return the problem as if the mean of what may happen were certain.

    Arrivals at each order level and work wanted are means; a condition holds in months in which it
    holds more likely than not, at its median among the outlooks in which it holds.
    """
    outlooks = problem.outlooks
    chance = np.array([outlook.probability for outlook in outlooks])
    measured = prospect.measured.points
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
