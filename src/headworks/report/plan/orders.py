"""The sections of what to do: the answer, the calendar of orders, and what arrives of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.report.content import Cell, Chart, Column, Content, Panel, Table, View, band_columns
from headworks.report.numbers import percent, prose
from headworks.report.sections.stocks import FAN_LEGEND

if TYPE_CHECKING:
    import datetime as dt

    from headworks.report.plan.shown import Order, PlanShown

QUARTER_MONTHS = 3


def answer(plan: PlanShown) -> Content:
    """Return what to order this quarter, what to wait with, and what power to begin."""
    first = plan.months[: min(QUARTER_MONTHS, plan.window)]
    now = _by_line([order for order in plan.orders if order.now and order.month in first])
    wait = _by_line([order for order in plan.orders if not (order.now and order.month in first)])
    columns = (Column("line", "What", "text"), Column("units", "Units"))
    later = (*columns, Column("least", "Least"), Column("most", "Most"))
    tables = [
        Table("Order this quarter", columns, tuple((line, row[0]) for line, row in now.items())),
        Table("Wait with", later, tuple((line, *row) for line, row in wait.items())),
        _power(plan),
    ]
    said = () if now else ("Nothing is to be ordered this quarter.",)
    return Content(
        paragraphs=(*said, *_worth(plan)),
        tables=tuple(table for table in tables if table.rows),
        notes=(
            (
                f"Orders of the first {plan.window} months are decided now, the same whatever "
                "happens; later ones when it can be known what has happened by then: their mean "
                "stands here, and the range over outlooks."
            ),
        ),
    )


def _by_line(orders: list[Order]) -> dict[str, tuple[float, float, float]]:
    found: dict[str, tuple[float, float, float]] = {}
    for one in orders:
        units, least, most = found.get(one.line, (0.0, 0.0, 0.0))
        found[one.line] = (units + one.units, least + one.least, most + one.most)
    return dict(sorted(found.items(), key=lambda pair: -pair[1][0]))


def _worth(plan: PlanShown) -> list[str]:
    """Return what planning is worth, where that was asked for."""
    proof, lines = plan.proof, []
    if proof.vss is not None:
        lines.append(
            f"Planning for what may happen, and not for its mean, is worth {plan.worth(proof.vss)}."
        )
    if proof.evpi is not None:
        lines.append(f"Knowing all beforehand would be worth {plan.worth(proof.evpi)} more.")
    return lines


def _power(plan: PlanShown) -> Table:
    columns = (
        Column("site", "Site", "text"),
        Column("month", "Month", "date"),
        Column("power_mw", "MW to begin", "number"),
    )
    return Table("Begin to build", columns, tuple(plan.power))


def calendar(plan: PlanShown) -> Content | None:
    """Return the calendar: a row for each line, a cell for each month."""
    if not plan.orders:
        return None
    lines = list(_by_line(list(plan.orders)))
    last = max(order.month for order in plan.orders)
    shown = [month for month in plan.months if month <= max(last, plan.months[plan.window - 1])]
    cells: dict[tuple[str, dt.date], Order] = {}
    for order in plan.orders:
        cells[order.line, order.month] = order
    rows: list[tuple[Cell, ...]] = []
    for line in lines:
        for month in shown:
            one = cells.get((line, month))
            sure = "now" if month in plan.months[: plan.window] else "then"
            units = (one.units, one.least, one.most) if one else (0.0, 0.0, 0.0)
            rows.append((line, month, *units, sure))
    columns = (
        Column("line", "Line", "text"),
        Column("month", "Month", "date"),
        Column("units", "Units"),
        Column("least", "Least"),
        Column("most", "Most"),
        Column("decided", "Decided", "text"),
    )
    now = sum(order.units for order in plan.orders if order.now)
    then = sum(order.units for order in plan.orders if not order.now)
    finding = f"{prose(now)} chips are ordered now, and on average {prose(then)} later"
    chart = Chart(
        id="orders", kind="calendar", views=(View("", "", finding),),
        table=Table("Orders by month", columns, tuple(rows)), axis="Units ordered in a month",
        legend=(("cell", "decided now"), ("cell later", "decided then, mean over outlooks")),
        options={"label": "line", "value": "units", "sure": "decided"},
        note="The fuller a cell, the more is ordered in it; all months stand in the table.",
    )  # fmt: skip
    return Content(charts=(chart,))


def arrivals(plan: PlanShown) -> Content | None:
    """Return the fan of what arrives of each chip, against what is ordered of it."""
    shown = {chip: one for chip, one in plan.arrivals.items() if one.ordered[-1] >= 1}
    if not shown:
        return None
    rows: list[tuple[Cell, ...]] = []
    for chip, one in shown.items():
        for number, month in enumerate(plan.months):
            rows.append((chip, "arrived", month, *map(float, one.bands[number])))
            ordered = float(one.ordered[number])
            rows.append((chip, "ordered", month, ordered, None, None, ordered, None, None))
    columns = (
        Column("chip", "Chip", "text"),
        Column("stock", "Stock", "text"),
        Column("date", "By the end of", "date"),
        *band_columns(),
    )
    first, one = next(iter(shown.items()))
    share = float(one.bands[-1][0] / one.ordered[-1])
    finding = (
        f"Of {prose(float(one.ordered[-1]))} {first} ordered, {percent(share)} arrive on average"
    )
    chart = Chart(
        id="arrivals", kind="fans", views=(View("", "", finding),),
        table=Table("Ordered and arrived, in chips", columns, tuple(rows)),
        axis="Chips, cumulative",
        panels=tuple(Panel(chip, chip) for chip in shown),
        legend=(*FAN_LEGEND, ("line ordered", "ordered, mean")),
        options={
            "panel": "chip", "series": "stock", "main": "arrived", "lines": ["ordered"],
            "scale": len(shown) > 1,
        },
        note="Bands are over the outlooks that the plan was made for, by their probability.",
    )  # fmt: skip
    return Content(charts=(chart,))
