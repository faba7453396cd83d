"""`headworks ledger round`: rounds, their awards, and their next step."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

import typer

from headworks.cli.ledger.options import DEFAULT, AsJson, Place, opened, told
from headworks.cli.messages import as_text
from headworks.errors import UnknownName

STEPS = {
    "open": "round.open",
    "close": "round.close",
    "award": "round.award",
    "confirm": "award.confirm",
    "reallocate": "round.reallocate",
    "finish": "round.finish",
}
"""The steps of a round, each with its action."""


def command(
    step: Annotated[str, typer.Argument(help="list, show or a step.", show_default=False)] = "list",
    round_: Annotated[
        str | None, typer.Argument(metavar="[ROUND]", help="Id.", show_default=False)
    ] = None,
    ledger: Place = DEFAULT,
    actor: Annotated[str, typer.Option("--actor", help="Who takes the step.")] = "",
    id_: Annotated[str | None, typer.Option("--id", help="Your own id of the action.")] = None,
    as_json: AsJson = False,
) -> None:
    """List rounds, show one, or take its next step.

    The steps are open, close, award, confirm, reallocate and finish.

    Awards are computed by the round's rule and stay provisional until two persons confirm them; the
    record in `show --json` lets anyone compute them again with `headworks ration --verify`.

    Examples:
        headworks ledger round list
        headworks ledger round show first
        headworks ledger round award first --actor officer
        headworks ledger round confirm first --actor approver
    """
    known = ["list", "show", *STEPS]
    if step not in known or (step == "list") != (round_ is None):
        raise UnknownName(
            "step of a round", step, [one + " ROUND" * (one != "list") for one in known]
        )
    with opened(ledger) as found:
        if step in STEPS:
            plain = {
                "action": STEPS[step], "round": round_, "actor": actor,
                "id": id_ or f"{STEPS[step]}-{uuid.uuid4()}",
            }  # fmt: skip
            answer = found.act(plain)
            typer.echo(as_text(answer.to_json()) if as_json else told(answer))
            return
        rounds = found.records("round")
    if round_ is not None and round_ not in rounds:
        raise UnknownName("round", round_, rounds)
    rows = {name: body for name, body in rounds.items() if round_ in {None, name}}
    if as_json:
        typer.echo(as_text(rows if round_ is None else rows[round_]))
        return
    for name, body in rows.items():
        _show(name, body)
    if not rows:
        typer.echo("there is no round yet")


def _show(name: str, body: dict[str, Any]) -> None:
    typer.echo(
        f"{name}: {body['state']}, pool {body['pool']}, by {body['rule']}, applications from "
        f"{body['opens_on']} until before {body['closes_on']}"
    )
    for title, awards in (("confirmed", body["confirmed"]), ("provisional", body["awards"])):
        for party, amount in awards.items():
            typer.echo(f"  {title}: {party} {amount:,}")
