"""Who takes part: parties with their relations, persons with their roles, sites."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from headworks.errors import Fault
from headworks.ledger.actions.action import Action, Decision, Id, Version
from headworks.ledger.authority import ROLES
from headworks.ledger.journal.view import View, refuse
from headworks.scenario.model import Text


class RegisterParty(Action):
    """Register a party, or say something new of it."""

    action: Literal["party.register"]
    party: Id
    name: Text
    jurisdiction: Text
    """Country code of where it is established."""
    parent: Id | None = None
    """The party that controls it; related parties count as one where a condition says so."""

    def decide(self, view: View, on: dt.date) -> Decision:  # noqa: ARG002
        """Return the new version of the party."""
        above, seen = self.parent, [self.party]
        while above is not None:
            if above in seen:
                message = f"it would control itself: {' → '.join([*seen, above])}"
                refuse([Fault("party", 0, self.party, message, "name another parent")])
            seen.append(above)
            above = view.record("party", above)["parent"]
        body = {"name": self.name, "jurisdiction": self.jurisdiction, "parent": self.parent}
        return Decision(records=(Version("party", self.party, body),))


class RegisterActor(Action):
    """Register a person or a system that acts, or change what it may do."""

    action: Literal["actor.register"]
    person: Id
    name: Text
    roles: tuple[Literal[
        "applicant", "officer", "approver", "customs", "auditor", "administrator"
    ], ...]  # fmt: skip
    party: Id | None = None
    """For whom an applicant acts."""

    def decide(self, view: View, on: dt.date) -> Decision:  # noqa: ARG002
        """Return the new version of the actor."""
        if self.party is not None:
            view.record("party", self.party)
        if "applicant" in self.roles and self.party is None:
            message = "an applicant acts for a party, and none is named"
            refuse([Fault("actor", 0, self.person, message, "give its `party`")])
        roles = [role for role in ROLES if role in self.roles]
        body = {"name": self.name, "roles": roles, "party": self.party}
        return Decision(records=(Version("actor", self.person, body),))


class RegisterSite(Action):
    """Register a site at which chips are installed."""

    action: Literal["site.register"]
    site: Id
    name: Text
    jurisdiction: Text
    """Country code of where it stands."""
    operator: Id
    """The party that runs it."""

    def decide(self, view: View, on: dt.date) -> Decision:  # noqa: ARG002
        """Return the new version of the site."""
        view.record("party", self.operator)
        body = {"name": self.name, "jurisdiction": self.jurisdiction, "operator": self.operator}
        return Decision(records=(Version("site", self.site, body),))
