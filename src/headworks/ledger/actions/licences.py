"""Licences: permission against an award, line by line, and what becomes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from headworks.errors import Fault
from headworks.ledger import names
from headworks.ledger.actions.action import Action, Amount, Decision, Id, Version, move
from headworks.ledger.actions.pools import parent_shares, sources
from headworks.ledger.conversion import factor
from headworks.ledger.journal.account import Account, Standing
from headworks.ledger.journal.view import View, refuse
from headworks.ledger.machines import LICENCE, step
from headworks.scenario.model import Record

if TYPE_CHECKING:
    from headworks.ledger.journal.transfer import Hold


Move = tuple[str, str, int]
"""Debited account, credited account, amount."""


class Line(Record):
    """One line of a licence."""

    chip: Id
    quantity: Amount
    """Units."""
    value_cents: Amount | None = None
    """The most that they may be worth together; None where only units count."""
    route: Id | None = None
    use: Literal["training", "inference", "any"] = "any"
    tolerance: int = 0
    """Units by which it may be overrun; none for chips unless the authority says so."""


class IssueLicence(Action):
    """Issue a licence against a party's award."""

    action: Literal["licence.issue"]
    licence: Id
    round: Id
    party: Id
    lines: dict[Id, Line]
    valid_from: dt.date
    valid_until: dt.date
    """First day on which nothing can be drawn any more."""
    consignee: Id | None = None
    end_user: Id | None = None
    conditions: tuple[Id, ...] = ()
    """Conditions beside those of the pool."""
    supersedes: Id | None = None
    """A licence that this variation replaces; what it has left goes back to the award first."""

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the licence, its lines filled from the award (L3)."""
        self._check(view)
        pool = view.record("round", self.round)["pool"]
        terms = view.record("pool", pool)
        old = None if self.supersedes is None else _ended(view, self.supersedes, "supersede", on)
        flows: list[Move] = [] if old is None else _back(view, self.supersedes)
        lines: dict[str, Any] = {}
        for number, line in self.lines.items():
            per_chip, version = factor(view, line.chip, terms["unit"])
            place = names.line(self.licence, number)
            flows += [
                (names.award(self.round, self.party), names.licensed(pool),
                 line.quantity * per_chip),
                (names.source(names.UNITS), place, line.quantity),
            ]  # fmt: skip
            if line.value_cents is not None:
                worth = names.value(self.licence, number)
                flows.append((names.source(names.CENTS), worth, line.value_cents))
            lines[number] = {**line.model_dump(mode="json"), "per_chip": per_chip,
                             "conversion": version}  # fmt: skip
        body = {
            "round": self.round, "pool": pool, "party": self.party, "state": "issued",
            "lines": lines, "valid_from": self.valid_from.isoformat(),
            "valid_until": self.valid_until.isoformat(), "consignee": self.consignee,
            "end_user": self.end_user, "root": self._root(view),
            "supersedes": self.supersedes, "suspensions": [],
            "conditions": list(dict.fromkeys([*terms["conditions"], *self.conditions])),
        }  # fmt: skip
        return Decision(
            opens=tuple(self._accounts(view)),
            rebounds=() if old is None else old.rebounds,
            records=(*(() if old is None else old.records), Version("licence", self.licence, body)),
            transfers=tuple(
                move(self.id, number, *flow, "licence")
                for number, flow in enumerate(flows, start=1)
            ),
        )

    def _check(self, view: View) -> None:
        faults: list[Fault] = []

        def wrong(message: str, remedy: str) -> None:
            faults.append(Fault("licence", 0, self.licence, message, remedy))

        if view.find("licence", self.licence) is not None:
            wrong("it exists", "choose another id")
        if not self.lines:
            wrong("it has no line", "give one at least")
        if self.valid_until <= self.valid_from:
            wrong(f"it ends on {self.valid_until}, not after {self.valid_from}", "mend the days")
        if names.award(self.round, self.party) not in view.standings(
            [names.award(self.round, self.party)]
        ):
            wrong(f"{self.party} has no award in {self.round}", "confirm the round's awards first")
        for message, remedy in self._misfits(view):
            wrong(message, remedy)
        refuse(faults)
        for condition in self.conditions:
            view.record("condition", condition)
        for party in filter(None, (self.consignee, self.end_user)):
            view.record("party", party)

    def _misfits(self, view: View) -> Iterator[tuple[str, str]]:
        """Yield why it does not fit its pool, or the licence that it replaces."""
        pool = view.record("round", self.round)["pool"]
        chips = view.record("pool", pool)["chips"]
        for number, line in self.lines.items():
            if chips and line.chip not in chips:
                yield (
                    f"line {number} is for {line.chip}, and {pool} is for {', '.join(chips)}",
                    "name one of these chips",
                )
        old = self.supersedes
        if old is None:
            return
        body = view.record("licence", old)
        if (body["round"], body["party"]) != (self.round, self.party):
            yield f"{old} is of another award", "vary a licence of the same award"
        if held := holds_of(view, old):
            yield f"{old} has {len(held)} open holds", "draw or release its shipments first"

    def _root(self, view: View) -> str:
        """Return the first licence that this one goes back to, by variations."""
        if self.supersedes is None:
            return self.licence
        return str(view.record("licence", self.supersedes)["root"])

    def _accounts(self, view: View) -> list[Account]:
        days = self.valid_from, self.valid_until
        found = sources(view, names.UNITS, names.CENTS)
        for number, line in self.lines.items():
            place = names.line(self.licence, number)
            found.append(Account(place, names.UNITS, -line.tolerance, None, *days))
            found.append(Account(names.cleared(self.licence, number), names.UNITS))
            found.append(Account(names.removed(self.licence, number), names.UNITS))
            if line.value_cents is not None:
                found.append(
                    Account(names.value(self.licence, number), names.CENTS, 0, None, *days)
                )
                found.append(Account(names.spent(self.licence, number), names.CENTS))
        return found


class SuspendLicence(Action):
    """Suspend a licence: from that day nothing is reserved or drawn until it is reinstated."""

    action: Literal["licence.suspend"]
    licence: Id

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the licence as suspended, its lines closed from that day (L10)."""
        body = view.record("licence", self.licence)
        state = step(LICENCE, body["state"], "suspend", what=f"licence {self.licence}")
        spans = [*body["suspensions"], [on.isoformat(), None]]
        after = {**body, "state": state, "suspensions": spans}
        return Decision(
            rebounds=_closed(view, self.licence, body, min(on, _end(body))),
            records=(Version("licence", self.licence, after),),
        )


