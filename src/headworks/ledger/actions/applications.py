"""Applications: what a party asks for in a round, as a case of its own beside any licence."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from headworks.errors import Fault
from headworks.ledger.actions.action import Action, Amount, Decision, Id, Version
from headworks.ledger.conversion import factor
from headworks.ledger.journal.view import View, refuse
from headworks.ledger.machines import CASE, step
from headworks.ledger.relations import group_of
from headworks.scenario.model import Text


class SubmitApplication(Action):
    """Apply for a share of a round."""

    action: Literal["application.submit"]
    application: Id
    round: Id
    party: Id
    chip: Id
    requested: Amount
    """Chips."""
    route: Id | None = None
    use: Literal["training", "inference", "any"] = "any"

    def party_concerned(self, view: View) -> str:  # noqa: ARG002
        """Return who applies."""
        return self.party

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the case as submitted."""
        body = view.record("round", self.round)
        view.record("party", self.party)
        faults: list[Fault] = []

        def wrong(message: str, remedy: str) -> None:
            faults.append(Fault("application", 0, self.application, message, remedy))

        if view.find("application", self.application) is not None:
            wrong("it exists", "choose another id")
        if body["state"] != "open":
            wrong(f"round {self.round} is {body['state']}", "apply while it is open")
        elif not body["opens_on"] <= on.isoformat() < body["closes_on"]:
            wrong(
                f"round {self.round} takes applications from {body['opens_on']} until before "
                f"{body['closes_on']}, and this is {on}",
                "apply within these days",
            )
        if body["eligible"] and not {self.party, group_of(view, self.party)} & {*body["eligible"]}:
            wrong(f"{self.party} is not eligible in {self.round}", "see who is eligible")
        pool = view.record("pool", body["pool"])
        if pool["chips"] and self.chip not in pool["chips"]:
            wrong(
                f"{body['pool']} is for {', '.join(pool['chips'])}, not for {self.chip}",
                "ask for these chips",
            )
        refuse(faults)
        per_chip, version = factor(view, self.chip, pool["unit"])
        case: dict[str, Any] = {
            "round": self.round, "party": self.party, "chip": self.chip, "route": self.route,
            "use": self.use, "units": self.requested, "requested": self.requested * per_chip,
            "conversion": version, "need": None, "state": "submitted", "notes": [],
        }  # fmt: skip
        return Decision(records=(Version("application", self.application, case),))


class MoveApplication(Action):
    """Take up an application, ask about it, answer, return, withdraw, appeal or close it."""

    action: Literal[
        "application.take_up", "application.ask", "application.answer", "application.return",
        "application.withdraw", "application.appeal", "application.close",
    ]  # fmt: skip
    application: Id
    note: str = ""
    """The question, the answer or the grounds."""

    def party_concerned(self, view: View) -> str | None:
        """Return who applied."""
        return _party(view, self.application)

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the case in its next state; what was said stays in its notes."""
        case = view.record("application", self.application)
        name = self.action.removeprefix("application.")
        state = step(CASE, case["state"], name, what=f"application {self.application}")
        return Decision(records=(_version(self, case, state, on, self.note, {}),))


class DecideApplication(Action):
    """Decide an application: approved, refused or in part, with the need that was verified."""

    action: Literal["application.decide"]
    application: Id
    need: int
    """Verified need in chips; 0 refuses the application."""
    grounds: Text

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the case as decided: the need is the claim with which the round's rule is fed."""
        case = view.record("application", self.application)
        state = step(CASE, case["state"], "decide", what=f"application {self.application}")
        if not 0 <= self.need <= case["units"]:
            message = (
                f"a need of {self.need:,} is not between 0 and the {case['units']:,} asked for"
            )
            remedy = "verify at most what is asked for"
            refuse([Fault("application", 0, self.application, message, remedy)])
        pool = view.record("pool", view.record("round", case["round"])["pool"])
        per_chip, version = factor(view, case["chip"], pool["unit"])
        outcome = "refused" if not self.need else "approved"
        outcome = "partly" if 0 < self.need < case["units"] else outcome
        new = {"need": self.need * per_chip, "conversion": version, "outcome": outcome}
        return Decision(records=(_version(self, case, state, on, self.grounds, new),))


def _version(
    told: MoveApplication | DecideApplication,
    case: dict[str, Any],
    state: str,
    on: dt.date,
    note: str,
    new: dict[str, Any],
) -> Version:
    said = [{"on": on.isoformat(), "by": told.actor, "step": told.right, "note": note}]
    body = {**case, **new, "state": state, "notes": [*case["notes"], *said]}
    return Version("application", told.application, body)


def _party(view: View, application: str) -> str | None:
    found = view.find("application", application)
    return None if found is None else found["party"]
