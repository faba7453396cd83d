"""`headworks explain`: one near-median path of a company, gate by gate."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from headworks.cli.options import progress_bar, settings

if TYPE_CHECKING:
    from rich.console import Console

    from headworks.flow.explain import Explanation, Passage


def command(
    scenario: Annotated[
        str, typer.Argument(help="Name of a scenario, or path of a file.", show_default=False)
    ],
    company: Annotated[str, typer.Option("--company", help="Company by id.", show_default=False)],
    chip: Annotated[str, typer.Option("--chip", help="Only this chip (id or alias).")] = "all",
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="Change the scenario: KEY=VALUE; again for more."),
    ] = None,
    paths: Annotated[int, typer.Option("--paths", help="Paths to choose among.")] = 1000,
    seed: Annotated[int, typer.Option("--seed", help="Seed: the same seed is the same luck.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Tell one path on which a company ends near its median, with the rule behind each step.

    Two examples:

      headworks explain open-gates --company large

      headworks explain h200-2026 --company bytedance --chip H200
    """
    from headworks.flow.explain import explain
    from headworks.scenario.load import load

    loaded = load(scenario, set_=settings(set_ or []))
    with progress_bar(f"explain {loaded.scenario}") as tell:
        told = explain(loaded, company=company, chip=chip, paths=paths, seed=seed, progress=tell)
    if as_json:
        typer.echo(json.dumps(told.to_json(), ensure_ascii=False, allow_nan=False))
        return
    from headworks.cli.options import terminal

    _show(told, terminal())


def _show(told: Explanation, console: Console) -> None:
    console.print(
        f"{told.company} in {told.scenario}: path {told.path} of seed {told.seed}, on which it has "
        f"{told.installed:,.0f} chips installed by the end (median of all paths "
        f"{told.installed_med:,.0f})."
    )
    line = ""
    for passage in told.passages:
        if passage.line != line:
            line = passage.line
            console.print()
            console.print(f"[bold]{line}[/bold]")
        _show_passage(passage, console)


def _show_passage(passage: Passage, console: Console) -> None:
    when = "nothing passes"
    if passage.first is not None:
        when = f"{passage.first} … {passage.last}, half by {passage.half}"
    console.print(f"  {passage.gate}: {passage.passed:,.0f} of {passage.asked:,.0f} ({when})")
    for sentence in passage.sentences:
        console.print(f"    {sentence}", style="dim")
    if passage.sources:
        console.print(f"    sources: {', '.join(passage.sources)}", style="dim")
