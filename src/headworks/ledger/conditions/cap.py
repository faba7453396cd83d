"""The cap: at most so much for a party, for related parties, or for all together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from headworks.ledger import names
from headworks.ledger.conditions import meters
from headworks.ledger.conditions.condition import Terms
from headworks.ledger.passage import Finding
from headworks.ledger.values import Amount
from headworks.scenario.model import Id

if TYPE_CHECKING:
    from headworks.ledger.journal.account import Account
    from headworks.ledger.journal.view import View
    from headworks.ledger.passage import Flow, Passage


class CapTerms(Terms):
    """At most so much may pass; the store itself refuses more."""

    fixed = ("unit", "per")
    kind: Literal["cap"]
    limit: Amount
    """In `unit`, over all time."""
    unit: Id = names.UNITS
    """`units`, or a measure such as `tpp` for which there are conversion factors."""
    per: meters.Per = "party"

    def finding(self, name: str, view: View, passage: Passage) -> Finding:
        """Return whether the cap has room for the passage."""
        whose = meters.holder(view, self.per, passage.party)
        counted = meters.counted(view, names.meter(name, whose), passage, self.unit)
        asked = meters.amount(view, passage, self.unit)
        room = max(0, self.limit - counted)
        return Finding(
            name, self.kind, asked <= room,
            f"{whose} may have {self.limit:,} {self.unit}, has {counted:,}, and {asked:,} are to "
            "pass",
            cure=f"take at most {room:,} {self.unit}, or ask for a waiver",
        )  # fmt: skip

    def flows(self, name: str, view: View, passage: Passage) -> list[Flow]:
        """Return what counts against the cap."""
        whose = meters.holder(view, self.per, passage.party)
        return [meters.flow(view, name, whose, passage, self.unit)]

    def accounts(self, name: str, view: View, passage: Passage) -> list[Account]:
        """Return the holder's meter, with the cap as its ceiling."""
        whose = meters.holder(view, self.per, passage.party)
        return meters.accounts(name, whose, self.unit, self.limit)

    def bounds(self, name: str, view: View) -> list[Account]:
        """Return every meter that there is, with the cap as its ceiling."""
        return [
            replace(one.account, ceiling=self.limit)
            for one in view.all_standings(names.meter(name, ""))
        ]
