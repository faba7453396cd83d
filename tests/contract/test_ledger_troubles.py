"""A store that cannot keep a ledger says why, in words that help, and nothing is written."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from headworks.errors import LedgerError
from headworks.ledger.journal.journal import Journal
from headworks.ledger.store.engine import check_durability, engine_of, transaction, url_of
from tests.postgres import new_server
from tests.unit.ledger.build import Clock, event, funded, move, post, raw, state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.postgres import Postgres

MANY = [move(f"t{n}", "world", "drawn", 1, reference="x" * 400) for n in range(3_000)]
"""More than a megabyte."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger in a file, closed."""
    funded(str(tmp_path / "ledger.db"), Clock()).close()
    return tmp_path / "ledger.db"


def said(place: object) -> str:
    """Return what opening a place is refused with."""
    with pytest.raises(LedgerError) as caught:
        Journal(str(place))
    return str(caught.value)


# What is acknowledged must be on the disk.


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        (
            "synchronous = NORMAL",
            "synchronous: the store has synchronous = 1, and a ledger needs 2",
        ),
        ("synchronous = OFF", "synchronous: the store has synchronous = 0, and a ledger needs 2"),
        (
            "foreign_keys = OFF",
            "foreign_keys: the store has foreign_keys = 0, and a ledger needs 1",
        ),
    ],
)
def test_a_sqlite_connection_that_might_lose_something_is_not_used(
    path: Path, setting: str, told: str
) -> None:
    engine = engine_of(url_of(path))

    @sa.event.listens_for(engine, "connect")
    def loosen(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA {setting}")

    with transaction(engine) as connection, pytest.raises(LedgerError) as caught:
        check_durability(connection, str(path))
    engine.dispose()
    assert str(caught.value).startswith(f"{path}: {told}\n")


def test_a_file_that_cannot_keep_a_log_ahead_is_not_used(path: Path) -> None:
    """Held exclusively, SQLite answers another mode than the one that it was asked for."""
    engine = engine_of(url_of(path))

    @sa.event.listens_for(engine, "connect")
    def loosen(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA journal_mode = delete")

    with transaction(engine) as connection, pytest.raises(LedgerError, match="= delete, and a"):
        check_durability(connection, str(path))
    engine.dispose()


def test_a_postgresql_that_might_lose_something_is_not_used(postgres: Postgres) -> None:
    setting = "synchronous_commit"
    with postgres.database() as url:
        funded(url, Clock()).close()
        name = url.partition("@/")[2].partition("?")[0]
        postgres.run(f"ALTER DATABASE {name} SET {setting} = off")
        assert f"{setting}: the store has {setting} = off, and a ledger needs on" in said(url)
        with pytest.raises(LedgerError, match="a ledger needs on"):
            Journal(url)


@pytest.mark.slow
def test_a_postgresql_server_without_fsync_is_not_used() -> None:
    server = new_server(fsync="off", full_page_writes="off")
    try:
        with server.database() as url, pytest.raises(LedgerError) as caught:
            Journal.create(url)
    finally:
        server.stop()
    assert [(one.key, one.message) for one in caught.value.faults] == [
        ("fsync", "the store has fsync = off, and a ledger needs on"),
        ("full_page_writes", "the store has full_page_writes = off, and a ledger needs on"),
    ]


# No space.


def test_a_file_that_may_not_grow_takes_all_or_nothing(path: Path) -> None:
    journal = Journal(path, clock=Clock())
    before = state(journal)
    engine = journal._engine  # noqa: SLF001 - a full disk is played by a bound on the file
    engine.dispose()

    @sa.event.listens_for(engine, "connect")
    def bound(connection: sqlite3.Connection, _record: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 5}")

    with pytest.raises(LedgerError) as caught:
        post(journal, "e", *MANY)
    assert str(caught.value) == (
        f"{path}: there is no space left on the disk\n"
        "    → free some, and try again; nothing was written"
    )
    assert state(journal) == before
    assert post(journal, "f", MANY[0]).seq == 3
    journal.close()


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of one megabyte, outside of what pytest tidies up by itself."""
    folder = Path(tempfile.mkdtemp(prefix="hw-disk-"))
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(command, capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip("needs a user who may mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607 - as above
    folder.rmdir()


def test_a_full_disk_takes_all_or_nothing(small_disk: Path) -> None:
    path = small_disk / "ledger.db"
    journal = funded(str(path), Clock())
    before = state(journal)
    for _ in range(2):
        with pytest.raises(LedgerError, match="there is no space left on the disk"):
            post(journal, "e", *MANY)
    assert state(journal) == before
    assert post(journal, "f", MANY[0]).seq == 3
    journal.close()


# Places that hold no ledger.


def test_a_file_that_may_only_be_read_is_not_written_to(path: Path) -> None:
    """Asked of SQLite itself, since the administrator may write to every file."""
    journal = Journal(path, clock=Clock())
    before = state(journal)
    engine = journal._engine  # noqa: SLF001 - as above
    engine.dispose()

    @sa.event.listens_for(engine, "connect")
    def lock(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA query_only = 1")

    with pytest.raises(LedgerError) as caught:
        post(journal, "e", MANY[0])
    assert str(caught.value) == (
        f"{path}: it can only be read\n    → give a place that may be written to"
    )
    assert state(journal) == before
    journal.close()


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    assert said(path) == (
        f"{path}: there is no ledger here\n    → make one with `headworks ledger init "
        f"--ledger {path} --administrator NAME`"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    path = tmp_path / "none" / "ledger.db"
    with pytest.raises(LedgerError) as caught:
        Journal.create(path)
    assert str(caught.value) == f"{path}: the file cannot be opened\n    → check the path"


def test_a_folder_is_no_ledger(tmp_path: Path) -> None:
    assert "there is no ledger here" in said(tmp_path)
    with pytest.raises(LedgerError, match="the file cannot be opened"):
        Journal.create(tmp_path)


def test_a_file_of_something_else_is_no_ledger(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are notes " * 100, encoding="utf-8")
    assert said(path) == (
        f"{path}: the file is no ledger, or it is damaged\n"
        "    → take a copy that `headworks ledger verify` passes"
    )
    with pytest.raises(LedgerError, match="the file is no ledger"):
        Journal.create(path)
    assert path.read_text(encoding="utf-8") == "these are notes " * 100


def test_an_empty_database_is_no_ledger(kept_place: str) -> None:
    if not kept_place.startswith("postgresql"):
        sqlite3.connect(kept_place).execute("CREATE TABLE other (id)").connection.close()
    assert "there is no ledger here\n    → make one with `headworks ledger init" in said(kept_place)


def test_a_ledger_is_made_once(kept_place: str) -> None:
    journal = funded(kept_place, Clock())
    before = state(journal)
    with pytest.raises(
        LedgerError, match=r"there is a ledger already, of version \d{4}\n    → choo"
    ):
        Journal.create(kept_place)
    assert state(journal) == before
    journal.close()


def test_a_ledger_of_a_newer_version_is_left_alone(kept_place: str) -> None:
    funded(kept_place, Clock()).close()
    with raw(kept_place) as cursor:
        cursor.execute("UPDATE alembic_version SET version_num = '9999'")
    told = said(kept_place)
    assert "its tables are of version 9999, newer than version" in told
    assert told.endswith("→ use a newer headworks")
    with pytest.raises(LedgerError, match="newer than version"):
        Journal.create(kept_place, upgrade=True)


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("mysql://x/y", "ledger: a ledger is kept in SQLite or PostgreSQL, not in mysql"),
        ("://", "ledger: '://' is no URL"),
        ("postgresql+nodriver://x/y", "the driver of postgresql+nodriver is not installed"),
        ("postgresql://u:secret@/x?unix_sock=/none/.s", "no server answers there"),
        ("postgresql://u:secret@localhost:1/x", "no server answers there"),
    ],
)
def test_a_place_that_cannot_be_reached_is_told(place: str, told: str) -> None:
    found = said(place)
    assert told in found
    assert "secret" not in found


def test_a_database_that_there_is_not_is_told(postgres: Postgres) -> None:
    told = said(postgres.url("nowhere"))
    reasons = 'database "nowhere" does not exist', "the server closed the connection"
    assert any(reason in told for reason in reasons)
    assert told.endswith("check user, password and database")


def test_a_damaged_file_is_told(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[4096:] = b"\x7f" * (len(whole) - 4096)
    path.write_bytes(whole)
    assert "the file is no ledger, or it is damaged" in said(path)


def test_a_copy_of_a_closed_ledger_is_a_ledger(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(path, copy)
    one, other = Journal(path), Journal(copy)
    assert state(one) == state(other)
    assert other.append(event("e")).seq == 3
    one.close()
    other.close()
