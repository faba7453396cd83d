"""The pairing: imports use credits that domestic chips have earned."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from headworks.ledger import names
from headworks.ledger.conditions.condition import Terms
from headworks.ledger.journal.account import Account
from headworks.ledger.passage import Finding, Flow
from headworks.ledger.values import Amount
from headworks.scenario.model import Id

if TYPE_CHECKING:
    from headworks.ledger.journal.view import View
    from headworks.ledger.passage import Passage


class PairingTerms(Terms):
    """Each import uses credits, of which the account can give no more than were earned."""

    kind: Literal["pairing"]
    domestic: Annotated[tuple[Id, ...], Field(min_length=1)]
    """Chips that earn credits."""
    earned: Amount
    """Credits that one domestic chip earns."""
    used: Amount
    """Credits that one imported chip uses."""
    trigger: Literal["contract", "delivery", "installation"]
    """What earns them."""
    grace: Annotated[int, Field(ge=0)] = 0
    """Credits that a party may owe, for imports that come first."""

    def finding(self, name: str, view: View, passage: Passage) -> Finding:
        """Return whether the party has the credits that the passage uses."""
        place = names.credits(name, passage.party)
        there = view.standings([place])
        have = self.grace + (there[place].available if place in there else 0)
        have += passage.held.get(place, 0)
        need = self.used * passage.quantity
        missing = -(-max(0, need - have) // self.earned)
        return Finding(
            name, self.kind, need <= have,
            f"{passage.quantity:,} imports use {need:,} credits, and {passage.party} has {have:,}",
            cure=f"earn more by the {self.trigger} of {missing:,} domestic chips, or take at most "
            f"{max(0, have) // self.used:,}",
        )  # fmt: skip

    def flows(self, name: str, view: View, passage: Passage) -> list[Flow]:  # noqa: ARG002
        """Return the credits that the passage uses."""
        amount = self.used * passage.quantity
        return [Flow(names.credits(name, passage.party), names.used(name), amount, "credits")]

    def accounts(self, name: str, view: View, passage: Passage) -> list[Account]:  # noqa: ARG002
        """Return the party's credits, which end at the grace, and where used ones go."""
        return self.places(name, passage.party)

    def places(self, name: str, party: str) -> list[Account]:
        """Return the accounts of a party's credits."""
        unit = names.credit_unit(name)
        return [
            Account(names.source(unit), unit, floor=None),
            Account(names.used(name), unit),
            Account(names.credits(name, party), unit, floor=-self.grace),
        ]

    def bounded(self, name: str, view: View) -> list[Account]:
        """Return the credits of every party, which end at the grace."""
        found = view.all_standings(names.credits(name, ""))
        # A debt that a longer grace allowed stands, and is paid before anything passes.
        return [replace(one.account, floor=-self.grace) for one in found]
