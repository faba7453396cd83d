"""The rolling limit: at most so many units in any days that follow each other."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from headworks.ledger import names
from headworks.ledger.conditions.condition import Terms
from headworks.ledger.journal.account import Account
from headworks.ledger.passage import Finding, Flow
from headworks.ledger.relations import lineage
from headworks.ledger.values import Amount

if TYPE_CHECKING:
    from headworks.ledger.journal.view import View
    from headworks.ledger.passage import Passage


class WindowTerms(Terms):
    """In any window of days at most so many units may be drawn or reserved."""

    kind: Literal["window"]
    days: Annotated[int, Field(ge=1, le=3660)]
    """Length of the window."""
    limit: Amount
    """Units."""
    per: Literal["licence", "party"] = "licence"
    """Whose units count together; a licence with all that it superseded counts as one."""
    fixed: ClassVar[tuple[str, ...]] = ("per",)

    def finding(self, name: str, view: View, passage: Passage) -> Finding:
        """Return whether every window that the day is in has room for the passage.

        Days count by when something happened, so that what is recorded late counts where it
        belongs, and a late draw is looked at together with what came after it.
        """
        reach = dt.timedelta(days=self.days - 1)
        by_day = self._by_day(name, view, passage)
        fullest, most = passage.on, 0
        for back in range(self.days):
            first = passage.on - dt.timedelta(days=back)
            inside = sum(units for day, units in by_day.items() if first <= day <= first + reach)
            if inside > most:
                fullest, most = first, inside
        room = max(0, self.limit - most)
        return Finding(
            name, self.kind, passage.quantity <= room,
            f"{self.limit:,} may pass in any {self.days} days, {most:,} do from {fullest} on, and "
            f"{passage.quantity:,} are to",
            cure=f"take at most {room:,}, or wait until {fullest + reach + dt.timedelta(days=1)}",
        )  # fmt: skip

    def _by_day(self, name: str, view: View, passage: Passage) -> dict[dt.date, int]:
        """Return what passed or is reserved on each day that shares a window with it."""
        whose = self._whose(view, passage)
        reach = range(1 - self.days, self.days)
        days = [passage.on + dt.timedelta(days=number) for number in reach]
        places = {_meter(name, whose, day): day for day in days}
        return {
            places[meter]: one.expected - passage.held.get(meter, 0)
            for meter, one in view.standings(places).items()
        }

    def _whose(self, view: View, passage: Passage) -> str:
        """Return under which name units count: the party, or the licence that was varied first."""
        if self.per == "party":
            return passage.party
        *_, (first, _) = lineage(view, passage.licence, passage.terms)
        return first

    def flows(self, name: str, view: View, passage: Passage) -> list[Flow]:
        """Return what counts on the day's meter."""
        meter = _meter(name, self._whose(view, passage), passage.on)
        return [Flow(names.source(names.UNITS), meter, passage.quantity, "count")]

    def back(self, name: str, view: View, passage: Passage) -> list[Flow]:
        """Return what comes back, from the newest days on which something counts."""
        place, rest = names.meter(name, f"{self._whose(view, passage)}."), passage.quantity
        found: list[Flow] = []
        days = sorted(view.all_standings(place), key=lambda one: one.account.name, reverse=True)
        for one in days:
            if counted := min(rest, one.available):
                outside = names.source(names.UNITS)
                found.append(Flow(one.account.name, outside, counted, "count"))
                rest -= counted
        return found

    def accounts(self, name: str, view: View, passage: Passage) -> list[Account]:
        """Return the day's meter."""
        meter = _meter(name, self._whose(view, passage), passage.on)
        return [
            Account(names.source(names.UNITS), names.UNITS, floor=None),
            Account(meter, names.UNITS),
        ]


def _meter(name: str, whose: str, day: dt.date) -> str:
    return names.meter(name, f"{whose}.{day.isoformat()}")
