"""`headworks compare`: what one scenario changes against another, on the same luck."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer

from headworks.cli import run_options as options
from headworks.cli.loading import load_one
from headworks.cli.messages import tell_remarks
from headworks.cli.options import check_outputs, check_run, progress_bar
from headworks.errors import Door, Fault

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from headworks.flow.compare import Comparison
    from headworks.scenario.scenario import Scenario


def command(
    base: options.Base,
    other: options.Other = None,
    set_: options.Changes = None,
    paths: options.Paths = 2000,
    seed: options.SharedSeed = 1,
    at: options.Dates = None,
    report: options.ComparedReport = None,
    as_json: options.AsJson = False,
) -> None:
    """Compare two scenarios on the same luck: differences path by path, then their quantiles.

    The page of `--report` is the other scenario's, with the differences after its answer.

    Three examples:

      headworks compare open-gates closed

      headworks compare h200-2026 --set gates.customs.opening=open --at 2026-12-31

      headworks compare open-gates closed --report closed.html
    """
    from headworks.flow.compare import compare

    first, second = _ready(
        base, other, set_ or [], paths=paths, seed=seed, at=at or (), report=report
    )  # fmt: skip
    tell_remarks(base, first)
    if second.remarks != first.remarks:
        tell_remarks(other or base, second, set_)
    with progress_bar(f"compare {first.scenario}") as tell:
        result = compare(
            first, second, paths=paths, seed=seed, at=at or (), binding=report is not None,
            progress=tell,
        )  # fmt: skip
    if report is not None:
        from headworks.report.page import write_report

        write_report(result.other, report, comparison=result)
    if as_json:
        typer.echo(json.dumps(result.to_json(), ensure_ascii=False, allow_nan=False))
        return
    from headworks.cli.options import terminal

    console = terminal()
    _show(result, console)
    if report is not None:
        console.print(f"written: {report}", markup=False)


def _ready(
    base: str, other: str | None, pairs: Sequence[str], *, paths: int, seed: int,
    at: Sequence[str], report: Path | None,
) -> tuple[Scenario, Scenario]:  # fmt: skip
    """Return the two scenarios, once all that is asked for can be.

    Raises:
        InputError: Something that the command line says cannot be used; all faults are listed.
    """
    from headworks.flow.arguments import days
    from headworks.flow.compare import shared_dates

    found, changed = load_one(base, []), load_one(other or base, pairs)
    found.add(changed.faults)
    if other is None and not pairs:
        remedy = "name it, or use --set"
        found.add([Fault("compare", 0, "", "there is nothing to compare with", remedy)])
    door = Door()
    with door.checking():
        found.check()
    with door.checking():
        check_run(paths=paths, seed=seed)
    with door.checking():
        if found.settled is not None and changed.settled is not None:
            shared_dates(at, found.settled, changed.settled)
        else:
            days(at, found.settled)
    with door.checking():
        check_outputs([*found.files, *changed.files], {"--report": report})
    door.close()
    return found.scenario(), changed.scenario()


def _show(result: Comparison, console: Console) -> None:
    from rich.markup import escape
    from rich.table import Table

    from headworks.report.numbers import paths

    base, other = result.names
    date = result.base.asked.dates[-1].isoformat()
    table = Table(
        title=escape(f"{other}, minus {base}, by {date}: units, path by path"),
        title_justify="left", box=None,
    )  # fmt: skip
    columns = ("chip", "stock", "base med", "other med", "p5", "med", "p95", "more on")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number < 2 else "right")  # noqa: PLR2004
    rows = [row for row in result.rows() if row["company"] == "all" and row["date"] == date]
    moved = [
        row for row in rows if any(row[f"difference_{q}"] for q in ("p5", "med", "p95", "mean"))
    ]
    for row in moved:
        numbers = ("base_med", "other_med", "difference_p5", "difference_med", "difference_p95")
        cells = (f"{row[key] + 0.0:,.0f}" for key in numbers)
        table.add_row(row["chip"], row["stock"], *cells, f"{row['p_more']:.0%}")
    if moved:
        console.print(table)
    else:
        console.print(f"{other} and {base} are the same on every path.", markup=False)
    console.print(f"{paths(result.base.paths)} on the same luck, seed {result.base.seed}")
