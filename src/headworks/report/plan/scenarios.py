"""The section of named scenarios: what the plan comes to in each, and which is the worst."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.report.content import Column, Content, Table

if TYPE_CHECKING:
    from headworks.report.plan.shown import PlanShown

NOTE = (
    "Means over the outlooks of each scenario. Before a date at which they differ in what can be "
    "seen, the plan orders the same in all."
)


def scenarios(plan: PlanShown) -> Content | None:
    """Return what the plan comes to in each scenario; None if it looks at none but its own."""
    worst = [one for one in plan.scenarios if one.worst]
    if not worst:
        return None
    names = " and ".join(one.name for one in worst)
    columns = (
        Column("scenario", "Scenario", "text"),
        Column("mean", f"Mean, {plan.unit}"),
        Column("served", "Work served", "share"),
        Column("outlooks", "Outlooks"),
        Column("worst", "", "text"),
    )
    rows = tuple(
        (one.name, one.outcome, one.served_share, one.outlooks, "the worst" if one.worst else "")
        for one in plan.scenarios
    )
    return Content(
        paragraphs=(f"It comes to most in {names}: {plan.worth(worst[0].outcome)}. {_made(plan)}",),
        tables=(Table("If a scenario comes about", columns, rows),),
        notes=(NOTE,),
    )


def _made(plan: PlanShown) -> str:
    """Return what the plan is made for."""
    if plan.worst_case:
        return (
            "The plan is made for the worst of these scenarios: no other orders come to less in "
            "the scenario in which they come to most."
        )
    made = f"The plan is made for {plan.scenario}; the others count for nothing in it"
    broken = [one.name for one in plan.scenarios if one.outcome is None]
    if broken:
        return f"{made}, and its orders cannot be paid for in {' and '.join(broken)}."
    return f"{made}, but its orders are possible in each."
