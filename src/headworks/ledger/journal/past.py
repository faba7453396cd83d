"""The past: balances as they were known at a moment, and as they stood on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from headworks.ledger.store import tables

if TYPE_CHECKING:
    from headworks.ledger.journal.account import Standing
    from headworks.ledger.journal.view import View

POSTED = ("posted", "post")


def standings_at(
    view: View, *, known_by: str | None = None, on: dt.date | None = None, beginning: str = ""
) -> list[Standing]:
    """Return accounts with what was recorded by a moment and had happened by a day.

    Bounds and days of the accounts are today's; the sums are those of the past. Accounts that were
    not yet open are left out where nothing had been posted to them.

    Args:
        view: The ledger.
        known_by: Moment of recording, as UTC text; now if None.
        on: Effective day, itself among them; all days if None.
        beginning: Only accounts whose names begin so.
    """
    standings = view.all_standings(beginning)
    if known_by is None and on is None:
        return standings
    seq, _, _ = view.head()
    until = seq if known_by is None else view.seq_at(known_by)
    counted = _counted(view, until, on)
    for standing in standings:
        number = standing.number
        standing.debits_posted = counted["debit", "posted"].get(number, 0)
        standing.credits_posted = counted["credit", "posted"].get(number, 0)
        standing.debits_pending = counted["debit", "pending"].get(number, 0)
        standing.credits_pending = counted["credit", "pending"].get(number, 0)
    return standings


def _counted(view: View, until: int, on: dt.date | None) -> dict[tuple[str, str], dict[int, int]]:
    """Return sums by side and state, each by account number."""
    transfer, end = tables.transfer, tables.transfer.alias("ending")
    last = sa.select(tables.event.c.last_transfer).where(tables.event.c.seq == until)
    number = view.connection.execute(last).scalar() or 0

    def within(table: sa.FromClause) -> list[sa.ColumnElement[bool]]:
        known = [table.c.number <= number]
        return known if on is None else [*known, table.c.effective_on <= on.isoformat()]

    ended = sa.exists().where(end.c.holds == transfer.c.id, *within(end))
    state: dict[str, Iterable[sa.ColumnElement[bool]]] = {
        "posted": [transfer.c.kind.in_(POSTED)],
        "pending": [transfer.c.kind == "pending", ~ended],
    }
    found: dict[tuple[str, str], dict[int, int]] = {}
    for side in ("debit", "credit"):
        column = transfer.c[side]
        for name, conditions in state.items():
            statement = (
                sa.select(column, sa.func.sum(transfer.c.amount))
                .where(*within(transfer), *conditions)
                .group_by(column)
            )
            rows = view.connection.execute(statement)
            found[side, name] = {account: int(total) for account, total in rows}
    return found
