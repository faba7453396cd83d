"""What `headworks plan-round` prints: awards, what limits cost, and the picture of the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from headworks.cli.messages import as_text, write_text
from headworks.cli.options import progress_bar, terminal

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from rich.console import Console

    from headworks.planning.authority.result import Point, RoundPlan
    from headworks.scenario.scenario import Scenario

WIDTH, HEIGHT = 64, 13
"""Letters of the picture."""
FRONTIER, PLAN = "·", "◆"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
ALIKE = 5e-4
"""Splits nearer than this in every share are one point of the picture."""
BEYOND = 0.05
"""Part of the picture that is left free at each end."""
MEASURES = {
    "h100e_tpp": "H100-equivalents by TPP",
    "h100e_bandwidth": "H100-equivalents by bandwidth",
}
BOOKS = {"applicants": "the applicants together", "all": "everyone", "each": "each applicant"}


def run_round(
    scenario: Scenario, name: str, *, record: Path | None = None, report: Path | None = None,
    as_json: bool = False, **options: Any,  # noqa: ANN401 - those of `plan_round`
) -> None:  # fmt: skip
    """Plan a round and print it.

    Args:
        scenario: The scenario.
        name: The round.
        record: File for the record of the awards, if any.
        report: File for the page, if any.
        as_json: Whether to print JSON.
        options: Options of `headworks.planning.authority.plan.plan_round`.
    """
    from headworks.planning.authority.plan import plan_round

    with progress_bar(f"plan {name}") as tell:
        found = plan_round(scenario, name, progress=tell, **options)
    if record is not None:
        write_text(record, as_text(found.record()) + "\n")
    if report is not None:
        from headworks.report.plan.awards import write_awards_report

        write_awards_report(found, report)
    if as_json:
        typer.echo(as_text(found.to_json()))
        return
    console = terminal()
    _show(found, console)
    for path in (record, report):
        if path is not None:
            console.print(f"written: {path}", markup=False)


def verify_record(path: Path, scenario: Scenario, *, executor: str, as_json: bool) -> None:
    """Make the plan of a record again, and say yes, or where it differs.

    Raises:
        InputError: The file holds no such record, or its inputs cannot be run.
        Exit: With code 1, where it differs.
    """
    from headworks.cli.verify import tell
    from headworks.planning.authority.verification import verify_round
    from headworks.rationing.record import read_record

    kept = read_record(path)
    with progress_bar(f"verify {path.name}") as progress:
        differences = verify_round(kept, scenario, executor=executor, progress=progress)
    tell(path, kept, differences, as_json=as_json)


def _show(found: RoundPlan, console: Console) -> None:
    console.print(_answer(found), markup=False)
    console.print()
    _awards(found, console)
    for line in _sentences(found):
        console.print(line, markup=False)
    console.print()
    for line in picture(found):
        console.print(line, markup=False)
    console.print()
    console.print(_basis(found), markup=False, style="dim")


def _answer(found: RoundPlan) -> str:
    """Return the answer in one sentence."""
    case, terms = found.case, found.terms
    share = found.plan.domestic_share(terms.share_of)
    left = f", {found.left * case.size:,.0f} left" if found.left * case.size >= 1 else ""
    amount = (
        f"{case.size:,.0f} {case.unit}" if case.unit == "units" else f"{case.size:,.4g} {case.unit}"
    )
    compute = f"{found.plan.compute():,.0f} {MEASURES.get(case.measure, case.measure)}"
    text = f"Awards of {case.round} ({amount}{left}) for most compute by {case.by}: {compute}"
    if share is None:
        return f"{text}."
    text += f", {share:.1%} of it domestic ({BOOKS[terms.share_of]}"
    if terms.target:
        text += f"; at least {terms.target:.1%} asked for"
        if terms.probability is not None:
            text += f" on {terms.probability:.0%} of the paths"
    return f"{text})."


def _awards(found: RoundPlan, console: Console) -> None:
    from rich.markup import escape
    from rich.table import Table

    case = found.case
    floor = ["floor"] if found.terms.floor else []
    table = Table(box=None, header_style="bold")
    for column in ("", "claim", *floor, "award", "of the round", "imported", "domestic"):
        table.add_column(column, justify="left" if not column else "right")
    for row in found.rows():
        company = case.scenario.companies[row["applicant"]]
        table.add_row(
            escape(company.name or row["applicant"]), f"{row['claim']:,.0f}",
            *([f"{row['floor']:,.0f}"] if floor else []), f"{row['award']:,.0f}",
            f"{row['share']:.1%}", f"{row['imported']:,.0f}", f"{row['domestic']:,.0f}",
        )  # fmt: skip
    console.print(table)


def _sentences(found: RoundPlan) -> list[str]:
    """Return what limits cost, and how far curves and flow agree."""
    case, terms, prices = found.case, found.terms, found.prices
    unit = "unit" if case.unit == "units" else case.unit
    lines: list[str] = []
    if prices["unit"]:
        lines.append(f"One {unit} more in the round adds {prices['unit']:,.3g} of compute.")
    elif prices["unit"] is not None:
        lines.append("A larger round would add nothing.")
    if terms.target and prices["point"]:
        lines.append(f"A target one point lower adds {prices['point']:,.0f}.")
    elif terms.target and prices["point"] is not None:
        lines.append("The target costs nothing: it is met without it.")
    if terms.floor and prices["floor"] is not None:
        costs = f"costs {prices['floor']:,.0f}" if prices["floor"] else "costs nothing"
        lines.append(f"The floor of {terms.floor:.0%} of {terms.floor_rule} {costs}.")
    if found.probability is not None and terms.target:
        lines.append(f"The target is met on {found.probability:.0%} of the paths.")
    return lines


def picture(found: RoundPlan) -> list[str]:
    """Return compute against domestic share as lines: the frontier, the rules and the plan."""
    share_of = found.terms.share_of
    named = _grouped(found.rules)
    marks = [(FRONTIER, point) for point in found.frontier]
    # Of rules that fall into one place the first is seen.
    marks += [(letter, points[0]) for letter, points in zip(LETTERS, named, strict=False)][::-1]
    marks.append((PLAN, found.plan))
    places = [
        (mark, share, point.compute())
        for mark, point in marks
        if (share := point.domestic_share(share_of)) is not None
    ]
    if not places:
        return ["Nothing is installed, so there is no picture."]
    across, up = _scale([x for _, x, _ in places]), _scale([y for _, _, y in places])
    grid = [[" "] * WIDTH for _ in range(HEIGHT)]
    for mark, x, y in places:
        column, row = _cell(x, across, WIDTH), HEIGHT - 1 - _cell(y, up, HEIGHT)
        grid[row][column] = mark
    labels = [f"{up[1]:,.0f}", *[""] * (HEIGHT - 2), f"{up[0]:,.0f}"]
    margin = max(map(len, labels))
    lines = ["Compute against domestic share, in the flow"]
    lines += [
        f"{label:>{margin}} ┤{''.join(row).rstrip()}"
        for label, row in zip(labels, grid, strict=True)
    ]
    ends = f"{across[0]:.1%}", f"{across[1]:.1%}"
    lines.append(f"{'':{margin}} └{'─' * WIDTH}")
    lines.append(f"{'':{margin}}  {ends[0]}{ends[1]:>{WIDTH - len(ends[0])}}")
    lines.append(f"{PLAN} the plan   {FRONTIER} the best for each target")
    for letter, points in zip(LETTERS, named, strict=False):
        share, titles = points[0].domestic_share(share_of), ", ".join(p.title for p in points)
        if share is not None:
            lines.append(f"{letter} {points[0].compute():,.0f} at {share:.1%}: {titles}")
    return lines


def _grouped(points: tuple[Point, ...]) -> list[list[Point]]:
    """Return rules that award the same together."""
    groups: list[list[Point]] = []
    for point in points:
        for group in groups:
            if float(abs(group[0].shares - point.shares).max()) <= ALIKE:
                group.append(point)
                break
        else:
            groups.append([point])
    return groups


def _scale(values: list[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = BEYOND * (high - low) or max(abs(high), 1.0) * BEYOND
    return low - room, high + room


def _cell(value: float, scale: tuple[float, float], cells: int) -> int:
    part = (value - scale[0]) / (scale[1] - scale[0])
    return min(int(part * cells), cells - 1)


def _basis(found: RoundPlan) -> str:
    case = found.case
    times = "once" if found.passes == 1 else f"{found.passes} times"
    return (
        f"{case.scenario.scenario}, {case.paths:,} paths, seed {case.seed}; the round takes place "
        f"on {case.takes_place:.0%} of them by then. Means over all paths; imported and domestic "
        f"compute of each applicant. Curves were measured {times} and differ from the flow by "
        f"{found.residual:.2%}."
    )
