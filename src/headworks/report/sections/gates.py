"""The section of gates: where units wait month by month, and what each gate held back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.binding import ALL_GATES
from headworks.report.content import Cell, Chart, Column, Content, Panel, Table, View
from headworks.report.focus import gates_on_way, outsiders
from headworks.report.names import chip_name, gate_name
from headworks.report.numbers import day, paths, percent
from headworks.report.text import HALF, gate_sentence, openness_sentence

if TYPE_CHECKING:
    from collections.abc import Container

    from headworks.flow.result import Forecast
    from headworks.report.content import Material

Floats: TypeAlias = NDArray[np.float64]

COLOURS = 8
OTHER = "other gates"
TOGETHER = "all gates together"


def build(material: Material) -> Content:
    """Return the waiting by month and, where the counterfactuals were run, what was held back."""
    charts = [chart for chart in (_waiting(material), _held_back(material)) if chart is not None]
    said = ["" if charts else "Nothing waits at any gate.", openness_sentence(material.forecast)]
    return Content(paragraphs=tuple(filter(None, said)), charts=tuple(charts))


def waiting_units(forecast: Forecast, gates: Container[str]) -> dict[str, Floats]:
    """Return by gate the mean number of chips that wait in each month, longest waits first.

    Unit-days of a month over its days; gates at which nothing waits are left out, and beyond the
    number of colours the smallest are added up.
    """
    kept = forecast.result.waiting[1] if forecast.result.waiting else None
    if kept is None:
        return {}
    periods = np.diff(np.array([0, *forecast.monthly.periods]))
    days = np.maximum(periods * forecast.scenario.period_days, 1)[:, None]
    mean = kept.mean(axis=2)
    first = np.zeros((1, mean.shape[1]))
    units = np.diff(np.concatenate([first, mean]), axis=0) / days
    names = (*forecast.net.goods, *forecast.net.papers)
    found = {
        name: units[:, n] for n, name in enumerate(names) if name in gates and mean[-1, n] >= HALF
    }
    order = sorted(found, key=lambda name: (-found[name].sum(), name))
    if len(order) <= COLOURS:
        return {name: found[name] for name in order}
    rest = sum((found[name] for name in order[COLOURS - 1 :]), np.zeros(len(days)))
    return {**{name: found[name] for name in order[: COLOURS - 1]}, OTHER: rest}


def _choices(material: Material) -> dict[str, tuple[str, set[str]]]:
    """Return the selector: the gates on the way of the chip in focus and, if more, all gates."""
    forecast = material.forecast
    every = {*forecast.net.goods, *forecast.net.papers}
    way = gates_on_way(forecast, material.focus)
    name = chip_name(forecast, material.focus)
    choices = {"way": (f"On the way of {name}", way)}
    return choices | ({} if way == every else {"all": ("All gates", every)})


def _waiting(material: Material) -> Chart | None:
    forecast = material.forecast
    rows: list[tuple[Cell, ...]] = []
    views: list[View] = []
    for key, (label, gates) in _choices(material).items():
        units = waiting_units(forecast, gates)
        if not units:
            continue
        whole = sum(units.values(), np.zeros(len(forecast.monthly.dates)))
        views.append(View(key, label, _waiting_finding(forecast, units, whole)))
        for gate, values in units.items():
            for date, value, total in zip(forecast.monthly.dates, values, whole, strict=True):
                share = float(value / total) if total else 0.0
                rows.append((key, date, gate_name(gate), float(value), share))
    columns = (
        Column("gates", "Gates", "text"),
        Column("date", "Month to", "date"),
        Column("gate", "Gate", "text"),
        Column("units", "Chips waiting (mean)"),
        Column("share", "Share", "share"),
    )
    beyond = " Buyers outside the story are counted too." if outsiders(forecast) else ""
    return (
        Chart(
            id="waiting",
            kind="areas",
            views=tuple(views),
            table=Table("Chips waiting by gate and month, means", columns, tuple(rows)),
            axis="Means by month",
            choose="Gates",
            panels=(Panel("share", "Share of what waits"), Panel("units", "Chips waiting")),
            options={"view": "gates"},
            note=(
                "Average number of chips, in goods or in claims for papers, that wait at each gate "
                "in a month. What waits for papers is booked to the scarcest paper." + beyond
            ),
        )
        if views
        else None
    )


def _waiting_finding(forecast: Forecast, units: dict[str, Floats], whole: Floats) -> str:
    gate = next(iter(units))
    share = float(units[gate].sum() / whole.sum())
    end = day(forecast.monthly.dates[-1])
    return f"Until {end}, {percent(share)} of this waiting is at {gate_name(gate)}"


def _held_back(material: Material) -> Chart | None:
    forecast = material.forecast
    if not forecast.binding.known:
        return None
    views: list[View] = []
    rows: list[tuple[Cell, ...]] = []
    for key, (label, gates) in _choices(material).items():
        way = material.focus if key == "way" and len(_choices(material)) > 1 else None
        views.append(View(key, label, gate_sentence(forecast, way_of=way).removesuffix(".")))
        rows += [
            (key, *_held_back_row(forecast, row))
            for row in forecast.binding_rows()
            if row["gate"] in gates or row["gate"] == ALL_GATES
        ]
    columns = (
        Column("gates", "Gates", "text"),
        Column("gate", "Gate", "text"),
        Column("title", "What it is", "text"),
        Column("mean", "Held back (mean)"),
        Column("p5", "5 %"),
        Column("med", "Median"),
        Column("p95", "95 %"),
        Column("h100e", "In H100-equivalents (mean)"),
        Column("unit_days", "Waiting, unit-days (mean)"),
    )
    return Chart(
        id="held-back",
        kind="bars",
        views=tuple(views),
        table=Table("Chips held back by the end of the horizon", columns, tuple(rows)),
        axis="Chips not installed because of the gate (mean)",
        choose="Gates",
        legend=(("bar total", "all together"), ("bar gap", "one gate alone"),
                ("whisker", "5–95 %")),
        options={"view": "gates", "total": TOGETHER},
        note=(
            f"The same luck, on {paths(forecast.binding.units.shape[1])}, with a gate wide open: "
            "what more would be installed at the end, of chips of all types. The single ones do "
            "not add up to the joint one, since what one gate lets through waits at the next; one "
            "can be negative, where opening it gives chips to lines that other gates then hold."
        ),
    )  # fmt: skip


def _held_back_row(forecast: Forecast, row: dict[str, Any]) -> tuple[Cell, ...]:
    gate = row["gate"]
    joint = gate == ALL_GATES
    return (
        TOGETHER if joint else gate_name(gate),
        "Every gate wide open at once" if joint else (forecast.scenario.gates[gate].title or ""),
        *(row[f"held_back_units_{key}"] for key in ("mean", "p5", "med", "p95")),
        row["held_back_h100e_mean"],
        row.get("waiting_unit_days_mean"),
    )
