"""Awards that leave their holder: given back to the pool, or passed on to another party."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Literal

from headworks.errors import Fault
from headworks.ledger import names
from headworks.ledger.actions.action import Action, Amount, Decision, Id, Version, move
from headworks.ledger.actions.pools import parent_share
from headworks.ledger.actions.rounds import shared_by
from headworks.ledger.journal.account import Account
from headworks.ledger.journal.view import View, refuse
from headworks.ledger.machines import TRANSFER, step
from headworks.ledger.relations import group_of
from headworks.scenario.model import Text

TRANSFERRED = "award_transfer"
"""Kind of the record of a transfer between parties."""


class ReturnAward(Action):
    """Give back a part of an award that is not on a licence."""

    action: Literal["award.return"]
    round: Id
    party: Id
    amount: Amount
    """In the pool's unit."""

    def party_concerned(self, view: View) -> str:  # noqa: ARG002
        """Return whose award it is."""
        return self.party

    def decide(self, view: View, on: dt.date) -> Decision:  # noqa: ARG002
        """Return the movement back into the pool, and into those above it."""
        body = view.record("round", self.round)
        refuse(_without_award(view, self.round, self.party))
        back = [(names.award(self.round, self.party), shared_by(body), self.amount)]
        back += parent_share(view, body["pool"], -self.amount)
        return Decision(
            transfers=tuple(
                move(self.id, number, *flow, "return") for number, flow in enumerate(back, start=1)
            )
        )


class AskTransfer(Action):
    """Ask that a party's award, or a part of it, may pass to another party."""

    action: Literal["award.transfer.ask"]
    transfer: Id
    round: Id
    party: Id
    """Who gives."""
    to: Id
    amount: Amount
    """In the pool's unit."""

    def party_concerned(self, view: View) -> str:  # noqa: ARG002
        """Return whose award it is."""
        return self.party

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the transfer as asked for; nothing moves before it is approved."""
        round_ = view.record("round", self.round)
        view.record("party", self.to)
        faults = list(_without_award(view, self.round, self.party))
        if view.find(TRANSFERRED, self.transfer) is not None:
            faults.append(Fault("transfer", 0, self.transfer, "it exists", "choose another id"))
        if self.to == self.party:
            message = f"{self.to} would give to itself"
            faults.append(Fault("transfer", 0, self.transfer, message, "name another party"))
        named = {*round_["eligible"]}
        if named and not {self.to, group_of(view, self.to)} & named:
            message = f"{self.to} is not eligible in {self.round}"
            faults.append(Fault("transfer", 0, self.transfer, message, "name an eligible party"))
        refuse(faults)
        body = {
            "round": self.round, "party": self.party, "to": self.to, "amount": self.amount,
            "asked_on": on.isoformat(), "state": "asked",
        }  # fmt: skip
        return Decision(records=(Version(TRANSFERRED, self.transfer, body),))


class DecideTransfer(Action):
    """Approve a transfer that was asked for, so that it happens, or refuse it."""

    action: Literal["award.transfer", "award.transfer.refuse"]
    transfer: Id
    grounds: Text
    """Why it is approved, or refused."""

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the movement between the two parties' balances, where it is approved."""
        asked = view.record(TRANSFERRED, self.transfer)
        approves = self.action == "award.transfer"
        name = "approve" if approves else "refuse"
        state = step(TRANSFER, asked["state"], name, what=f"transfer {self.transfer}")
        body = {**asked, "state": state, "grounds": self.grounds, "decided_on": on.isoformat()}
        records = (Version(TRANSFERRED, self.transfer, body),)
        if not approves:
            return Decision(records=records)
        giver, taker = (names.award(asked["round"], asked[who]) for who in ("party", "to"))
        unit = view.standing(giver).account.unit
        return Decision(
            opens=() if taker in view.standings([taker]) else (Account(taker, unit),),
            records=records,
            transfers=(move(self.id, 1, giver, taker, asked["amount"], "transfer"),),
        )


def _without_award(view: View, round_: str, party: str) -> Iterator[Fault]:
    """Yield that a party has no award in a round, where it has none."""
    place = names.award(round_, party)
    if place not in view.standings([place]):
        message = f"{party} has no award in {round_}"
        yield Fault("award", 0, party, message, "see `headworks ledger round show`")
