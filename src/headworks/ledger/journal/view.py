"""What a store says within one transaction: accounts, holds and the versions of records."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa

from headworks.errors import Fault, LedgerError, UnknownName
from headworks.ledger.journal.account import Account, Standing
from headworks.ledger.journal.event import Event
from headworks.ledger.journal.transfer import Hold, Transfer
from headworks.ledger.store import tables

T = TypeVar("T")

CHUNK = 500
"""Keys asked for at once, below what any store takes in one statement."""

_EVENT = sa.select(tables.event).where(tables.event.c.id == sa.bindparam("name"))
_STANDINGS = (
    sa.select(tables.account)
    .where(tables.account.c.name.in_(sa.bindparam("names", expanding=True)))
    .order_by(tables.account.c.id)
)


class View:
    """One moment of a ledger, or the state that a writer has locked."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def standings(self, names: Iterable[str]) -> dict[str, Standing]:
        """Return the accounts that there are among `names`, by name."""
        postgresql = self.connection.dialect.name == "postgresql"
        statement = _STANDINGS.with_for_update() if postgresql and self._locks else _STANDINGS
        found: dict[str, Standing] = {}
        for part in chunks(sorted(set(names))):
            rows = self.connection.execute(statement, {"names": part})
            found.update((row.name, standing_of(row)) for row in rows)
        return found

    _locks = False

    def standing(self, name: str) -> Standing:
        """Return one account.

        Raises:
            UnknownName: There is no such account.
        """
        found = self.standings([name])
        if name not in found:
            raise UnknownName("account", name, self.account_names())
        return found[name]

    def account_names(self, beginning: str = "") -> list[str]:
        """Return the names of all accounts that begin so, in order."""
        column = tables.account.c.name
        statement = sa.select(column).order_by(tables.account.c.id)
        if beginning:
            statement = statement.where(column.startswith(beginning, autoescape=True))
        return list(self.connection.execute(statement).scalars())

    def all_standings(self, beginning: str = "") -> list[Standing]:
        """Return all accounts whose names begin so, in the order in which they were opened."""
        statement = sa.select(tables.account).order_by(tables.account.c.id)
        if beginning:
            statement = statement.where(
                tables.account.c.name.startswith(beginning, autoescape=True)
            )
        return [standing_of(row) for row in self.connection.execute(statement)]

    def holds(self, ids: Iterable[str]) -> dict[str, Hold]:
        """Return the pending transfers that have not ended among `ids`."""
        found: dict[str, Hold] = {}
        for part in chunks(sorted(set(ids))):
            found.update((one.id, one) for one in self._holds(tables.hold.c.id.in_(part)))
        return found

    def all_holds(self) -> list[Hold]:
        """Return all pending transfers that have not ended, in the order of their ids."""
        return list(self._holds(sa.true()))

    def _holds(self, which: sa.ColumnElement[bool]) -> Iterator[Hold]:
        giver, taker = tables.account.alias("giver"), tables.account.alias("taker")
        statement = (
            sa.select(
                tables.hold.c.id, giver.c.name, taker.c.name, tables.hold.c.amount,
                tables.hold.c.times_out_at,
            )
            .join(giver, giver.c.id == tables.hold.c.debit)
            .join(taker, taker.c.id == tables.hold.c.credit)
            .where(which)
            .order_by(tables.hold.c.id)
        )  # fmt: skip
        for name, debit, credit, amount, times_out_at in self.connection.execute(statement):
            yield Hold(name, debit, credit, amount, times_out_at or "")

    def transfers(self, ids: Sequence[str]) -> list[Transfer]:
        """Return recorded transfers in the order of `ids`, without those that there are not."""
        giver, taker = tables.account.alias("giver"), tables.account.alias("taker")
        columns = tables.transfer.c
        found: dict[str, Transfer] = {}
        for part in chunks(ids):
            statement = (
                sa.select(
                    columns.id, giver.c.name, taker.c.name, columns.amount, columns.code,
                    columns.kind, columns.effective_on,
                )
                .join(giver, giver.c.id == columns.debit)
                .join(taker, taker.c.id == columns.credit)
                .where(columns.id.in_(part))
            )  # fmt: skip
            for name, debit, credit, amount, code, kind, day in self.connection.execute(statement):
                on = dt.date.fromisoformat(day)
                found[name] = Transfer(name, debit, credit, amount, code, kind, on)
        return [found[name] for name in ids if name in found]

    def record(self, kind: str, name: str, *, thing: str = "") -> dict[str, Any]:
        """Return the newest version of a record.

        Args:
            kind: `party`, `licence` …
            name: Its id.
            thing: How a message calls it, where that is not its kind.

        Raises:
            UnknownName: There is none.
        """
        found = self.find(kind, name)
        if found is None:
            raise UnknownName(thing or kind, name, self.ids(kind))
        return found

    def find(self, kind: str, name: str) -> dict[str, Any] | None:
        """Return the newest version of a record, or None where there is none."""
        body = self.connection.execute(
            sa.select(tables.record.c.body)
            .where(tables.record.c.kind == kind, tables.record.c.id == name)
            .order_by(tables.record.c.seq.desc())
            .limit(1)
        ).scalar()
        return None if body is None else dict(json.loads(body))

    def newest(self, kind: str, names: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Return the newest versions of those records that there are among `names`, by id."""
        columns = tables.record.c
        found: dict[str, str] = {}
        for part in chunks(sorted(set(names))):
            statement = (
                sa.select(columns.id, columns.body)
                .where(columns.kind == kind, columns.id.in_(part))
                .order_by(columns.seq)
            )
            found.update((name, body) for name, body in self.connection.execute(statement))
        return {name: json.loads(body) for name, body in found.items()}

    def ids(self, kind: str) -> list[str]:
        """Return the ids of all records of a kind."""
        column = tables.record.c.id
        statement = sa.select(column).where(tables.record.c.kind == kind).distinct()
        return list(self.connection.execute(statement.order_by(column)).scalars())

    def records(self, kind: str, *, until: int | None = None) -> dict[str, dict[str, Any]]:
        """Return the newest version of every record of a kind, by id.

        Args:
            kind: `party`, `licence` …
            until: Only versions of this event or earlier ones; all if None.
        """
        statement = sa.select(tables.record.c.id, tables.record.c.body).where(
            tables.record.c.kind == kind
        )
        if until is not None:
            statement = statement.where(tables.record.c.seq <= until)
        rows = self.connection.execute(statement.order_by(tables.record.c.seq))
        newest = dict(rows.all())
        return {name: json.loads(newest[name]) for name in sorted(newest)}

    def versions(self, kind: str, name: str) -> list[tuple[int, dict[str, Any]]]:
        """Return all versions of a record, the first one first, each with its event's number."""
        statement = (
            sa.select(tables.record.c.seq, tables.record.c.body)
            .where(tables.record.c.kind == kind, tables.record.c.id == name)
            .order_by(tables.record.c.seq)
        )
        return [(seq, json.loads(body)) for seq, body in self.connection.execute(statement)]

    def event(self, name: str) -> Event | None:
        """Return the event of an id, or None where there is none."""
        row = self.connection.execute(_EVENT, {"name": name}).one_or_none()
        return None if row is None else event_of(row)

    def events(self, *, after: int = 0, until: int | None = None) -> Iterator[Event]:
        """Yield events in the order of recording, without holding all of them in memory."""
        statement = sa.select(tables.event).where(tables.event.c.seq > after)
        if until is not None:
            statement = statement.where(tables.event.c.seq <= until)
        rows = self.connection.execution_options(yield_per=CHUNK).execute(
            statement.order_by(tables.event.c.seq)
        )
        yield from map(event_of, rows)

    def seq_at(self, moment: str) -> int:
        """Return the number of the last event recorded by a moment, given as UTC text."""
        found = self.connection.execute(
            sa.select(sa.func.max(tables.event.c.seq)).where(tables.event.c.recorded_at <= moment)
        ).scalar()
        return found or 0

    def head(self) -> tuple[int, bytes, str]:
        """Return number, hash and time of the last event."""
        row = self.connection.execute(
            sa.select(tables.head.c.seq, tables.head.c.hash, tables.head.c.recorded_at)
        ).one()
        return row.seq, bytes(row.hash), row.recorded_at


def standing_of(row: Any) -> Standing:  # noqa: ANN401 - a row of the table of accounts
    """Return an account from its row."""
    first, last = (
        None if day is None else dt.date.fromisoformat(day)
        for day in (row.open_from, row.open_until)
    )
    account = Account(row.name, row.unit, row.floor, row.ceiling, first, last)
    return Standing(
        account, row.id, row.debits_posted, row.credits_posted, row.debits_pending,
        row.credits_pending,
    )  # fmt: skip


def event_of(row: Any) -> Event:  # noqa: ANN401 - a row of the table of events
    """Return an event from its row."""
    return Event(
        row.seq, row.id, row.kind, row.actor, row.by_right, row.second, row.reason,
        row.recorded_at, row.effective_on, row.body, row.transfers, row.last_transfer,
        bytes(row.transfers_hash), bytes(row.previous), bytes(row.hash),
    )  # fmt: skip


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield parts of at most `CHUNK` values."""
    for first in range(0, len(values), CHUNK):
        yield values[first : first + CHUNK]


def refuse(faults: Iterable[Fault]) -> None:
    """Raise if there are faults.

    Raises:
        LedgerError: There are.
    """
    if found := list(faults):
        raise LedgerError(found)
