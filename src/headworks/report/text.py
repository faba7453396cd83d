"""The answer in words, and the short tables beside it: the same on the terminal and the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from headworks.flow.openness import openings_apart
from headworks.flow.recorder import STOCKS
from headworks.report.evidence import gate_sources
from headworks.report.focus import focus, gates_on_way, place, reported
from headworks.report.names import capital, chip_name, gate_name
from headworks.report.numbers import day, percent, prose, span

if TYPE_CHECKING:
    import datetime as dt

    from headworks.flow.result import Forecast

SOURCES_NAMED = 2
HALF = 0.5
"""Less than half a chip is none."""


def answer(forecast: Forecast) -> str:
    """Return the answer in one sentence: how many of the chip in focus work, and what holds them.

    Numbers have two significant digits; the interval is p5 to p95, and the day the last one of
    the table.
    """
    return f"{installed_sentence(forecast, focus(forecast))}; {_gate_clause(forecast)}."


def installed_sentence(forecast: Forecast, chip: str) -> str:
    """Return how many of a chip (or `all`) work by the last day, without the full stop."""
    units = forecast.samples("installed", chip=chip)
    wanted = float(np.median(forecast.samples("wanted", chip=chip)))
    p5, med, p95 = (float(value) for value in np.quantile(units, [0.05, 0.5, 0.95]))
    name = "chips" if chip == "all" else chip_name(forecast, chip)
    where = "" if chip == "all" else place(forecast, chip)
    by = f"By {day(last_day(forecast))}"
    if wanted < HALF and p95 < HALF:
        return f"{by} no {name} are wanted, and none work{where}"
    if p95 < HALF:
        return f"{by} none of the {prose(wanted)} {name} wanted work{where}"
    if p95 - p5 < HALF:
        if abs(wanted - med) < HALF:
            return f"{by} all {prose(wanted)} {name} wanted work{where}"
        return f"{by} {prose(med)} of the {prose(wanted)} {name} wanted work{where}"
    return (
        f"{by} a median of {prose(med)} {name} (5–95 %: {span(p5, p95)}) work{where}, out of "
        f"{prose(wanted)} wanted"
    )


def gate_sentence(forecast: Forecast, *, way_of: str | None = None) -> str:
    """Return what the gates hold back, all together and the strongest alone, in chips of any type.

    Without counterfactuals, where units wait.

    Args:
        forecast: The forecast.
        way_of: A chip whose gates alone are looked at for the strongest; all gates if None.
    """
    rows = forecast.binding_rows()
    if way_of is not None:
        way = gates_on_way(forecast, way_of)
        rows = [rows[0], *(row for row in rows[1:] if row["gate"] in way)]
    if not forecast.binding.known:
        return f"{capital(_waiting_clause(rows[1:]))}; what each gate held back was not computed."
    joint, by = rows[0], day(last_day(forecast))
    if (joint["held_back_units_mean"] or 0.0) < HALF:
        return (
            f"With every gate wide open no more chips would work by {by}: nothing holds any back."
        )
    both = f"With every gate wide open {_held_back(joint)} by {by}"
    single = rows[1]
    if (single["held_back_units_mean"] or 0.0) < HALF:
        return f"{both}, but none would if only one gate were opened."
    among = "of all gates"
    if way_of is not None and len(rows) < len(forecast.binding.gates):
        among = f"of those on the way of {chip_name(forecast, way_of)}"
    return (
        f"{both}; {among}, opening {gate_name(single['gate'])} alone would add most, "
        f"{prose(single['held_back_units_mean'])}."
    )


def rule_sentence(forecast: Forecast, *, way_of: str) -> str:
    """Return which sources the strongest gate on the way of a chip rests on; empty for none."""
    way = gates_on_way(forecast, way_of)
    gate = next((r["gate"] for r in forecast.binding_rows()[1:] if r["gate"] in way), None)
    names = gate_sources(forecast, gate)[:SOURCES_NAMED] if gate else []
    if gate is None or not names:
        return ""
    sources = [forecast.scenario.sources[name] for name in names]
    cited = "; ".join(f"{source.producer}, {day(source.published)}" for source in sources)
    return f"{capital(gate_name(gate))} rests on {cited}."


def openness_sentence(forecast: Forecast) -> str:
    """Return which gates were open less or more often than stated; empty where none was."""
    rows = openings_apart(forecast)
    if not rows:
        return ""
    said = [
        f"{gate_name(row['gate'])} {percent(row['sampled_open_share'])} (stated: "
        f"{percent(row['stated_open_share'])})"
        for row in rows
    ]
    why = ""
    if all(row["driven"] for row in rows):
        why = ", as drivers that outlast a spell make long ones of a kind come together"
    return f"Share of time open on these paths: {', '.join(said)}{why}."


def _held_back(row: dict[str, Any]) -> str:
    """Return how many more chips would work, with the interval where it is not a point."""
    p5, p95 = row["held_back_units_p5"], row["held_back_units_p95"]
    more = f"{prose(row['held_back_units_mean'])} more chips would work"
    return more if p95 - p5 < HALF else f"{more} on average (5–95 %: {span(p5, p95)})"


def certainty_sentence(forecast: Forecast) -> str:
    """Return how likely it is that none of the chip in focus works by the last day."""
    chip = focus(forecast)
    none = 1.0 - forecast.probability(chip=chip, at_least=HALF)
    name = chip_name(forecast, chip)
    if forecast.paths == 1:
        return f"On the only path {'no' if none else 'at least one'} {name} works by then."
    if none <= 0:
        return f"On every one of {forecast.paths:,} paths at least one {name} works by then."
    if none >= 1:
        return f"On none of {forecast.paths:,} paths does a single {name} work by then."
    return f"The chance that no {name} works by then is {percent(none)}."


def stock_rows(
    forecast: Forecast, *, chip: str = "all", company: str = "all", at: dt.date | None = None
) -> list[dict[str, Any]]:
    """Return the stocks of a chip on a day, in the order of its way.

    Returns:
        One row per stock that is ever used: stock, units_p5, units_med, units_p95, units_mean.
    """
    rows: list[dict[str, Any]] = []
    for stock in stocks_shown(forecast):
        units = forecast.samples(stock, chip=chip, company=company, at=at or last_day(forecast))
        p5, med, p95 = (float(value) for value in np.quantile(units, [0.05, 0.5, 0.95]))
        rows.append(
            {"stock": stock, "units_p5": p5, "units_med": med, "units_p95": p95,
             "units_mean": float(units.mean())}
        )  # fmt: skip
    return rows


def stocks_shown(forecast: Forecast) -> list[str]:
    """Return the stocks worth showing, in the order of a chip's way.

    Stocks that no gate reports, and withdrawals and refusals that never happen, are left out.
    """
    by_gates = reported(forecast)
    always = {"wanted", "ordered", "installed"}
    shown = []
    for stock in STOCKS:
        losses = stock in {"withdrawn", "refused"}
        if losses and float(forecast.samples(stock).max()) < HALF:
            continue
        if losses or stock in always or stock in by_gates:
            shown.append(stock)
    return shown


def last_day(forecast: Forecast) -> dt.date:
    """Return the last date of the forecast's table."""
    return forecast.asked.dates[-1]


def _gate_clause(forecast: Forecast) -> str:
    """Return which gate on the way of the chip in focus holds back most."""
    rows = forecast.binding_rows()
    way = gates_on_way(forecast, focus(forecast))
    own = [row for row in rows[1:] if row["gate"] in way]
    if not forecast.binding.known:
        return _waiting_clause(own)
    if (rows[0]["held_back_units_mean"] or 0.0) < HALF:
        return "no gate holds any chip back"
    if (own[0]["held_back_units_mean"] or 0.0) < HALF:
        return "no gate on their way holds them back alone"
    return f"the gate that holds back most is {gate_name(own[0]['gate'])}"


def _waiting_clause(rows: list[dict[str, Any]]) -> str:
    first = max(rows, key=lambda row: row.get("waiting_unit_days_mean") or 0.0)
    if (first.get("waiting_unit_days_mean") or 0.0) < HALF:
        return "nothing waits at any gate"
    return f"most of what waits, waits at {gate_name(first['gate'])}"
