"""The base of all actions: who, what, why and when, and what the ledger makes of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headworks.ledger.journal.event import Record as Version
from headworks.ledger.journal.transfer import Transfer
from headworks.ledger.values import Amount, Name
from headworks.scenario.model import Id, Record

if TYPE_CHECKING:
    from headworks.ledger.journal.account import Account
    from headworks.ledger.journal.view import View

__all__ = ["Action", "Amount", "Decision", "Id", "Name", "Version", "move"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What an action comes to: accounts, records and transfers."""

    opens: tuple[Account, ...] = ()
    rebounds: tuple[Account, ...] = ()
    records: tuple[Version, ...] = ()
    transfers: tuple[Transfer, ...] = ()


class Action(Record):
    """What an actor tells the ledger to do."""

    id: Name
    """Chosen by the caller; the same id and content again changes nothing."""
    actor: Id
    """Who does it."""
    reason: str = ""
    """Why, in the actor's words."""
    on: dt.date | None = None
    """Day on which it happens in the world; the day of recording if None."""

    @property
    def right(self) -> str:
        """The right that it takes, named as the action itself."""
        return str(self.action)  # type: ignore[attr-defined] # every action says which it is

    def party_concerned(self, view: View) -> str | None:  # noqa: ARG002 - most concern none
        """Return for whom the actor acts, where an applicant may do it; None for nobody."""
        return None

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return what it comes to.

        Args:
            view: The ledger, locked.
            on: Day on which it happens.

        Raises:
            LedgerError: It may not happen; every reason is listed.
        """
        raise NotImplementedError

    def command(self) -> dict[str, Any]:
        """Return what was asked for, as the plain values that the event keeps."""
        plain = self.model_dump(mode="json", exclude_defaults=True)
        return {**plain, "action": self.right}


def move(event: str, number: int, debit: str, credit: str, amount: int, code: str) -> Transfer:
    """Return a transfer of an event, whose id is made of the event's and its number."""
    return Transfer(f"{event}:{number}", debit, credit, amount, code)
