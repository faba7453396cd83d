"""The statements that add rows to a journal; all rows of an event go to the driver in one call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from headworks.ledger.journal.event import Draft, Event, canonical
from headworks.ledger.store import tables

if TYPE_CHECKING:
    from headworks.ledger.journal.account import Account, Standing
    from headworks.ledger.journal.transfer import Transfer

_ATTRIBUTES = {
    column.name: {"by_right": "right"}.get(column.name, column.name) for column in tables.event.c
}
"""The attribute of an event that each column keeps."""


class Inserting:
    """Adds events, accounts, records and transfers in one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._at_once = connection.dialect.name == "postgresql"

    def event(self, event: Event) -> None:
        """Add an event; it becomes the head."""
        row = {column: getattr(event, name) for column, name in _ATTRIBUTES.items()}
        self._connection.execute(tables.event.insert(), row)

    def accounts(self, accounts: Iterable[Account], standings: dict[str, Standing]) -> None:
        """Add accounts, without anything posted to them."""
        rows = [{"id": standings[one.name].number, **one.to_json()} for one in accounts]
        self._connection.execute(tables.account.insert(), rows)

    def records(self, draft: Draft, seq: int) -> None:
        """Add the records of an event."""
        rows = [
            {"kind": one.kind, "id": one.id, "seq": seq, "body": canonical(one.body)}
            for one in draft.records
        ]
        self._connection.execute(tables.record.insert(), rows)

    def transfers(
        self,
        event: Event,
        standings: dict[str, Standing],
        rows: Sequence[tuple[Transfer, str, bytes]],
    ) -> None:
        """Add the transfers of an event, each with its day and its leaf, in their order."""
        numbers = {name: standing.number for name, standing in standings.items()}
        seq = event.seq
        plain = [
            (
                number, one.id, seq, one.kind, numbers[one.debit], numbers[one.credit], one.amount,
                one.code, day, one.reference, one.holds or None, one.times_out_at or None,
                one.reverses or None, hashed,
            )
            for number, (one, day, hashed) in enumerate(rows, event.last_transfer - len(rows) + 1)
        ]  # fmt: skip
        if self._at_once:
            # One statement, since a round trip for each row would take most of the time.
            said = canonical([(*row[:-1], row[-1].hex()) for row in plain])
            self._connection.execute(_from_json(), {"said": said})
        else:
            self._connection.exec_driver_sql(_of_tuples(), plain)


@cache
def _of_tuples() -> str:
    """Return the statement that adds a transfer from a tuple in the order of the columns."""
    return str(tables.transfer.insert().compile(dialect=sqlite.dialect()))


@cache
def _from_json() -> sa.Insert:
    """Return the statement that adds transfers from one JSON text, a list for each."""
    row = sa.func.json_array_elements(
        sa.cast(sa.bindparam("said", type_=sa.Text), sa.JSON)
    ).column_valued("row")

    def item(place: int, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
        text = row.op("->>")(sa.literal_column(str(place)))
        if isinstance(column.type, sa.LargeBinary):
            return sa.func.decode(text, sa.literal_column("'hex'"))
        return text if isinstance(column.type, sa.Text) else sa.cast(text, sa.BigInteger)

    columns = list(tables.transfer.c)
    return tables.transfer.insert().from_select(
        [column.name for column in columns],
        sa.select(*(item(place, column) for place, column in enumerate(columns))),
    )
