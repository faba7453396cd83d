"""The sections of what it comes to: work served, and prices of limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headworks.report.content import Cell, Chart, Column, Content, Panel, Table, View
from headworks.report.numbers import percent

if TYPE_CHECKING:
    from headworks.report.plan.shown import PlanShown

KINDS = {
    "licence": "One chip more let through",
    "power": "One MW more",
    "budget": "A million USD more to spend",
    "pairing": "One import more without a match",
    "cap": "One unit more under a cap",
    "pool": "One unit more in a shared pool",
}
SHOWN = 8
"""Limits of one kind that are drawn."""
GREY = 8
"""Number of the colour of what is not there."""


def served(plan: PlanShown) -> Content | None:
    """Return by what work is served, month by month."""
    if not plan.work:
        return None
    wanted = np.sum(list(plan.work.values()), axis=0)
    if not (wanted > 0).any():
        return None
    rows: list[tuple[Cell, ...]] = []
    for part, values in plan.work.items():
        for number, month in enumerate(plan.months):
            whole = float(wanted[number])
            units = float(values[number])
            rows.append((month, part, units, units / whole if whole > 0 else 0.0))
    columns = (
        Column("date", "Month", "date"),
        Column("part", "Served by", "text"),
        Column("units", "H100-equivalents"),
        Column("share", "Share", "share"),
    )
    total = float(wanted.sum())
    parts = {part: float(values.sum()) / total for part, values in plan.work.items()}
    finding = "Of the work wanted, " + ", ".join(
        f"{percent(share)} is {_passive(part)}" for part, share in parts.items()
    )
    chart = Chart(
        id="served", kind="areas", views=(View("", "", finding),),
        table=Table("Work by what serves it, mean", columns, tuple(rows)),
        axis="H100-equivalents of work",
        panels=(Panel("share", "Share"), Panel("units", "H100-equivalents")),
        options={"label": "part", "colours": {"not served": GREY}},
        note="Means over the outlooks that the plan was made for, all its companies together.",
    )  # fmt: skip
    return Content(charts=(chart,))


def _passive(part: str) -> str:
    return {"own chips": "served by own chips"}.get(part, part)


def prices(plan: PlanShown) -> Content | None:
    """Return what a unit more of each limit is worth: bars by kind, and sentences."""
    if not plan.prices:
        return None
    kinds = list(dict.fromkeys(one.kind for one in plan.prices))
    drawn: list[tuple[Cell, ...]] = []
    for kind in kinds:
        for one in [one for one in plan.prices if one.kind == kind][:SHOWN]:
            where = one.where.replace(":", " ")  # of a line, so that it can be broken
            label = f"{where}, {one.when}" if one.when else where
            drawn.append((kind, label, one.value, one.value, one.value, one.value))
    columns = (
        Column("kind", "Limit", "text"),
        Column("what", "Where and when", "text"),
        Column("mean", plan.unit),
        Column("p5", "5 %"),
        Column("med", "Median"),
        Column("p95", "95 %"),
    )
    top = max(plan.prices, key=lambda one: one.value)
    chart = Chart(
        id="prices", kind="bars", views=(View("", "", top.sentence.rstrip(".")),),
        table=Table("What a unit more of each limit is worth", columns, tuple(drawn)),
        axis=plan.unit,
        panels=tuple(Panel(kind, KINDS.get(kind, kind)) for kind in kinds),
        options={"panel": "kind", "label": "what"},
        note="Each panel has its own unit of the limit. Prices hold for a small change.",
    )  # fmt: skip
    sentences = Table(
        "In words", (Column("sentence", "Worth", "text"),),
        tuple((one.sentence,) for one in plan.prices),
    )  # fmt: skip
    return Content(charts=(chart,), tables=(sentences,))
