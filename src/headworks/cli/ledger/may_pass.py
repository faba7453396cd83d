"""`headworks ledger may-pass`: yes or no, with every rule and its numbers."""

from __future__ import annotations

from typing import Annotated

import typer

from headworks.cli.ledger.options import DEFAULT, AsJson, Place, day_of, opened
from headworks.cli.messages import as_text

NO = 1
"""Exit code where units may not pass."""


def command(
    licence: Annotated[str, typer.Argument(help="Id of the licence.", show_default=False)],
    line: Annotated[str, typer.Argument(help="Id of its line.", show_default=False)],
    quantity: Annotated[int, typer.Argument(help="Units.", show_default=False)],
    ledger: Place = DEFAULT,
    on: Annotated[str | None, typer.Option("--on", help="Day; today by default.")] = None,
    value: Annotated[
        int, typer.Option("--value-cents", help="Value in cents, where the line has one.")
    ] = 0,
    site: Annotated[
        str | None, typer.Option("--site", help="Where they are to be installed.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say whether units may pass customs, with every rule, its numbers, and what would cure a no.

    The exit code is 0 for yes and 1 for no. Nothing is written.

    Examples:
        headworks ledger may-pass cn-7 1 20000 --on 2026-02-10
        headworks ledger may-pass cn-7 1 20000 --json
    """
    day = day_of("--on", on)
    with opened(ledger) as found:
        answer = found.may_pass(licence, line, quantity, on=day, value_cents=value, site=site)
    asked = answer.passage
    if as_json:
        typer.echo(as_text(answer.to_json()))
    else:
        typer.echo(
            f"{'yes' if answer.passes else 'no'}: {quantity:,} {asked.line['chip']} of "
            f"{asked.party} on line {line} of {licence}, {asked.on}"
        )
        for one in answer.findings:
            typer.echo(f"  {'✓' if one.passes else '✗'} {one.kind}: {one.says}")
            if not one.passes and one.cure:
                typer.echo(f"    → {one.cure}")
    if not answer.passes:
        raise typer.Exit(NO)
