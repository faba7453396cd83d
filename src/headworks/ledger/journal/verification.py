"""Verification: the whole journal read again, its hashes and its balances recomputed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from headworks.ledger.journal.event import GENESIS, Event, leaves_hash
from headworks.ledger.journal.replay import Replay, Row, history
from headworks.ledger.journal.transfer import leaf
from headworks.ledger.store import tables

if TYPE_CHECKING:
    from headworks.ledger.journal.view import View

TOLD_EVERY = 1_000
SHOWN_MAX = 20
"""Differences of the stored state that are listed."""


@dataclass(frozen=True, slots=True)
class Bad:
    """The first event that is not what it was when it was recorded."""

    seq: int
    id: str
    why: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What reading the whole journal again found."""

    events: int
    """Events read, the bad one among them."""
    transfers: int
    head: str
    """Hash of the last event read, hexadecimal."""
    bad: Bad | None
    """The first bad event; None if all are sound."""
    differences: tuple[str, ...] = ()
    """Where the stored state is not what the events make."""

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return self.bad is None and not self.differences

    def to_json(self) -> dict[str, Any]:
        """Return the finding as plain values."""
        return {"sound": self.sound, **asdict(self), "differences": list(self.differences)}


def verify(view: View, *, progress: Callable[[int, int], None] | None = None) -> Verification:
    """Read the journal again from its first event, and say whether it is what it says.

    Every hash is computed anew, every transfer is applied to accounts that begin empty, and what
    comes out is compared with what the store keeps (invariants L1, L2, L6, L9, L14 and L15).

    Args:
        view: The ledger.
        progress: Told how many events are read, of how many.
    """
    whole, _, _ = view.head()
    state, previous = Replay(), GENESIS
    last: Event | None = None
    transfers = 0
    for event, rows in history(view):
        why = next(_broken(event, rows, last, previous), "")
        if not why:
            why = next(iter(state.apply(event, rows)), "")
        transfers += len(rows)
        if why:
            bad = Bad(event.seq, event.id, why)
            return Verification((last.seq if last else 0) + 1, transfers, previous.hex(), bad)
        last, previous = event, event.hash
        if progress and event.seq % TOLD_EVERY == 0:
            progress(event.seq, whole)
    differences = tuple(_differences(view, state, last, transfers))
    return Verification(last.seq if last else 0, transfers, previous.hex(), None, differences)


def _broken(
    event: Event, rows: Sequence[Row], last: Event | None, previous: bytes
) -> Iterator[str]:
    """Yield why an event is not what was recorded."""
    before, moved = (last.seq, last.last_transfer) if last else (0, 0)
    if event.seq != before + 1:
        yield f"L9: it is event {event.seq}, and {before} was the last one"
    if event.previous != previous:
        yield "L15: it does not carry the hash of the event before"
    if event.sealed() != event.hash:
        yield "L15: its text does not give its hash"
    if last is not None and event.recorded_at < last.recorded_at:
        yield "L9: it was recorded before the event before"
    numbers = list(range(moved + 1, moved + 1 + event.transfers))
    if [row.number for row in rows] != numbers or event.last_transfer != moved + len(rows):
        yield f"L15: of its {event.transfers} transfers some are missing, or not its own"
    for row in rows:
        if row.seq != event.seq or leaf(row, row.effective_on) != row.hash:
            yield f"L15: its transfer {row.id!r} does not give its hash"
    if leaves_hash(row.hash for row in rows) != event.transfers_hash:
        yield "L15: its transfers do not give its hash"


def _differences(view: View, state: Replay, last: Event | None, transfers: int) -> Iterator[str]:
    """Yield where the stored state is not what the events make, at most some of it."""
    seq, hashed, _ = view.head()
    if (seq, hashed) != ((last.seq, last.hash) if last else (0, GENESIS)):
        yield f"L9: the head names event {seq}, and the last one is {last.seq if last else 0}"
    stored = view.connection.execute(sa.select(sa.func.count()).select_from(tables.transfer))
    if (count := stored.scalar_one()) != transfers:
        yield f"L15: {count} transfers are stored, and the events have {transfers}"
    found = [*_of_accounts(view, state), *_of_holds(view, state), *_of_records(view, state)]
    yield from found[:SHOWN_MAX]
    if len(found) > SHOWN_MAX:
        yield f"and {len(found) - SHOWN_MAX} more"


def _of_accounts(view: View, state: Replay) -> Iterator[str]:
    stored = {one.account.name: one for one in view.all_standings()}
    for name in sorted(stored.keys() | state.standings.keys()):
        kept, made = stored.get(name), state.standings.get(name)
        if kept is None or made is None:
            yield f"L14: account {name} is {'not stored' if kept is None else 'made by no event'}"
        elif kept.to_json() != made.to_json():
            pairs = zip(kept.to_json().items(), made.to_json().values(), strict=True)
            said = ", ".join(f"{key} {old} for {new}" for (key, old), new in pairs if old != new)
            yield f"L14: account {name} is stored with {said}"
    sums: Counter[str] = Counter()
    for one in state.standings.values():
        sums[one.account.unit] += one.balance
    wrong = {unit: total for unit, total in sums.items() if total}
    yield from (f"L1: all accounts in {unit} sum to {total}" for unit, total in wrong.items())


def _of_holds(view: View, state: Replay) -> Iterator[str]:
    stored = {one.id: one for one in view.all_holds()}
    for name in sorted(stored.keys() | state.holds.keys()):
        if stored.get(name) != state.holds.get(name):
            yield f"L14: the hold {name!r} is stored otherwise than the events make it"


def _of_records(view: View, state: Replay) -> Iterator[str]:
    newest: dict[tuple[str, str], str] = {}
    columns = tables.record.c
    statement = sa.select(columns.kind, columns.id, columns.body).order_by(columns.seq)
    for kind, name, body in view.connection.execute(statement):
        newest[kind, name] = body
    for key in sorted(newest.keys() | state.records.keys()):
        if newest.get(key) != state.records.get(key):
            yield f"L14: the {key[0]} {key[1]!r} is stored otherwise than the events make it"
