"""`headworks ledger export`: the ledger as files that other programs read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, get_args

import typer

from headworks.cli.ledger.options import DEFAULT, AsJson, Place, opened
from headworks.cli.messages import as_text
from headworks.errors import UnknownName


def command(
    path: Annotated[
        Path, typer.Argument(help="Folder of tables, or file of the journal.", show_default=False)
    ],
    ledger: Place = DEFAULT,
    format_: Annotated[
        str, typer.Option("--format", help="parquet, csv or beancount.")
    ] = "parquet",
    as_json: AsJson = False,
) -> None:
    """Export the ledger, all of one moment, whole or not at all.

    Parquet and CSV are a file for events, transfers, accounts and records each. The journal in
    beancount's syntax ends with the balance of every account, so that an independent tool can add
    it up.

    Examples:
        headworks ledger export ledger-tables
        headworks ledger export ledger-tables --format csv
        headworks ledger export ledger.beancount --format beancount
    """
    from headworks.ledger.exports.files import Format, export

    formats = {name: name for name in get_args(Format)}
    if format_ not in formats:
        raise UnknownName("format", format_, formats)
    with opened(ledger) as found:
        written = export(found, path, format=formats[format_])
    if as_json:
        typer.echo(as_text({"written": [str(one) for one in written]}))
    for one in written if not as_json else ():
        typer.echo(f"written: {one}")
