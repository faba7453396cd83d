"""The statements that add rows to a journal; many rows go to the driver in one call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from headworks.ledger.journal.event import Draft, Event, canonical
from headworks.ledger.journal.view import chunks
from headworks.ledger.store import tables

if TYPE_CHECKING:
    import sqlalchemy as sa

    from headworks.ledger.journal.account import Account, Standing
    from headworks.ledger.journal.transfer import Transfer


class Inserting:
    """The statements that add rows; many rows go to the driver in one call."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._at_once = connection.dialect.name == "postgresql"

    def event(self, event: Event) -> None:
        """Add an event; it becomes the head."""
        row = asdict(event)
        row["by_right"] = row.pop("right")
        self._connection.execute(tables.event.insert(), row)

    def accounts(self, accounts: Iterable[Account], standings: dict[str, Standing]) -> None:
        """Add accounts, without anything posted to them."""
        rows = [{"id": standings[one.name].number, **one.to_json()} for one in accounts]
        self._many(tables.account, rows)

    def records(self, draft: Draft, seq: int) -> None:
        """Add the records of an event."""
        rows = [
            {"kind": one.kind, "id": one.id, "seq": seq, "body": canonical(one.body)}
            for one in draft.records
        ]
        self._many(tables.record, rows)

    def transfers(
        self,
        event: Event,
        standings: dict[str, Standing],
        rows: Sequence[tuple[Transfer, str, bytes]],
    ) -> None:
        """Add the transfers of an event, each with its day and its leaf, in their order."""
        numbers = {name: standing.number for name, standing in standings.items()}
        plain: list[dict[str, Any]] = [
            {
                "number": number,
                "id": one.id,
                "seq": event.seq,
                "kind": one.kind,
                "debit": numbers[one.debit],
                "credit": numbers[one.credit],
                "amount": one.amount,
                "code": one.code,
                "effective_on": day,
                "reference": one.reference,
                "holds": one.holds or None,
                "times_out_at": one.times_out_at or None,
                "reverses": one.reverses or None,
                "hash": hashed,
            }
            for number, (one, day, hashed) in enumerate(rows, event.last_transfer - len(rows) + 1)
        ]
        self._many(tables.transfer, plain)

    def _many(self, table: sa.Table, rows: list[dict[str, Any]]) -> None:
        if not self._at_once:
            self._connection.execute(table.insert(), rows)
            return
        # One statement of many rows: a round trip for each row would take most of the time.
        for part in chunks(rows):
            self._connection.execute(table.insert().values(part))
