"""Assembly: the problem of a plan, from what buyers have and what may happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.means.means import planning_of
from headworks.planning.means.wanted import needs, wanted
from headworks.planning.problem import Problem, Risk

if TYPE_CHECKING:
    from headworks.planning.means.means import Means
    from headworks.planning.problem import Floats
    from headworks.planning.response.prospect import Prospect
    from headworks.planning.response.world import Paths, World

NEED_QUANTILE = 0.95
"""Of what a company's lines might want in all: most of what a plan could sensibly order."""


def base_orders(world: World, window: int, paths: Paths) -> Floats:
    """Return the orders around which arrivals are first measured, shape (line, month).

    What a line is likely to be wanted for in all, spread evenly over the months whose orders are
    decided now: most of what a plan could sensibly order, in no timing above others.

    Args:
        world: The world.
        window: Months whose orders are decided now.
        paths: Paths on which wants are looked at.
    """
    result = np.zeros((len(world.lines), len(world.months)))
    total = np.maximum(np.quantile(needs(world, paths)[:, -1], NEED_QUANTILE, axis=1), 1.0)
    result[:, :window] = total[:, None] / window
    return result


def assemble(
    world: World,
    means: Means,
    prospect: Prospect,
    *,
    risk: Risk | None = None,
    objective: str = "cost",
    served_min: float = 0.0,
) -> Problem:
    """Return the problem of a plan.

    Args:
        world: The world that it is made in.
        means: What the companies have, pay and may do.
        prospect: What may happen.
        risk: How outcomes are weighed; by their expectation if None.
        objective: `cost` or `served`.
        served_min: Least share of the work wanted that must be served, in every month.
    """
    planning = planning_of(world.scenario)
    work = prospect.histories.each(lambda of, some: work_wanted(of, means, some))
    bare = Problem(
        months=world.months,
        lines=world.lines,
        companies=world.companies,
        company=world.company,
        works=tuple(planning.works),
        window=means.window,
        dates=(),
        nodes=(),
        goods=means.goods,
        berths=means.berths,
        work=means.work,
        sites=means.sites,
        budget_usd=means.budget_usd,
        year=means.year,
        discount=means.discount,
        ratios=(),
        ceilings=(),
        pools=(),
        outlooks=(),
        risk=Risk() if risk is None else risk,
        objective=objective,
        served_min=served_min,
    )
    return prospect.into(bare, list(np.moveaxis(work.astype(np.float64), -1, 0)))


def work_wanted(world: World, means: Means, paths: Paths) -> Floats:
    """Return the work wanted in a world by its own wants, shape (company, work, month, path)."""
    return wanted(world, planning_of(world.scenario), means.rates, paths)
