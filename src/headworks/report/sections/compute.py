"""The section of compute: what the installed chips amount to, in several measures side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.compute import total
from headworks.flow.recorder import ALL
from headworks.report.content import Cell, Chart, Column, Content, Panel, Table, View
from headworks.report.focus import chips, imported, outsiders
from headworks.report.names import chip_name, company_name
from headworks.report.numbers import day, percent, prose
from headworks.report.text import HALF, last_day

if TYPE_CHECKING:
    from headworks.flow.result import Forecast
    from headworks.report.content import Material

Floats: TypeAlias = NDArray[np.float64]

KNOWN = {
    "h100e_tpp": ("H100-equivalents by processing performance", "H100-equivalents"),
    "h100e_bandwidth": ("H100-equivalents by memory bandwidth", "H100-equivalents"),
}

SHORT = {
    "units": "Chips",
    "h100e_tpp": "Processing performance",
    "h100e_bandwidth": "Memory bandwidth",
}


def build(material: Material) -> Content:
    """Return the compute of each company by measure, and how much of it is imported."""
    forecast = material.forecast
    end = last_day(forecast).isoformat()
    rows = [row for row in forecast.compute_rows() if row["date"] == end]
    charts = [_by_company(forecast, rows), _shares(forecast)]
    return Content(
        charts=tuple(chart for chart in charts if chart is not None),
        notes=(
            (
                f"Tokens come from the model “{forecast.throughput}”. A chip whose figure is not "
                "known counts nothing in that measure. No measure is the true one: peak "
                "performance favours training, bandwidth favours serving."
            ),
            *_not_counted(forecast),
        ),
    )


def _not_counted(forecast: Forecast) -> Iterator[str]:
    """Yield, for each measure, which of the forecast's chips count nothing in it."""
    wanted = chips(forecast)
    for measure, missing in forecast.unmeasured().items():
        names = [chip_name(forecast, chip) for chip in wanted if chip in missing]
        if names:
            yield f"{measure_title(measure)}: no figure for {', '.join(names)}."


def measure_title(measure: str) -> str:
    """Return the title of a measure with its unit."""
    if measure in KNOWN:
        return KNOWN[measure][0]
    work = measure.removeprefix("tokens_per_s_").replace("_", " ")
    work = re.sub(r"([0-9])b$", r"\1B", work)
    return f"Tokens per second, {work}"


def _by_company(forecast: Forecast, rows: list[dict[str, Any]]) -> Chart:
    outside = outsiders(forecast)
    measures = list(forecast.per_chip)
    first = {r["company"]: r["value_mean"] for r in rows if r["measure"] == measures[0]}
    order = sorted(first, key=lambda c: (c != ALL, c in outside, -first[c], c))
    cells: list[tuple[Cell, ...]] = []
    for measure in measures:
        by_company = {row["company"]: row for row in rows if row["measure"] == measure}
        for company in order:
            values = (by_company[company][f"value_{key}"] for key in ("mean", "p5", "med", "p95"))
            cells.append((measure, company_name(forecast, company), *values))
    columns = (
        Column("measure", "Measure", "text"),
        Column("company", "Company", "text"),
        Column("mean", "Mean"),
        Column("p5", "5 %"),
        Column("med", "Median"),
        Column("p95", "95 %"),
    )
    end = day(last_day(forecast))
    return Chart(
        id="compute",
        kind="intervals",
        views=(View("", "", _finding(rows, end)),),
        table=Table(f"Installed compute by {end}", columns, tuple(cells)),
        axis="Installed compute",
        panels=tuple(
            Panel(measure, measure_title(measure), _total(rows, measure)) for measure in measures
        ),
        legend=(("dot", "median"), ("whisker", "5–95 % of paths")),
        options={"panel": "measure", "total": company_name(forecast, ALL)},
        note="Each panel has its own unit and scale. Totals are summed path by path.",
    )


