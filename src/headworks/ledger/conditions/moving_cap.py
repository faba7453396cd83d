"""The moving cap: at most a share of what somebody else is reported to have had."""

from __future__ import annotations

import datetime as dt
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

REFERENCE = "reference"
"""Kind of record that keeps what was reported, by period."""


class MovingCapTerms(Terms):
    """All together may have at most a share of a reference flow, which grows as it is reported."""

    kind: Literal["moving_cap"]
    reference: Id
    """The flow that is reported with `reference.report`, such as shipments to US buyers."""
    share: tuple[Amount, Amount]
    """Numerator and denominator of the share."""
    unit: Id = names.UNITS
    fixed: ClassVar[tuple[str, ...]] = ("unit",)

    def ceiling(self, view: View) -> int:
        """Return how much may pass by what is reported so far; rounded down."""
        found = view.find(REFERENCE, self.reference)
        above, below = self.share
        return sum(found["periods"].values()) * above // below if found else 0

    def finding(self, name: str, view: View, passage: Passage) -> Finding:
        """Return whether the reference leaves room for the passage."""
        ceiling = self.ceiling(view)
        counted = meters.counted(view, [names.meter(name, "all")], passage)
        asked = meters.amount(view, passage, self.unit)
        room = max(0, ceiling - counted)
        above, below = self.share
        return Finding(
            name, self.kind, asked <= room,
            f"{above}/{below} of {self.reference} are {ceiling:,} {self.unit}, {counted:,} have "
            f"passed or are reserved{meters.beyond(counted, ceiling)}, and {asked:,} are to",
            cure=f"take at most {room:,}, or wait for the next report of {self.reference}",
        )  # fmt: skip

    def flows(self, name: str, view: View, passage: Passage) -> list[Flow]:
        """Return what counts against the cap."""
        return [meters.flow(view, names.meter(name, "all"), passage, self.unit)]

    def opening(self, name: str, view: View, on: dt.date) -> list[Account]:  # noqa: ARG002
        """Return the meter, which reports move from then on."""
        return meters.accounts(names.meter(name, "all"), self.unit, self.ceiling(view))

    def bounded(self, name: str, view: View) -> list[Account]:
        """Return the meter with its ceiling; what has passed already stands."""
        there = view.standings([names.meter(name, "all")])
        return [replace(one.account, ceiling=self.ceiling(view)) for one in there.values()]
