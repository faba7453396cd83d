"""Means: everything of a plan's problem that is the same in all outlooks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from headworks.errors import Fault, InputError
from headworks.planning.calendar import HOURS_PER_MONTH, MONTHS_PER_YEAR, begins_quarter
from headworks.planning.means.goods import goods
from headworks.planning.means.power import berths, sites
from headworks.planning.means.rates import Rates, rates
from headworks.planning.problem import Berths, Floats, Goods, Integers, Sites, Works

if TYPE_CHECKING:
    from headworks.planning.response.world import World
    from headworks.scenario.planning import Planning
    from headworks.scenario.scenario import Scenario
    from headworks.throughput import Throughput

MEDIANS = (
    "prices, budgets, power and rents count with their medians; work wanted, gates and conditions "
    "are drawn on each path"
)


@dataclass(frozen=True, slots=True)
class Means:
    """What the planned companies pay, have and may do; axes as in `Problem`."""

    window: int
    dates: tuple[int, ...]
    goods: Goods
    berths: Berths
    work: Works
    sites: Sites
    budget_usd: Floats
    year: Integers
    discount: Floats
    rates: Rates
    remarks: tuple[str, ...]
    """What a reader of the plan should know of how it counts."""


def planning_of(scenario: Scenario) -> Planning:
    """Return what plans of a scenario assume.

    Raises:
        InputError: It says nothing of plans.
    """
    if scenario.planning is None:
        message = f"the scenario {scenario.scenario!r} does not say what a plan needs to know"
        remedy = "add a section `planning`, as `headworks new FILE --from h200-2026` shows it"
        raise InputError([Fault(scenario.scenario, 0, "planning", message, remedy)])
    return scenario.planning


def means(world: World, throughput: Throughput, window_months: int | None = None) -> Means:
    """Return what the planned companies have, pay and may do.

    Args:
        world: The world of the plan.
        throughput: Model of what chips compute.
        window_months: Months whose orders are decided now; the scenario's if None.

    Raises:
        InputError: The scenario says nothing of plans, or a chip has no price.
        UnknownName: A work is measured by something that there is not.
    """
    planning = planning_of(world.scenario)
    months = world.months
    window = min(window_months or planning.window_months, len(months))
    found = rates(world.scenario, planning, throughput, sorted({line.chip for line in world.lines}))
    years = list(range(months[0].year, months[-1].year + 1))
    ages = np.arange(len(months)) / MONTHS_PER_YEAR
    return Means(
        window=window,
        dates=tuple(
            number
            for number, month in enumerate(months)
            if number >= window and begins_quarter(month)
        ),
        goods=goods(world, planning),
        berths=berths(world, planning, found),
        work=_works(planning),
        sites=sites(world, planning, window),
        budget_usd=_budgets(world, planning, years),
        year=np.array([years.index(month.year) for month in months], np.int64),
        discount=(1.0 + planning.discount_rate.median) ** -ages,
        rates=found,
        remarks=(*_remarks(world, planning), *found.remarks),
    )


def _works(planning: Planning) -> Works:
    works = planning.works.values()
    hours = HOURS_PER_MONTH
    return Works(
        rent_usd=np.array([hours * work.rent_usd_per_hour.median for work in works]),
        rent_max=np.array([work.rentable.median for work in works]),
        shortfall_usd=np.array([hours * work.shortfall_usd_per_hour.median for work in works]),
    )


def _budgets(world: World, planning: Planning, years: list[int]) -> Floats:
    result = np.full((len(world.companies), len(years)), np.inf)
    for number, company in enumerate(world.companies):
        buyer = planning.buyers.get(company)
        for budget in () if buyer is None else buyer.budgets:
            result[number, years.index(budget.year)] = budget.usd.median
    return result


def _before(world: World) -> list[str]:
    """Return what lines have when it begins, if anything."""
    have = [
        f"{units:,.0f} {line.chip} of {line.company} ({line.route})"
        for line, units in zip(world.lines, world.before, strict=True)
        if units > 0
    ]
    if not have:
        return []
    return [f"{', '.join(have)} are there or on their way when it begins, and count as paid for"]


def _remarks(world: World, planning: Planning) -> list[str]:
    """Return in words what is taken for granted."""
    found = [MEDIANS, *_before(world)]
    for company in world.companies:
        buyer = planning.buyers.get(company)
        lacking = [
            what
            for what, there in (
                ("budget", buyer is not None and buyer.budgets),
                ("site", buyer is not None and buyer.sites),
            )
            if not there
        ]
        if lacking:
            limit = " or ".join(lacking)
            found.append(f"{company} has no {limit} in the scenario, so none limits it")
        if buyer is None or not buyer.wanted:
            found.append(f"{company} wants the computing that its needs of chips add up to")
    unpowered = sorted(
        {line.chip for line in world.lines if world.scenario.chips[line.chip].tdp_w is None}
    )
    if unpowered:
        found.append(f"the power of {', '.join(unpowered)} is not known and counts as none")
    return found
