"""A process that writes to a ledger, and says what was acknowledged to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.ledger.journal.journal import Journal
from tests.unit.ledger.build import event, move

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from headworks.ledger.journal.event import Draft

PARTS = 5
"""Transfers of one event."""


def draft(number: int) -> Draft:
    """Return the event of a number."""
    parts = (move(f"t{number}-{part}", "world", "drawn", 1) for part in range(PARTS))
    return event(f"e{number}", *parts)


def write(place: str, first: int, answers: Connection) -> None:
    """Write events from a number on without end, and send number and hash of each."""
    journal = Journal(place)
    answers.send((-1, ""))
    while True:
        answers.send((first, journal.append(draft(first)).hash))
        first += 1
