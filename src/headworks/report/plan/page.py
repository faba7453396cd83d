"""The page of a plan as one HTML file, and the section of what it rests on."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from headworks.flow.export import write_text
from headworks.report.content import Content, Page, Section
from headworks.report.numbers import day
from headworks.report.page import fill
from headworks.report.plan import orders, tried, worth
from headworks.report.plan.scenarios import scenarios

if TYPE_CHECKING:
    from headworks.report.plan.shown import PlanShown


def basis(plan: PlanShown) -> Content:
    """Return how good the plan is, what it was made from, and how to make it again."""
    proof = plan.proof
    how = "optimal" if proof.status == "optimal" else "the best found in the time given"
    proved = (
        f"For its {proof.outlooks:,} outlooks the plan is {how}: it comes to "
        f"{plan.worth(proof.objective)}, and no other is better by more than {proof.gap:.2%}. Of "
        f"the units that it promises, {proof.residual:.1%} do not arrive when its orders are run "
        "in the flow again."
    )
    paragraphs = [proved]
    if proof.gap_upper is not None:
        paragraphs.append(
            "Against the best plan for all that may happen, outlooks drawn afresh put the gap "
            f"below {plan.worth(proof.gap_upper)}."
        )
    made = (
        f"{proof.outlooks:,} outlooks chosen by {proof.reduction}, seed {proof.seed}; headworks "
        f"{version('headworks')}"
    )
    again = " This command on the same files gives the same numbers:" if plan.command else ""
    paragraphs += [f"Remark: {remark}" for remark in plan.remarks]
    paragraphs.append(f"Scenario {plan.scenario}, as known on {day(plan.as_of)}; {made}.{again}")
    return Content(paragraphs=tuple(paragraphs), command=plan.command)


SECTIONS: tuple[Section[PlanShown], ...] = (
    Section("answer", "What to do now", orders.answer),
    Section("orders", "When to order", orders.calendar),
    Section("arrivals", "What arrives of it", orders.arrivals),
    Section("served", "The work it serves", worth.served),
    Section("scenarios", "If another scenario comes about", scenarios),
    Section("prices", "What a unit more is worth", worth.prices),
    Section("information", "Worth finding out first", tried.information),
    Section("policies", "Against simple policies", tried.policies),
    Section("basis", "What the plan rests on", basis),
)
"""A section whose function returns None is left out of the page."""


def render_plan(plan: PlanShown) -> str:
    """Return the page as HTML; the same plan gives the same text."""
    who = " and ".join(plan.companies)
    page = Page(
        name=f"{plan.scenario}-plan",
        title=f"{who}: a plan under {plan.title} – headworks plan",
        heading=plan.title,
        kicker=f"Headworks plan for {who} · as known on {day(plan.as_of)}",
        answer=plan.answer,
        about=plan.about,
    )
    return fill(page, SECTIONS, plan)


def write_plan_report(plan: PlanShown, path: Path | str) -> Path:
    """Write the page of a plan, whole or not at all, and return its path.

    Raises:
        InputError: The file cannot be written there.
    """
    remedy = "name a file in a folder that exists and that you may write to"
    write_text(render_plan(plan), path, thing="report", remedy=remedy)
    return Path(path)
