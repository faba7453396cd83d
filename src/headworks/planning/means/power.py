"""Power: sites with what they have and can build, and where each line's chips may run."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.calendar import DAYS_PER_MONTH, MONTHS_PER_YEAR
from headworks.planning.problem import Berths, Sites

if TYPE_CHECKING:
    from headworks.planning.means.rates import Rates
    from headworks.planning.response.world import World
    from headworks.scenario.planning import Planning, PlanSite

NOWHERE = -1
"""Stands for the site of chips whose power is not limited."""


def sites(world: World, planning: Planning, window: int) -> Sites:
    """Return the sites of the planned companies; power is counted by its medians."""
    found = owned(world, planning)
    months = len(world.months)
    most = np.zeros((len(found), months))
    for number, (_, _, site) in enumerate(found):
        most[number, :window] = site.build_max_mw_per_year.median / MONTHS_PER_YEAR
    leads = [math.ceil(site.build_lead_days.median / DAYS_PER_MONTH) for _, _, site in found]
    return Sites(
        names=tuple(name for _, name, _ in found),
        company=np.array([world.companies.index(company) for company, _, _ in found], np.int64),
        power_mw=np.array(
            [[site.power_mw.median] * months for _, _, site in found], np.float64
        ).reshape(len(found), months),
        build_usd=np.array([site.build_usd_per_mw.median for _, _, site in found]),
        build_lead=np.array(leads, np.int64),
        build_max_mw=most,
    )


def owned(world: World, planning: Planning) -> list[tuple[str, str, PlanSite]]:
    """Return company, name and record of each site."""
    return [
        (company, name, site)
        for company in world.companies
        if company in planning.buyers
        for name, site in planning.buyers[company].sites.items()
    ]


def berths(world: World, planning: Planning, rates: Rates) -> Berths:
    """Return the works and sites that each line may be placed on.

    A route's use must be that of the work, or either must be any; a chip runs at the sites of its
    company in the jurisdiction of its route, and where there is none, power does not limit it.
    """
    own = owned(world, planning)
    rows: list[tuple[int, int, int, float]] = []
    for number, line in enumerate(world.lines):
        route = world.scenario.routes[line.route]
        places = [
            place
            for place, (company, _, site) in enumerate(own)
            if company == line.company and site.jurisdiction == route.jurisdiction
        ] or [NOWHERE]
        for work_number, (name, work) in enumerate(planning.works.items()):
            rate = rates.per_chip[name].get(line.chip, 0.0)
            fits = "any" in {work.use, route.use} or work.use == route.use
            if fits and rate > 0:
                rows.extend((number, place, work_number, rate) for place in places)
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    return Berths(
        line=np.array(columns[0], np.int64),
        site=np.array(columns[1], np.int64),
        work=np.array(columns[2], np.int64),
        rate=np.array(columns[3], np.float64),
    )
