"""Questions: what every turn asks of its store, made into text once for each database."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from headworks.ledger.store import tables
from headworks.ledger.store.statement import Keys, Statement, value

STANDING = (
    "name", "unit", "floor", "ceiling", "open_from", "open_until", "id", "debits_posted",
    "credits_posted", "debits_pending", "credits_pending",
)  # fmt: skip
"""Columns of an account, in the order in which a standing is made of them."""
_giver, _taker = tables.account.alias("giver"), tables.account.alias("taker")


def standings() -> sa.Select[Any]:
    """Return the question for accounts with their sums, in the order in which they were opened."""
    columns = [tables.account.c[name] for name in STANDING]
    return sa.select(*columns).order_by(tables.account.c.id)


def holds() -> sa.Select[Any]:
    """Return the question for open holds with the names of their accounts."""
    hold = tables.hold.c
    return (
        sa.select(hold.id, _giver.c.name, _taker.c.name, hold.amount, hold.times_out_at)
        .join(_giver, _giver.c.id == hold.debit)
        .join(_taker, _taker.c.id == hold.credit)
        .order_by(hold.id)
    )


def _named(keys: Keys) -> sa.Select[Any]:
    return standings().where(tables.account.c.name.in_(keys))


def _transfers(keys: Keys) -> sa.Select[Any]:
    moved = tables.transfer.c
    return (
        sa.select(
            moved.id, _giver.c.name, _taker.c.name, moved.amount, moved.code, moved.kind,
            moved.effective_on,
        )
        .join(_giver, _giver.c.id == moved.debit)
        .join(_taker, _taker.c.id == moved.credit)
        .where(moved.id.in_(keys))
    )  # fmt: skip


def _reversible(keys: Keys) -> sa.Select[Any]:
    moved, contra = tables.transfer.c, tables.transfer.alias("contra")
    return (
        sa.select(moved.id, _giver.c.name, _taker.c.name, moved.amount, moved.code)
        .join(_giver, _giver.c.id == moved.debit)
        .join(_taker, _taker.c.id == moved.credit)
        .outerjoin(contra, contra.c.reverses == moved.id)
        .where(moved.id.in_(keys), moved.kind.in_(["posted", "post"]))
        .where(moved.reverses.is_(None), contra.c.id.is_(None))
    )


def _record() -> sa.Select[Any]:
    record = tables.record.c
    return (
        sa.select(record.body)
        .where(record.kind == value("kind"), record.id == value("name"))
        .order_by(record.seq.desc())
        .limit(1)
    )


def _records(keys: Keys) -> sa.Select[Any]:
    record = tables.record.c
    return (
        sa.select(record.id, record.body)
        .where(record.kind == value("kind"), record.id.in_(keys))
        .order_by(record.seq)
    )


def _head() -> sa.Select[Any]:
    head, event = tables.head, tables.event
    due = sa.select(sa.func.min(tables.hold.c.times_out_at)).scalar_subquery()
    return sa.select(
        head.c.seq, head.c.hash, head.c.recorded_at, event.c.last_transfer, due
    ).select_from(head.outerjoin(event, event.c.seq == head.c.seq))


LOCK = Statement(lambda _: sa.select(tables.head.c.id).with_for_update())
HEAD = Statement(lambda _: _head())
"""The last event: number, hash, time and last transfer; and when the first hold times out."""
EVENT = Statement(lambda _: sa.select(tables.event).where(tables.event.c.id == value("name")))
STANDINGS = Statement(_named)
STANDINGS_LOCKED = Statement(lambda keys: _named(keys).with_for_update())
HOLDS = Statement(lambda keys: holds().where(tables.hold.c.id.in_(keys)))
TRANSFERS = Statement(_transfers)
REVERSIBLE = Statement(_reversible)
"""Posted transfers that no contra has undone, and that are none themselves."""
TAKEN = Statement(
    lambda keys: sa.select(tables.transfer.c.id).where(tables.transfer.c.id.in_(keys))
)
RECORD, RECORDS = Statement(lambda _: _record()), Statement(_records)
"""The newest version of one record; all versions of some, the oldest first."""
