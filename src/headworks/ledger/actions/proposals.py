"""Proposals: what one person wants and a second one must agree to."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from headworks.errors import Fault
from headworks.ledger.actions.action import Action, Decision, Name, Version
from headworks.ledger.journal.view import View, refuse


class AgreeProposal(Action):
    """Agree to what another person proposed, so that it happens."""

    action: Literal["proposal.agree"]
    proposal: Name
    """Id of the action that was proposed."""


class WithdrawProposal(Action):
    """Withdraw a proposal to which nobody has agreed."""

    action: Literal["proposal.withdraw"]
    proposal: Name

    def decide(self, view: View, on: dt.date) -> Decision:  # noqa: ARG002
        """Return the proposal as it stands afterwards."""
        found = view.record("proposal", self.proposal)
        faults: list[Fault] = []
        if found["state"] != "open":
            message = f"it is {found['state']}"
            faults.append(
                Fault("proposal", 0, self.proposal, message, "nothing is left to withdraw")
            )
        own = found["command"]["actor"] == self.actor
        if not own and "administrator" not in view.record("actor", self.actor)["roles"]:
            message = f"{found['command']['actor']} proposed it, not {self.actor} (L16)"
            remedy = "let its proposer or an administrator withdraw it"
            faults.append(Fault("proposal", 0, self.proposal, message, remedy))
        refuse(faults)
        body = {**found, "state": "withdrawn"}
        return Decision(records=(Version("proposal", self.proposal, body),))
