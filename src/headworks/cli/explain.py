"""`headworks explain`: one near-median path of a company, gate by gate."""

from __future__ import annotations

import json
from itertools import groupby
from operator import attrgetter
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated

import typer

from headworks.cli.messages import tell_remarks
from headworks.cli.options import progress_bar, settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from headworks.flow.explain import Explanation
    from headworks.flow.passages import Passage

CONTINUED = 4
"""Spaces by which a line that goes on is indented further."""


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
    tell_remarks(scenario, loaded, set_)
    with progress_bar(f"explain {loaded.scenario}") as tell:
        told = explain(loaded, company=company, chip=chip, paths=paths, seed=seed, progress=tell)
    if as_json:
        typer.echo(json.dumps(told.to_json(), ensure_ascii=False, allow_nan=False))
        return
    from headworks.cli.options import terminal

    _show(told, terminal())


def _show(told: Explanation, console: Console) -> None:
    chips = "chips" if told.chip == "all" else told.chip
    length = "weeks" if told.period_days == 7 else f"periods of {told.period_days} days"  # noqa: PLR2004
    among = f"median of {told.paths:,} paths: {told.installed_med:,.0f}"
    if told.paths == 1:
        among = "the only path that was run"
    text = (
        f"{told.company} in {told.scenario}: on path {told.path} of seed {told.seed} it has "
        f"{told.installed:,.0f} {chips} installed by {told.at} ({among}). Units count from the "
        f"start; dates are the first days of {length}."
    )
    _print(text, 0, console)
    for line, passages in groupby(told.passages, key=attrgetter("line")):
        console.print()
        _print(line, 0, console, style="bold")
        _show_line(list(passages), console)


def _show_line(passages: Sequence[Passage], console: Console) -> None:
    """Print a line gate by gate; goods gates that nothing comes to share one line at the end."""
    beyond = [p.gate for p in passages if p.kind == "passes" and not p.reached]
    for passage in passages:
        if passage.gate in beyond:
            continue
        _print(passage.headline, 2, console)
        for sentence in passage.sentences:
            _print(sentence, 4, console, style="dim")
        if passage.sources and passage.reached:
            _print(f"sources: {', '.join(passage.sources)}", 4, console, style="dim")
    if beyond:
        _print(f"nothing comes to {', '.join(beyond)}", 2, console)


def _print(text: str, indent: int, console: Console, style: str = "") -> None:
    """Print a text as it is, indented, and further where it goes on in another line."""
    from rich.text import Text

    first, following = " " * indent, " " * (indent + CONTINUED if indent else 0)
    lines = wrap(
        text, console.width, initial_indent=first, subsequent_indent=following,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    console.print(Text("\n".join(lines), style=style), soft_wrap=True)
