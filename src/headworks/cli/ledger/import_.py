"""`headworks ledger import`: actions or customs' usage files, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from headworks.cli.ledger.options import DEFAULT, AsJson, Place, opened
from headworks.cli.messages import as_text
from headworks.cli.options import progress_bar
from headworks.errors import InputError, UnknownName, in_file
from headworks.scenario.whole_file import exists

if TYPE_CHECKING:
    from headworks.ledger.importing import Imported


def command(
    files: Annotated[
        list[str], typer.Argument(help="Files, or names of stories.", show_default=False)
    ],
    ledger: Place = DEFAULT,
    actor: Annotated[str, typer.Option("--actor", help="Who imports a usage file.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Do everything, then take it back.")
    ] = False,
    exceptions: Annotated[
        str,
        typer.Option("--exceptions", help="refuse a usage file with a bad row, or hold the row."),
    ] = "refuse",
    as_json: AsJson = False,
) -> None:
    """Import scripts of actions (YAML or JSON lines), or customs' usage files (CSV or JSON lines).

    Each file is imported whole or not at all. A file that was imported before changes nothing.
    The story `january-2026` is the first approvals of H200 with the customs halt.

    Examples:
        headworks ledger import january-2026
        headworks ledger import usage-017.csv --actor customs --dry-run
        headworks ledger import usage-017.csv --actor customs --exceptions hold
    """
    from headworks.ledger.importing import import_file
    from headworks.ledger.stories import stories, story_path

    way: Literal["refuse", "hold"] | None = (
        "hold" if exceptions == "hold" else "refuse" if exceptions == "refuse" else None
    )
    if way is None:
        raise UnknownName("way with exceptions", exceptions, ["refuse", "hold"])
    done: list[Imported] = []
    with opened(ledger) as found:
        for name in files:
            path = story_path(name)
            if not exists(path):
                remedy = f"give a file, or a story: {', '.join(stories())}"
                raise InputError([in_file(name, "there is no such file", remedy=remedy)])
            try:
                with progress_bar(f"import {path.name}") as tell:
                    done.append(
                        import_file(
                            found, path, actor=actor, dry_run=dry_run, exceptions=way,
                            progress=tell,
                        )
                    )  # fmt: skip
            except InputError:
                _show(done, {})
                raise
        open_ = {
            name: one for name, one in found.records("proposal").items() if one["state"] == "open"
        }
    if as_json:
        typer.echo(as_text([one.to_json() for one in done]))
    else:
        _show(done, open_)


def _show(done: list[Imported], proposals: dict[str, dict[str, Any]]) -> None:
    """Print what each file came to, and which of its proposals nobody has agreed to."""
    for one in done:
        state = "nothing written, as asked: " if one.dry_run else ""
        if one.repeated and not one.dry_run:
            typer.echo(f"{Path(one.file).name}: imported before, nothing changed")
            continue
        parts = [f"{count:,} {name}" for name, count in one.counts.items() if count]
        typer.echo(
            f"{Path(one.file).name}: {state}{one.transfers:,} transfers from {', '.join(parts)}"
        )
        for answer in one.answers:
            if answer.receipt.id in proposals:
                typer.echo(f"  {answer.action} {answer.receipt.id} awaits a second person")
        for name, held in one.open_discrepancies.items():
            typer.echo(f"  open discrepancy {name}: {held.get('says') or held.get('difference')}")
