"""Connections to a store: SQLite or PostgreSQL, checked to keep what they have acknowledged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import StaticPool

from headworks.errors import Fault, LedgerError
from headworks.ledger.store.troubles import store_troubles

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection

PATIENCE_S = 60
"""How long a writer waits for others before it gives up."""
SQLITE_SETTINGS = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}
"""What SQLite must answer: 2 is `FULL`, with which a commit is on the disk when it returns."""
SQLITE_CACHE_KIB = 128_000
"""Pages that a connection keeps. With SQLite's own 2 MB, what a large file writes is spilled and
read again row by row, which takes six times as long from some thousand rows on."""
POSTGRES_SETTINGS = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
MEMORY = "memory"
"""Name of a ledger that lives as long as its process."""


def url_of(place: Path | str) -> URL:
    """Return the URL of a store.

    Args:
        place: A path, `memory`, or a URL such as `postgresql://user@host/name`.

    Raises:
        LedgerError: It is a URL of neither SQLite nor PostgreSQL.
    """
    text = str(place)
    if not text.strip():
        remedy = "give a path, a URL, or `memory`"
        raise LedgerError([Fault("ledger", 0, "", "no place is named", remedy)])
    if text == MEMORY:
        return URL.create("sqlite")
    if "://" not in text:
        return URL.create("sqlite", database=text)
    remedy = "give a path, or a URL such as postgresql://user@host/name"
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise LedgerError([Fault("ledger", 0, "", f"{text!r} is no URL", remedy)]) from None
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        message = f"a ledger is kept in SQLite or PostgreSQL, not in {url.get_backend_name()}"
        raise LedgerError([Fault("ledger", 0, "", message, remedy)])
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+pg8000")
    return url


def place_of(url: URL) -> str:
    """Return how messages call a store: its path, or its URL without the password."""
    if url.get_backend_name() == "sqlite":
        return url.database or MEMORY
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)


def engine_of(url: URL) -> sa.Engine:
    """Return an engine whose every connection keeps what it acknowledged.

    Raises:
        LedgerError: The driver is not installed.
    """
    options: dict[str, Any] = {}
    if url.get_backend_name() == "sqlite":
        options["connect_args"] = {"timeout": PATIENCE_S, "check_same_thread": False}
        if not url.database:
            options["poolclass"] = StaticPool
    else:
        # Readers may see one moment of the store, writers see what the lock let them wait for.
        options["isolation_level"] = "READ COMMITTED"
        if "unix_sock" in url.query:
            # No network is in between; asking for TLS would first load all certificates known.
            options["connect_args"] = {"ssl_context": False}
    try:
        engine = sa.create_engine(url, **options)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        message = f"the driver of {url.drivername} is not installed: {error}"
        remedy = "pip install 'headworks[postgres]'"
        raise LedgerError([Fault(place_of(url), 0, "", message, remedy)]) from None
    if url.get_backend_name() == "sqlite":
        sa.event.listen(engine, "connect", _set_up_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: DBAPIConnection, _record: object) -> None:
    """Give a new connection its settings, and leave the beginning of transactions to us."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for name, value in SQLITE_SETTINGS.items():
        cursor.execute(f"PRAGMA {name} = {value}")
    cursor.execute(f"PRAGMA cache_size = -{SQLITE_CACHE_KIB}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    """Begin a transaction; a writer takes the lock now, and not when it first writes."""
    writes = connection.get_execution_options().get("writes", False)
    connection.connection.cursor().execute("BEGIN IMMEDIATE" if writes else "BEGIN")


def check_durability(connection: sa.Connection, place: str) -> None:
    """Check that what the store acknowledges is on the disk.

    A kill of the process cannot show a missing flush to the disk, so the settings are asked for.

    Raises:
        LedgerError: A setting would lose an acknowledged posting when the power fails.
    """
    if connection.dialect.name == "sqlite":
        ask, wanted = "PRAGMA {}", dict(SQLITE_SETTINGS)
        if place == MEMORY:
            wanted["journal_mode"] = "memory"
    else:
        ask, wanted = "SHOW {}", POSTGRES_SETTINGS
    faults = []
    for name, value in wanted.items():
        found = str(connection.exec_driver_sql(ask.format(name)).scalar()).lower()
        if found != value:
            message = f"the store has {name} = {found}, and a ledger needs {value}"
            faults.append(Fault(place, 0, name, message, "change the store's setting"))
    if faults:
        raise LedgerError(faults)


def driver_error(engine: sa.Engine) -> type[Exception]:
    """Return the error that the driver of an engine raises for every trouble of the store."""
    found: type[Exception] = engine.dialect.loaded_dbapi.Error
    return found


@contextmanager
def transaction(engine: sa.Engine, *, writes: bool = False) -> Iterator[sa.Connection]:
    """Give a connection in a transaction that is committed if the block ends without an error.

    Raises:
        LedgerError: The store cannot be reached, is busy, full, read-only, or no ledger.
    """
    with (
        store_troubles(place_of(engine.url), driver_error(engine)),
        engine.connect().execution_options(writes=writes) as connection,
        connection.begin(),
    ):
        if connection.dialect.name == "postgresql" and not writes:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield connection
