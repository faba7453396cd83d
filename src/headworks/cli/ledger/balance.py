"""`headworks ledger balance`: accounts as they stand, or once stood."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from headworks.cli.ledger.options import DEFAULT, AsJson, Place, day_of, moment_of, opened
from headworks.cli.messages import as_text
from headworks.cli.options import terminal

if TYPE_CHECKING:
    from headworks.ledger.journal.account import Standing


def command(
    beginning: Annotated[
        str, typer.Argument(help="Only accounts whose names begin so, such as pool:.")
    ] = "",
    ledger: Place = DEFAULT,
    known_by: Annotated[
        str | None, typer.Option("--known-by", help="Only what was recorded by this moment.")
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", help="Only what had happened by this day.")
    ] = None,
    holds: Annotated[bool, typer.Option("--holds", help="Show open holds instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show accounts with what they hold, what is reserved on them, and what is left.

    Two clocks: `--known-by` asks what was recorded by a moment, `--on` what had happened by a day.

    Examples:
        headworks ledger balance
        headworks ledger balance line:cn-7 --on 2026-02-28
        headworks ledger balance --known-by 2026-01-31
        headworks ledger balance --holds
    """
    moment, day = moment_of("--known-by", known_by), day_of("--on", on)
    with opened(ledger) as found:
        if holds:
            with found.journal.reading() as view:
                rows = [asdict(one) for one in view.all_holds()]
            if as_json:
                typer.echo(as_text(rows))
            for row in rows if not as_json else ():
                until = f", until {row['times_out_at']}" if row["times_out_at"] else ""
                typer.echo(f"{row['id']}: {row['amount']:,} of {row['debit']}{until}")
            return
        standings = found.balances(beginning, known_by=moment, on=day)
    if as_json:
        typer.echo(as_text([one.to_json() for one in standings]))
    else:
        _show(standings)


def _show(standings: list[Standing]) -> None:
    from rich.table import Table

    table = Table(box=None)
    for column in ("account", "unit"):
        table.add_column(column, no_wrap=True)
    for column in ("balance", "reserved", "left"):
        table.add_column(column, justify="right", no_wrap=True)
    for one in standings:
        # What comes from outside has no balance that means anything to a reader.
        if one.account.floor is None:
            continue
        numbers = (one.balance, one.debits_pending, one.available)
        table.add_row(one.account.name, one.account.unit, *(f"{n:,}" for n in numbers))
    terminal().print(table)
