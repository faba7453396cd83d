"""What `headworks plan` prints: orders by month, what they come to, and what things are worth."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from headworks.planning.answers.policies import TITLES
from headworks.planning.answers.tried import at_worst
from headworks.planning.response.selection import K_MEDOIDS
from headworks.planning.result import objective_unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console
    from rich.table import Table

    from headworks.planning.answers.tried import Tried
    from headworks.planning.result import Plan

PRICES_SHOWN = 8
GATES_SHOWN = 6
MONTHS_ACROSS = 12
MILLION = 1e6
ENDLESS = "∞"
"""What nothing bounds, as where what is ordered cannot be paid for on some path."""
UNKNOWN = "–"
"""What cannot be told, as what work is served then."""


def show(found: Plan, console: Console) -> None:
    """Print a plan: the answer, the orders, what limits are worth, and how policies do."""
    from headworks.report.plan_words import answer, gap_sentence

    console.print(answer(found), markup=False)
    console.print()
    tables = [_orders(found), _later(found), _power(found), _scenarios(found)]
    tables += [_policies(found, one) for one in found.tried]
    for table in (*tables, _at_worst(found)):
        if table is not None:
            console.print(table)
            console.print()
    _prices(found, console)
    _information(found, console)
    if gap := gap_sentence(found):
        console.print(gap, markup=False)
        console.print()
    for remark in found.remarks:
        console.print(f"- {remark}", markup=False, style="dim")
    console.print(_basis(found), markup=False, style="dim")


def _table(title: str, columns: Iterable[str], left: int = 1) -> Table:
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=None, header_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number < left else "right")
    return table


def _orders(found: Plan) -> Table | None:
    """Return the orders of the window by line and month; months in which nothing is left out."""
    rows = list(found.order_rows())
    if not rows:
        return None
    months = sorted({row["month"] for row in rows})[:MONTHS_ACROSS]
    table = _table("Order now, units", ["", *months, "in all"])
    for company, chip, route in dict.fromkeys((r["company"], r["chip"], r["route"]) for r in rows):
        own = {
            row["month"]: row["units"]
            for row in rows
            if (row["company"], row["chip"], row["route"]) == (company, chip, route)
        }
        cells = [f"{own[month]:,.0f}" if month in own else "" for month in months]
        who = f"{company}: " if len(found.companies) > 1 else ""
        table.add_row(f"{who}{chip} ({route})", *cells, f"{sum(own.values()):,.0f}")
    return table


def _later(found: Plan) -> Table | None:
    rows = list(found.later_rows())
    if not rows:
        return None
    table = _table(
        "Order later, by what is known then, units", ["", "month", "mean", "least", "most"], 2
    )
    for row in rows:
        who = f"{row['company']}: " if len(found.companies) > 1 else ""
        units = (f"{row[key]:,.0f}" for key in ("units_mean", "units_least", "units_most"))
        table.add_row(f"{who}{row['chip']} ({row['route']})", row["month"], *units)
    return table


def _power(found: Plan) -> Table | None:
    rows = list(found.power_rows())
    if not rows:
        return None
    table = _table("Begin to build now, MW", ["", *(row["month"] for row in rows)])
    for company, site in dict.fromkeys((row["company"], row["site"]) for row in rows):
        own = (row["company"] == company and row["site"] == site for row in rows)
        cells = [
            f"{row['power_mw']:,.1f}" if mine else "" for row, mine in zip(rows, own, strict=True)
        ]
        table.add_row(f"{company}: {site}", *cells)
    return table


def _scenarios(found: Plan) -> Table | None:
    rows = list(found.scenario_rows())
    if not rows:
        return None
    from rich.markup import escape

    unit, scale = _unit(found)
    title = f"If a scenario comes about: {unit}, and the share of work that is served"
    table = _table(title, ["", "mean", "served", "outlooks", ""])
    for row in rows:
        worst = "the worst" if row["worst"] else ""
        table.add_row(
            escape(row["name"]), _amount(row["outcome"], scale), _share(row["served_share"]),
            f"{row['outlooks']:,}", worst,
        )  # fmt: skip
    return table


def _unit(found: Plan) -> tuple[str, float]:
    """Return the unit in which outcomes are shown, and how much of the objective's it is."""
    if objective_unit(found.problem) == "usd":
        return "million USD", MILLION
    return "H100e months", 1.0


