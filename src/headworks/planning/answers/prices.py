"""Prices in words: what one unit more of each limit would be worth to the plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.planning.problem import Floats, Problem
    from headworks.planning.solve.solution import Solution

MILLION = 1e6
LEAST = 1e-6
"""Prices below this share of the highest of their kind are left out: solvers' dust."""


@dataclass(frozen=True, slots=True)
class WorthOfMore:
    """What a unit more of one limit is worth."""

    constraint: str
    """Kind of limit: `licence`, `power`, `budget`, `pairing`, `cap` or `pool`."""
    where: str
    """Line, site, company, condition or pool."""
    when: str
    """Month or year from which the unit is there."""
    unit: str
    value: float
    """How much the objective falls for it, in the objective's unit."""
    sentence: str


def worth_of_more(problem: Problem, solution: Solution) -> list[WorthOfMore]:
    """Return what a unit more of each limit is worth, the dearest of each kind first.

    Prices are those of the programme at the plan: they hold for a small change, and where several
    plans are best they are one of several.
    """
    money = problem.objective == "cost"
    found = [
        *_licences(problem, solution, money=money),
        *_power(problem, solution, money=money),
        *_budgets(problem, solution, money=money),
        *_ratios(problem, solution, money=money),
        *_caps(problem, solution, "ceiling", "cap", money=money),
        *_caps(problem, solution, "pool", "pool", money=money),
    ]
    kinds = list(dict.fromkeys(one.constraint for one in found))
    top = {kind: max(one.value for one in found if one.constraint == kind) for kind in kinds}
    kept = [one for one in found if one.value > LEAST * top[one.constraint] > 0]
    return sorted(kept, key=lambda one: (kinds.index(one.constraint), -one.value))


def _sum(solution: Solution, name: str) -> Floats | None:
    """Return the prices of a constraint over all outlooks; None where it has no rows."""
    price = solution.prices.get(name)
    if price is None or price.value.size == 0:
        return None
    total: Floats = price.value.sum(axis=0)
    return total


def _amount(value: float, *, money: bool) -> str:
    if not money:
        return f"{value:,.3g} H100-equivalent months of work"
    return f"{value / MILLION:,.2f} million USD" if value >= MILLION else f"{value:,.0f} USD"


def _month(problem: Problem, number: int) -> str:
    return f"{problem.months[number]:%Y-%m}"


def _licences(problem: Problem, solution: Solution, *, money: bool) -> Iterator[WorthOfMore]:
    """Yield what it is worth to let one unit more of a line through by a month.

    A unit let through in a month is there in all later ones, so that its worth is the sum of the
    prices of the response from then on.
    """
    price = _sum(solution, "response")
    if price is None:
        return
    from_then = np.cumsum(price.sum(axis=0)[:, ::-1], axis=1)[:, ::-1]
    for number, line in enumerate(problem.lines):
        month = int(np.argmax(from_then[number]))
        value = float(from_then[number, month])
        when = _month(problem, month)
        worth = _amount(value, money=money)
        sentence = (
            f"One {line.chip} more let through to {line.company} ({line.route}) by {when} is worth "
            f"{worth}."
        )
        yield WorthOfMore("licence", line.key, when, "units", value, sentence)


def _power(problem: Problem, solution: Solution, *, money: bool) -> Iterator[WorthOfMore]:
    price = _sum(solution, "power")
    for number, name in enumerate(problem.sites.names if price is not None else ()):
        assert price is not None  # noqa: S101 - no names otherwise
        value = float(price[number].sum())
        company = problem.companies[int(problem.sites.company[number])]
        worth = _amount(value, money=money)
        sentence = f"One more MW at site {name} of {company} from the start is worth {worth}."
        yield WorthOfMore("power", name, _month(problem, 0), "MW", value, sentence)


def _budgets(problem: Problem, solution: Solution, *, money: bool) -> Iterator[WorthOfMore]:
    price = _sum(solution, "budget")
    if price is None:
        return
    first = problem.months[0].year
    for (company, year), one in np.ndenumerate(price):
        value = float(one) * MILLION
        name, when = problem.companies[company], str(first + year)
        worth = _amount(value, money=money)
        sentence = f"A million USD more in the budget of {name} for {when} saves {worth}."
        yield WorthOfMore("budget", name, when, "million USD", value, sentence)


def _ratios(problem: Problem, solution: Solution, *, money: bool) -> Iterator[WorthOfMore]:
    """Yield what it is worth to be allowed one import more without a domestic chip."""
    price = _sum(solution, "pairing")
    for number, rule in enumerate(problem.ratios if price is not None else ()):
        assert price is not None  # noqa: S101 - no ratios otherwise
        value = float(price[number].sum())
        worth = _amount(value, money=money)
        sentence = f"One import more that {rule.name} lets in without a match is worth {worth}."
        yield WorthOfMore("pairing", rule.name, _month(problem, 0), "units", value, sentence)


def _caps(
    problem: Problem, solution: Solution, axis: str, kind: str, *, money: bool
) -> Iterator[WorthOfMore]:
    price = _sum(solution, axis)
    rows = problem.ceilings if axis == "ceiling" else problem.pools
    for number, cap in enumerate(rows if price is not None else ()):
        assert price is not None  # noqa: S101 - no rows otherwise
        value = float(price[number].sum())
        worth = _amount(value, money=money)
        sentence = f"One unit more under {cap.name} from the start is worth {worth}."
        yield WorthOfMore(kind, cap.name, _month(problem, 0), "units", value, sentence)
