"""Goods: what a unit of each line costs, when it is paid, and what it is worth at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headworks.errors import Fault, InputError
from headworks.planning.problem import Goods

if TYPE_CHECKING:
    from headworks.planning.response.world import World
    from headworks.scenario.chip import Chip
    from headworks.scenario.planning import Planning
    from headworks.scenario.scenario import Scenario


def goods(world: World, planning: Planning) -> Goods:
    """Return prices, prepayments and what stands already, by planned line.

    Uncertain figures count with their medians; the residual value of a unit falls evenly to nothing
    over its life. A prepayment that the terms of sale ask for is never given back, which is what
    they mean by it.

    Raises:
        InputError: A chip has no price.
    """
    scenario = world.scenario
    shape = (len(world.lines), len(world.months))
    price = np.zeros(shape[0])
    prepaid, lost = np.zeros(shape[0]), np.zeros(shape[0])
    lot, power = np.zeros(shape[0]), np.zeros(shape[0])
    for number, line in enumerate(world.lines):
        price[number] = landed_price_usd(scenario, planning, line.chip)
        prepaid[number], lost[number] = _prepayment(scenario, planning, line.chip)
        offer = planning.offers.get(line.chip)
        lot[number] = 0 if offer is None or offer.lot is None else offer.lot
        power[number] = power_mw(scenario.chips[line.chip], scenario)
    months_used = np.arange(shape[1], 0, -1)  # that of its arrival included
    kept = np.maximum(1.0 - months_used / planning.life_months.median, 0.0)
    return Goods(
        price_usd=price,
        prepaid=prepaid,
        nonrefundable=lost,
        residual_usd=price[:, None] * kept,
        power_mw=power,
        lot=lot,
        committed=_committed(world, planning),
        order_max=np.full(shape, np.inf),
    )


def landed_price_usd(scenario: Scenario, planning: Planning, chip: str) -> float:
    """Return the price of one unit with its charges: offer, terms of sale or catalogue, in order.

    Raises:
        InputError: None of them has one.
    """
    offer, terms = planning.offers.get(chip), scenario.terms.get(chip)
    if offer is not None:
        return offer.price_usd.median
    if terms is not None:
        return terms.price_usd.median * (1.0 + sum(one.median for one in terms.charges.values()))
    price = scenario.chips[chip].price_usd
    if price is None:
        key = f"planning.offers.{chip}.price_usd"
        remedy = "give one there"
        raise InputError([Fault("plan", 0, key, f"no price of {chip!r} is known", remedy)])
    return price.median


def _prepayment(scenario: Scenario, planning: Planning, chip: str) -> tuple[float, float]:
    """Return the share of the price due with the order, and what of it is never given back."""
    offer, terms = planning.offers.get(chip), scenario.terms.get(chip)
    if offer is not None and offer.prepayment is not None:
        return offer.prepayment.median, planning.nonrefundable.median
    if terms is not None and terms.prepayment is not None:
        return terms.prepayment.median, 1.0
    return planning.prepayment.median, planning.nonrefundable.median


def power_mw(chip: Chip, scenario: Scenario) -> float:
    """Return the facility power of a running chip; 0 where it is not known."""
    if chip.tdp_w is None or scenario.power_overhead is None:
        return 0.0
    return chip.tdp_w.median * scenario.power_overhead.median / 1e6


def _committed(
    world: World, planning: Planning
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return units ordered already, shape (line, month)."""
    result = np.zeros((len(world.lines), len(world.months)))
    keys = {(line.company, line.chip, line.route): n for n, line in enumerate(world.lines)}
    for company in world.companies:
        buyer = planning.buyers.get(company)
        for order in () if buyer is None else buyer.committed:
            month = sum(first <= order.on for first in world.months[1:])
            result[keys[company, order.chip, order.route], month] += order.units.median
    return result
