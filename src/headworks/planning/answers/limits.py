"""Limits: what could be let through, supplied or spent beyond what a problem allows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from headworks.planning.problem import Ceiling, Floats, Outlook, Problem

SHARE = 0.05
"""Of what a limit gives: the block that is added to it. One unit of many would tell less of what a
buyer could ask for, and drown in a solver's tolerance."""
RELAXED = 0.6
"""Domestic chips that a pairing asks for of what it asked for before: 0.3 for 0.5."""
MILLION = 1e6
BY_ID: Mapping[str, str] = MappingProxyType({})
"""Calls everything by its id."""
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of a problem, with the problem in which a block more is allowed."""

    kind: str
    """`licence`, `power`, `budget`, `pairing`, `cap` or `pool`."""
    where: str
    """Line, site, company, condition or pool."""
    when: str
    """Month or year from which the block is there."""
    unit: str
    block: float
    """How much more, in the unit."""
    subject: str
    """The block in words, as the subject of a sentence."""
    more: Problem


def limits(problem: Problem, sizes: Floats, called: Mapping[str, str] = BY_ID) -> Iterator[Limit]:
    """Yield the limits of a problem.

    Args:
        problem: The problem.
        sizes: What of each line might be ordered in all, units, shape (line,): blocks of licences
            are a share of it.
        called: Companies and chips as people read them, by id; one that is not there by its id.
    """
    yield from _licences(problem, sizes, called)
    yield from _power(problem, called)
    yield from _budgets(problem, called)
    yield from _ratios(problem)
    yield from _caps(problem, problem.ceilings, "ceiling", "cap")
    yield from _caps(problem, problem.pools, "pool", "pool")


def block_of(amount: float) -> float:
    """Return the block for a limit: a share of it in one figure, at least 1."""
    share = SHARE * amount
    if not share > 1.0:
        return 1.0
    figure = 10.0 ** np.floor(np.log10(share))
    return float(np.floor(share / figure) * figure)


def _licences(problem: Problem, sizes: Floats, called: Mapping[str, str]) -> Iterator[Limit]:
    """Yield the lines that can arrive at all, with a block more let through by the first month.

    It is the first month by which an order of today is likelier than not to be able to arrive.
    What is let through comes on top of what pools give.
    """
    chance = np.array([outlook.probability for outlook in problem.outlooks])
    for number, line in enumerate(problem.lines):
        lag = np.array([outlook.lag[number] for outlook in problem.outlooks])
        month = int(_median(lag.astype(np.float64), chance))
        if month >= len(problem.months):
            continue
        block = block_of(float(sizes[number]))
        more = [_let_through(problem, one, number, month, block) for one in problem.outlooks]
        when = f"{problem.months[month]:%Y-%m}"
        subject = (
            f"{_first(block, 'unit')} of {called.get(line.chip, line.chip)} let through to "
            f"{called.get(line.company, line.company)} ({line.route}) by {when}"
        )
        changed = replace(problem, outlooks=tuple(more))
        yield Limit("licence", line.key, when, "units", block, subject, changed)


def _let_through(
    problem: Problem, outlook: Outlook, line: int, month: int, block: float
) -> Outlook:
    offset, pool = outlook.offset.copy(), outlook.pool.copy()
    offset[:, line, month:] += block
    for number, shared in enumerate(problem.pools):
        pool[number, month:] += shared.weight[line] * block
    return replace(outlook, offset=offset, pool=pool)


def _power(problem: Problem, called: Mapping[str, str]) -> Iterator[Limit]:
    sites, when = problem.sites, f"{problem.months[0]:%Y-%m}"
    for number, name in enumerate(sites.names):
        block = block_of(float(sites.power_mw[number].max()))
        power = sites.power_mw.copy()
        power[number] += block
        company = problem.companies[int(sites.company[number])]
        owner = called.get(company, company)
        subject = f"{block:,.0f} MW more at site {name} of {owner} from the start"
        changed = replace(problem, sites=replace(sites, power_mw=power))
        yield Limit("power", name, when, "MW", block, subject, changed)


def _budgets(problem: Problem, called: Mapping[str, str]) -> Iterator[Limit]:
    first = problem.months[0].year
    for (company, year), amount in np.ndenumerate(problem.budget_usd):
        if not np.isfinite(amount):
            continue
        block = block_of(float(amount) / MILLION)
        budget = problem.budget_usd.copy()
        budget[company, year] += block * MILLION
        name, when = problem.companies[company], str(first + year)
        owner = called.get(name, name)
        subject = f"{block:,.0f} million USD more in the budget of {owner} for {when}"
        changed = replace(problem, budget_usd=budget)
        yield Limit("budget", name, when, "million USD", block, subject, changed)


def _ratios(problem: Problem) -> Iterator[Limit]:
    """Yield the pairings, with fewer domestic chips asked for each import in every outlook."""
    chance = np.array([outlook.probability for outlook in problem.outlooks])
    for number, rule in enumerate(problem.ratios):
        earned = np.array([_holding(one.pairing_ratio[number]) for one in problem.outlooks])
        holds = np.isfinite(earned) & (earned > 0)
        if not holds.any():
            continue
        asked = _median(1.0 / earned[holds], chance[holds])
        outlooks = []
        for outlook in problem.outlooks:
            ratio = outlook.pairing_ratio.copy()
            ratio[number] /= RELAXED
            outlooks.append(replace(outlook, pairing_ratio=ratio))
        subject = (
            f"A pairing ratio of {RELAXED * asked:.2g} domestic chips for each import instead of "
            f"{asked:.2g} at the median ({rule.name})"
        )
        changed = replace(problem, outlooks=tuple(outlooks))
        when = f"{problem.months[0]:%Y-%m}"
        yield Limit("pairing", rule.name, when, "ratio", 1.0, subject, changed)


def _holding(ratio: Floats) -> float:
    """Return the ratio in the last month in which a pairing holds, infinite if it never does."""
    holds = np.flatnonzero(np.isfinite(ratio))
    return float(ratio[holds[-1]]) if len(holds) else np.inf


def _caps(problem: Problem, caps: tuple[Ceiling, ...], field: str, kind: str) -> Iterator[Limit]:
    for number, cap in enumerate(caps):
        amounts = np.stack([getattr(outlook, field)[number] for outlook in problem.outlooks])
        finite = amounts[np.isfinite(amounts)]
        if not finite.size:
            continue
        block = block_of(float(finite.max()))
        outlooks = []
        for outlook in problem.outlooks:
            amount = getattr(outlook, field).copy()
            amount[number] += block
            changes: dict[str, Floats] = {field: amount}
            outlooks.append(replace(outlook, **changes))  # type: ignore[arg-type]
        subject = f"{_first(block, 'unit')} under {cap.name} from the start"
        changed = replace(problem, outlooks=tuple(outlooks))
        yield Limit(kind, cap.name, f"{problem.months[0]:%Y-%m}", "units", block, subject, changed)


def _median(values: Floats, chance: Floats) -> float:
    """Return the least value that is not exceeded with a chance of at least a half."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(chance[order]) >= HALF * chance.sum()
    return float(values[order][np.argmax(reached)])


def _first(block: float, noun: str) -> str:
    return f"The first further {noun}" if block == 1 else f"The first {block:,.0f} further {noun}s"
