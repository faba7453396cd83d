"""What counts against a condition: whose units, in which unit, and on which account."""

from __future__ import annotations

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


def holder(view: View, per: Per, party: str) -> str:
    """Return under which name a party's units count."""
    if per == "all":
        return "all"
    return party if per == "party" else group_of(view, party)


def amount(view: View, passage: Passage, unit: str) -> int:
    """Return how much of a unit a passage takes."""
    per_chip, _ = factor(view, passage.line["chip"], unit)
    return passage.quantity * per_chip


def held(view: View, passage: Passage, unit: str) -> int:
    """Return how much of it the passage holds already."""
    per_chip, _ = factor(view, passage.line["chip"], unit)
    return passage.held.units * per_chip


def counted(view: View, meter: str, passage: Passage, unit: str) -> int:
    """Return what stands on a meter beside what the passage holds on it itself."""
    there = view.standings([meter])
    if meter not in there:
        return 0
    return max(0, there[meter].expected - held(view, passage, unit))


def flow(view: View, name: str, whose: str, passage: Passage, unit: str) -> Flow:
    """Return the movement with which a passage counts on a meter."""
    return Flow(names.source(unit), names.meter(name, whose), amount(view, passage, unit), "count")


def accounts(name: str, whose: str, unit: str, ceiling: int) -> list[Account]:
    """Return the accounts of that movement."""
    return [
        Account(names.source(unit), unit, floor=None),
        Account(names.meter(name, whose), unit, ceiling=ceiling),
    ]
