"""The section of the seller: what is delivered, what it earns, and what is left in stock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from headworks.report.content import Cell, Chart, Column, Content, Panel, Table, View
from headworks.report.focus import imported
from headworks.report.names import capital, chip_name
from headworks.report.numbers import day, prose
from headworks.report.sections.stocks import FAN_LEGEND
from headworks.report.text import HALF

if TYPE_CHECKING:
    from headworks.flow.result import Forecast
    from headworks.report.content import Material

Row: TypeAlias = dict[str, Any]

REVENUE = "revenue_usd"
MEASURES = {
    "delivered_units": "{} delivered, chips",
    "shipped_units": "{} shipped, chips",
    REVENUE: "{} revenue, US dollars",
    "stock_left": "{} left in stock, chips",
}


def build(material: Material) -> Content | None:
    """Return the measures of each seller over time; None where the forecast holds none."""
    forecast = material.forecast
    rows = _used(list(forecast.seller_rows()))
    if not rows:
        return None
    cells: list[tuple[Cell, ...]] = [
        (row["seller"], _panel(row), str(row["date"]),
         *(row[f"value_{key}"] for key in ("mean", "p5", "med", "p95")))
        for row in rows
    ]  # fmt: skip
    columns = (
        Column("seller", "Seller", "text"),
        Column("measure", "Measure", "text"),
        Column("date", "End of", "date"),
        Column("mean", "Mean"),
        Column("p5", "5 %"),
        Column("med", "Median"),
        Column("p95", "95 %"),
    )
    panels = {_panel(row): _title(forecast, row) for row in sorted(rows, key=_rank)}
    chart = Chart(
        id="seller",
        kind="fans",
        views=_views(forecast, rows),
        table=Table("Sellers by date", columns, tuple(cells)),
        axis="Delivered and earned so far; stock on the day",
        choose="Seller",
        panels=tuple(Panel(key, title) for key, title in panels.items()),
        legend=(FAN_LEGEND[0], FAN_LEGEND[2]),
        options={"view": "seller", "panel": "measure"},
        note=(
            "Each panel has its own unit and scale. Revenue is chips delivered times the price, "
            "without charges; buyers outside the story are left out of both."
        ),
    )
    return Content(charts=(chart,))


def _used(rows: list[Row]) -> list[Row]:
    """Return the rows of measures that are ever more than nothing."""
    most: dict[tuple[str, str], float] = {}
    for row in rows:
        key = (row["seller"], _panel(row))
        most[key] = max(most.get(key, 0.0), row["value_p95"] or 0.0)
    return [row for row in rows if most[row["seller"], _panel(row)] >= HALF]


def _panel(row: Row) -> str:
    return f"{row['measure']} {row['chip']}"


def _title(forecast: Forecast, row: Row) -> str:
    pool = forecast.scenario.pools.get(row["chip"])
    if row["measure"] == "stock_left" and pool is not None:
        return f"Left: {pool.title or row['chip']}"
    form = MEASURES.get(row["measure"], "{} " + row["measure"])
    return str(form).format(chip_name(forecast, row["chip"]))


def _rank(row: Row) -> tuple[bool, str, int]:
    """Sort key of panels: by chip what is delivered and earned, then what is left."""
    known = list(MEASURES)
    measure = row["measure"]
    place = known.index(measure) if measure in known else len(known)
    return measure == "stock_left", row["chip"], place


def _views(forecast: Forecast, rows: list[Row]) -> tuple[View, ...]:
    """Return one view per seller: those of imported chips first, then by chips delivered."""
    last = max(str(row["date"]) for row in rows)
    sold: dict[str, list[tuple[float, str]]] = {}
    for row in rows:
        best = sold.setdefault(row["seller"], [])
        if str(row["date"]) == last and row["measure"] in {"delivered_units", "shipped_units"}:
            best.append((row["value_med"] or 0.0, row["chip"]))

    def rank(seller: str) -> tuple[bool, float, str]:
        abroad = any(imported(forecast, chip) for _, chip in sold[seller])
        return not abroad, -sum(units for units, _ in sold[seller]), seller

    return tuple(
        View(seller, seller or "Seller", _finding(forecast, seller, sold[seller]))
        for seller in sorted(sold, key=rank)
    )


def _finding(forecast: Forecast, seller: str, sold: list[tuple[float, str]]) -> str:
    name = capital(seller) if seller else "The seller"
    if not sold:
        return f"What {name} has left in stock"
    units, chip = max(sold)
    by = day(forecast.asked.dates[-1])
    return f"{name} delivers a median of {prose(units)} {chip_name(forecast, chip)} by {by}"
