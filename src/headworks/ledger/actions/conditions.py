"""Conditions set and waived, and what they are computed from: credits, references, reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal, TypeVar

from headworks.errors import Fault, LedgerError
from headworks.ledger import names
from headworks.ledger.actions.action import Action, Amount, Decision, Id, Name, Version, move
from headworks.ledger.actions.allowing import allowing
from headworks.ledger.actions.draws import contras
from headworks.ledger.actions.pools import sources
from headworks.ledger.conditions.kinds import AnyTerms, terms_of
from headworks.ledger.conditions.moving_cap import REFERENCE, MovingCapTerms
from headworks.ledger.conditions.pairing import PairingTerms
from headworks.ledger.conditions.report_due import REPORT, ReportDueTerms
from headworks.ledger.journal.account import Account
from headworks.ledger.journal.view import View, refuse
from headworks.scenario.model import Text

T = TypeVar("T")


class SetCondition(Action):
    """Set a condition, or change the terms of one of the same kind."""

    action: Literal["condition.set"]
    condition: Id
    title: Text
    terms: AnyTerms

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the condition, with its accounts and their bounds by the new terms."""
        earlier = view.find("condition", self.condition)
        body: dict[str, Any] = {
            "title": self.title, "terms": self.terms.model_dump(mode="json"),
        }  # fmt: skip
        if earlier is not None and earlier["terms"]["kind"] != self.terms.kind:
            message = f"it is of kind {earlier['terms']['kind']}, not {self.terms.kind}"
            remedy = "set a condition of another id, and vary the licences"
            refuse([Fault("condition", 0, self.condition, message, remedy)])
        if earlier is not None:
            refuse(self._refixed(body["terms"], earlier["terms"]))
        opening = self.terms.opening(self.condition, view, on)
        there = view.standings(one.name for one in opening)
        return Decision(
            opens=tuple(one for one in opening if one.name not in there),
            rebounds=tuple(self.terms.bounded(self.condition, view)),
            records=(Version("condition", self.condition, body),),
        )

    def _refixed(self, new: dict[str, Any], old: dict[str, Any]) -> Iterator[Fault]:
        """Yield which fields are changed that accounts are made of."""
        for name in self.terms.fixed:
            if new[name] != old[name]:
                message = f"{name} is {old[name]}, and cannot become {new[name]}"
                remedy = "set a condition of another id, and vary the licences"
                yield Fault("condition", 0, self.condition, message, remedy)


class GrantWaiver(Action):
    """Waive a condition for a licence on some days; it takes two persons and a reason."""

    action: Literal["waiver.grant"]
    licence: Id
    condition: Id
    from_on: dt.date
    until: dt.date
    """First day on which the condition applies again."""
    quantity: Amount | None = None
    """Units that may pass under it, counted down by what is reserved and drawn; all if None."""

    def decide(self, view: View, on: dt.date) -> Decision:  # noqa: ARG002
        """Return the waivers of the condition for the licence, with this one."""
        faults: list[Fault] = []
        if self.condition not in view.record("licence", self.licence)["conditions"]:
            message = f"{self.licence} has no condition {self.condition!r}"
            faults.append(Fault("waiver", 0, self.licence, message, "name one of its conditions"))
        if self.until <= self.from_on:
            message = f"it ends on {self.until}, not after {self.from_on}"
            faults.append(Fault("waiver", 0, self.condition, message, "mend the days"))
        if not self.reason.strip():
            message = "a waiver has a reason, and none is given (L11)"
            faults.append(Fault("waiver", 0, self.condition, message, "give its `reason`"))
        refuse(faults)
        key = f"{self.licence}/{self.condition}"
        earlier = view.find("waiver", key)
        span: dict[str, Any] = {
            "from": self.from_on.isoformat(), "until": self.until.isoformat(),
            "reason": self.reason, "proposed_by": self.actor,
        }  # fmt: skip
        spans = earlier["spans"] if earlier else []
        if self.quantity is None:
            return Decision(records=(Version("waiver", key, {"spans": [*spans, span]}),))
        place = names.waiver(self.licence, self.condition, len(spans) + 1)
        span = {**span, "quantity": self.quantity, "account": place}
        return Decision(
            opens=(*sources(view, names.UNITS), Account(place, names.UNITS)),
            records=(Version("waiver", key, {"spans": [*spans, span]}),),
            transfers=(
                move(self.id, 1, names.source(names.UNITS), place, self.quantity, "waiver"),
            ),
        )


