"""`headworks ledger post`: do one action."""

from __future__ import annotations

import json
import uuid
from typing import Annotated, Any, get_args

import typer

from headworks.cli.ledger.options import DEFAULT, AsJson, Place, opened, told
from headworks.cli.messages import as_text
from headworks.cli.options import settings
from headworks.errors import Fault, InputError

ENVELOPE = ("id", "actor", "reason", "on", "action")
"""Fields that every action has, given by options of their own."""


def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    action: Annotated[
        str | None, typer.Argument(help="Such as shipment.draw.", show_default=False)
    ] = None,
    fields: Annotated[
        list[str] | None, typer.Argument(help="KEY=VALUE, as YAML.", show_default=False)
    ] = None,
    ledger: Place = DEFAULT,
    actor: Annotated[str, typer.Option("--actor", help="Who does it.")] = "",
    id_: Annotated[
        str | None, typer.Option("--id", help="Your own id: sent again, nothing happens twice.")
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", help="Day on which it happens; today by default.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why.")] = "",
    list_: Annotated[
        bool, typer.Option("--list", help="List the actions, or the fields of the one named.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    r"""Do one action, whole or not at all.

    Who may do what follows from roles; confirming awards, granting a waiver and revoking a licence
    take two persons, of whom the second agrees with `proposal.agree`.

    Examples:
        headworks ledger post --list
        headworks ledger post shipment.draw --list
        headworks ledger post shipment.draw licence=cn-7 line=1 quantity=500 declaration=MRN-1 \\
            --actor customs --on 2026-02-10
        headworks ledger post proposal.agree proposal=confirm-1 --actor second
    """
    if list_ or action is None:
        _list(action, as_json=as_json)
        return
    given = {key: _value(str(text)) for key, text in settings(fields or []).items()}
    if clash := sorted(set(given) & set(ENVELOPE)):
        message = "it has an option of its own"
        raise InputError([Fault("fields", 0, key, message, f"give --{key}") for key in clash])
    plain = {
        **given, "action": action, "actor": actor, "reason": reason,
        "id": id_ or f"{action}-{uuid.uuid4()}",
    }  # fmt: skip
    with opened(ledger) as found:
        answer = found.act(plain if on is None else {**plain, "on": on})
    typer.echo(as_text(answer.to_json()) if as_json else told(answer))


def _value(text: str) -> Any:  # noqa: ANN401 - whatever YAML says
    """Return a field's value; what YAML takes for a day stays text, as JSON has it."""
    import yaml

    found = yaml.safe_load(text)
    return found if isinstance(found, int | list | dict | type(None)) else text


def _list(action: str | None, *, as_json: bool) -> None:
    from headworks.errors import UnknownName
    from headworks.ledger.actions.registry import actions
    from headworks.ledger.authority import roles_with

    known = actions()
    if action is not None and action not in known:
        raise UnknownName("action", action, known)
    if action is None:
        rows = {
            name: {"does": (one.__doc__ or "").splitlines()[0], "roles": roles_with(name)}
            for name, one in sorted(known.items())
        }
        if as_json:
            typer.echo(as_text(rows))
            return
        width = max(map(len, rows))
        for name, row in rows.items():
            typer.echo(f"{name:<{width}}  {row['does']} ({', '.join(row['roles'])})")
        return
    kinds = known[action].model_fields
    wanted: dict[str, dict[str, object]] = {
        name: {
            "required": field.is_required(),
            "type": _type(field.annotation),
            "means": " ".join((field.description or "").split()),
        }
        for name, field in kinds.items()
        if name not in ENVELOPE
    }
    if as_json:
        typer.echo(as_text(wanted))
        return
    typer.echo((known[action].__doc__ or "").splitlines()[0])
    for name, row in wanted.items():
        need = "" if row["required"] else ", optional"
        typer.echo(f"  {name} ({row['type']}{need})  {row['means']}".rstrip())


def _type(annotation: Any) -> str:  # noqa: ANN401 - any annotation of a field
    """Return how a field's type is called in the list."""
    parts = [part for part in get_args(annotation) if part is not type(None)]
    if parts and all(isinstance(part, str) for part in parts):
        return " | ".join(parts)
    if type(None) in get_args(annotation) and len(parts) == 1:
        return _type(parts[0])
    name = getattr(annotation, "__name__", str(annotation))
    return {"str": "text", "int": "whole number", "date": "day", "bool": "true or false"}.get(
        name, json.dumps(name).strip('"')
    )
