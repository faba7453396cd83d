"""Acting: an action becomes an event, if its actor may do it and, where it takes two, a second."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from headworks.errors import Fault
from headworks.ledger.actions.proposals import AgreeProposal
from headworks.ledger.actions.registry import action_of
from headworks.ledger.authority import hindrances
from headworks.ledger.journal.event import Draft, Event, Receipt
from headworks.ledger.journal.event import Record as Version
from headworks.ledger.journal.soundness import TWO_PERSONS
from headworks.ledger.journal.view import refuse

if TYPE_CHECKING:
    from headworks.ledger.actions.action import Action
    from headworks.ledger.journal.writing import Writing

NOW = frozenset({"shipment.reserve"})
"""Actions by which a holder could dodge a rule of today with a day of the past."""
DONE = frozenset({
    "shipment.draw", "shipment.correct", "installation.install", "installation.remove",
})  # fmt: skip
"""Actions that tell what has happened, so that it cannot lie in the future."""
PROPOSE = ".propose"
"""Ending of the kind of an event that waits for a second person."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a ledger answers to an action."""

    action: str
    receipt: Receipt
    awaits_second: bool = False
    """Whether it has not happened yet: another person must agree to the proposal first."""

    def to_json(self) -> dict[str, Any]:
        """Return the answer as plain values."""
        kept = self.receipt
        return {
            "action": self.action, "id": kept.id, "seq": kept.seq, "recorded_at": kept.recorded_at,
            "hash": kept.hash, "repeated": kept.repeated, "awaits_second": self.awaits_second,
        }  # fmt: skip


def act(turn: Writing, told: Action) -> Answer:
    """Do what an action says within a turn to write.

    Raises:
        LedgerError: It may not happen; every reason is listed.
    """
    if (earlier := turn.event(told.id)) is not None:
        return _again(told, earlier)
    if isinstance(told, AgreeProposal):
        return _agree(turn, told)
    on = told.on or turn.today
    faults = list(hindrances(turn, told.actor, told.right, told.party_concerned(turn)))
    refuse([*faults, *_out_of_time(turn, told, on)])
    made = _draft(turn, told, on)
    if told.right not in TWO_PERSONS:
        return Answer(told.right, turn.append(made))
    # It was decided all the same: what cannot happen need not be proposed.
    body = {"command": told.command(), "state": "open"}
    kind = f"{told.right}{PROPOSE}"
    proposal = Draft(
        told.id, kind, told.actor, kind, told.reason, effective_on=on,
        records=(Version("proposal", told.id, body),), command=told.command(),
    )  # fmt: skip
    return Answer(told.right, turn.append(proposal), awaits_second=True)


def _out_of_time(turn: Writing, told: Action, on: dt.date) -> Iterator[Fault]:
    """Yield why an action may not be of another day than today."""
    if told.right in NOW and on < turn.today:
        roles = turn.record("actor", told.actor)["roles"]
        if "officer" not in roles:
            message = f"it is of {on}, and {told.actor} reserves from {turn.today} on (L10)"
            yield Fault("action", 0, told.id, message, "reserve as of today, or let an officer")
    if told.right in DONE and on > turn.today:
        message = f"it is of {on}, and only what happened by {turn.today} can be recorded (L9)"
        yield Fault("action", 0, told.id, message, "record it when it has happened")


def _draft(turn: Writing, told: Action, on: dt.date) -> Draft:
    decision = told.decide(turn, on)
    return Draft(
        told.id, told.right, told.actor, told.right, told.reason, effective_on=on,
        opens=decision.opens, rebounds=decision.rebounds, records=decision.records,
        transfers=decision.transfers, command=told.command(),
    )  # fmt: skip


def _agree(turn: Writing, told: AgreeProposal) -> Answer:
    """Do what was proposed, since a second person agrees to it.

    Raises:
        LedgerError: There is no open proposal, or this person may not agree to it.
    """
    found = turn.record("proposal", told.proposal)
    first = action_of(found["command"])
    faults = list(hindrances(turn, told.actor, first.right, None))
    faults += hindrances(turn, first.actor, first.right, None)
    if found["state"] != "open":
        faults.append(
            Fault("proposal", 0, told.proposal, f"it is {found['state']}", "propose it again")
        )
    if first.actor == told.actor:
        message = f"{told.actor} proposed it, and another person must agree (L16)"
        faults.append(Fault("proposal", 0, told.proposal, message, "let another person agree"))
    # Who proposed must still be allowed to when it happens.
    faults += hindrances(turn, first.actor, first.right, first.party_concerned(turn))
    refuse(faults)
    made = _draft(turn, first.model_copy(update={"id": told.id}), first.on or turn.today)
    settled = Version("proposal", told.proposal, {**found, "state": "agreed"})
    draft = replace(
        made, second=told.actor, records=(*made.records, settled), command=told.command()
    )
    return Answer(first.right, turn.append(draft))


def _again(told: Action, earlier: Event) -> Answer:
    """Return the first answer to an action that was done already (L5).

    Raises:
        LedgerError: What was done under its id is something else.
    """
    if json.loads(earlier.body).get("command") != told.command():
        message = (
            f"event {earlier.seq} of {earlier.recorded_at} has this id and other content (L5): "
            f"{earlier.kind} by {earlier.actor}"
        )
        refuse([Fault("action", 0, told.id, message, "give what is new its own id")])
    receipt = Receipt(
        earlier.seq, earlier.id, earlier.recorded_at, earlier.hash.hex(), repeated=True
    )
    # An agreement is told as what it made happen, then as now.
    action = earlier.kind.removesuffix(PROPOSE)
    return Answer(action, receipt, awaits_second=earlier.kind.endswith(PROPOSE))