class ReinstateLicence(Action):
    """End a suspension."""

    action: Literal["licence.reinstate"]
    licence: Id

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the licence as issued again, its lines open until their last day."""
        body = view.record("licence", self.licence)
        state = step(LICENCE, body["state"], "reinstate", what=f"licence {self.licence}")
        began, _ = body["suspensions"][-1]
        if on.isoformat() < began:
            message = f"it is suspended since {began}, and this is {on}"
            refuse([Fault("licence", 0, self.licence, message, "name a later day")])
        spans = [*body["suspensions"][:-1], [began, on.isoformat()]]
        after = {**body, "state": state, "suspensions": spans}
        return Decision(
            rebounds=_closed(view, self.licence, body, _end(body)),
            records=(Version("licence", self.licence, after),),
        )


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
        if name == "expire" and on < _end(body):
            message = f"it is valid until {body['valid_until']}, and this is {on}"
            refuse([Fault("licence", 0, self.licence, message, "wait for that day, or revoke it")])
        ended = _ended(view, self.licence, name, on)
        voids = tuple(
            hold.end("void", id=f"{self.id}:void:{number}")
            for number, hold in enumerate(holds_of(view, self.licence), start=1)
        )
        flows = _back(view, self.licence, to_pool=True)
        rest = tuple(
            move(self.id, number, *flow, name) for number, flow in enumerate(flows, start=1)
        )
        return replace(ended, transfers=(*voids, *rest))


def holds_of(view: View, licence: str) -> list[Hold]:
    """Return the open holds of a licence's shipments."""
    shipments = view.records("shipment").values()
    ids = [name for one in shipments if one["licence"] == licence for name in one["holds"]]
    return list(view.holds(ids).values())


def _end(body: dict[str, Any]) -> dt.date:
    return dt.date.fromisoformat(body["valid_until"])


def _closed(view: View, licence: str, body: dict[str, Any], last: dt.date) -> tuple[Account, ...]:
    """Return a licence's accounts with the first day on which nothing leaves them."""
    return tuple(replace(one.account, open_until=last) for one in _lines(view, licence, body))


def _lines(view: View, licence: str, body: dict[str, Any]) -> list[Standing]:
    """Return the accounts of a licence's lines, units and values."""
    places = [names.line(licence, number) for number in body["lines"]]
    places += [names.value(licence, number) for number in body["lines"]]
    return list(view.standings(places).values())


def _ended(view: View, licence: str, name: str, on: dt.date) -> Decision:
    """Return a licence in a state from which it does not come back.

    Its lines lose their days and their tolerance, so that what they have left can be given back;
    after that they hold nothing, and nothing can be drawn from them.
    """
    body = view.record("licence", licence)
    state = step(LICENCE, body["state"], name, what=f"licence {licence}")
    after = {**body, "state": state, "ended_on": on.isoformat()}
    emptied = tuple(
        replace(one.account, floor=min(0, one.balance), open_from=None, open_until=None)
        for one in _lines(view, licence, body)
    )
    return Decision(rebounds=emptied, records=(Version("licence", licence, after),))


def _back(view: View, licence: str | None, *, to_pool: bool = False) -> list[Move]:
    """Return the movements that give back what a licence's lines have left.

    Args:
        view: The ledger.
        licence: The licence.
        to_pool: Into the pool, for all; otherwise to the holder's award, for a variation.
    """
    body = view.record("licence", str(licence))
    gone: dict[str, int] = {}
    found: list[Move] = []
    for number in body["lines"]:
        worth = names.value(str(licence), number)
        found += [
            (worth, names.source(names.CENTS), standing.balance)
            for standing in view.standings([worth]).values()
            if standing.balance > 0
        ]
        left = view.standing(names.line(str(licence), number)).balance
        found += given_back(view, str(licence), number, left, gone, to_pool=to_pool)
    return found


def given_back(
    view: View,
    licence: str,
    number: str,
    units: int,
    gone: dict[str, int] | None = None,
    *,
    to_pool: bool = True,
) -> list[Move]:
    """Return the movements that give units of a line back.

    Args:
        view: The ledger.
        licence: The licence.
        number: Its line.
        units: How many; none where it is not more than 0.
        gone: What left each pool earlier in the same event; brought up to date.
        to_pool: Into the pool; otherwise to the holder's award.
    """
    if units <= 0:
        return []
    body = view.record("licence", licence)
    pool, part = body["pool"], view.record("round", body["round"])["reserve"]
    amount = units * body["lines"][number]["per_chip"]
    place = names.award(body["round"], body["party"])
    if to_pool:
        place = names.pool(pool) if part is None else names.reserve(pool, part)
    found = [
        (names.line(licence, number), names.source(names.UNITS), units),
        (names.licensed(pool), place, amount),
    ]
    return [*found, *(parent_shares(view, pool, -amount, gone) if to_pool else ())]
