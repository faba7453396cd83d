"""The cap: at most so much for a party, for related parties, or for all together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

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
    """At most so much may pass. The store refuses more on each meter; a group is summed by rule."""

    kind: Literal["cap"]
    limit: Amount
    """In `unit`, over all time."""
    unit: Id = names.UNITS
    """`units`, or a measure such as `tpp` for which there are conversion factors."""
    per: meters.Per = "party"
    fixed: ClassVar[tuple[str, ...]] = ("unit", "per")

    def finding(self, name: str, view: View, passage: Passage) -> Finding:
        """Return whether the cap has room for the passage."""
        counted = meters.counted(view, self._meters(name, view, passage.party), passage)
        asked = meters.amount(view, passage, self.unit)
        room = max(0, self.limit - counted)
        whose = {"party": passage.party, "group": f"the group of {passage.party}", "all": "all"}
        return Finding(
            name, self.kind, asked <= room,
            f"{whose[self.per]} may have {self.limit:,} {self.unit}, has {counted:,}"
            f"{meters.beyond(counted, self.limit)}, and {asked:,} are to pass",
            cure=f"take at most {room:,} {self.unit}, or ask for a waiver",
        )  # fmt: skip

    def _meters(self, name: str, view: View, party: str) -> list[str]:
        if self.per == "all":
            return [meters.meter(name, "all", party)]
        found = meters.members(view, self.per, party)
        return [meters.meter(name, self.per, one) for one in found]

    def flows(self, name: str, view: View, passage: Passage) -> list[Flow]:
        """Return what counts against the cap."""
        place = meters.meter(name, self.per, passage.party)
        return [meters.flow(view, place, passage, self.unit)]

    def accounts(self, name: str, view: View, passage: Passage) -> list[Account]:  # noqa: ARG002
        """Return the party's meter, with the cap as its ceiling."""
        place = meters.meter(name, self.per, passage.party)
        return meters.accounts(place, self.unit, self.limit)

    def bounded(self, name: str, view: View) -> list[Account]:
        """Return every meter that there is, with the cap as its ceiling; what counts stands."""
        found = view.all_standings(names.meter(name, ""))
        return [replace(one.account, ceiling=self.limit) for one in found]
