"""The market seen from the other side: what sellers ship, earn and have left, and who supplies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.draws import Draws
from headworks.flow.recorder import ALL
from headworks.flow.statistics import summary
from headworks.flow.streams import Streams

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from headworks.flow.recorder import Group
    from headworks.flow.result import Forecast

Floats: TypeAlias = NDArray[np.float64]


def seller_rows(forecast: Forecast) -> Iterator[dict[str, Any]]:
    """Yield what each seller has shipped, earned and left at the dates of the table.

    `delivered_units` counts exports, or what is allotted to buyers who do not import, or installs
    where no gate reports either; `revenue_usd` is that times the price, without charges;
    `stock_left` is what remains of a stock of goods, with the pool's name in place of a chip.
    Buyers outside the story are left out of units and revenue.
    """
    scenario = forecast.scenario
    draws = Draws(scenario, Streams(forecast.seed, 0, forecast.paths))
    for date in forecast.asked.dates:
        for chip in sorted({group.chip for group in forecast.asked.groups}):
            units = _delivered(forecast, chip, date)
            row = {"seller": _seller(forecast, chip), "chip": chip, "date": date.isoformat()}
            yield {**row, "measure": "delivered_units", **summary("value", units)}
            if chip in scenario.terms:
                key = f"terms.{chip}.price_usd"
                price = draws.number(key, scenario.terms[chip].price_usd)
                yield {**row, "measure": "revenue_usd", **summary("value", units * price)}
        yield from _stocks_left(forecast, forecast.asked.dates.index(date))


def domestic_share_rows(forecast: Forecast) -> Iterator[dict[str, Any]]:
    """Yield the share of domestic chips in what is installed, by company, date and measure.

    Domestic is a chip that no foreign export control reaches. A path on which nothing is installed
    has no share and is left out; `value_mean` and the quantiles are None where all are.
    """
    scenario = forecast.scenario
    companies = [ALL, *sorted({group.company for group in forecast.asked.groups})]
    measures = {"units": dict.fromkeys(scenario.chips, 1.0), **forecast.per_chip}
    for date in forecast.asked.dates:
        for company in companies:
            chips = sorted({g.chip for g in forecast.asked.groups if company in {ALL, g.company}})
            units = {c: forecast.samples(company=company, chip=c, at=date) for c in chips}
            for measure in ("units", "h100e_tpp", "h100e_bandwidth"):
                domestic, everything = np.zeros(forecast.paths), np.zeros(forecast.paths)
                for chip in chips:
                    part = units[chip] * measures[measure].get(chip, 0.0)
                    everything += part
                    if not scenario.chips[chip].export_controlled_by:
                        domestic += part
                some = everything > 0
                share = domestic[some] / everything[some] if some.any() else None
                row = {"company": company, "date": date.isoformat(), "measure": measure}
                yield {**row, **summary("value", share)}


def _delivered(forecast: Forecast, chip: str, date: dt.date) -> Floats:
    """Return the units of a chip delivered to buyers within the story, shape (path,)."""
    result = np.zeros(forecast.paths)
    for group in forecast.asked.groups:
        if group.chip == chip and not forecast.scenario.companies[group.company].outside:
            stock = _delivery(forecast, group)
            result += forecast.samples(stock, company=group.company, chip=chip, at=date)
    return result


def _delivery(forecast: Forecast, group: Group) -> str:
    """Return the stock that counts as delivered to a buyer: the first that all routes report."""
    scenario = forecast.scenario
    routes = {forecast.net.lines[number].route for number in group.lines}
    reported = [
        {scenario.gates[gate].stock for gate in scenario.routes[route].gates} for route in routes
    ]
    by_all = set.intersection(*reported)
    return next((stock for stock in ("shipped", "produced") if stock in by_all), "installed")


def _seller(forecast: Forecast, chip: str) -> str:
    return forecast.scenario.catalogue.designers.get(chip, "")


def _stocks_left(forecast: Forecast, number: int) -> Iterator[dict[str, Any]]:
    date = forecast.asked.dates[number].isoformat()
    for pool, left in sorted(forecast.result.pools[0].items()):
        if forecast.scenario.pools[pool].unit != "units":
            continue
        gates = [g for g in forecast.net.goods.values() if g.gate.pool == pool]
        if not gates:
            continue  # a stock of papers is nobody's to sell
        lines = [forecast.net.lines[n] for gate in gates for n in gate.rows.lines]
        seller = ", ".join(sorted({_seller(forecast, line.chip) for line in lines}))
        row = {"seller": seller, "chip": pool, "date": date, "measure": "stock_left"}
        yield {**row, **summary("value", left[number])}
