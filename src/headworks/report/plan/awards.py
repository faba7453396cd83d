"""The page of an authority's plan: whom to award how much, and compute against domestic share."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from headworks.flow.export import write_text
from headworks.report.content import Cell, Chart, Column, Content, Page, Section, Table, View
from headworks.report.numbers import day, paths, percent, prose
from headworks.report.page import fill

if TYPE_CHECKING:
    from headworks.planning.authority.result import Point, RoundPlan

MEASURES = {
    "h100e_tpp": "H100-equivalents by TPP",
    "h100e_bandwidth": "H100-equivalents by bandwidth",
}
BOOKS = {
    "applicants": "of the applicants together",
    "all": "of everyone together",
    "each": "of each applicant",
}
KINDS = {"plan": "plan", "frontier": "frontier"}
"""Kinds of points that are no rules."""


def measure(plan: RoundPlan) -> str:
    """Return the measure of compute as people read it."""
    return MEASURES.get(plan.case.measure, plan.case.measure)


def answer(plan: RoundPlan) -> str:
    """Return the awards in a sentence."""
    case, terms = plan.case, plan.terms
    ranked = sorted(plan.rows(), key=lambda row: -row["award"])
    names = [case.scenario.companies[row["applicant"]].name or row["applicant"] for row in ranked]
    awards = ", ".join(
        f"{row['award']:,.0f} to {name}" for row, name in zip(ranked[:4], names, strict=False)
    )
    more = f" and the rest to {len(ranked) - 4} others" if len(ranked) > 4 else ""  # noqa: PLR2004
    text = (
        f"Award {awards}{more}: {prose(plan.plan.compute())} {measure(plan)} work by {day(case.by)}"
    )
    share = plan.plan.domestic_share(terms.share_of)
    return f"{text}." if share is None else f"{text}, {percent(share)} of them domestic."


def awards(plan: RoundPlan) -> Content:
    """Return the awards, and what each limit costs."""
    columns = (
        Column("applicant", "Applicant", "text"),
        Column("claim", "Claim"),
        Column("floor", "Floor"),
        Column("award", "Award"),
        Column("share", "Of the round", "share"),
        Column("imported", "Imported compute"),
        Column("domestic", "Domestic compute"),
    )
    rows: list[tuple[Cell, ...]] = []
    for row in plan.rows():
        name = plan.case.scenario.companies[row["applicant"]].name or row["applicant"]
        rows.append((name, *(row[column.key] for column in columns[1:])))
    table = Table(f"Awards of {plan.case.round}, {plan.case.unit}", columns, tuple(rows))
    return Content(paragraphs=tuple(_costs(plan)), tables=(table,))


def _costs(plan: RoundPlan) -> list[str]:
    terms, prices, lines = plan.terms, plan.prices, []
    if plan.left * plan.case.size >= 1:
        left = prose(plan.left * plan.case.size)
        lines.append(f"{left} {plan.case.unit} are awarded to nobody.")
    if terms.target and prices["point"] is not None:
        costs = (
            f"costs {prose(prices['point'])} for each point" if prices["point"] else "costs nothing"
        )
        asked = f"at least {terms.target:.1%} {BOOKS[terms.share_of]}"
        lines.append(f"The domestic share, {asked}, {costs}.")
    if terms.floor and prices["floor"] is not None:
        costs = f"costs {prose(prices['floor'])}" if prices["floor"] else "costs nothing"
        lines.append(f"The floor of {terms.floor:.0%} of {terms.floor_rule} awards {costs}.")
    return lines


def frontier(plan: RoundPlan) -> Content | None:
    """Return compute against domestic share: the best for each target, the rules, and the plan."""
    points = [*plan.frontier, *plan.rules, plan.plan]
    rows = [row for point in points if (row := _row(plan, point)) is not None]
    if not rows:
        return None
    columns = (
        Column("kind", "Kind", "text"),
        Column("title", "Split", "text"),
        Column("share", "Domestic share", "share"),
        Column("compute", "Compute"),
        Column("less", "Less than the plan"),
        Column("error", "Standard error"),
        Column("share_by_curves", "Share by the curves", "share"),
        Column("compute_by_curves", "Compute by the curves"),
    )
    first, last = plan.frontier[0], plan.frontier[-1]
    lost = first.compute() - last.compute()
    finding = (
        f"From the most compute to the largest domestic share that can be met, "
        f"{prose(max(lost, 0.0))} {measure(plan)} are given up"
    )
    chart = Chart(
        id="frontier", kind="frontier", views=(View("", "", finding),),
        table=Table("Compute and domestic share, in the flow", columns, tuple(rows)),
        axis=f"Up: {measure(plan)}; across: domestic share {BOOKS[plan.terms.share_of]}",
        legend=(
            ("line", "the best for each target"), ("dot rule", "a rule of rationing"),
            ("dot plan", "the plan"),
        ),
        note=(
            "Means over all paths, every split run in the flow on the same luck. Axes do not begin "
            "at zero."
        ),
    )  # fmt: skip
    return Content(charts=(chart,))


def _row(plan: RoundPlan, point: Point) -> tuple[Cell, ...] | None:
    share_of = plan.terms.share_of
    share = point.domestic_share(share_of)
    if share is None:
        return None
    title = f"the best at {point.target:.1%}" if point.name == "frontier" else point.title
    return (
        KINDS.get(point.name, "rule"), title, share, point.compute(),
        *point.less_than(plan.plan),
        point.domestic_share(share_of, by_curves=True), point.compute(by_curves=True),
    )  # fmt: skip


def basis(plan: RoundPlan) -> Content:
    """Return what the awards were measured on, and the hash of their record."""
    case, record = plan.case, plan.record()
    return Content(
        paragraphs=(
            (
                f"Each applicant's award was tried at several levels in the flow; at the plan the "
                f"curves and the flow differ by {plan.residual:.2%} of compute. The round takes "
                f"place on {percent(case.takes_place)} of the paths by {day(case.by)}."
            ),
            (
                f"Scenario {case.scenario.scenario}, as known on {day(case.scenario.as_of)}; "
                f"{paths(case.paths)}, seed {case.seed}; headworks {version('headworks')}. Record: "
                f"inputs {record['inputs_sha256'][:16]}…, whole {record['sha256'][:16]}…"
            ),
        )
    )


SECTIONS: tuple[Section[RoundPlan], ...] = (
    Section("awards", "Whom to award how much", awards),
    Section("frontier", "Compute against domestic share", frontier),
    Section("basis", "What the awards rest on", basis),
)


def render_awards(plan: RoundPlan) -> str:
    """Return the page as HTML; the same plan gives the same text."""
    scenario = plan.case.scenario
    page = Page(
        name=f"{scenario.scenario}-{plan.case.round}",
        title=f"Awards of {plan.case.round}: {scenario.title} – headworks plan",
        heading=scenario.title,
        kicker=f"Headworks plan for an authority · as known on {day(scenario.as_of)}",
        answer=answer(plan),
        about=scenario.description or "",
    )
    return fill(page, SECTIONS, plan)


def write_awards_report(plan: RoundPlan, path: Path | str) -> Path:
    """Write the page of an authority's plan, whole or not at all, and return its path.

    Raises:
        InputError: The file cannot be written there.
    """
    remedy = "name a file in a folder that exists and that you may write to"
    write_text(render_awards(plan), path, thing="report", remedy=remedy)
    return Path(path)
