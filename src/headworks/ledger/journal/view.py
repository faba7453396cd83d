"""What a store says within one transaction: accounts, holds and the versions of records."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from headworks.errors import Fault, LedgerError, UnknownName
from headworks.ledger.journal import questions
from headworks.ledger.journal.account import Account, Standing
from headworks.ledger.journal.event import Event
from headworks.ledger.journal.transfer import Hold, Transfer
from headworks.ledger.store import tables

ROWS = 500
"""Rows that are fetched at once, where all of them would fill the memory."""


class View:
    """One moment of a ledger, or the state that a writer has locked."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def standings(self, names: Iterable[str]) -> dict[str, Standing]:
        """Return the accounts that there are among `names`, by name."""
        # In order, so that writers who lock rows do it in the same one.
        rows = self._asks_accounts.rows_of(self.connection, sorted(set(names)))
        return {row[0]: standing_of(row) for row in rows}

    _asks_accounts = questions.STANDINGS

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
        statement = questions.standings()
        if beginning:
            statement = statement.where(
                tables.account.c.name.startswith(beginning, autoescape=True)
            )
        return [standing_of(row) for row in self.connection.execute(statement)]

    def holds(self, ids: Iterable[str]) -> dict[str, Hold]:
        """Return the pending transfers that have not ended among `ids`."""
        rows = questions.HOLDS.rows_of(self.connection, sorted(set(ids)))
        return {row[0]: hold_of(row) for row in rows}

    def all_holds(self) -> list[Hold]:
        """Return all pending transfers that have not ended, in the order of their ids."""
        return [hold_of(row) for row in self.connection.execute(questions.holds())]

    def overdue(self, moment: str) -> list[Hold]:
        """Return the holds whose time is over at a moment, given as UTC text."""
        statement = questions.holds().where(tables.hold.c.times_out_at <= moment)
        return [hold_of(row) for row in self.connection.execute(statement)]

    def transfers(self, ids: Sequence[str]) -> list[Transfer]:
        """Return recorded transfers in the order of `ids`, without those that there are not."""
        found: dict[str, Transfer] = {}
        rows = questions.TRANSFERS.rows_of(self.connection, ids)
        for name, debit, credit, amount, code, kind, day in rows:
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
        rows = questions.RECORD.rows(self.connection, kind=kind, name=name)
        return dict(json.loads(rows[0][0])) if rows else None

    def newest(self, kind: str, names: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Return the newest versions of those records that there are among `names`, by id."""
        rows = questions.RECORDS.rows_of(self.connection, sorted(set(names)), kind=kind)
        newest = {name: body for name, body in rows}  # noqa: C416 - rows may be lists
        return {name: json.loads(body) for name, body in newest.items()}

    def kinds(self) -> dict[str, int]:
        """Return the kinds of records that there are, each with how many of them, in order."""
        kind = tables.record.c.kind
        count = sa.func.count(tables.record.c.id.distinct())
        rows = self.connection.execute(sa.select(kind, count).group_by(kind).order_by(kind))
        return dict(rows.all())

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
        rows = questions.EVENT.rows(self.connection, name=name)
        return event_of(rows[0]) if rows else None

    def events(self, *, after: int = 0, until: int | None = None) -> Iterator[Event]:
        """Yield events in the order of recording, without holding all of them in memory."""
        statement = sa.select(tables.event).where(tables.event.c.seq > after)
        if until is not None:
            statement = statement.where(tables.event.c.seq <= until)
        rows = self.connection.execution_options(yield_per=ROWS).execute(
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
        return row.seq, row.hash, row.recorded_at


def standing_of(row: Sequence[Any]) -> Standing:
    """Return an account from a row of the columns `questions.STANDING`."""
    name, unit, floor, ceiling, first, last, *sums = row
    account = Account(
        name, unit, floor, ceiling, None if first is None else dt.date.fromisoformat(first),
        None if last is None else dt.date.fromisoformat(last),
    )  # fmt: skip
    return Standing(account, *sums)


def hold_of(row: Sequence[Any]) -> Hold:
    """Return a hold from its row, with the names of its accounts."""
    name, debit, credit, amount, times_out_at = row
    return Hold(name, debit, credit, amount, times_out_at or "")


def event_of(row: Sequence[Any]) -> Event:
    """Return an event from a row of its table, whose columns are an event's fields in order."""
    return Event._make(row)


def refuse(faults: Iterable[Fault]) -> None:
    """Raise if there are faults.

    Raises:
        LedgerError: There are.
    """
    if found := list(faults):
        raise LedgerError(found)
