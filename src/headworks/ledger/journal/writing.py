"""Writing: one transaction that holds the ledger's lock, and records events in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from headworks.errors import Fault
from headworks.ledger.journal import inserting, questions
from headworks.ledger.journal.account import Standing
from headworks.ledger.journal.event import Draft, Event, Receipt, leaves_hash
from headworks.ledger.journal.soundness import wrong_account, wrong_event
from headworks.ledger.journal.transfer import Transfer, leaf
from headworks.ledger.journal.view import View, refuse
from headworks.ledger.journal.walk import Walk
from headworks.ledger.store import tables

CLOCK = "clock"
"""The actor that frees holds whose time is over."""


class Writing(View):
    """A transaction of a writer: what it reads is locked, what it appends is recorded as one."""

    _asks_accounts = questions.STANDINGS_LOCKED

    def __init__(self, connection: sa.Connection, now: str) -> None:
        """Take the lock, and free the holds whose time is over.

        Args:
            connection: In a transaction that the caller ends.
            now: The moment, as UTC text of fixed length.
        """
        super().__init__(connection)
        if connection.dialect.name == "postgresql":
            # By itself, since a statement that waited would join what it saw before it waited.
            questions.LOCK.rows(connection)
        ((seq, last, recorded_at, moved, due),) = questions.HEAD.rows(connection)
        self.seq: int = seq
        self.moved: int = moved or 0
        self.hash = bytes(last)
        self.now = max(now, recorded_at)
        self._numbers = 0
        if due is not None and due <= self.now:
            self._free_overdue()

    @property
    def today(self) -> dt.date:
        """The day of recording, in UTC."""
        return dt.date.fromisoformat(self.now[:10])

    def append(self, draft: Draft) -> Receipt:
        """Record an event, all of it or nothing.

        Raises:
            LedgerError: It cannot be recorded; all that is wrong with it is listed.
        """
        effective_on = (draft.effective_on or self.today).isoformat()
        days = [
            one.effective_on.isoformat() if one.effective_on else effective_on
            for one in draft.transfers
        ]
        leaves = [leaf(*one) for one in zip(draft.transfers, days, strict=True)]
        if (earlier := self.event(draft.id)) is not None:
            return self._again(draft, earlier)
        refuse(wrong_event(draft))
        standings = self._accounts(draft)
        walk = self._walk(draft, standings, effective_on)
        refuse(walk.faults)
        event = self._event(draft, effective_on, leaves)
        self._write(draft, event, standings, list(zip(draft.transfers, days, leaves, strict=True)))
        self.seq, self.hash, self.moved = event.seq, event.hash, event.last_transfer
        return Receipt(event.seq, event.id, event.recorded_at, event.hash.hex())

    def _again(self, draft: Draft, earlier: Event) -> Receipt:
        """Return the first answer for a draft that is recorded already.

        Raises:
            LedgerError: What is recorded under its id says something else.
        """
        effective_on = (
            earlier.effective_on if draft.effective_on is None else draft.effective_on.isoformat()
        )
        leaves = [
            leaf(one, one.effective_on.isoformat() if one.effective_on else effective_on)
            for one in draft.transfers
        ]
        event = self._event(draft, effective_on, leaves)
        if event.content() != earlier.content():
            names = (
                "kind", "actor", "right", "second", "reason", "effective_on", "body", "transfers",
                "transfers",
            )  # fmt: skip
            pairs = zip(names, event.content(), earlier.content(), strict=True)
            differs = dict.fromkeys(name for name, new, old in pairs if new != old)
            refuse([
                Fault(
                    "event", 0, draft.id,
                    f"recorded already at {earlier.recorded_at} with other content (L5): "
                    f"{', '.join(differs)} {'differs' if len(differs) == 1 else 'differ'}",
                    "give what is new its own id",
                )
            ])  # fmt: skip
        return Receipt(
            earlier.seq, earlier.id, earlier.recorded_at, earlier.hash.hex(), repeated=True
        )

    def _event(self, draft: Draft, effective_on: str, leaves: Sequence[bytes]) -> Event:
        unsealed = Event(
            self.seq + 1, draft.id, draft.kind, draft.actor, draft.right, draft.second,
            draft.reason, self.now, effective_on, draft.body(), len(leaves),
            self.moved + len(leaves), leaves_hash(leaves), self.hash, b"",
        )  # fmt: skip
        return unsealed._replace(hash=unsealed.sealed())

    def _accounts(self, draft: Draft) -> dict[str, Standing]:
        """Return the accounts that a draft touches, its own among them.

        Raises:
            LedgerError: It opens an account that there is, or rebounds one that there is not.
        """
        names = {one.debit for one in draft.transfers} | {one.credit for one in draft.transfers}
        names |= {one.name for one in (*draft.opens, *draft.rebounds)}
        found = self.standings(names)
        faults: list[Fault] = []
        for account in draft.opens:
            if account.name in found:
                message = "the account is open already"
                faults.append(Fault("account", 0, account.name, message, "choose another name"))
            found[account.name] = Standing(account, self._next_number())
            faults += wrong_account(account, opens=True)
        for account in draft.rebounds:
            standing = found.get(account.name)
            if standing is None or standing.account.unit != account.unit:
                message = f"there is no such account in {account.unit}"
                faults.append(Fault("account", 0, account.name, message, "open it first"))
            else:
                standing.account = account
                faults += wrong_account(account, opens=False)
        refuse(faults)
        return found

    def _next_number(self) -> int:
        if not self._numbers:
            largest = sa.select(sa.func.max(tables.account.c.id))
            self._numbers = self.connection.execute(largest).scalar() or 0
        self._numbers += 1
        return self._numbers

    def _walk(self, draft: Draft, standings: dict[str, Standing], effective_on: str) -> Walk:
        holds = self.holds([one.holds for one in draft.transfers if one.holds])
        ids = [one.id for one in draft.transfers]
        walk = Walk(
            standings=standings,
            holds=holds,
            reversible=self._reversible([one.reverses for one in draft.transfers if one.reverses]),
            taken=self._taken(ids),
            effective_on=effective_on,
            now=self.now,
        )
        walk.go(draft.transfers)
        return walk

    def _taken(self, ids: Sequence[str]) -> set[str]:
        return {row[0] for row in questions.TAKEN.rows_of(self.connection, ids)}

    def _reversible(self, ids: Sequence[str]) -> dict[str, Transfer]:
        """Return posted transfers that no contra has undone, and that are none themselves."""
        rows = questions.REVERSIBLE.rows_of(self.connection, ids)
        return {row[0]: Transfer(*row) for row in rows}

    def _write(
        self,
        draft: Draft,
        event: Event,
        standings: dict[str, Standing],
        rows: Sequence[tuple[Transfer, str, bytes]],
    ) -> None:
        """Write an event with all that it did; triggers move the sums of the accounts."""
        inserting.add_event(self.connection, event)
        if draft.opens:
            inserting.add_accounts(self.connection, draft.opens, standings)
        if draft.rebounds:
            inserting.rebound(self.connection, draft.rebounds)
        if draft.records:
            inserting.add_records(self.connection, draft.records, event.seq)
        if rows:
            inserting.add_transfers(self.connection, event, standings, rows)

    def _free_overdue(self) -> None:
        """Record a time-out of every hold whose moment has come."""
        transfers = tuple(hold.end("timeout") for hold in self.overdue(self.now))
        if transfers:
            self.append(
                Draft(
                    id=f"timeout:{self.seq + 1}",
                    kind="hold.timeout",
                    actor=CLOCK,
                    right="hold.timeout",
                    reason="the time of the hold is over",
                    transfers=transfers,
                )
            )
