"""Rows: the tables of a ledger as other tools see them, accounts by their names."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from headworks.ledger.journal.replay import history
from headworks.ledger.journal.view import ROWS
from headworks.ledger.store import tables

if TYPE_CHECKING:
    from headworks.ledger.journal.view import View

Row = tuple[Any, ...]

COLUMNS: dict[str, dict[str, type]] = {
    "events": {
        "seq": int, "id": str, "kind": str, "actor": str, "right": str, "second": str,
        "reason": str, "recorded_at": str, "effective_on": str, "transfers": int,
        "last_transfer": int, "transfers_hash": str, "previous": str, "hash": str, "body": str,
    },
    "transfers": {
        "number": int, "id": str, "event": int, "kind": str, "debit": str, "credit": str,
        "amount": int, "code": str, "effective_on": str, "reference": str, "holds": str,
        "times_out_at": str, "reverses": str, "hash": str,
    },
    "accounts": {
        "name": str, "unit": str, "floor": int, "ceiling": int, "open_from": str,
        "open_until": str, "balance": int, "available": int, "debits_posted": int,
        "credits_posted": int, "debits_pending": int, "credits_pending": int,
    },
    "records": {"kind": str, "id": str, "event": int, "body": str},
}  # fmt: skip
"""The columns of each table; hashes are hexadecimal, bodies canonical JSON, and days ISO text."""


def _events(view: View) -> Iterator[Row]:
    for one in view.events():
        yield (
            one.seq, one.id, one.kind, one.actor, one.right, one.second, one.reason,
            one.recorded_at, one.effective_on, one.transfers, one.last_transfer,
            one.transfers_hash.hex(), one.previous.hex(), one.hash.hex(), one.body,
        )  # fmt: skip


def _transfers(view: View) -> Iterator[Row]:
    for _, rows in history(view):
        for one in rows:
            yield (*one[:-1], one.hash.hex())


def _accounts(view: View) -> Iterator[Row]:
    for one in view.all_standings():
        plain = one.to_json()
        yield tuple(plain[name] for name in COLUMNS["accounts"])


def _records(view: View) -> Iterator[Row]:
    columns = tables.record.c
    statement = sa.select(columns.kind, columns.id, columns.seq, columns.body).order_by(
        columns.seq, columns.kind, columns.id
    )
    for row in view.connection.execution_options(yield_per=ROWS).execute(statement):
        yield tuple(row)


READERS: dict[str, Callable[[View], Iterator[Row]]] = {
    "events": _events, "transfers": _transfers, "accounts": _accounts, "records": _records,
}  # fmt: skip
"""What reads each table, in the order of recording."""


def opened_by(body: str) -> list[str]:
    """Return the names of the accounts that an event opened."""
    return [one["name"] for one in json.loads(body).get("opens", ())]
