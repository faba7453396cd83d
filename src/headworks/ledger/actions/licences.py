"""Licences: permission against an award, line by line, and its variations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from headworks.errors import Fault
from headworks.ledger import names
from headworks.ledger.actions.action import Action, Amount, Decision, Id, Version, move
from headworks.ledger.actions.endings import ending, given_back, holds_of, left_on
from headworks.ledger.actions.pools import sources
from headworks.ledger.conversion import factor
from headworks.ledger.journal.account import AMOUNT_MAX, Account
from headworks.ledger.journal.view import View, refuse
from headworks.scenario.model import Record

Flow = tuple[str, str, int]
"""Debit, credit and amount."""


class Line(Record):
    """One line of a licence."""

    chip: Id
    quantity: Amount
    """Units."""
    value_cents: Amount | None = None
    """The most that they may be worth together; None where only units count."""
    route: Id | None = None
    use: Literal["training", "inference", "any"] = "any"
    tolerance: Annotated[int, Field(ge=0, le=AMOUNT_MAX)] = 0
    """Units by which it may be overrun; none for chips unless the authority says so."""


class Permission(Action):
    """What every licence says, a first one or a variation."""

    licence: Id
    lines: dict[Id, Line]
    valid_from: dt.date
    valid_until: dt.date
    """First day on which nothing can be drawn any more."""
    consignee: Id | None = None
    end_user: Id | None = None

    def faults(self, view: View) -> Iterator[Fault]:
        """Yield why there can be no such licence, whatever it is issued against."""
        if view.find("licence", self.licence) is not None:
            yield self.fault("it exists", "choose another id")
        if not self.lines:
            yield self.fault("it has no line", "give one at least")
        if self.valid_until <= self.valid_from:
            message = f"it ends on {self.valid_until}, not after {self.valid_from}"
            yield self.fault(message, "mend the days")

    def fault(self, message: str, remedy: str) -> Fault:
        """Return a fault of this licence."""
        return Fault("licence", 0, self.licence, message, remedy)

    def written(
        self, view: View, round_: str, party: str, conditions: tuple[str, ...]
    ) -> tuple[dict[str, Any], list[Flow]]:
        """Return the licence as it is issued, and the movements that fill its lines (L3)."""
        pool = view.record("round", round_)["pool"]
        terms = view.record("pool", pool)
        refuse(self._foreign(terms["chips"], pool))
        for condition in conditions:
            view.record("condition", condition)
        for named in filter(None, (self.consignee, self.end_user)):
            view.record("party", named)
        lines: dict[str, Any] = {}
        flows: list[Flow] = []
        for number, line in self.lines.items():
            per_chip, version = factor(view, line.chip, terms["unit"])
            plain = line.model_dump(mode="json")
            lines[number] = {**plain, "per_chip": per_chip, "conversion": version}
            award, place = names.award(round_, party), names.line(self.licence, number)
            flows.append((award, names.licensed(pool), line.quantity * per_chip))
            flows.append((names.source(names.UNITS), place, line.quantity))
            if line.value_cents is not None:
                worth = names.value(self.licence, number)
                flows.append((names.source(names.CENTS), worth, line.value_cents))
        body = {
            "round": round_, "pool": pool, "party": party, "state": "issued",
            "lines": lines, "valid_from": self.valid_from.isoformat(),
            "valid_until": self.valid_until.isoformat(), "consignee": self.consignee,
            "end_user": self.end_user, "supersedes": None, "suspensions": [],
            "conditions": list(dict.fromkeys([*terms["conditions"], *conditions])),
        }  # fmt: skip
        return body, flows

    def accounts(self, view: View) -> list[Account]:
        """Return the accounts of its lines."""
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

    def _foreign(self, chips: list[str], pool: str) -> Iterator[Fault]:
        """Yield the lines whose chip is none of the pool's."""
        for number, line in self.lines.items():
            if chips and line.chip not in chips:
                message = f"line {number}: {pool} is for {', '.join(chips)}, not for {line.chip}"
                yield self.fault(message, "license these chips")


class IssueLicence(Permission):
    """Issue a licence against a party's award."""

    action: Literal["licence.issue"]
    round: Id
    party: Id
    conditions: tuple[Id, ...] = ()
    """Conditions beside those of the pool."""

    def decide(self, view: View, on: dt.date) -> Decision:  # noqa: ARG002
        """Return the licence, its lines filled from the award (L3)."""
        faults = list(self.faults(view))
        place = names.award(self.round, self.party)
        ended = view.record("round", self.round)["state"]
        if ended in {"cancelled", "revoked"}:
            faults.append(self.fault(f"{self.round} is {ended}", "license awards of another round"))
        elif place not in view.standings([place]):
            message = f"{self.party} has no award in {self.round}"
            faults.append(self.fault(message, "confirm the round's awards first"))
        refuse(faults)
        body, flows = self.written(view, self.round, self.party, self.conditions)
        return Decision(
            opens=tuple(self.accounts(view)),
            records=(Version("licence", self.licence, body),),
            transfers=tuple(
                move(self.id, number, *flow, "licence")
                for number, flow in enumerate(flows, start=1)
            ),
        )


class VaryLicence(Permission):
    """Vary a licence: a new one of the same award replaces it, filled from what it has left."""

    action: Literal["licence.vary"]
    supersedes: Id
    """The licence that is replaced; what it has left goes back to the award first."""
    conditions: tuple[Id, ...] | None = None
    """Conditions beside those of the pool; those of the replaced licence if None."""

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the new licence, and the old one as superseded."""
        body = view.record("licence", self.supersedes)
        faults = list(self.faults(view))
        if held := holds_of(view, self.supersedes):
            message = f"{self.supersedes} has {len(held)} open holds"
            faults.append(self.fault(message, "draw or release its shipments first"))
        refuse(faults)
        old = ending(view, self.supersedes, "supersede", on)
        left = left_on(view, self.supersedes, body)
        back = given_back(view, self.supersedes, {**body, "state": "superseded"}, left)
        conditions = tuple(body["conditions"]) if self.conditions is None else self.conditions
        new, flows = self.written(view, body["round"], body["party"], conditions)
        new["supersedes"] = self.supersedes
        return Decision(
            opens=tuple(self.accounts(view)),
            rebounds=old.rebounds,
            records=(*old.records, Version("licence", self.licence, new)),
            transfers=tuple(
                move(self.id, number, *flow, "licence")
                for number, flow in enumerate([*back, *flows], start=1)
            ),
        )