def _amount(value: float | None, scale: float) -> str:
    """Return an amount for a table; what has no end is said to be so."""
    return ENDLESS if value is None else f"{value / scale:,.0f}"


def _share(value: float | None) -> str:
    """Return a share for a table; a dash for one that is unknown."""
    return UNKNOWN if value is None else f"{value:.0%}"


def _fresh(found: Plan, tried: Tried) -> str:
    """Return which fresh paths policies were tried on."""
    paths = len(tried.trials[0].outcome)
    fresh = "one fresh path" if paths == 1 else f"{paths:,} fresh paths"
    return f"{fresh} of {tried.scenario}" if found.scenarios else fresh


def _policies(found: Plan, tried: Tried) -> Table | None:
    """Return how the plan and simple policies do in one scenario."""
    from rich.markup import escape

    unit, scale = _unit(found)
    columns = ["", "mean", "p5", "p95", "regret", "served", "p5", "p95"]
    title = f"On {_fresh(found, tried)}: {unit}, and the share of work that is served"
    table = _table(escape(title), columns)
    for row in tried.policy_rows():
        cost = (_amount(row[key], scale) for key in ("mean", "p5", "p95", "regret_mean"))
        served = (_share(row[f"served_share_{key}"]) for key in ("mean", "p5", "p95"))
        table.add_row(TITLES.get(row["name"], row["name"]), *cost, *served)
    return table


def _at_worst(found: Plan) -> Table | None:
    """Return in which scenario each policy does worst; None where there is but one."""
    rows = list(at_worst(found.by_scenario))
    if not rows:
        return None
    from rich.markup import escape

    unit, scale = _unit(found)
    title = f"At worst of {len(found.by_scenario)} scenarios: {unit}"
    table = _table(title, ["", "mean", "in", "regret", "in"])
    for number in (2, 4):
        table.columns[number].justify = "left"
    for row in rows:
        table.add_row(
            TITLES.get(row["name"], row["name"]), _amount(row["mean"], scale),
            escape(row["scenario"]), _amount(row["regret_mean"], scale),
            escape(row["regret_scenario"]),
        )  # fmt: skip
    return table


def _prices(found: Plan, console: Console) -> None:
    for row in list(found.price_rows())[:PRICES_SHOWN]:
        console.print(row["sentence"], markup=False)
    console.print(*_values(found), sep="\n", markup=False)
    console.print()


def _values(found: Plan) -> list[str]:
    """Return what planning for what may happen is worth, and what knowing it would be."""
    values = found.values
    if values is None or objective_unit(found.problem) != "usd":
        return []
    if not isfinite(values.vss):
        return ["The plan for the mean cannot serve the least share of work that is asked for."]
    text = (
        f"Planning for what may happen, not for its mean, saves {values.vss / MILLION:,.0f} "
        f"million USD; knowing beforehand would save {values.evpi / MILLION:,.0f} more."
    )
    return [f"{text[:-1]}, each at worst." if found.problem.risk.worst_case else text]


def _information(found: Plan, console: Console) -> None:
    """Print what is worth finding out, in each scenario in which something can be told of it."""
    from rich.markup import escape

    unit, scale = _unit(found)
    places = 1 if scale == MILLION else 0
    for tried in found.tried:
        rows = list(tried.information_rows())[:GATES_SHOWN]
        if not rows:
            continue
        comes = f" if {tried.scenario} comes about" if found.scenarios else ""
        title = f"Worth finding out before ordering{comes}, {unit}"
        table = _table(escape(title), ["", "saves", "±"])
        for row in rows:
            table.add_row(
                escape(row["title"] or row["gate"]), f"{row['value'] / scale:,.{places}f}",
                f"{row['standard_error'] / scale:,.{places}f}",
            )  # fmt: skip
        console.print(table)
        console.print()


def _basis(found: Plan) -> str:
    scenario, outlooks = found.scenario, len(found.problem.outlooks)
    number = "one outlook" if outlooks == 1 else f"{outlooks} outlooks"
    if found.effort.reduction != K_MEDOIDS:
        number += f" by {found.effort.reduction}"
    return (
        f"{scenario.scenario}, as known on {scenario.as_of}; {number}, seed {found.seed}; within "
        f"{found.solution.gap:.2%} of the best for them; arrivals differ from the flow's by "
        f"{found.residual.expected:.1%}"
    )
