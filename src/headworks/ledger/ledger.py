"""A ledger: what has passed, told by actions, and asked for balances, reasons and proofs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headworks.ledger.acting import Answer, act
from headworks.ledger.actions.registry import action_of
from headworks.ledger.journal.event import Draft
from headworks.ledger.journal.event import Record as Version
from headworks.ledger.journal.journal import Clock, Journal, utc_now

if TYPE_CHECKING:
    from headworks.ledger.actions.action import Action

FIRST = "ledger.open"
"""The event with which a ledger begins."""


class Ledger:
    """A ledger in a store.

    Args:
        place: A path, `memory`, or a URL such as `postgresql://user@host/name`.
        clock: Tells the moment of recording.

    Raises:
        LedgerError: There is no ledger, or it cannot be used.
    """

    def __init__(self, place: Path | str, *, clock: Clock = utc_now) -> None:
        self.journal = Journal(place, clock=clock)

    @classmethod
    def create(cls, place: Path | str, *, administrator: str, clock: Clock = utc_now) -> Ledger:
        """Make a ledger, and register its first actor.

        Args:
            place: As in the class.
            administrator: Id of the person who registers all others.
            clock: As in the class.

        Raises:
            LedgerError: There is a ledger already, or the place cannot be written to.
        """
        kept = Journal.create(place, clock=clock)
        body = {"name": administrator, "roles": ["administrator"], "party": None}
        kept.append(
            Draft(
                FIRST, FIRST, administrator, FIRST, "the first actor",
                records=(Version("actor", administrator, body),),
            )
        )  # fmt: skip
        opened = cls.__new__(cls)
        opened.journal = kept
        return opened

    def act(self, action: Action | Mapping[str, Any]) -> Answer:
        """Do what an action says, whole or not at all.

        Args:
            action: An action, or its fields as plain values.

        Raises:
            InputError: It cannot be read, or may not happen; every reason is listed.
        """
        told = action_of(action)
        with self.journal.writing() as turn:
            return act(turn, told)

    def close(self) -> None:
        """Close the store's connections."""
        self.journal.close()
