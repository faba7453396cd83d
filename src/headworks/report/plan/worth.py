"""The sections of what it comes to: work served, prices of limits, information, policies."""

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
"""Limits of one kind, and gates, that are drawn."""
GREY = 8
"""Number of the colour of what is not there."""
Z95 = 1.6448536269514722
"""The standard normal score of the 95th percentile."""


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


def information(plan: PlanShown) -> Content | None:
    """Return what is worth finding out before ordering, the dearest first."""
    if not plan.information:
        return None
    ranked = sorted(plan.information, key=lambda one: -one.value)
    rows: list[tuple[Cell, ...]] = [
        (
            one.title, one.value, max(one.value - Z95 * one.standard_error, 0.0), one.value,
            one.value + Z95 * one.standard_error,
        )
        for one in ranked[:SHOWN]
    ]  # fmt: skip
    columns = (
        Column("gate", "Gate", "text"),
        Column("mean", f"Worth, {plan.unit}"),
        Column("p5", "5 %"),
        Column("med", "Median"),
        Column("p95", "95 %"),
    )
    best = ranked[0]
    finding = (
        f"Worth most to know beforehand: {best.title}, {plan.worth(best.value)}"
        if best.value > 0
        else "Nothing that could be found out about a single gate would change the orders"
    )
    chart = Chart(
        id="information", kind="bars", views=(View("", "", finding),),
        table=Table("What knowing a gate beforehand is worth", columns, tuple(rows)),
        axis=plan.unit,
        legend=(("bar gap", "estimate"), ("whisker", "5–95 % of the estimate")),
        options={"label": "gate"},
        note=(
            "By regression of what options come to on what each gate does, over the paths made "
            "anyway. Values of several gates do not add up."
        ),
    )  # fmt: skip
    return Content(charts=(chart,))


def policies(plan: PlanShown) -> Content | None:
    """Return how the plan and simple policies do on the same fresh paths."""
    if not plan.policies:
        return None
    rows: list[tuple[Cell, ...]] = [
        (one.title, one.mean, one.p5, one.med, one.p95, one.regret, *one.served)
        for one in plan.policies
    ]
    columns = (
        Column("policy", "Policy", "text"),
        Column("mean", f"Mean, {plan.unit}"),
        Column("p5", "5 %"),
        Column("med", "Median"),
        Column("p95", "95 %"),
        Column("regret", "Mean regret"),
        Column("served", "Work served", "share"),
        Column("served_p5", "Served 5 %", "share"),
        Column("served_p95", "Served 95 %", "share"),
    )
    regret = min(plan.policies, key=lambda one: one.regret)
    what = "costs" if plan.money else "leaves unserved"
    finding = f"Least regret: {regret.title}, which {what} {plan.worth(regret.mean)} on average"
    chart = Chart(
        id="policies", kind="bars", views=(View("", "", finding),),
        table=Table("The plan and simple policies", columns, tuple(rows)),
        axis=f"{'Cost' if plan.money else 'Work not served'}, {plan.unit}",
        legend=(("bar total", "the plan"), ("bar gap", "a policy"), ("whisker", "5–95 % of paths")),
        options={"label": "policy", "total": plan.policies[0].title},
        note=(
            f"On the same {plan.proof.fresh:,} fresh paths, which none was made from. Regret is "
            "what a policy comes to beyond the best of them on each path."
        ),
    )  # fmt: skip
    table = Table(
        "Regret, and work served", (columns[0], *columns[5:]),
        tuple((row[0], *row[5:]) for row in rows),
    )  # fmt: skip
    return Content(charts=(chart,), tables=(table,))
