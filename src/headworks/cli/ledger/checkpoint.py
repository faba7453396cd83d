"""`headworks ledger checkpoint`: the log's root, and proofs against it."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Annotated, Any

import typer

from headworks.cli.ledger.options import DEFAULT, AsJson, Place, opened, told
from headworks.cli.messages import as_text
from headworks.errors import InputError, in_file

FALSE = 1
"""Exit code where a proof does not hold."""


def command(
    ledger: Place = DEFAULT,
    sign: Annotated[bool, typer.Option("--sign", help="Sign off the log as it stands.")] = False,
    actor: Annotated[str, typer.Option("--actor", help="Who signs.")] = "",
    prove: Annotated[
        str | None, typer.Option("--prove", help="Prove that this event is in the log.")
    ] = None,
    since: Annotated[
        int | None, typer.Option("--since", help="Prove that nothing before was changed since.")
    ] = None,
    size: Annotated[
        int | None, typer.Option("--size", help="Events under the checkpoint; all by default.")
    ] = None,
    check: Annotated[
        Path | None, typer.Option("--check", help="Check a proof in a file, without a ledger.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the root over all events, sign it off, or prove something against it.

    The root is that of certificate transparency (RFC 6962). Who keeps a published root can check
    later, without trusting anybody, that an event was there and that nothing was changed.

    Examples:
        headworks ledger checkpoint
        headworks ledger checkpoint --sign --actor auditor
        headworks ledger checkpoint --prove confirm-1 --json
        headworks ledger checkpoint --since 120 --json
        headworks ledger checkpoint --check proof.json
    """
    if check is not None:
        _check(check, as_json=as_json)
        return
    from headworks.ledger import checkpoints

    with opened(ledger) as found:
        if sign:
            plain = {
                "action": "checkpoint.sign",
                "actor": actor,
                "id": f"checkpoint-{uuid.uuid4()}",
            }
            answer = found.act({**plain, "size": size})
            typer.echo(as_text(answer.to_json()) if as_json else told(answer))
            return
        with found.journal.reading() as view:
            whole = view.head()[0] if size is None else size
            if prove is not None:
                shown = checkpoints.inclusion(view, prove, whole)
            elif since is not None:
                shown = checkpoints.consistency(view, since, whole)
            else:
                shown = checkpoints.checkpoint(view, whole)
    typer.echo(as_text(shown) if as_json else _line(shown))


def _line(shown: dict[str, Any]) -> str:
    if "event" in shown:
        return (
            f"event {shown['seq']}, {shown['event']}, is among {shown['size']} under root "
            f"{shown['root']}, by {len(shown['proof'])} hashes; --json prints them"
        )
    if "from" in shown:
        return (
            f"the first {shown['from']['size']} of {shown['to']['size']} events are unchanged, by "
            f"{len(shown['proof'])} hashes; --json prints them"
        )
    return f"{shown['size']} events under root {shown['root']}"


def _check(path: Path, *, as_json: bool) -> None:
    from headworks.ledger import checkpoints

    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError([in_file(path, f"it cannot be read as JSON: {error}")]) from None
    holds = checkpoints.check(plain)
    said = {"holds": holds, "file": str(path)}
    typer.echo(as_text(said) if as_json else f"{'yes' if holds else 'no'}: {path}")
    if not holds:
        raise typer.Exit(FALSE)
