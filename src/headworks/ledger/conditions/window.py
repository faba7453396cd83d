"""The rolling limit: at most so many units in any days that follow each other."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from headworks.ledger import names
from headworks.ledger.conditions.condition import Terms
from headworks.ledger.passage import Finding
from headworks.ledger.relations import lineage
from headworks.ledger.values import Amount

if TYPE_CHECKING:
    from headworks.ledger.journal.view import View
    from headworks.ledger.passage import Passage


class WindowTerms(Terms):
    """In any window of days at most so many units may be drawn or reserved.

    A licence and those that it varies count as one.
    """

    kind: Literal["window"]
    days: Annotated[int, Field(ge=1, le=3660)]
    """Length of the window."""
    limit: Amount
    """Units."""

    def finding(self, name: str, view: View, passage: Passage) -> Finding:
        """Return whether every window that the day is in has room for the passage.

        Days count by when something happened, so that what is recorded late counts where it
        belongs, and a late draw is looked at together with what came after it.
        """
        reach = dt.timedelta(days=self.days - 1)
        pairs = [
            (names.line(licence, one), names.cleared(licence, one))
            for licence, terms in lineage(view, passage.licence, passage.terms)
            for one in terms["lines"]
        ]
        by_day = Counter(
            view.moved_by_day(pairs, first=passage.on - reach, last=passage.on + reach)
        )
        if passage.held.on is not None:
            by_day[passage.held.on] -= passage.held.units
        fullest, most = passage.on - reach, 0
        for back in range(self.days):
            first = passage.on - dt.timedelta(days=back)
            inside = sum(units for day, units in by_day.items() if first <= day <= first + reach)
            if inside >= most:
                fullest, most = first, inside
        room = max(0, self.limit - most)
        return Finding(
            name, self.kind, passage.quantity <= room,
            f"{self.limit:,} may pass in any {self.days} days, {most:,} do from {fullest} on, and "
            f"{passage.quantity:,} are to",
            cure=f"take at most {room:,}, or wait until {fullest + reach + dt.timedelta(days=1)}",
        )  # fmt: skip
