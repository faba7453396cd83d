"""`headworks ledger records`: what is no account, such as proposals and discrepancies."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from headworks.cli.ledger.options import DEFAULT, AsJson, Place, opened
from headworks.cli.messages import as_text
from headworks.errors import UnknownName

SHOWN_MAX = 60
"""Letters of a value that a list shows."""


def command(
    kind: Annotated[
        str | None, typer.Argument(help="Such as proposal or shipment.", show_default=False)
    ] = None,
    name: Annotated[str | None, typer.Argument(help="Id.", show_default=False)] = None,
    ledger: Place = DEFAULT,
    state: Annotated[
        str | None, typer.Option("--state", help="Only those in this state, such as open.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the kinds of records that there are, the records of a kind, or show one.

    A record is what is no account: a party, an application, a shipment, a proposal that waits for a
    second person, a discrepancy with customs. Its newest version is shown.

    Examples:
        headworks ledger records
        headworks ledger records proposal --state open
        headworks ledger records discrepancy --state open --json
        headworks ledger records application large-1
    """
    with opened(ledger) as found:
        if kind is None:
            return _tell([f"{one}: {count:,}" for one, count in found.kinds().items()],
                         found.kinds(), "there is no record yet", as_json=as_json)  # fmt: skip
        kinds = found.kinds()
        if kind not in kinds:
            raise UnknownName("kind of record", kind, kinds)
        known = found.records(kind)
    if name is not None:
        if name not in known:
            raise UnknownName(kind, name, known)
        lines = [f"{kind} {name}", *(f"  {key}: {_plain(one)}" for key, one in known[name].items())]
        return _tell(lines, known[name], "", as_json=as_json)
    rows = {one: body for one, body in known.items() if state in {None, body.get("state")}}
    lines = [f"{one}: {_short(body)}" for one, body in rows.items()]
    return _tell(lines, rows, f"no {kind} is {state}", as_json=as_json)


def _tell(lines: list[str], plain: object, none: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(as_text(plain))
        return
    for line in lines or [none]:
        typer.echo(line)


def _short(body: dict[str, Any]) -> str:
    """Return a record as a line: its state first, then what is short enough to be read."""
    words = [str(body["state"])] if "state" in body else []
    if "command" in body:
        words.append(f"{body['command']['action']} by {body['command']['actor']}")
    for key, one in body.items():
        said = _plain(one)
        if key != "state" and one not in (None, "", [], {}) and len(said) <= SHOWN_MAX:
            words.append(f"{key} {said}")
    return ", ".join(words)


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(one)}" for key, one in value.items()) or "none"
    if isinstance(value, list):
        return "; ".join(map(_plain, value)) or "none"
    if value is None or isinstance(value, bool):
        return {None: "none", True: "yes", False: "no"}[value]
    return f"{value:,}" if isinstance(value, int) else str(value)