class EarnCredits(Action):
    """Post the credits that a party's domestic chips earn under a pairing."""

    action: Literal["pairing.earn"]
    condition: Id
    party: Id
    chip: Id
    quantity: Amount
    trigger: Literal["contract", "delivery", "installation"]
    reference: Name
    """Document that shows it; each counts once."""

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the credits."""
        view.record("party", self.party)
        terms = of_kind(view, self.condition, PairingTerms, "pairing")
        faults: list[Fault] = []

        def wrong(message: str, remedy: str) -> None:
            faults.append(Fault("pairing", 0, self.condition, message, remedy))

        if self.chip not in terms.domestic:
            wrong(f"{self.chip} is not among {', '.join(terms.domestic)}", "name one of these")
        if self.trigger != terms.trigger:
            wrong(f"{terms.trigger} earns credits, not {self.trigger}", "report it when it does")
        proof = f"{self.condition}/{self.reference}"
        there = view.find("earning", proof)
        if there is not None and "taken_back_on" not in there:
            wrong(f"{self.reference} earned {there['credits']:,} on {there['on']}", "count it once")
        refuse(faults)
        places = terms.places(self.condition, self.party)
        standing = view.standings(one.name for one in places)
        credits_ = self.quantity * terms.earned
        unit = names.source(names.credit_unit(self.condition))
        body = {
            "party": self.party, "chip": self.chip, "quantity": self.quantity,
            "credits": credits_, "on": on.isoformat(), "transfer": f"{self.id}:1",
        }  # fmt: skip
        place = names.credits(self.condition, self.party)
        return Decision(
            opens=tuple(one for one in places if one.name not in standing),
            records=(Version("earning", proof, body),),
            transfers=(move(self.id, 1, unit, place, credits_, "earn"),),
        )


class TakeBackCredits(Action):
    """Take back the credits that a document earned, since it does not show what it was to show.

    Where they are used already the party owes them, and nothing passes before they are earned.
    """

    action: Literal["pairing.take_back"]
    condition: Id
    reference: Name
    """The document."""

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the contra of what was earned."""
        of_kind(view, self.condition, PairingTerms, "pairing")
        proof = f"{self.condition}/{self.reference}"
        body = view.record("earning", proof)
        if "taken_back_on" in body:
            message = f"its credits were taken back on {body['taken_back_on']}"
            refuse([Fault("pairing", 0, self.condition, message, "nothing is left of them")])
        undone = contras(view, self.id, [body["transfer"]], on)
        return Decision(
            rebounds=allowing(view, undone),
            records=(Version("earning", proof, {**body, "taken_back_on": on.isoformat()}),),
            transfers=tuple(undone),
        )


class ReportReference(Action):
    """Report a reference flow of a period, or correct what was reported of it."""

    action: Literal["reference.report"]
    reference: Id
    period: Name
    """Such as `2026-Q1`; the newest report of a period counts."""
    amount: int
    """In the unit of the caps that refer to it."""
    source: Text

    def decide(self, view: View, on: dt.date) -> Decision:  # noqa: ARG002
        """Return the report, and the ceilings that it moves."""
        if self.amount < 0:
            message = f"{self.amount:,} is no flow"
            refuse([Fault("reference", 0, self.reference, message, "give 0 or more")])
        earlier = view.find(REFERENCE, self.reference) or {"periods": {}, "sources": {}}
        body = {
            "periods": {**earlier["periods"], self.period: self.amount},
            "sources": {**earlier["sources"], self.period: self.source},
        }
        total = sum(body["periods"].values())
        rebounds: list[Account] = []
        for name, kept in view.records("condition").items():
            terms = terms_of(kept)
            if isinstance(terms, MovingCapTerms) and terms.reference == self.reference:
                above, below = terms.share
                # What has passed stands, even where the reference turns out smaller.
                meter = view.standing(names.meter(name, "all")).account
                rebounds.append(replace(meter, ceiling=total * above // below))
        return Decision(
            rebounds=tuple(rebounds), records=(Version(REFERENCE, self.reference, body),)
        )


class FileReport(Action):
    """File a report that a condition makes due."""

    action: Literal["report.file"]
    condition: Id
    licence: Id
    due_on: dt.date
    """Day on which it was, or will be, due."""
    reference: Name

    def party_concerned(self, view: View) -> str | None:
        """Return whose licence it is."""
        found = view.find("licence", self.licence)
        return None if found is None else found["party"]

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the reports that are filed."""
        view.record("licence", self.licence)
        terms = of_kind(view, self.condition, ReportDueTerms, "report_due")
        soonest = terms.next_due(on)
        if soonest is not None and self.due_on > soonest:
            message = f"the report of {self.due_on} is not the next one, which is of {soonest}"
            refuse([Fault("report", 0, self.condition, message, "file it when it is")])
        if self.due_on not in terms.due(self.due_on + dt.timedelta(days=1)):
            message = f"no report is due on {self.due_on}"
            remedy = f"they are due {terms.when()}"
            refuse([Fault("report", 0, self.condition, message, remedy)])
        key = f"{self.condition}/{self.licence}"
        earlier = view.find(REPORT, key) or {"filed": {}}
        filed = {
            **earlier["filed"],
            self.due_on.isoformat(): {"on": on.isoformat(), "reference": self.reference},
        }
        return Decision(records=(Version(REPORT, key, {"filed": filed}),))


def of_kind(view: View, condition: str, kind: type[T], called: str) -> T:
    """Return the terms of a condition of one kind.

    Raises:
        LedgerError: It is of another kind.
    """
    terms = terms_of(view.record("condition", condition))
    if not isinstance(terms, kind):
        message = f"it is no condition of kind {called}"
        raise LedgerError([Fault("condition", 0, condition, message, "name one of that kind")])
    return terms
