"""The statements that add rows to a journal; all rows of an event go to the driver in one call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from headworks.ledger.journal.event import Event, canonical
from headworks.ledger.store import tables
from headworks.ledger.store.statement import Statement, value

if TYPE_CHECKING:
    from headworks.ledger.journal.account import Account, Standing
    from headworks.ledger.journal.event import Record
    from headworks.ledger.journal.transfer import Transfer

BOUNDS = ("floor", "ceiling", "open_from", "open_until")
"""What of an account an event may change."""
_EVENT = Statement(lambda _: tables.event.insert())
_ACCOUNT = Statement(
    lambda _: tables.account.insert(), columns=("id", "name", "unit", *BOUNDS)
)  # fmt: skip
_REBOUND = Statement(
    lambda _: sa.update(tables.account).where(tables.account.c.name == value("name_")),
    columns=BOUNDS,
)
_RECORD = Statement(lambda _: tables.record.insert())
_TRANSFER = Statement(lambda _: tables.transfer.insert())


def add_event(connection: sa.Connection, event: Event) -> None:
    """Add an event; it becomes the head."""
    _EVENT.run_tuples(connection, [event])


def add_accounts(
    connection: sa.Connection, accounts: Iterable[Account], standings: dict[str, Standing]
) -> None:
    """Add accounts, without anything posted to them."""
    rows = [{"id": standings[one.name].number, **one.to_json()} for one in accounts]
    _ACCOUNT.run(connection, rows)


def rebound(connection: sa.Connection, accounts: Iterable[Account]) -> None:
    """Give accounts other bounds and days."""
    _REBOUND.run(connection, [{**one.to_json(), "name_": one.name} for one in accounts])


def add_records(connection: sa.Connection, records: Iterable[Record], seq: int) -> None:
    """Add the records of an event."""
    _RECORD.run_tuples(
        connection, [(one.kind, one.id, seq, canonical(one.body)) for one in records]
    )  # fmt: skip


def add_transfers(
    connection: sa.Connection,
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
    if connection.dialect.name == "sqlite":
        _TRANSFER.run_tuples(connection, plain)
    else:
        # One statement, since a round trip for each row would take most of the time.
        said = canonical([(*row[:-1], row[-1].hex()) for row in plain])
        _TRANSFERS_AT_ONCE.run(connection, [{"said": said}])


def _from_json() -> sa.Insert:
    """Return the statement that adds transfers from one JSON text, a list for each."""
    row = sa.func.json_array_elements(sa.cast(value("said"), sa.JSON)).column_valued("row")

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


_TRANSFERS_AT_ONCE = Statement(lambda _: _from_json())
