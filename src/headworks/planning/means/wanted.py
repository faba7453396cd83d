"""Wanted: the computing that each company wants, month by month, on each path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headworks.flow.orders import Orders

if TYPE_CHECKING:
    from collections.abc import Callable

    from headworks.flow.draws import Draws
    from headworks.planning.means.rates import Rates
    from headworks.planning.problem import Floats
    from headworks.planning.response.world import Paths, World
    from headworks.scenario.planning import Buyer, Planning


def wanted(world: World, planning: Planning, rates: Rates, paths: Paths) -> Floats:
    """Return the work wanted in H100-equivalents, shape (company, work, month, path).

    A buyer that says what it wants is believed. Of the others it is what their latent needs of all
    chips add up to, as the forecast draws them: the share of the work, times what the chips would
    do of it. Chips that they have when it begins are needed too, as in a forecast.
    """
    draws = world.draws(paths)
    units = needs(world, paths) + world.before[:, None, None]
    result = np.zeros((len(world.companies), len(planning.works), len(world.months), len(paths)))
    for number, company in enumerate(world.companies):
        buyer = planning.buyers.get(company)
        own = world.company == number
        for row, (name, work) in enumerate(planning.works.items()):
            if buyer is not None and buyer.wanted:
                h100e = _told(world, buyer, f"planning.buyers.{company}.wanted", draws)
            else:
                per_line = [rates.per_chip[name].get(line.chip, 0.0) for line in world.lines]
                h100e = np.tensordot(np.array(per_line)[own], units[own], axes=1)
            result[number, row] = work.share.median * h100e
    return result


def needs(world: World, paths: Paths) -> Floats:
    """Return the units of each planned line that are needed anew by each month's end.

    Returns:
        Shape (line, month, path).
    """
    return _by_month(world, paths, lambda orders: orders.needed)


def wants(world: World, paths: Paths) -> Floats:
    """Return the units of each planned line that are said to be wanted by each month's end.

    Returns:
        Shape (line, month, path).
    """
    return _by_month(world, paths, lambda orders: orders.wanted)


def _by_month(world: World, paths: Paths, stock: Callable[[Orders], Floats]) -> Floats:
    draws = world.draws(paths)
    orders = Orders(world.net, draws)
    nothing = np.zeros((len(world.net.lines), draws.paths))
    granted = {gate: nothing for _, gate, _ in orders.reactions}
    result = np.zeros((len(world.lines), len(world.months), draws.paths))
    for period in range(world.scenario.periods):
        orders.place(period, granted)
        for month in np.flatnonzero(world.counted == period + 1):
            result[:, month] = stock(orders)[list(world.rows)]
    return result


def _told(world: World, buyer: Buyer, key: str, draws: Draws) -> Floats:
    """Return what a buyer says that it wants, shape (month, path)."""
    result = np.zeros((len(world.months), draws.paths))
    for number, entry in enumerate(buyer.wanted):
        amount = draws.number(f"{key}.{number}.h100e", entry.h100e)
        begun = [month >= entry.from_.replace(day=1) for month in world.months]
        result[begun] = amount
    return result
