"""Replay: the state of a ledger built again from its events alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

import sqlalchemy as sa

from headworks.ledger.journal.account import Account, Standing
from headworks.ledger.journal.event import Event, canonical
from headworks.ledger.journal.transfer import Hold
from headworks.ledger.journal.view import ROWS, View
from headworks.ledger.store import tables


class Row(NamedTuple):
    """A transfer as the store keeps it, its accounts by name."""

    number: int
    id: str
    seq: int
    kind: str
    debit: str
    credit: str
    amount: int
    code: str
    effective_on: str
    reference: str
    holds: str
    times_out_at: str
    reverses: str
    hash: bytes


@dataclass(slots=True)
class Replay:
    """Accounts, holds and records as the events so far have left them."""

    standings: dict[str, Standing] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    records: dict[tuple[str, str], str] = field(default_factory=dict)
    """The newest version of each record, as canonical JSON, by kind and id."""

    def apply(self, event: Event, rows: Sequence[Row]) -> list[str]:
        """Apply one event, and return which rules its transfers break; none of a sound ledger."""
        plain = json.loads(event.body)
        for one in plain.get("opens", ()):
            account = Account.from_json(one)
            self.standings[account.name] = Standing(account, len(self.standings) + 1)
        for one in plain.get("rebounds", ()):
            self.standings[one["name"]].account = Account.from_json(one)
        for kind, name, body in plain.get("records", ()):
            self.records[kind, name] = canonical(body)
        return [broken for row in rows for broken in self._move(row)]

    def _move(self, row: Row) -> Iterator[str]:
        giver, taker = self.standings.get(row.debit), self.standings.get(row.credit)
        if giver is None or taker is None or giver.account.unit != taker.account.unit:
            yield f"L1: transfer {row.id!r} joins no two accounts of one unit"
            return
        amount, available, expected = row.amount, giver.available, taker.expected
        if row.kind == "pending":
            giver.debits_pending += amount
            taker.credits_pending += amount
            self.holds[row.id] = Hold(row.id, row.debit, row.credit, amount, row.times_out_at)
        elif row.holds:
            held = self.holds.pop(row.holds, None)
            if held is None or amount > held.amount:
                yield f"L6: transfer {row.id!r} ends a hold that is not open, or too small"
                return
            giver.debits_pending -= held.amount
            taker.credits_pending -= held.amount
        if row.kind in {"posted", "post"}:
            giver.debits_posted += amount
            taker.credits_posted += amount
        floor, ceiling = giver.account.floor, taker.account.ceiling
        if floor is not None and giver.available < min(floor, available):
            yield f"L2: transfer {row.id!r} overdraws {row.debit}"
        if ceiling is not None and taker.expected > max(ceiling, expected):
            yield f"L2: transfer {row.id!r} overfills {row.credit}"


def history(view: View, *, until: int | None = None) -> Iterator[tuple[Event, list[Row]]]:
    """Yield every event with its transfers, in the order of recording.

    Args:
        view: The ledger.
        until: Number of the last event; all if None.
    """
    rows = _rows(view)
    for event in view.events(until=until):
        yield event, list(islice(rows, event.transfers))


def replayed(view: View, *, until: int | None = None) -> Replay:
    """Return the state after an event, from the events alone.

    Args:
        view: The ledger.
        until: Number of the event; the last one if None.
    """
    state = Replay()
    for event, rows in history(view, until=until):
        state.apply(event, rows)
    return state


def _rows(view: View) -> Iterator[Row]:
    """Yield all transfers in the order of recording."""
    columns = tables.transfer.c
    numbers = view.connection.execute(sa.select(tables.account.c.id, tables.account.c.name))
    names = dict(numbers.all())
    statement = sa.select(
        columns.number, columns.id, columns.seq, columns.kind, columns.debit, columns.credit,
        columns.amount, columns.code, columns.effective_on, columns.reference, columns.holds,
        columns.times_out_at, columns.reverses, columns.hash,
    ).order_by(columns.number)  # fmt: skip
    found = view.connection.execution_options(yield_per=ROWS).execute(statement)
    for row in found:
        yield _row(row, names)


def _row(row: Any, names: dict[int, str]) -> Row:  # noqa: ANN401 - a row of the table
    number, id_, seq, kind, debit, credit, amount, *texts, hashed = row
    code, day, reference, holds, times_out_at, reverses = texts
    return Row(
        number, id_, seq, kind, names.get(debit, ""), names.get(credit, ""), amount, code, day,
        reference, holds or "", times_out_at or "", reverses or "", bytes(hashed),
    )  # fmt: skip
