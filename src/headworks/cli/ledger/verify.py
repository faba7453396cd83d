"""`headworks ledger verify`: the whole journal read again."""

from __future__ import annotations

import typer

from headworks.cli.ledger.options import DEFAULT, AsJson, Place, opened
from headworks.cli.messages import as_text
from headworks.cli.options import progress_bar

UNSOUND = 1
"""Exit code where something is not what was recorded."""


def command(ledger: Place = DEFAULT, as_json: AsJson = False) -> None:
    """Read every event again, recompute hashes and balances, and name the first that is bad.

    The exit code is 0 if all is sound and 1 if not.

    Examples:
        headworks ledger verify
        headworks ledger verify --ledger postgresql://user@host/name --json
    """
    with opened(ledger) as found, progress_bar("verify") as tell:
        answer = found.verify(progress=tell)
    if as_json:
        typer.echo(as_text(answer.to_json()))
    elif answer.sound:
        typer.echo(f"sound: {answer.events:,} events with {answer.transfers:,} transfers")
        typer.echo(f"sha256 {answer.head}")
    else:
        if answer.bad:
            typer.echo(f"bad: event {answer.bad.seq}, {answer.bad.id}: {answer.bad.why}")
        for one in answer.differences:
            typer.echo(f"bad: {one}")
    if not answer.sound:
        raise typer.Exit(UNSOUND)
