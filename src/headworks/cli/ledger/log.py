"""`headworks ledger log`: what happened, event by event."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headworks.cli.ledger.options import DEFAULT, AsJson, Place, opened
from headworks.cli.messages import as_text

if TYPE_CHECKING:
    from headworks.ledger.journal.event import Event


def command(
    ledger: Place = DEFAULT,
    after: Annotated[int, typer.Option("--after", help="Only events after this number.")] = 0,
    last: Annotated[int, typer.Option("--last", help="At most so many, the newest.")] = 40,
    as_json: AsJson = False,
) -> None:
    """Show events in the order of recording: who did what by which right, when, and why.

    Examples:
        headworks ledger log --last 10
        headworks ledger log --after 1000 --json
    """
    with opened(ledger) as found, found.journal.reading() as view:
        head, _, _ = view.head()
        rows = [_plain(one) for one in view.events(after=max(after, head - last))]
    if as_json:
        typer.echo(as_text(rows))
        return
    for row in rows:
        second = f" with {row['second']}" if row["second"] else ""
        why = f": {row['reason']}" if row["reason"] else ""
        typer.echo(
            f"{row['seq']:>6}  {row['recorded_at'][:19]}  {row['effective_on']}  {row['kind']} by "
            f"{row['actor']}{second}{why}"
        )


def _plain(event: Event) -> dict[str, Any]:
    return {
        "seq": event.seq, "id": event.id, "kind": event.kind, "actor": event.actor,
        "right": event.right, "second": event.second, "reason": event.reason,
        "recorded_at": event.recorded_at, "effective_on": event.effective_on,
        "command": json.loads(event.body).get("command"), "transfers": event.transfers,
        "hash": event.hash.hex(),
    }  # fmt: skip
