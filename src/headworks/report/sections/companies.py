"""The section of companies: a panel for each, with its installed chips and its papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.recorder import ALL, STOCKS
from headworks.report.content import Cell, Chart, Column, Content, Panel, Table, View, band_columns
from headworks.report.focus import outsiders, reported
from headworks.report.names import capital, company_name
from headworks.report.numbers import day, prose
from headworks.report.sections.stocks import FAN_LEGEND
from headworks.report.text import HALF

if TYPE_CHECKING:
    from headworks.report.content import Material

Floats: TypeAlias = NDArray[np.float64]

MAIN = "installed"
PAPERS = ("licensed", "approved")
STANDING = ("wanted", "ordered", "licensed", "approved", "shipped", "installed")
MEAN, P5, MEDIAN, P95 = 0, 1, 3, 5
"""Columns in `BANDS`."""


def build(material: Material) -> Content | None:
    """Return a panel per company, those with most installed first and outsiders last."""
    forecast = material.forecast
    outside = outsiders(forecast)
    groups = {
        group.company: n for n, group in enumerate(forecast.monthly.groups) if group.company != ALL
    }
    final = {name: material.bands(STOCKS.index(MAIN), n)[-1] for name, n in groups.items()}
    wanted = {name: material.bands(STOCKS.index("wanted"), n)[-1] for name, n in groups.items()}
    order = sorted(groups, key=lambda c: (c in outside, -final[c][MEAN], -wanted[c][MEAN], c))
    stocks = [stock for stock in (MAIN, *PAPERS) if _used(material, stock)]
    rows: list[tuple[Cell, ...]] = []
    for company in order:
        for stock in stocks:
            bands = material.bands(STOCKS.index(stock), groups[company])
            for date, values in zip(forecast.monthly.dates, bands, strict=True):
                rows.append((company, stock, date, *map(float, values)))
    columns = (
        Column("company", "Company", "text"),
        Column("stock", "Stock", "text"),
        Column("date", "End of", "date"),
        *band_columns(),
    )
    papers = [stock for stock in PAPERS if stock in stocks]
    chart = Chart(
        id="companies",
        kind="fans",
        views=(View("", "", _finding(material, order, final)),),
        table=Table("Companies by month, chips of all types", columns, tuple(rows)),
        axis="Chips of all types, cumulative",
        panels=tuple(_panel(material, company, groups[company], stocks) for company in order),
        legend=(*FAN_LEGEND, *((f"line {stock}", f"{stock}, median") for stock in papers)),
        options={"panel": "company", "series": "stock", "main": MAIN, "lines": papers,
                 "scale": True},
        note=(
            "The fan is what is installed; chips of all types are counted alike, imported or "
            "domestic. Each panel has its own scale unless you tick “same scale”."
        ),
    )  # fmt: skip
    return Content(charts=(chart,))


def _used(material: Material, stock: str) -> bool:
    return stock == MAIN or stock in reported(material.forecast)


def _panel(material: Material, company: str, group: int, stocks: list[str]) -> Panel:
    forecast = material.forecast
    rows: list[tuple[Cell, ...]] = []
    for stock in STANDING:
        if stock in {"licensed", "approved"} and stock not in stocks:
            continue
        values = material.bands(STOCKS.index(stock), group)[-1]
        if stock in {"shipped", *PAPERS} and values[P95] < HALF:
            continue
        rows.append((capital(stock), float(values[P5]), float(values[MEDIAN]), float(values[P95])))
    columns = (
        Column("stock", "Chips", "text"),
        Column("p5", "5 %"),
        Column("med", "Median"),
        Column("p95", "95 %"),
    )
    name = company_name(forecast, company)
    title = f"{name} (outside the totals)" if company in outsiders(forecast) else name
    caption = f"{name} by {day(forecast.monthly.dates[-1])}"
    return Panel(company, title, Table(caption, columns, tuple(rows)))


def _finding(material: Material, order: list[str], final: dict[str, Floats]) -> str:
    forecast = material.forecast
    inside = [company for company in order if company not in outsiders(forecast)]
    end = day(forecast.monthly.dates[-1])
    first = inside[0]
    mean = float(final[first][MEAN])
    if mean < HALF:
        return f"No company has a chip installed by {end}"
    name = company_name(forecast, first)
    if len(inside) == 1:
        return f"{name} has {prose(mean)} chips installed by {end} on average"
    return (
        f"Of {len(inside)} buyers, most is installed at {name}: {prose(mean)} chips by {end} on "
        "average"
    )
