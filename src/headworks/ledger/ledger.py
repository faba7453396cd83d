"""A ledger: what has passed, told by actions, and asked for balances, reasons and proofs."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headworks.errors import Fault, LedgerError
from headworks.ledger.customs.prospect import Prospect
from headworks.ledger.journal.event import Draft
from headworks.ledger.journal.event import Record as Version
from headworks.ledger.journal.journal import Clock, Journal, moment_text, utc_now
from headworks.ledger.journal.past import standings_at
from headworks.ledger.journal.verification import Verification, verify
from headworks.ledger.passing import MayPass, may_pass, passage
from headworks.ledger.state import LedgerState, state

if TYPE_CHECKING:
    from headworks.ledger.acting import Answer
    from headworks.ledger.actions.action import Action
    from headworks.ledger.journal.account import Standing
    from headworks.ledger.journal.view import View

ID = r"[a-z0-9][a-z0-9_/-]{0,79}"
"""How an actor may be called, as in every action."""
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
        if re.fullmatch(ID, administrator) is None:
            message = f"{administrator!r} is no id, and no action could name it"
            remedy = "take lower-case letters, digits, and - _ / after the first"
            raise LedgerError([Fault("administrator", 0, "", message, remedy)])
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
        # The records of all actions take a while to build, and questions do without.
        from headworks.ledger.acting import act
        from headworks.ledger.actions.registry import action_of

        told = action_of(action)
        with self.journal.writing() as turn:
            return act(turn, told)

    def may_pass(
        self,
        licence: str,
        line: str,
        quantity: int,
        *,
        on: dt.date | None = None,
        value_cents: int = 0,
        site: str | None = None,
    ) -> MayPass:
        """Return whether units may pass customs, with every rule, its numbers, and its cure.

        Args:
            licence: Id of the licence.
            line: Id of the line.
            quantity: Units.
            on: Day on which they pass; today if None.
            value_cents: Their value, where the line has one.
            site: Where they are to be installed, if it is known.

        Raises:
            InputError: There is no such licence, line or site, or the quantity is none.
        """
        if type(quantity) is not int or quantity < 1:
            message = f"{quantity!r} units can neither pass nor be refused"
            raise LedgerError([Fault("quantity", 0, "", message, "give a whole number from 1")])
        with self.journal.reading() as kept:
            view = self._current(kept)
            day = on or self.journal.today()
            asked = passage(
                view, licence, line, quantity, on=day, value_cents=value_cents, site=site
            )
            return may_pass(view, asked)

    def balances(
        self,
        beginning: str = "",
        *,
        known_by: dt.datetime | None = None,
        on: dt.date | None = None,
    ) -> list[Standing]:
        """Return the accounts whose names begin so, as they stand or stood.

        Args:
            beginning: Such as `pool:` or `line:us-17`.
            known_by: Only what was recorded by this moment; all if None.
            on: Only what had happened by this day; all if None.
        """
        moment = None if known_by is None else moment_text(known_by)
        with self.journal.reading() as kept:
            view = self._current(kept) if known_by is None and on is None else kept
            return standings_at(view, known_by=moment, on=on, beginning=beginning)

    def _current(self, kept: View) -> View:
        """Return a ledger in which holds whose time is over are freed, as the next writer does."""
        view = Prospect(kept)
        for hold in kept.overdue(self.journal.now()):
            view.post(hold.end("timeout"))
        return view

    def records(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return the newest version of every record of a kind: `party`, `licence`, `round` …."""
        with self.journal.reading() as view:
            return view.records(kind)

    def kinds(self) -> dict[str, int]:
        """Return the kinds of records that there are, each with how many of them."""
        with self.journal.reading() as view:
            return view.kinds()

    def state(
        self, as_of: dt.date | None = None, *, known_by: dt.datetime | None = None
    ) -> LedgerState:
        """Return what every line has at which gate at the end of a day, for a forecast.

        Args:
            as_of: The day; today if None.
            known_by: Only what was recorded by this moment; all if None.
        """
        moment = None if known_by is None else moment_text(known_by)
        with self.journal.reading() as view:
            return state(view, as_of or self.journal.today(), known_by=moment)

    def verify(self, *, progress: Callable[[int, int], None] | None = None) -> Verification:
        """Read the whole journal again, and say whether it is what it says."""
        with self.journal.reading() as view:
            return verify(view, progress=progress)

    def close(self) -> None:
        """Close the store's connections."""
        self.journal.close()
