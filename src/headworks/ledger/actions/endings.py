"""How licences end: revoked, surrendered, expired, cancelled; what they have left is given back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from headworks.errors import Fault
from headworks.ledger import names
from headworks.ledger.actions.action import Action, Decision, Id, Version, move
from headworks.ledger.actions.pools import parent_share
from headworks.ledger.journal.view import View, refuse
from headworks.ledger.machines import LICENCE, step

if TYPE_CHECKING:
    from headworks.ledger.journal.account import Standing
    from headworks.ledger.journal.transfer import Hold


class EndLicence(Action):
    """Revoke, surrender, expire or cancel a licence; what it has left goes back to the pool."""

    action: Literal["licence.revoke", "licence.surrender", "licence.expire", "licence.cancel"]
    licence: Id

    def party_concerned(self, view: View) -> str | None:
        """Return whose licence it is."""
        found = view.find("licence", self.licence)
        return None if found is None else found["party"]

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the licence as ended, its holds freed and its rest given back."""
        name = self.action.removeprefix("licence.")
        body = view.record("licence", self.licence)
        if name == "expire" and on < dt.date.fromisoformat(body["valid_until"]):
            message = f"it is valid until {body['valid_until']}, and this is {on}"
            refuse([Fault("licence", 0, self.licence, message, "wait for that day, or revoke it")])
        ended = ending(view, self.licence, name, on)
        voids = tuple(
            hold.end("void", id=f"{self.id}:void:{number}")
            for number, hold in enumerate(holds_of(view, self.licence), start=1)
        )
        flows = given_back(view, self.licence, body, left_on(view, self.licence, body))
        rest = tuple(
            move(self.id, number, *flow, name) for number, flow in enumerate(flows, start=1)
        )
        freed = [
            Version("shipment", shipment, {**one, "state": "released"})
            for shipment, one in shipments_of(view, self.licence).items()
            if view.holds(one["holds"])
        ]
        return replace(ended, records=(*ended.records, *freed), transfers=(*voids, *rest))


class Left(NamedTuple):
    """What a licence line has left."""

    units: int
    cents: int = 0


def shipments_of(view: View, licence: str) -> dict[str, dict[str, Any]]:
    """Return the shipments against a licence, by id."""
    return {
        name: one for name, one in view.records("shipment").items() if one["licence"] == licence
    }


def holds_of(view: View, licence: str) -> list[Hold]:
    """Return the open holds of a licence's shipments."""
    ids = [name for one in shipments_of(view, licence).values() for name in one["holds"]]
    return list(view.holds(ids).values())


def accounts_of(view: View, licence: str, body: dict[str, Any]) -> list[Standing]:
    """Return the accounts of a licence's lines, units and values."""
    places = [names.line(licence, number) for number in body["lines"]]
    places += [names.value(licence, number) for number in body["lines"]]
    return list(view.standings(places).values())


def ending(view: View, licence: str, name: str, on: dt.date) -> Decision:
    """Return a licence in a state from which it does not come back.

    Its lines lose their days and their tolerance, so that what they have left can be given back;
    after that they hold nothing, and nothing can be drawn from them. Where reservations reach into
    the tolerance, the floor stays until they are freed: bounds change before anything moves.
    """
    body = view.record("licence", licence)
    state = step(LICENCE, body["state"], name, what=f"licence {licence}")
    after = {**body, "state": state, "ended_on": on.isoformat()}
    emptied = tuple(
        replace(one.account, floor=min(0, one.available), open_from=None, open_until=None)
        for one in accounts_of(view, licence, body)
    )
    return Decision(rebounds=emptied, records=(Version("licence", licence, after),))


def left_on(view: View, licence: str, body: dict[str, Any]) -> dict[str, Left]:
    """Return what each line of a licence has left, reserved or not, by its id."""
    there = {one.account.name: one.balance for one in accounts_of(view, licence, body)}
    return {
        number: Left(
            max(0, there[names.line(licence, number)]),
            max(0, there.get(names.value(licence, number), 0)),
        )
        for number in body["lines"]
    }


def given_back(
    view: View, licence: str, body: dict[str, Any], left: dict[str, Left]
) -> list[tuple[str, str, int]]:
    """Return the movements that give back what lines of a licence have left.

    It goes into the pool, for all; that of a licence that a variation replaces goes to its holder's
    award, from which the variation is filled.

    Args:
        view: The ledger.
        licence: Id of the licence.
        body: The licence, in the state from which it goes or in that in which it is.
        left: What is given back, by line.
    """
    pool, round_ = body["pool"], view.record("round", body["round"])
    varied = body["state"] == "superseded"
    part = round_["reserve"]
    place = names.pool(pool) if part is None else names.reserve(pool, part)
    if varied:
        place = names.award(body["round"], body["party"])
    found: list[tuple[str, str, int]] = []
    total = 0
    for number, (units, cents) in left.items():
        if cents:
            worth = names.value(licence, number)
            found.append((worth, names.source(names.CENTS), cents))
        if units:
            amount = units * body["lines"][number]["per_chip"]
            found.append((names.line(licence, number), names.source(names.UNITS), units))
            found.append((names.licensed(pool), place, amount))
            total += amount
    return found if varied else [*found, *parent_share(view, pool, -total)]
