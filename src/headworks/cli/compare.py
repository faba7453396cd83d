"""`headworks compare`: what one scenario changes against another, on the same luck."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from headworks.cli.options import progress_bar, settings
from headworks.errors import Fault, InputError

if TYPE_CHECKING:
    from headworks.flow.compare import Comparison


def command(
    base: Annotated[
        str, typer.Argument(help="Scenario compared with: name or path.", show_default=False)
    ],
    other: Annotated[
        str | None, typer.Argument(help="Scenario compared; leave it out with --set.")
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="Compare the base with itself changed: KEY=VALUE."),
    ] = None,
    paths: Annotated[int, typer.Option("--paths", help="Number of random histories.")] = 2000,
    seed: Annotated[int, typer.Option("--seed", help="Seed, shared by both.")] = 1,
    at: Annotated[
        list[str] | None, typer.Option("--at", help="Date, YYYY-MM-DD; again for more.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Compare two scenarios on the same luck: differences path by path, then their quantiles.

    Two examples:

      headworks compare open-gates closed

      headworks compare h200-2026 --set gates.customs.opening=open --at 2026-12-31
    """
    from headworks.flow.compare import compare
    from headworks.scenario.load import load

    changes = settings(set_ or [])
    if other is None and not changes:
        fault = Fault("compare", 0, "", "there is nothing to compare with", "name it, or use --set")
        raise InputError([fault])
    first = load(base)
    second = load(other or base, set_=changes)
    with progress_bar(f"compare {first.scenario}") as tell:
        result = compare(first, second, paths=paths, seed=seed, at=at or (), progress=tell)
    if as_json:
        typer.echo(json.dumps(result.to_json(), ensure_ascii=False, allow_nan=False))
    else:
        _show(result, list(changes))


def _show(result: Comparison, changed: list[str]) -> None:
    from rich.table import Table

    from headworks.cli.options import terminal

    console = terminal()
    name = result.other.scenario.scenario
    what = f"{name} with {', '.join(changed)}" if changed else name
    date = result.base.asked.dates[-1].isoformat()
    table = Table(
        title=f"{what}, minus {result.base.scenario.scenario}, by {date}: units, path by path",
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
        console.print(f"{what} and {result.base.scenario.scenario} are the same on every path.")
    console.print(f"{result.base.paths:,} paths on the same luck, seed {result.base.seed}")
