"""`--verify`: a record of any kind is run again, and the answer is yes, or where it differs."""

from __future__ import annotations

from pathlib import Path

import typer

from headworks.cli.messages import as_text

SHOWN_MAX = 20
"""Differences that are shown; one changed input can move thousands of awards."""
DIFFERS = 1
"""Exit code where running a record again gives something else."""


def verify_record(path: Path, *, as_json: bool) -> None:
    """Run a record again, and say yes, or where it differs.

    Raises:
        InputError: The file holds no record, or its inputs cannot be run.
        Exit: With code 1, where it differs.
    """
    from headworks.rationing.record import read_record, verify

    kept = read_record(path)
    differences = verify(kept)
    if as_json:
        typer.echo(as_text({"verified": not differences, "differences": differences}))
    elif differences:
        places = "1 place" if len(differences) == 1 else f"{len(differences):,} places"
        typer.echo(f"no: {path} differs in {places}")
        for difference in differences[:SHOWN_MAX]:
            typer.echo(f"  {difference}")
        if len(differences) > SHOWN_MAX:
            typer.echo(f"  and {len(differences) - SHOWN_MAX:,} more; --json lists all")
    else:
        typer.echo(f"yes: {path} gives the same awards again")
        typer.echo(f"sha256 {kept['sha256']}")
    if differences:
        raise typer.Exit(DIFFERS)
