"""`headworks ledger post`: do one action."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Annotated, Any, get_args, get_origin

import typer

from headworks.cli.ledger.options import DEFAULT, AsJson, Place, opened, told
from headworks.cli.messages import as_text
from headworks.cli.options import settings
from headworks.errors import Fault, InputError
from headworks.scenario.model import Record

TYPES: dict[Any, str] = {
    str: "text",
    int: "whole number",
    bool: "true or false",
    dt.date: "day",
}
WHOLE = r"-?[0-9]{1,100}"
"""A whole number as it is written; what is longer is refused as text."""
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
    given = {key: _value(action, key, str(text)) for key, text in settings(fields or []).items()}
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


def _value(action: str, key: str, text: str) -> Any:  # noqa: ANN401 - whatever was written
    """Return a field's value: text where the field is text, else what the words stand for."""
    import yaml

    from headworks.ledger.actions.registry import actions

    fields = actions()[action].model_fields if action in actions() else {}
    if key in fields and type_text(fields[key].annotation) == "text":
        return text
    try:
        found = yaml.load(text, Loader=yaml.BaseLoader) if text[:1] in {"[", "{"} else text  # noqa: S506
    except yaml.YAMLError as error:
        message = f"{text!r} is no list and no mapping: {' '.join(str(error).split())}"
        remedy = "write [a, b] or {a: 1}, in quotes for the shell"
        raise InputError([Fault(action, 0, key, message, remedy)]) from None
    return _plain(found)


def _plain(value: Any) -> Any:  # noqa: ANN401
    """Return a value whose words for numbers, truth and nothing are what they say."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if re.fullmatch(WHOLE, value):
        return int(value)
    return {"true": True, "false": False, "null": None}.get(value, value)


def _list(action: str | None, *, as_json: bool) -> None:
    from headworks.errors import UnknownName
    from headworks.ledger.actions.registry import actions
    from headworks.ledger.authority import roles_with
    from headworks.scenario.said import said_of

    known = actions()
    if action is not None and action not in known:
        raise UnknownName("action", action, known)
    if action is None:
        rows: dict[str, dict[str, Any]] = {
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
    kinds, said = known[action].model_fields, said_of(known[action])
    wanted: dict[str, dict[str, object]] = {
        name: {
            "required": field.is_required(),
            "type": type_text(field.annotation),
            "means": " ".join(said.get(name, "").split()),
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


def type_text(annotation: Any) -> str:  # noqa: ANN401 - any annotation of a field
    """Return how a field's type is called in the list."""
    if isinstance(annotation, str) or annotation in TYPES:
        return TYPES.get(annotation, str(annotation))
    if isinstance(annotation, type) and issubclass(annotation, Record):
        inner = (
            f"{name}: {type_text(one.annotation)}" for name, one in annotation.model_fields.items()
        )
        return f"{{{', '.join(inner)}}}"
    origin = get_origin(annotation)
    parts = [part for part in get_args(annotation) if part not in (type(None), Ellipsis)]
    shown = [type_text(part) for part in (parts[:1] if origin is Annotated else parts)] or [
        "any value"
    ]
    lists = {tuple: f"list of {shown[0]}", dict: f"mapping to {shown[-1]}"}
    return lists.get(origin, " | ".join(shown))
