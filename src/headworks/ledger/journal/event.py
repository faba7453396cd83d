"""Events: who did what by which right and why, on both clocks, each sealed by the one before."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from headworks.ledger.journal.account import Account
    from headworks.ledger.journal.transfer import Transfer

GENESIS = bytes(32)
"""Hash before the first event."""


@dataclass(frozen=True, slots=True)
class Record:
    """A new version of something that is no account: a party, a licence, a round."""

    kind: str
    id: str
    body: dict[str, Any]
    """Plain values without floats."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An event before it is recorded: all of it happens, or nothing."""

    id: str
    """Chosen by the caller; the same id and content again is met with the first answer."""
    kind: str
    """What happened: `licence.issue`, `round.open` …"""
    actor: str
    """Who does it."""
    right: str
    """The right by which the actor may."""
    reason: str = ""
    second: str = ""
    """The second person, where two must agree; empty where one may."""
    effective_on: dt.date | None = None
    """Day on which it happened in the world; the day of recording if None."""
    opens: tuple[Account, ...] = ()
    """Accounts that it opens."""
    rebounds: tuple[Account, ...] = ()
    """Accounts that it gives other bounds or days, as they stand afterwards."""
    records: tuple[Record, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    command: Mapping[str, Any] | None = None
    """What the actor asked for, of which the rest is the effect; None where nobody asked."""

    def body(self) -> str:
        """Return what it opens, rebounds and records as canonical JSON."""
        plain: dict[str, Any] = {}
        if self.command is not None:
            plain["command"] = dict(self.command)
        if self.opens:
            plain["opens"] = [one.to_json() for one in self.opens]
        if self.rebounds:
            plain["rebounds"] = [one.to_json() for one in self.rebounds]
        if self.records:
            plain["records"] = [[one.kind, one.id, one.body] for one in self.records]
        return canonical(plain)


class Event(NamedTuple):
    """An event as it is recorded; its fields are the columns of its table, in order."""

    seq: int
    """Place in the order of recording, from 1, without gaps."""
    id: str
    kind: str
    actor: str
    right: str
    second: str
    reason: str
    recorded_at: str
    """UTC, as text of fixed length, never earlier than the event before."""
    effective_on: str
    """ISO day."""
    body: str
    """Canonical JSON of what it opened, rebounded and recorded."""
    transfers: int
    """Number of its transfers."""
    last_transfer: int
    """Number of all transfers recorded so far, its own among them."""
    transfers_hash: bytes
    """SHA-256 over the leaves of its transfers, in order."""
    previous: bytes
    hash: bytes

    def sealed(self) -> bytes:
        """Return the hash that the event must have: over the previous one and all that it says."""
        said = [
            self.seq, self.id, self.kind, self.actor, self.right, self.second, self.reason,
            self.recorded_at, self.effective_on, self.body, self.transfers, self.last_transfer,
            self.transfers_hash.hex(),
        ]  # fmt: skip
        return hashlib.sha256(self.previous + canonical(said).encode()).digest()

    def content(self) -> tuple[str | int | bytes, ...]:
        """Return what its author chose, by which a repetition is told from another event."""
        return (
            self.kind, self.actor, self.right, self.second, self.reason, self.effective_on,
            self.body, self.transfers, self.transfers_hash,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a caller gets for an event: its place, its time and its hash."""

    seq: int
    id: str
    recorded_at: str
    hash: str
    """Hexadecimal."""
    repeated: bool = False
    """Whether the same event had been recorded before, and nothing was done now."""


def leaves_hash(leaves: Iterable[bytes]) -> bytes:
    """Return the hash of an event's transfers from their leaves, 32 bytes each, in order."""
    return hashlib.sha256(b"".join(leaves)).digest()


_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)


def canonical(value: object) -> str:
    """Return plain values as canonical JSON: keys sorted, no blanks, UTF-8."""
    return _ENCODER.encode(value)
