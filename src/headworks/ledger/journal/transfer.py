"""Transfers: an amount that leaves one account for another, at once or after a hold."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from headworks.ledger.journal.replay import Row

Kind = Literal["posted", "pending", "post", "void", "timeout"]
"""`posted` moves at once; `pending` holds, and ends once: `post` moves all or a part of it and
frees the rest, `void` and `timeout` free it."""
KINDS: tuple[Kind, ...] = get_args(Kind)
ENDS: frozenset[Kind] = frozenset({"post", "void", "timeout"})
"""The kinds that end a hold."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transfer, which never changes once it is recorded; a mistake is undone by a contra."""

    id: str
    """Chosen by the caller, unique in the ledger."""
    debit: str
    """Account that the amount leaves."""
    credit: str
    """Account that it enters."""
    amount: int
    """More than 0, in the accounts' unit."""
    code: str
    """What it stands for: `award`, `licence`, `reserve`, `draw`, `install` …"""
    kind: Kind = "posted"
    effective_on: dt.date | None = None
    """Day on which it happened; that of its event if None."""
    reference: str = ""
    """Document of the world outside, such as a declaration."""
    holds: str = ""
    """Id of the pending transfer that it ends; empty for none."""
    times_out_at: str = ""
    """Moment from which a pending transfer is freed, as UTC text; empty for never."""
    reverses: str = ""
    """Id of the posted transfer that this contra undoes; empty for none."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A pending transfer that has not ended."""

    id: str
    debit: str
    credit: str
    amount: int
    times_out_at: str
    """UTC text; empty for never."""

    def end(self, kind: Kind, *, amount: int | None = None, id: str = "") -> Transfer:  # noqa: A002
        """Return the transfer that ends it.

        Args:
            kind: `post`, `void` or `timeout`.
            amount: What is posted, where that is less than what is held.
            id: Its id; made of kind and hold if empty.
        """
        return Transfer(
            id or f"{kind}:{self.id}",
            self.debit,
            self.credit,
            self.amount if amount is None else amount,
            kind,
            kind,
            holds=self.id,
        )


def leaf(transfer: Transfer | Row, effective_on: str) -> bytes:
    """Return the SHA-256 of a transfer: 32 bytes over all that it says.

    Fields stand on a line each, which is unambiguous since none may hold a line break.

    Args:
        transfer: The transfer, or its row in a store.
        effective_on: Its day as ISO text, its event's where it has none of its own.
    """
    text = (
        f"{transfer.id}\n{transfer.kind}\n{transfer.debit}\n{transfer.credit}\n{transfer.amount}\n"
        f"{transfer.code}\n{effective_on}\n{transfer.reference}\n{transfer.holds}\n"
        f"{transfer.times_out_at}\n{transfer.reverses}"
    )
    return hashlib.sha256(text.encode()).digest()