def _total(rows: list[dict[str, Any]], measure: str) -> Table:
    """Return the total over companies, which would dwarf them in the drawing."""
    row = next(row for row in rows if row["company"] == ALL and row["measure"] == measure)
    columns = (
        Column("company", "Total", "text"),
        Column("p5", "5 %"),
        Column("med", "Median"),
        Column("p95", "95 %"),
    )
    cells: tuple[Cell, ...] = ("All companies", row["value_p5"], row["value_med"], row["value_p95"])
    return Table(f"{measure_title(measure)}, all companies", columns, (cells,))


def _finding(rows: list[dict[str, Any]], end: str) -> str:
    medians = {row["measure"]: row["value_med"] for row in rows if row["company"] == ALL}
    tpp, bandwidth = medians.get("h100e_tpp", 0.0), medians.get("h100e_bandwidth", 0.0)
    if max(row["value_p95"] for row in rows) <= 0:
        return f"Nothing is installed by {end}, so nothing computes"
    return (
        f"What is installed by {end} is worth {prose(tpp)} H100 by processing performance and "
        f"{prose(bandwidth)} by memory bandwidth (medians)"
    )


def shares(forecast: Forecast) -> list[dict[str, Any]]:
    """Return by measure the mean compute of imported and domestic chips, and the domestic share.

    Returns:
        One row per measure, units of chips first: measure, imported, domestic (means), share (of
        the means), and share_p5, share_med, share_p95 over the paths on which anything is
        installed; None where there is no such path. Empty where all chips come from one side.
    """
    found = chips(forecast)
    sides = {chip: imported(forecast, chip) for chip in found}
    if len(set(sides.values())) < len((True, False)):
        return []
    units = {chip: forecast.samples("installed", chip=chip) for chip in found}
    measures = {"units": dict.fromkeys(found, 1.0), **forecast.per_chip}
    return [
        {
            "measure": measure,
            **_share(
                total({c: u for c, u in units.items() if sides[c]}, per_chip),
                total({c: u for c, u in units.items() if not sides[c]}, per_chip),
            ),
        }
        for measure, per_chip in measures.items()
    ]


def _share(abroad: Floats, home: Floats) -> dict[str, float | None]:
    whole = abroad + home
    some = whole > 0
    mean = float(whole.mean())
    quantiles: list[float | None] = [None, None, None]
    if some.any():
        ratio = home[some] / whole[some]
        quantiles = [float(value) for value in np.quantile(ratio, [0.05, 0.5, 0.95])]
    return {
        "imported": float(abroad.mean()),
        "domestic": float(home.mean()),
        "share": float(home.mean()) / mean if mean > 0 else None,
        **dict(zip(("share_p5", "share_med", "share_p95"), quantiles, strict=True)),
    }


def _shares(forecast: Forecast) -> Chart | None:
    found = shares(forecast)
    if not found or found[0]["imported"] + found[0]["domestic"] < HALF:
        return None
    rows: list[tuple[Cell, ...]] = []
    for row in found:
        title = SHORT.get(row["measure"]) or measure_title(row["measure"])
        title = title.replace("Tokens per second", "Tokens")
        keys = ("imported", "domestic", "share", "share_p5", "share_med", "share_p95")
        rows.append((title, *(row[key] for key in keys)))
    columns = (
        Column("measure", "Measure", "text"),
        Column("imported", "Imported (mean)"),
        Column("domestic", "Domestic (mean)"),
        Column("share", "Domestic share of the means", "share"),
        Column("share_p5", "Share 5 %", "share"),
        Column("share_med", "Median", "share"),
        Column("share_p95", "95 %", "share"),
    )
    units, tpp = found[0]["share"], found[1]["share"]
    finding = (
        f"Domestic chips are {percent(units)} of the chips installed and {percent(tpp)} of their "
        "processing performance"
    )
    return Chart(
        id="shares",
        kind="shares",
        views=(View("", "", finding),),
        table=Table("Imported and domestic compute", columns, tuple(rows)),
        axis="Share of the mean",
        legend=(("area c1", "imported"), ("area c2", "domestic")),
        note=(
            "Imported are chips that a foreign export control reaches, domestic the rest. "
            "Quantiles of the share count the paths on which anything is installed."
        ),
    )
