"""Companies: the part of a problem that one of them has, and plans of all put together.

Companies meet in shared pools and ceilings alone. One that is planned alone has each of these to
itself, so that what it costs then is no more than its share of the cost of any plan for all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.problem import Berths, Ceiling, Goods, Sites
from headworks.planning.programme.blocks import length
from headworks.planning.programme.risk import neutral
from headworks.planning.solve.solution import Course, Decisions, Price, Solution

if TYPE_CHECKING:
    from headworks.planning.problem import Floats, Integers, Outlook, Problem

FITS = 1e-9
"""Share of a shared amount by which arrivals may be above it and count as equal."""


@dataclass(frozen=True, slots=True)
class Members:
    """What belongs to one company, as numbers along axes of the whole problem."""

    company: int
    line: Integers
    site: Integers
    berth: Integers
    ratio: Integers

    @property
    def at(self) -> dict[str, Integers]:
        """The numbers by the name of the axis."""
        return {
            "company": np.array([self.company]),
            "line": self.line,
            "site": self.site,
            "berth": self.berth,
            "ratio": self.ratio,
        }


def meet_in_caps_alone(problem: Problem) -> bool:
    """Return whether there are several companies, each on sites of its own."""
    berths, sites = problem.berths, problem.sites
    somewhere = berths.site >= 0
    owner = sites.company[berths.site[somewhere]]
    caps = (*problem.ceilings, *problem.pools)
    return (
        len(problem.companies) > 1
        and np.array_equal(owner, problem.company[berths.line[somewhere]])
        and all(bool(np.all(cap.weight >= 0)) for cap in caps)
    )


def separable(problem: Problem) -> bool:
    """Return whether, besides, the costs of companies add up to the objective."""
    return neutral(problem.risk) and meet_in_caps_alone(problem)


def members(problem: Problem, company: int) -> Members:
    """Return what belongs to a company."""
    return Members(
        company,
        np.flatnonzero(problem.company == company),
        np.flatnonzero(problem.sites.company == company),
        np.flatnonzero(problem.company[problem.berths.line] == company),
        np.array([n for n, one in enumerate(problem.ratios) if one.company == company], np.int64),
    )


def planned_alone(problem: Problem, own: Members) -> Problem:
    """Return the problem of one company that has all of each shared amount."""
    goods, berths, sites = problem.goods, problem.berths, problem.sites
    line, site = own.line, own.site
    spot = np.searchsorted(site, berths.site[own.berth])
    return replace(
        problem,
        lines=tuple(problem.lines[number] for number in line),
        companies=(problem.companies[own.company],),
        company=np.zeros(len(line), np.int64),
        goods=Goods(
            price_usd=goods.price_usd[line],
            prepaid=goods.prepaid[line],
            nonrefundable=goods.nonrefundable[line],
            residual_usd=goods.residual_usd[line],
            power_mw=goods.power_mw[line],
            lot=goods.lot[line],
            committed=goods.committed[line],
            order_max=goods.order_max[line],
        ),
        berths=Berths(
            line=np.searchsorted(line, berths.line[own.berth]),
            site=np.where(berths.site[own.berth] >= 0, spot, -1),
            work=berths.work[own.berth],
            rate=berths.rate[own.berth],
        ),
        sites=Sites(
            names=tuple(sites.names[number] for number in site),
            company=np.zeros(len(site), np.int64),
            power_mw=sites.power_mw[site],
            build_usd=sites.build_usd[site],
            build_lead=sites.build_lead[site],
            build_max_mw=sites.build_max_mw[site],
        ),
        budget_usd=problem.budget_usd[[own.company]],
        ratios=tuple(
            replace(
                problem.ratios[number],
                company=0,
                imported=problem.ratios[number].imported[line],
                domestic=problem.ratios[number].domestic[line],
            )
            for number in own.ratio
        ),
        ceilings=tuple(Ceiling(cap.name, cap.weight[line]) for cap in problem.ceilings),
        pools=tuple(Ceiling(pool.name, pool.weight[line]) for pool in problem.pools),
        outlooks=tuple(_outlook(outlook, own) for outlook in problem.outlooks),
    )


def _outlook(outlook: Outlook, own: Members) -> Outlook:
    return replace(
        outlook,
        lag=outlook.lag[own.line],
        slope=outlook.slope[:, own.line],
        offset=outlook.offset[:, own.line],
        wanted=outlook.wanted[[own.company]],
        pairing_ratio=outlook.pairing_ratio[own.ratio],
        pairing_grace=outlook.pairing_grace[own.ratio],
        ready=None if outlook.ready is None else outlook.ready[own.line],
        held=None if outlook.held is None else outlook.held[own.line],
    )


def decided_alone(decisions: Decisions, own: Members) -> Decisions:
    """Return the decisions of one company."""
    return Decisions(
        decisions.order[own.line], decisions.build[own.site], decisions.later[:, own.line]
    )


def together(problem: Problem, parts: list[tuple[Members, Solution]]) -> Solution:
    """Return the plan that plans of companies alone make; their bounds add up to one for all.

    It is a plan of the problem where it `fits`.

    Args:
        problem: The problem of all.
        parts: What belongs to each company, and its plan.
    """
    plans = [plan for _, plan in parts]
    lines, sites = len(problem.lines), len(problem.sites.names)
    nodes = len(problem.nodes)
    decisions = Decisions(
        np.zeros((lines, problem.window)),
        np.zeros((sites, problem.window)),
        np.zeros((nodes, lines)),
    )
    for own, plan in parts:
        decisions.order[own.line] = plan.decisions.order
        decisions.build[own.site] = plan.decisions.build
        decisions.later[:, own.line] = plan.decisions.later
    return Solution(
        decisions=decisions,
        courses=tuple(
            _course(problem, [(own, plan.courses[number]) for own, plan in parts])
            for number in range(len(problem.outlooks))
        ),
        prices={
            name: _price(problem, [(own, plan.prices[name]) for own, plan in parts])
            for name in plans[0].prices
        },
        objective=sum(plan.objective for plan in plans),
        bound=sum(plan.bound for plan in plans),
        iterations=sum(plan.iterations for plan in plans),
        seconds=sum(plan.seconds for plan in plans),
    )


def fits(problem: Problem, plan: Solution) -> bool:
    """Return whether what arrives in each outlook keeps the shared pools and ceilings."""
    for outlook, course in zip(problem.outlooks, plan.courses, strict=True):
        shared = ((problem.ceilings, outlook.ceiling), (problem.pools, outlook.pool))
        for caps, amount in shared:
            for number, cap in enumerate(caps):
                if np.any(cap.weight @ course.arrived > amount[number] * (1 + FITS) + FITS):
                    return False
    return True


def _course(problem: Problem, parts: list[tuple[Members, Course]]) -> Course:
    courses = [course for _, course in parts]
    axes = {"arrived": "line", "running": "berth"}
    axes |= dict.fromkeys(("rented", "short", "served"), "company")
    found = {
        name: _whole(problem, axis, 0, [(own, getattr(one, name)) for own, one in parts])
        for name, axis in axes.items()
    }
    return Course(
        outlook=courses[0].outlook,
        **found,
        cost=sum(course.cost for course in courses),
        parts={name: sum(one.parts[name] for one in courses) for name in courses[0].parts},
        outcome=sum(course.outcome for course in courses),
    )


def _price(problem: Problem, parts: list[tuple[Members, Price]]) -> Price:
    """Return prices of all companies; of what is shared, the sum of what each would give."""
    axes = parts[0][1].axes
    values = [(own, price.value) for own, price in parts]
    split = [axis for axis in axes if axis in parts[0][0].at]
    if not split:
        return Price(axes, np.sum([value for _, value in values], axis=0))
    return Price(axes, _whole(problem, split[0], 1 + axes.index(split[0]), values))


def _whole(problem: Problem, axis: str, place: int, parts: list[tuple[Members, Floats]]) -> Floats:
    """Return an array of all companies from those of each, along an axis at a place."""
    shape = list(parts[0][1].shape)
    shape[place] = length(problem, axis)
    whole = np.zeros(shape)
    for own, value in parts:
        np.moveaxis(whole, place, 0)[own.at[axis]] = np.moveaxis(value, place, 0)
    return whole
