"""Conditions set and waived, and what they are computed from: credits, references, reports."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal, TypeVar

from headworks.errors import Fault, LedgerError
from headworks.ledger import names
from headworks.ledger.actions.action import Action, Amount, Decision, Id, Name, Version, move
from headworks.ledger.conditions.kinds import AnyTerms, terms_of
from headworks.ledger.conditions.moving_cap import REFERENCE, MovingCapTerms
from headworks.ledger.conditions.pairing import PairingTerms
from headworks.ledger.conditions.report_due import REPORT, ReportDueTerms
from headworks.ledger.journal.view import View, refuse
from headworks.scenario.model import Text

if TYPE_CHECKING:
    from headworks.ledger.journal.account import Account

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
        terms = self.terms.model_dump(mode="json")
        body = {"title": self.title, "terms": terms}
        if earlier is not None and earlier["terms"]["kind"] != self.terms.kind:
            message = f"it is of kind {earlier['terms']['kind']}, not {self.terms.kind}"
            remedy = "set a condition of another id, and vary the licences"
            refuse([Fault("condition", 0, self.condition, message, remedy)])
        if earlier is not None:
            changed = [one for one in self.terms.fixed if terms[one] != earlier["terms"][one]]
            refuse(
                Fault(
                    "condition", 0, self.condition,
                    f"its {one} is {earlier['terms'][one]}, and what passed was counted so",
                    "set a condition of another id, and vary the licences",
                )
                for one in changed
            )  # fmt: skip
        opening = self.terms.opening(self.condition, view, on)
        there = view.standings(one.name for one in opening)
        return Decision(
            opens=tuple(one for one in opening if one.name not in there),
            rebounds=rebounds(view, self.terms.bounds(self.condition, view)),
            records=(Version("condition", self.condition, body),),
        )


class GrantWaiver(Action):
    """Waive a condition for a licence on some days; it takes two persons and a reason."""

    action: Literal["waiver.grant"]
    licence: Id
    condition: Id
    from_on: dt.date
    until: dt.date
    """First day on which the condition applies again."""

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
        span = {
            "from": self.from_on.isoformat(), "until": self.until.isoformat(),
            "reason": self.reason, "proposed_by": self.actor,
        }  # fmt: skip
        spans = [*(earlier["spans"] if earlier else []), span]
        return Decision(records=(Version("waiver", key, {"spans": spans}),))


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
        if (there := view.find("earning", proof)) is not None:
            wrong(f"{self.reference} earned {there['credits']:,} on {there['on']}", "count it once")
        refuse(faults)
        places = terms.places(self.condition, self.party)
        standing = view.standings(one.name for one in places)
        credits_ = self.quantity * terms.earned
        unit = names.source(names.credit_unit(self.condition))
        body = {
            "party": self.party, "chip": self.chip, "quantity": self.quantity,
            "credits": credits_, "on": on.isoformat(),
        }  # fmt: skip
        place = names.credits(self.condition, self.party)
        return Decision(
            opens=tuple(one for one in places if one.name not in standing),
            records=(Version("earning", proof, body),),
            transfers=(move(self.id, 1, unit, place, credits_, "earn"),),
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
        moved: list[Account] = []
        for name, kept in view.records("condition").items():
            terms = terms_of(kept)
            if isinstance(terms, MovingCapTerms) and terms.reference == self.reference:
                moved += terms.bounds(name, view, body["periods"])
        return Decision(
            rebounds=rebounds(view, moved),
            records=(Version(REFERENCE, self.reference, body),),
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
        if self.due_on not in terms.due(self.due_on + dt.timedelta(days=1)):
            message = f"no report is due on {self.due_on}"
            remedy = f"they are due every {terms.every_days} days from {terms.first_on}"
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


def rebounds(view: View, bounded: list[Account]) -> tuple[Account, ...]:
    """Return those of some accounts whose bounds change."""
    there = view.standings(one.name for one in bounded)
    return tuple(one for one in bounded if one != there[one.name].account)
