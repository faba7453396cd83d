"""A small ledger for tests: its clock, its accounts, and short words for what happens in it."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pg8000.dbapi

from headworks.ledger.journal.account import Account
from headworks.ledger.journal.event import Draft
from headworks.ledger.journal.journal import Journal
from headworks.ledger.journal.transfer import Transfer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.ledger.journal.event import Receipt

START = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)
TODAY = START.date()
ACCOUNTS = (
    Account("world", "units", floor=None),
    Account("pool", "units"),
    Account("line", "units", ceiling=100),
    Account("drawn", "units"),
    Account("window", "units", open_from=dt.date(2026, 1, 10), open_until=dt.date(2026, 2, 1)),
    Account("tpp", "tpp", floor=None),
)
"""`world` gives without end; `pool` holds 1,000 and `window` 50 once the ledger is funded."""


@dataclass
class Clock:
    """Tells the time that a test has set."""

    now: dt.datetime = field(default=START)

    def __call__(self) -> dt.datetime:
        """Return the moment."""
        return self.now

    def forward(self, **by: float) -> None:
        """Let time pass, backwards if negative."""
        self.now += dt.timedelta(**by)

    def text(self, **by: float) -> str:
        """Return a moment from now as the ledger writes it."""
        return (self.now + dt.timedelta(**by)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def move(name: str, debit: str, credit: str, amount: int, **more: Any) -> Transfer:  # noqa: ANN401
    """Return a transfer, posted at once where nothing else is said."""
    return Transfer(name, debit, credit, amount, **{"code": "move", **more})


def event(name: str, *transfers: Transfer, **more: Any) -> Draft:  # noqa: ANN401
    """Return an event."""
    return Draft(name, "test", "ann", "test.do", transfers=transfers, **more)


def funded(place: str, clock: Clock) -> Journal:
    """Return a new ledger with the accounts, after two events."""
    journal = Journal.create(place, clock=clock)
    journal.append(event("opening", opens=ACCOUNTS))
    funds = move("fund-pool", "world", "pool", 1000), move("fund-window", "world", "window", 50)
    journal.append(event("funding", *funds))
    return journal


def post(journal: Journal, name: str, *transfers: Transfer, **more: Any) -> Receipt:  # noqa: ANN401
    """Record one event."""
    return journal.append(event(name, *transfers, **more))


def balances(journal: Journal) -> dict[str, tuple[int, int, int]]:
    """Return balance, available and expected of each account."""
    with journal.reading() as view:
        return {
            one.account.name: (one.balance, one.available, one.expected)
            for one in view.all_standings()
        }


def state(journal: Journal) -> object:
    """Return all that a ledger says, to be compared."""
    with journal.reading() as view:
        return (
            view.head(),
            [one.to_json() for one in view.all_standings()],
            view.all_holds(),
            list(view.events()),
        )


@contextlib.contextmanager
def raw(place: str) -> Iterator[Any]:
    """Give a cursor of the bare driver, past all of our Python, committed at the end."""
    connection: Any
    if place.startswith("postgresql:"):
        url = urlsplit(place)
        (socket,) = parse_qs(url.query)["unix_sock"]
        connection = pg8000.dbapi.connect(
            user="postgres", database=url.path.strip("/"), unix_sock=socket, ssl_context=False
        )
    else:
        connection = sqlite3.connect(place)
    try:
        yield connection.cursor()
        connection.commit()
    finally:
        connection.close()
