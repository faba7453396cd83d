"""The journal of one ledger: opens a store, and gives moments to read and turns to write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from headworks.errors import Fault, LedgerError
from headworks.ledger.journal.view import View
from headworks.ledger.journal.writing import Writing
from headworks.ledger.store.engine import (
    MEMORY,
    check_durability,
    engine_of,
    place_of,
    transaction,
    url_of,
)
from headworks.ledger.store.schema import check_room, check_version, migrate
from headworks.scenario.whole_file import is_file

if TYPE_CHECKING:
    from headworks.ledger.journal.event import Draft, Receipt

Clock = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    """Return this moment."""
    return dt.datetime.now(dt.UTC)


def moment_text(moment: dt.datetime) -> str:
    """Return a moment as UTC text of fixed length, whose order is that of time.

    Raises:
        LedgerError: It does not say in which time zone it is.
    """
    if moment.tzinfo is None:
        remedy = "write it with its zone, as in 2026-01-31T12:00:00Z"
        raise LedgerError([Fault("time", 0, "", f"{moment} has no time zone", remedy)])
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


class Journal:
    """A ledger's events, accounts and records in one store.

    Args:
        place: A path, `memory`, or a URL such as `postgresql://user@host/name`.
        clock: Tells the moment of recording; a simulation gives its own.

    Raises:
        LedgerError: There is no ledger, it is of another version, or its store might lose what it
            has acknowledged.
    """

    def __init__(self, place: Path | str, *, clock: Clock = utc_now) -> None:
        self._clock = clock
        url = url_of(place)
        self.place = place_of(url)
        self._engine = engine_of(url)
        if self.place == MEMORY:
            with transaction(self._engine, writes=True) as connection:
                migrate(connection)
        elif url.get_backend_name() == "sqlite" and not is_file(self.place):
            remedy = (
                f"make one with `headworks ledger init --ledger {self.place} --administrator NAME`"
            )
            raise LedgerError([Fault(self.place, 0, "", "there is no ledger here", remedy)])
        try:
            with transaction(self._engine) as connection:
                check_version(connection, self.place)
                check_durability(connection, self.place)
        except BaseException:
            self._engine.dispose()
            raise

    @classmethod
    def create(cls, place: Path | str, *, clock: Clock = utc_now, upgrade: bool = False) -> Journal:
        """Make a ledger's tables where there are none, and open it.

        Args:
            place: As in the class.
            clock: Likewise.
            upgrade: Bring the tables of an older ledger up to date.

        Raises:
            LedgerError: There is a ledger already, or the place cannot be written to.
        """
        url = url_of(place)
        called = place_of(url)
        if called != MEMORY:
            engine = engine_of(url)
            try:
                with transaction(engine, writes=True) as connection:
                    check_room(connection, called, upgrade=upgrade)
                    migrate(connection)
            finally:
                engine.dispose()
        return cls(place, clock=clock)

    def today(self) -> dt.date:
        """Return the clock's day, in UTC."""
        return self._clock().astimezone(dt.UTC).date()

    def now(self) -> str:
        """Return the clock's moment, as UTC text of fixed length."""
        return moment_text(self._clock())

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Give a turn to write: what is appended is recorded when the block ends without an error.

        Raises:
            LedgerError: The store cannot be written, or refuses something.
        """
        with transaction(self._engine, writes=True) as connection:
            yield Writing(connection, self.now())

    @contextmanager
    def reading(self) -> Iterator[View]:
        """Give one moment of the ledger to read."""
        with transaction(self._engine) as connection:
            yield View(connection)

    def append(self, draft: Draft) -> Receipt:
        """Record one event in a turn of its own.

        Raises:
            LedgerError: It cannot be recorded; all that is wrong with it is listed.
        """
        with self.writing() as turn:
            return turn.append(draft)

    def close(self) -> None:
        """Close the store's connections."""
        self._engine.dispose()
