"""The section of stocks over time: a fan for each, in the order of a chip's way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.flow.recorder import ALL, STOCKS
from headworks.report.content import Cell, Chart, Column, Content, Panel, Table, View, band_columns
from headworks.report.focus import chips
from headworks.report.names import capital, chip_name
from headworks.report.numbers import day, prose
from headworks.report.text import HALF, stocks_shown

if TYPE_CHECKING:
    from headworks.report.content import Material

TITLES = {
    "wanted": "Wanted",
    "ordered": "Ordered",
    "licensed": "Licensed (papers)",
    "approved": "Approved (papers)",
    "produced": "Produced and allotted",
    "shipped": "Shipped",
    "cleared": "Cleared by customs",
    "installed": "Installed",
    "withdrawn": "Withdrawn",
    "refused": "Refused",
}
FAN_LEGEND = (
    ("band outer", "5–95 % of paths"),
    ("band inner", "25–75 %"),
    ("line", "median"),
)


def build(material: Material) -> Content:
    """Return small multiples of the stocks, with a selector for the chip."""
    forecast = material.forecast
    views = _views(material)
    shown = stocks_shown(forecast)
    groups = {
        group.chip: n for n, group in enumerate(forecast.monthly.groups) if group.company == ALL
    }
    rows: list[tuple[Cell, ...]] = []
    for view in views:
        for stock in shown:
            bands = material.bands(STOCKS.index(stock), groups[view.key])
            for date, values in zip(forecast.monthly.dates, bands, strict=True):
                rows.append((view.key, stock, date, *map(float, values)))
    columns = (
        Column("chip", "Chip", "text"),
        Column("stock", "Stock", "text"),
        Column("date", "End of", "date"),
        *band_columns(),
    )
    chart = Chart(
        id="stocks",
        kind="fans",
        views=views,
        table=Table("Stocks by month, in chips", columns, tuple(rows)),
        axis="Chips, cumulative",
        choose="Chip",
        panels=tuple(Panel(stock, TITLES.get(stock, capital(stock))) for stock in shown),
        legend=FAN_LEGEND,
        options={"view": "chip", "panel": "stock", "scale": True},
        note=(
            "Each panel has its own scale unless you tick “same scale”. Licences and approvals are "
            "papers: permission to ship, not supply."
        ),
    )
    return Content(charts=(chart,))


def _views(material: Material) -> tuple[View, ...]:
    """Return the chip in focus, the total, and the other chips, as far as months are kept."""
    forecast = material.forecast
    kept = {group.chip for group in forecast.monthly.groups if group.company == ALL}
    found = chips(forecast)
    others = [chip for chip in found if chip != material.focus]
    order = [material.focus, *([ALL] if others else []), *others]
    return tuple(
        View(chip, capital(chip_name(forecast, chip)), _finding(material, chip))
        for chip in order
        if chip in kept
    )


def _finding(material: Material, chip: str) -> str:
    forecast = material.forecast
    place = next(
        n for n, g in enumerate(forecast.monthly.groups) if (g.company, g.chip) == (ALL, chip)
    )
    date = forecast.monthly.dates[-1]
    wanted = material.bands(STOCKS.index("wanted"), place)[-1]
    installed = material.bands(STOCKS.index("installed"), place)[-1]
    name = "chips" if chip == ALL else chip_name(forecast, chip)
    median, p95 = 3, 5  # their columns in `BANDS`
    of = f"Of {prose(wanted[median])} {name} wanted by {day(date)}"
    if installed[p95] < HALF:
        return f"{of}, none is installed"
    return f"{of}, a median of {prose(installed[median])} are installed"
