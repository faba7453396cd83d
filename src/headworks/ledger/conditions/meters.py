"""What counts against a condition: whose units, in which unit, and on which account."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from headworks.ledger import names
from headworks.ledger.conversion import factor
from headworks.ledger.journal.account import Account
from headworks.ledger.passage import Flow
from headworks.ledger.relations import group_of

if TYPE_CHECKING:
    from headworks.ledger.journal.view import View
    from headworks.ledger.passage import Passage

Per = Literal["party", "group", "all"]
"""Whose units count together: a party's, those of related parties, or everybody's."""


def members(view: View, per: Per, party: str) -> list[str]:
    """Return the parties whose units count together with a party's, itself among them.

    Relations are those of the moment: who joins a group brings what it has drawn.
    """
    if per == "party":
        return [party]
    top = group_of(view, party)
    return [one for one in view.records("party") if one == party or group_of(view, one) == top]


def meter(name: str, per: Per, party: str) -> str:
    """Return the account on which a party's units count."""
    return names.meter(name, "all" if per == "all" else party)


def amount(view: View, passage: Passage, unit: str) -> int:
    """Return how much of a unit a passage takes."""
    per_chip, _ = factor(view, passage.line["chip"], unit)
    return passage.quantity * per_chip


def counted(view: View, meters: Iterable[str], passage: Passage) -> int:
    """Return what stands on meters beside what is held on them for the passage itself."""
    there = view.standings(meters)
    return sum(max(0, one.expected - passage.held.get(name, 0)) for name, one in there.items())


def beyond(counted: int, limit: int) -> str:
    """Return by how much a limit is exceeded, for a message; empty where it is not."""
    return f" ({counted - limit:,} beyond it)" if counted > limit else ""


def flow(view: View, place: str, passage: Passage, unit: str) -> Flow:
    """Return the movement with which a passage counts on a meter."""
    return Flow(names.source(unit), place, amount(view, passage, unit), "count")


def accounts(place: str, unit: str, ceiling: int | None) -> list[Account]:
    """Return the accounts of that movement."""
    return [Account(names.source(unit), unit, floor=None), Account(place, unit, ceiling=ceiling)]
