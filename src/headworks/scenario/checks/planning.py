"""Planning: what plans assume must name companies, routes and days that the scenario has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from headworks.errors import Fault
    from headworks.scenario.checks.context import Context
    from headworks.scenario.planning import Commitment
    from headworks.scenario.yaml_file import KeyPath

TOLERANCE = 1e-6


def buyers(context: Context) -> Iterator[Fault]:
    """Yield a fault for each buyer that is no company, and for each order that no line takes."""
    planning = context.scenario.planning
    if planning is None:
        return
    for name, buyer in planning.buyers.items():
        path: KeyPath = ("planning", "buyers", name)
        yield from context.unknown(path, "company", name, context.known("companies"))
        for number, order in enumerate(buyer.committed):
            yield from _order(context, (*path, "committed", number), name, order)


def _order(context: Context, path: KeyPath, company: str, order: Commitment) -> Iterator[Fault]:
    yield from context.unknown((*path, "route"), "route", order.route, context.known("routes"))
    known = {(line.company, line.chip, line.route) for line in context.lines}
    whole = company in context.scenario.companies and order.route in context.scenario.routes
    if whole and (company, order.chip, order.route) not in known:
        message = f"{company!r} wants no {order.chip!r} by the route {order.route!r}"
        remedy = "name a chip and a route of its wants, or add them there"
        yield context.fault(path, message, remedy)
    if context.dates_known and order.on >= context.scenario.end:
        message = (
            f"the order of {order.on} lies after the horizon, which ends {context.scenario.end}"
        )
        yield context.fault((*path, "on"), message, "leave it out, or add periods")


def works_make_a_whole(context: Context) -> Iterator[Fault]:
    """Yield a fault where the shares of the works do not sum to 1."""
    planning = context.scenario.planning
    if planning is None:
        return
    total = sum(work.share.median for work in planning.works.values())
    if abs(total - 1) > TOLERANCE:
        message = f"the shares of the works sum to {total:g}, not to 1"
        yield context.fault(("planning", "works"), message, "correct one of them")


def in_order(context: Context) -> Iterator[Fault]:
    """Yield a fault where days of a want do not ascend, or a year has two budgets."""
    planning = context.scenario.planning
    for name, buyer in ({} if planning is None else planning.buyers).items():
        path: KeyPath = ("planning", "buyers", name)
        days = [entry.from_ for entry in buyer.wanted]
        if days != sorted(set(days)):
            message = "the days of `wanted` do not ascend"
            yield context.fault((*path, "wanted"), message, "put the earliest first, each once")
        years = [budget.year for budget in buyer.budgets]
        for year in sorted({year for year in years if years.count(year) > 1}):
            yield context.fault((*path, "budgets"), f"there are two budgets for {year}", "keep one")


def years(context: Context) -> Iterator[Fault]:
    """Yield a fault for each budget of a year that the horizon does not touch."""
    planning = context.scenario.planning
    if planning is None or not context.dates_known:
        return
    first, last = context.scenario.start.year, context.scenario.end.year
    for name, buyer in planning.buyers.items():
        for number, budget in enumerate(buyer.budgets):
            if not first <= budget.year <= last:
                message = f"the horizon, {first} to {last}, does not touch {budget.year}"
                path = ("planning", "buyers", name, "budgets", number, "year")
                yield context.fault(path, message, "give budgets of years that it touches")


def priced(context: Context) -> Iterator[Fault]:
    """Yield a fault for each wanted chip without a price, where plans are made."""
    scenario = context.scenario
    if scenario.planning is None:
        return
    inside = {name for name, company in scenario.companies.items() if not company.outside}
    for chip in sorted({chip for company, chip in context.wants if company in inside}):
        known = context.catalogue.chips.get(chip)
        if known is None or known.price_usd is not None:
            continue
        if chip not in scenario.terms and chip not in scenario.planning.offers:
            message = f"no price of {chip!r} is known, which plans would order"
            remedy = f"give one under `planning.offers.{chip}`"
            yield context.fault(("planning", "offers"), message, remedy)


CHECKS: tuple[Callable[[Context], Iterator[Fault]], ...] = (
    buyers,
    works_make_a_whole,
    in_order,
    years,
    priced,
)
