"""`headworks ledger licence`: licences with their lines and what is left on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from headworks.cli.ledger.options import DEFAULT, AsJson, Place, opened
from headworks.cli.messages import as_text
from headworks.errors import UnknownName

if TYPE_CHECKING:
    from headworks.ledger.ledger import Ledger


def command(
    what: Annotated[str, typer.Argument(help="show or list.", show_default=False)] = "list",
    licence: Annotated[str | None, typer.Argument(help="Id.", show_default=False)] = None,
    ledger: Place = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """List licences, or show one with its lines, its conditions and what it has left.

    Examples:
        headworks ledger licence list
        headworks ledger licence show cn-7
    """
    if what not in {"show", "list"} or (what == "show") != (licence is not None):
        raise UnknownName("question about licences", what, ["list", "show LICENCE"])
    with opened(ledger) as found:
        known = found.records("licence")
        if licence is not None and licence not in known:
            raise UnknownName("licence", licence, known)
        rows = [_licence(found, name, known[name]) for name in known if licence in {None, name}]
    if as_json:
        typer.echo(as_text(rows[0] if licence is not None else rows))
        return
    for row in rows:
        typer.echo(
            f"{row['licence']}: {row['state']}, {row['party']}, valid {row['valid_from']} until "
            f"before {row['valid_until']}"
        )
        for number, line in row["lines"].items():
            typer.echo(
                f"  line {number}: {line['quantity']:,} {line['chip']}, {line['left']:,} left, "
                f"{line['reserved']:,} reserved, {line['drawn']:,} drawn, "
                f"{line['installed']:,} installed"
            )
        if row["conditions"]:
            typer.echo(f"  conditions: {', '.join(row['conditions'])}")
    if not rows:
        typer.echo("there is no licence yet")


def _licence(found: Ledger, name: str, terms: dict[str, Any]) -> dict[str, Any]:
    """Return a licence with the balances of its lines."""
    from headworks.ledger import names

    lines = {}
    for number, line in terms["lines"].items():
        places = {one.account.name: one for one in found.balances(f"line:{name}:{number}")}
        own = places[names.line(name, number)]
        cleared = found.balances(names.cleared(name, number))[0].balance
        gone = found.balances(names.removed(name, number))[0].balance
        installed = sum(one.balance for one in found.balances(f"installed:{name}:{number}:"))
        lines[number] = {
            **line, "left": own.available, "reserved": own.debits_pending,
            "drawn": cleared + installed + gone, "installed": installed,
        }  # fmt: skip
    return {"licence": name, **terms, "lines": lines}
