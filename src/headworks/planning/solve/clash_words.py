"""Words for what clashes, with the numbers on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.programme.blocks import labels

if TYPE_CHECKING:
    from collections.abc import Callable

    from headworks.planning.problem import Floats, Problem
    from headworks.planning.programme.programme import Programme


def only_budget(problem: Problem, entry: tuple[int, ...]) -> tuple[str, str]:
    """Return message and remedy for a budget that clashes with nothing but earlier orders."""
    company, year = entry
    goods = problem.goods
    own = problem.company == company
    paid = (goods.prepaid * goods.price_usd)[:, np.newaxis] * goods.committed
    spent = float(paid[own][:, problem.year == year].sum())
    message = (
        f"{_budget(problem, entry)}, is below what its committed orders cost, {spent:,.0f} USD"
    )
    return message, "raise the budget, or leave out committed orders"


def group_words(problem: Problem, name: str, entry: tuple[int, ...]) -> str:
    """Return what a group of constraints says.

    Args:
        problem: The problem.
        name: Name of the constraint, or of the columns.
        entry: Numbers along its axes.
    """
    return _WORDS[name](problem, entry)


def unbounded_words(problem: Problem, programme: Programme, ray: Floats) -> tuple[str, str]:
    """Return message and remedy where costs have no lower limit.

    Args:
        problem: The problem.
        programme: Its programme.
        ray: How decided columns grow together while the cost falls.
    """
    decided = programme.decided
    order, later = decided["order"].of(ray), decided["later"].of(ray)
    by_line = order.sum(axis=1) + later.sum(axis=0)
    line = int(np.argmax(by_line))
    if by_line[line] <= 0:
        return "costs fall without end, by no order", "check that no price is negative"
    column = int(np.argmax(np.concatenate([order[line], later[:, line]])))
    months = labels(problem, "month")
    if column < problem.window:
        month = months[column]
    else:
        month = months[problem.dates[problem.nodes[column - problem.window]]]
    worth = float((problem.goods.residual_usd[line] * problem.discount[-1]).max())
    price = float(problem.goods.price_usd[line])
    message = (
        f"costs fall without end as orders of {problem.lines[line].key} in {month} grow: a unit "
        f"costs {price:,.0f} USD and is worth up to {worth:,.0f} USD at the horizon, discounted, "
        "and nothing limits how many arrive"
    )
    return message, "lower its residual value, or limit its orders, the budget or what arrives"


def _budget(problem: Problem, entry: tuple[int, ...]) -> str:
    company, year = entry
    amount = float(problem.budget_usd[company, year])
    when = labels(problem, "year")[year]
    return f"the budget of {when} for {problem.companies[company]}, {amount:,.0f} USD"


def _served(problem: Problem, entry: tuple[int, ...]) -> str:
    company, work = entry
    wanted = max(float(outlook.wanted[company, work].max()) for outlook in problem.outlooks)
    return (
        f"at least {problem.served_min:.0%} of {problem.works[work]} for "
        f"{problem.companies[company]} is to be served, of up to {wanted:,.0f} H100-equivalents"
    )


def _power(problem: Problem, entry: tuple[int, ...]) -> str:
    name, power = problem.sites.names[entry[0]], problem.sites.power_mw[entry[0]]
    return f"the power of {name}, {power.min():,.1f} to {power.max():,.1f} MW"


def _arrivals(problem: Problem, entry: tuple[int, ...]) -> str:
    line = entry[0]
    most = max(float(outlook.offset[:, line, -1].min()) for outlook in problem.outlooks)
    reach = f", {most:,.0f} units of it by the end at no orders" if np.isfinite(most) else ""
    return f"what the gates let through of {problem.lines[line].key}{reach}"


def _lead(problem: Problem, entry: tuple[int, ...]) -> str:
    lags = [int(outlook.lag[entry[0]]) for outlook in problem.outlooks]
    return f"the lead time of {problem.lines[entry[0]].key}, {min(lags)} months or more"


def _pairing(problem: Problem, entry: tuple[int, ...]) -> str:
    ratios = np.concatenate([outlook.pairing_ratio[entry[0]] for outlook in problem.outlooks])
    held = ratios[np.isfinite(ratios)]
    least = f", down to {held.min():,.2f} imports for a domestic chip" if len(held) else ""
    return f"the pairing {problem.ratios[entry[0]].name}{least}"


def _ceiling(problem: Problem, entry: tuple[int, ...]) -> str:
    amounts = [float(outlook.ceiling[entry[0]].min()) for outlook in problem.outlooks]
    return f"the ceiling {problem.ceilings[entry[0]].name}, {min(amounts):,.0f}"


def _pool(problem: Problem, entry: tuple[int, ...]) -> str:
    amounts = [float(outlook.pool[entry[0], -1]) for outlook in problem.outlooks]
    return f"the pool {problem.pools[entry[0]].name}, {min(amounts):,.0f} by the end"


def _rented(problem: Problem, entry: tuple[int, ...]) -> str:  # noqa: ARG001 (as the others)
    return f"what can be rented, at most {problem.work.rent_max.max():.0%} of the work wanted"


def _orders(problem: Problem, entry: tuple[int, ...]) -> str:  # noqa: ARG001
    most = problem.goods.order_max
    return f"the most that may be ordered in a month, {most.min():,.0f} units of some lines"


def _build(problem: Problem, entry: tuple[int, ...]) -> str:  # noqa: ARG001
    most = problem.sites.build_max_mw
    return f"the most that may be built, {most.max(initial=0.0):,.1f} MW begun in a month"


_WORDS: dict[str, Callable[[Problem, tuple[int, ...]], str]] = {
    "budget": _budget,
    "served": _served,
    "power": _power,
    "response": _arrivals,
    "lead": _lead,
    "pairing": _pairing,
    "ceiling": _ceiling,
    "pool": _pool,
    "rented": _rented,
    "order": _orders,
    "later": _orders,
    "build": _build,
}
