"""The section of the waterfall: where, between wanted and installed, chips are missing."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.recorder import ALL
from headworks.report.content import Cell, Chart, Column, Content, Table, View
from headworks.report.focus import chips, gates_on_way, outsiders
from headworks.report.names import capital, chip_name
from headworks.report.numbers import day, prose
from headworks.report.text import HALF, last_day

if TYPE_CHECKING:
    from headworks.flow.result import Forecast
    from headworks.report.content import Material

Floats: TypeAlias = NDArray[np.float64]

WAY = ("wanted", "ordered", "produced", "shipped", "cleared", "installed")
"""Stocks of goods in the order of the way; papers move no goods and have no step."""


def build(material: Material) -> Content:
    """Return the waterfall of the chip in focus, of each other chip, and of all."""
    forecast = material.forecast
    found = chips(forecast)
    others = [chip for chip in found if chip != material.focus]
    order = [material.focus, *([ALL] if others else []), *others]
    rows: list[tuple[Cell, ...]] = []
    views: list[View] = []
    for chip in order:
        steps = levels(forecast, chip)
        rows += [(chip, *row) for row in (*steps_of(steps), *papers(forecast, chip))]
        label = capital(chip_name(forecast, chip))
        views.append(View(chip, label, _finding(forecast, chip, steps)))
    columns = (
        Column("chip", "Chip", "text"),
        Column("step", "Step", "text"),
        Column("part", "Kind", "text"),
        Column("mean", "Mean"),
        Column("p5", "5 %"),
        Column("med", "Median"),
        Column("p95", "95 %"),
    )
    date = day(last_day(forecast))
    chart = Chart(
        id="waterfall",
        kind="waterfall",
        views=tuple(views),
        table=Table(f"From wanted to installed by {date}, in chips", columns, tuple(rows)),
        axis="Chips (mean of paths)",
        choose="Chip",
        legend=(
            ("bar total", "stock"),
            ("bar gap", "missing between two stocks"),
            *((("bar paper", "papers, for comparison"),) if forecast.net.papers else ()),
            ("whisker", "5–95 %"),
        ),
        options={"view": "chip"},
        note=(
            f"As of {date}. Bars are means, which add up; whiskers run from the 5th to the 95th "
            "percentile of the same difference taken path by path, and are cut where they would "
            "pass zero. Medians need not add. A gap holds what waits, what is under way, and what "
            "was withdrawn or refused there; orders may wait for papers."
        ),
    )
    return Content(charts=(chart,))


def levels(forecast: Forecast, chip: str) -> dict[str, Floats]:
    """Return the samples of the stocks that every line of a chip passes, in order of the way."""
    outside = outsiders(forecast)
    routes = {
        line.route
        for line in forecast.net.lines
        if chip in {ALL, line.chip} and line.company not in outside
    }
    gates = forecast.scenario.gates
    passed = [
        {gates[gate].stock for gate in forecast.scenario.routes[route].gates} for route in routes
    ]
    always = {"wanted", "ordered", "installed"}
    shown = [stock for stock in WAY if stock in always or all(stock in each for each in passed)]
    return {stock: forecast.samples(stock, chip=chip) for stock in shown}


def steps_of(stocks: dict[str, Floats]) -> list[tuple[str, str, float, float, float, float]]:
    """Return the bars: the first stock, the gap before each next one, and the last stock.

    Returns:
        Rows of step, part (`stock` or `gap`), mean, p5, median and p95; the means of the first
        stock less those of the gaps give that of the last.
    """
    names = list(stocks)
    rows = [(names[0], "stock", *_summary(stocks[names[0]]))]
    for before, after in pairwise(names):
        gap = stocks[before] - stocks[after]
        rows.append((f"{before}, not {after}", "gap", *_summary(gap)))
    rows.append((names[-1], "stock", *_summary(stocks[names[-1]])))
    return rows


def papers(forecast: Forecast, chip: str) -> list[tuple[str, str, float, float, float, float]]:
    """Return the papers granted, to stand beside the goods: the part is `paper`."""
    way = [forecast.net.papers.get(gate) for gate in sorted(gates_on_way(forecast, chip))]
    stocks = {gate.gate.stock for gate in way if gate is not None}
    return [
        (f"{stock} (papers)", "paper", *_summary(forecast.samples(stock, chip=chip)))
        for stock in ("licensed", "approved")
        if stock in stocks
    ]


def _summary(values: Floats) -> tuple[float, float, float, float]:
    p5, med, p95 = (float(value) for value in np.quantile(values, [0.05, 0.5, 0.95]))
    return float(values.mean()), p5, med, p95


def _finding(forecast: Forecast, chip: str, stocks: dict[str, Floats]) -> str:
    gaps = [row for row in steps_of(stocks) if row[1] == "gap"]
    name, _, mean, *_ = max(gaps, key=lambda row: row[2])
    what = "chips" if chip == ALL else chip_name(forecast, chip)
    if mean < HALF:
        return f"Every one of the {what} wanted is installed"
    before, after = name.split(", not ")
    return f"The widest gap: on average {prose(mean)} {what} are {before} but not {after}"
