"""The section of gates: where units wait month by month, and what each gate held back."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.binding import ALL_GATES
from headworks.report.content import Cell, Chart, Column, Content, Panel, Table, View
from headworks.report.focus import capital, gate_name, outsiders
from headworks.report.numbers import day, percent
from headworks.report.text import HALF, gate_sentence

if TYPE_CHECKING:
    from headworks.flow.result import Forecast
    from headworks.report.content import Material

Floats: TypeAlias = NDArray[np.float64]

COLOURS = 8
OTHER = "other gates"


def build(material: Material) -> Content:
    """Return the waiting by month and, where the counterfactuals were run, what was held back."""
    forecast = material.forecast
    charts = [chart for chart in (_waiting(forecast), _held_back(forecast)) if chart is not None]
    nothing = () if charts else ("Nothing waits at any gate.",)
    return Content(paragraphs=nothing, charts=tuple(charts))


def waiting_units(forecast: Forecast) -> dict[str, Floats]:
    """Return by gate the mean number of chips that wait in each month, longest waits first.

    Unit-days of a month over its days; gates at which nothing waits are left out, and beyond the
    number of colours the smallest are added up.
    """
    kept = forecast.result.waiting
    if kept is None:
        return {}
    periods = np.diff(np.array([0, *forecast.monthly.periods]))
    days = np.maximum(periods * forecast.scenario.period_days, 1)[:, None]
    mean = kept.mean(axis=2)
    first = np.zeros((1, mean.shape[1]))
    units = np.diff(np.concatenate([first, mean]), axis=0) / days
    names = (*forecast.net.goods, *forecast.net.papers)
    found = {name: units[:, n] for n, name in enumerate(names) if mean[-1, n] >= HALF}
    order = sorted(found, key=lambda name: (-found[name].sum(), name))
    if len(order) <= COLOURS:
        return {name: found[name] for name in order}
    rest = sum((found[name] for name in order[COLOURS - 1 :]), np.zeros(len(days)))
    return {**{name: found[name] for name in order[: COLOURS - 1]}, OTHER: rest}


def _waiting(forecast: Forecast) -> Chart | None:
    units = waiting_units(forecast)
    if not units:
        return None
    whole = sum(units.values(), np.zeros(len(forecast.monthly.dates)))
    rows: list[tuple[Cell, ...]] = []
    for gate, values in units.items():
        for date, value, total in zip(forecast.monthly.dates, values, whole, strict=True):
            rows.append((date, gate_name(gate), float(value), float(value / total) if total else 0.0))
    columns = (
        Column("date", "Month to", "date"),
        Column("gate", "Gate", "text"),
        Column("units", "Chips waiting (mean)"),
        Column("share", "Share", "share"),
    )
    beyond = " Buyers outside the story are counted too." if outsiders(forecast) else ""
    return Chart(
        id="waiting",
        kind="areas",
        views=(View("", "", _waiting_finding(forecast, units, whole)),),
        table=Table("Chips waiting by gate and month, means", columns, tuple(rows)),
        axis="Share of what waits",
        panels=(Panel("share", "Share of what waits"), Panel("units", "Chips waiting")),
        legend=tuple((f"area c{n + 1}", gate_name(gate)) for n, gate in enumerate(units)),
        options={"series": [gate_name(gate) for gate in units]},
        note=(
            "Average number of chips, in goods or in claims for papers, that wait at each gate "
            "in a month. What waits for papers is booked to the scarcest paper." + beyond
        ),
    )


def _waiting_finding(forecast: Forecast, units: dict[str, Floats], whole: Floats) -> str:
    gate = next(iter(units))
    share = float(units[gate].sum() / whole.sum())
    end = day(forecast.monthly.dates[-1])
    return f"Until {end}, {percent(share)} of all waiting is at {gate_name(gate)}"


def _held_back(forecast: Forecast) -> Chart | None:
    if not forecast.binding.known:
        return None
    gates = forecast.scenario.gates
    rows: list[tuple[Cell, ...]] = []
    for row in forecast.binding_rows():
        gate = row["gate"]
        joint = gate == ALL_GATES
        title = "All gates wide open at once" if joint else (gates[gate].title or "")
        rows.append(
            (
                "all gates together" if joint else gate_name(gate),
                title,
                *(row[f"held_back_units_{key}"] for key in ("mean", "p5", "med", "p95")),
                row["held_back_h100e_mean"],
                row.get("waiting_unit_days_mean"),
            )
        )
    columns = (
        Column("gate", "Gate", "text"),
        Column("title", "What it is", "text"),
        Column("mean", "Held back (mean)"),
        Column("p5", "5 %"),
        Column("med", "Median"),
        Column("p95", "95 %"),
        Column("h100e", "In H100-equivalents (mean)"),
        Column("unit_days", "Waiting, unit-days (mean)"),
    )
    paths = forecast.binding.units.shape[1]
    return Chart(
        id="held-back",
        kind="bars",
        views=(View("", "", capital(gate_sentence(forecast)).removesuffix(".")),),
        table=Table("Chips held back by the end of the horizon", columns, tuple(rows)),
        axis="Chips not installed because of the gate (mean)",
        legend=(("bar total", "all together"), ("bar gap", "one gate alone"),
                ("whisker", "5–95 %")),
        note=(
            f"The same luck, on {paths:,} paths, with a gate wide open: what more would be "
            "installed at the end. The single ones do not add up to the joint one, since what one "
            "gate lets through waits at the next; one can be negative, where opening it gives the "
            "chips to lines that others then hold."
        ),
    )  # fmt: skip
