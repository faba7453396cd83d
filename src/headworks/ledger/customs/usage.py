"""A usage file: what customs says was drawn, in total and by declaration, and which licences ended.

The words are those of the licence usage messages of British customs (CHIEF).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from headworks.ledger.journal.event import canonical

STATUSES = {
    "O": "open",
    "E": "exhausted",
    "S": "surrendered",
    "D": "date expired",
    "C": "cancelled",
}
"""Usage statuses of a licence; all but `O` are final."""


class Use(NamedTuple):
    """A usage record: units of a licence line on a part of a declaration."""

    row: int
    """Line in the file, from 1."""
    kind: str
    """O original, A adjusted, C contra, L late original, M message only."""
    declaration: str
    """Reference of the declaration."""
    part: int
    """Part of the declaration, from 1."""
    on: dt.date
    """Control date: the day on which customs released them."""
    trader: str
    """Id of the party that declared them."""
    licence: str
    line: str
    """Id of the licence line, which no order of lines changes."""
    quantity: int
    """Units."""
    value_cents: int | None
    """Their value, if it is stated."""
    origin: str
    """Country code; empty if it is not stated."""
    shipment: str
    """Id of the shipment whose hold they use; empty if they are drawn at once."""

    @property
    def key(self) -> str:
        """Id under which the ledger keeps it: its declaration, and the part from the second on."""
        return self.declaration if self.part == 1 else f"{self.declaration}/{self.part}"


class Total(NamedTuple):
    """What customs counts as drawn on a licence line in all, never a difference."""

    row: int
    licence: str
    line: str
    quantity: int
    value_cents: int | None


class Status(NamedTuple):
    """What customs says of a licence as a whole."""

    row: int
    licence: str
    status: str
    """One of `STATUSES`."""
    completed_on: dt.date | None
    """Day after which no more usage will come; None while it is open."""


@dataclass(frozen=True)
class UsageFile:
    """A usage file as it was read."""

    file: str
    """How messages call it."""
    sender: str
    run: int
    """Number of the file, one more for each that the sender makes."""
    reset: bool
    """Whether the sender begins to count anew with this file."""
    made_on: dt.date
    uses: tuple[Use, ...]
    totals: tuple[Total, ...]
    statuses: tuple[Status, ...]

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all that the file says, however it is written, hexadecimal."""
        said = [
            [self.sender, self.run, self.reset, self.made_on.isoformat()],
            *([*one[1:4], one[4].isoformat(), *one[5:]] for one in self.uses),
            *(one[1:] for one in self.totals),
            *([*one[1:3], str(one.completed_on)] for one in self.statuses),
        ]
        return hashlib.sha256(canonical(said).encode()).hexdigest()
