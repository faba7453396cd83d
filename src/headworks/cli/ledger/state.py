"""`headworks ledger state`: what a forecast would begin with."""

from __future__ import annotations

from typing import Annotated

import typer

from headworks.cli.ledger.options import DEFAULT, AsJson, Place, day_of, moment_of, opened
from headworks.cli.messages import as_text


def command(
    ledger: Place = DEFAULT,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Day; today by default.")] = None,
    known_by: Annotated[
        str | None, typer.Option("--known-by", help="Only what was recorded by this moment.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what every company has at which gate: the balances that a forecast begins with.

    Examples:
        headworks ledger state --as-of 2026-03-31
        headworks forecast h200-2026 --from-ledger ledger.db
    """
    day = day_of("--as-of", as_of)
    moment = moment_of("--known-by", known_by)
    with opened(ledger) as found:
        state = found.state(day, known_by=moment)
    if as_json:
        typer.echo(as_text(state.to_json()))
        return
    typer.echo(f"at the end of {state.as_of}")
    for row in state.rows:
        gate = f" of {row.gate}" if row.gate else ""
        typer.echo(f"  {row.company}, {row.chip}, {row.route}: {row.units:,} {row.stage}{gate}")
    for one in state.unplaced:
        typer.echo(f"  left out: {one}", err=True)
