"""`--verify`: a record of any kind is run again, and the answer is yes, or where it differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from headworks.cli.messages import as_text
from headworks.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

SHOWN_MAX = 20
"""Differences that are shown; one changed input can move thousands of awards."""
DIFFERS = 1
"""Exit code where running a record again gives something else."""


def verify_record(path: Path, *, as_json: bool) -> None:
    """Run a record of a rationing again, and say yes, or where it differs.

    Raises:
        InputError: The file holds no record, or its inputs cannot be run.
        Exit: With code 1, where it differs.
    """
    from headworks.planning.authority.result import RECORD_KIND
    from headworks.rationing.record import read_record, verify

    kept = read_record(path)
    if kept.get("kind") == RECORD_KIND:
        message = "the record is of the plan of a round, which it takes its scenario to make again"
        remedy = f"headworks plan-round SCENARIO --verify {path}"
        raise InputError([Fault(str(path), 0, "kind", message, remedy)])
    tell(path, kept, verify(kept), as_json=as_json)


def tell(
    path: Path, kept: Mapping[str, Any], differences: Sequence[str], *, as_json: bool
) -> None:  # fmt: skip
    """Say that a record is what running it again gives, or where it differs.

    Raises:
        Exit: With code 1, where it differs.
    """
    if as_json:
        typer.echo(as_text({"verified": not differences, "differences": list(differences)}))
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
