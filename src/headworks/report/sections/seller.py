"""The section of the seller: what is shipped, what it earns, and what is left in stock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headworks.report.content import Cell, Chart, Column, Content, Panel, Table, View
from headworks.report.focus import capital, chip_name
from headworks.report.numbers import day, prose
from headworks.report.sections.stocks import FAN_LEGEND

if TYPE_CHECKING:
    from headworks.flow.result import Forecast
    from headworks.report.content import Material

TITLES = {
    "shipped_units": "Shipped, chips",
    "revenue_usd": "Revenue, US dollars",
    "stock_left": "Left in stock, chips",
}


def build(material: Material) -> Content | None:
    """Return the seller's measures over time; None where the forecast holds none."""
    forecast = material.forecast
    given = getattr(forecast, "seller_rows", None)
    rows: list[dict[str, Any]] = list(given()) if given is not None else []
    if not rows:
        return None
    views = _views(forecast, rows)
    measures = sorted({row["measure"] for row in rows}, key=_rank)
    cells: list[tuple[Cell, ...]] = [
        (_view(row), row["measure"], str(row["date"]),
         *(row.get(f"value_{key}") for key in ("mean", "p5", "med", "p95")))
        for row in rows
    ]  # fmt: skip
    columns = (
        Column("line", "Seller and chip", "text"),
        Column("measure", "Measure", "text"),
        Column("date", "End of", "date"),
        Column("mean", "Mean"),
        Column("p5", "5 %"),
        Column("med", "Median"),
        Column("p95", "95 %"),
    )
    chart = Chart(
        id="seller",
        kind="fans",
        views=views,
        table=Table("The seller by date", columns, tuple(cells)),
        axis="Cumulative; stock at the date",
        choose="Seller and chip",
        panels=tuple(Panel(name, TITLES.get(name, capital(name))) for name in measures),
        legend=(FAN_LEGEND[0], FAN_LEGEND[2]),
        options={"view": "line", "panel": "measure"},
        note="Each panel has its own unit and scale.",
    )
    return Content(charts=(chart,))


def _rank(measure: str) -> tuple[int, str]:
    known = list(TITLES)
    return (known.index(measure) if measure in known else len(known), measure)


def _view(row: dict[str, Any]) -> str:
    return f"{row['seller']} · {row['chip']}"


def _views(forecast: Forecast, rows: list[dict[str, Any]]) -> tuple[View, ...]:
    """Return one view per seller and chip, the highest revenue (or shipments) first."""
    found: dict[str, View] = {}
    weight: dict[str, float] = {}
    last = max(str(row["date"]) for row in rows)
    for row in rows:
        key = _view(row)
        label = f"{capital(str(row['seller']))}, {chip_name(forecast, row['chip'])}"
        found.setdefault(key, View(key, label, f"What {label} brings the seller"))
        if str(row["date"]) == last and row["measure"] == "shipped_units":
            weight[key] = float(row["value_med"] or 0.0)
            by = day(forecast.asked.dates[-1])
            finding = f"{label}: a median of {prose(weight[key])} are shipped by {by}"
            found[key] = View(key, label, finding)
    order = sorted(found, key=lambda key: (-weight.get(key, 0.0), key))
    return tuple(found[key] for key in order)
