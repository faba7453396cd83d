"""`headworks ledger init`: make a ledger with its first actor."""

from __future__ import annotations

from typing import Annotated

import typer

from headworks.cli.ledger.options import DEFAULT, AsJson, Place
from headworks.cli.messages import as_text
from headworks.errors import Fault, InputError


def command(
    ledger: Place = DEFAULT,
    administrator: Annotated[
        str | None, typer.Option("--administrator", help="Id of the first actor.")
    ] = None,
    upgrade: Annotated[
        bool, typer.Option("--upgrade", help="Bring the tables of an older ledger up to date.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a ledger, and register the administrator who registers all others.

    Examples:
        headworks ledger init --administrator root
        headworks ledger init --ledger postgresql://user@host/name --administrator root
        headworks ledger init --upgrade
    """
    from headworks.ledger.journal.journal import Journal
    from headworks.ledger.ledger import Ledger

    if upgrade:
        Journal.create(ledger, upgrade=True).close()
        done = "brought up to date"
    elif administrator is None:
        message = "a ledger begins with an administrator, and none is named"
        remedy = "give `--administrator NAME`"
        raise InputError([Fault("--administrator", 0, "", message, remedy)])
    else:
        Ledger.create(ledger, administrator=administrator).close()
        done = f"made, with the administrator {administrator}"
    typer.echo(as_text({"ledger": ledger, "done": done}) if as_json else f"{ledger}: {done}")
