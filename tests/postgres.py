"""A throw-away PostgreSQL: one server for all processes of a test run, a new database per test."""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pg8000.dbapi
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

USER = "postgres"
PORT = 5432
LOG = "server.log"
_NUMBERS = itertools.count()
RUNUSER = shutil.which("runuser", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
"""What runs a program as another user; it stands where only root's path looks."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A server that listens on a socket of the file system, and on no other."""

    programs: Path
    folder: Path
    """Holds the socket, the data and the log; short, since the path of a socket is bounded."""

    @property
    def socket(self) -> Path:
        """The socket."""
        return self.folder / f".s.PGSQL.{PORT}"

    def url(self, database: str) -> str:
        """Return the URL of a database."""
        return f"postgresql://{USER}@/{database}?unix_sock={self.socket}"

    def connect(self, database: str = "postgres") -> pg8000.dbapi.Connection:
        """Return a connection that commits each statement."""
        connection = pg8000.dbapi.connect(
            user=USER, database=database, unix_sock=str(self.socket), ssl_context=False
        )
        connection.autocommit = True
        return connection

    def run(self, *statements: str, database: str = "postgres") -> None:
        """Run statements outside of a transaction."""
        connection = self.connect(database)
        for statement in statements:
            connection.cursor().execute(statement)
        connection.close()

    @contextlib.contextmanager
    def database(self) -> Iterator[str]:
        """Give the URL of a new database, which is dropped afterwards."""
        name = f"t{os.getpid()}_{next(_NUMBERS)}"
        self.run(f"CREATE DATABASE {name}")
        yield self.url(name)
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def start(self, **settings: str) -> None:
        """Make the data anew, and start the server."""
        data = self.folder / "data"
        self._as_user("initdb", "-A", "trust", "-N", "-E", "UTF8", "--locale=C.UTF-8", "-D", data)
        options = {
            "listen_addresses": "''", "unix_socket_directories": str(self.folder),
            "max_connections": "200", "shared_buffers": "64MB", **settings,
        }  # fmt: skip
        said = " ".join(f"-c {key}={value}" for key, value in options.items())
        log = self.folder / LOG
        self._as_user("pg_ctl", "-w", "-D", data, "-l", log, "-o", said, "start")

    def stop(self) -> None:
        """Stop the server, and take its folder away."""
        self._as_user("pg_ctl", "-w", "-m", "immediate", "-D", self.folder / "data", "stop")
        shutil.rmtree(self.folder)

    def _as_user(self, program: str, *arguments: str | Path) -> None:
        """Run a program of the server as a user that it does not refuse."""
        command = [str(self.programs / program), *map(str, arguments)]
        if os.geteuid() == 0:
            command = [RUNUSER or "runuser", "-u", USER, "--", *command]
        found = subprocess.run(
            command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
        )
        if found.returncode:
            log = self.folder / LOG
            said = log.read_text(encoding="utf-8") if log.exists() else ""
            pytest.fail(f"{program}: {found.stderr.decode()}\n{said}")


def programs() -> Path | None:
    """Return the folder of the newest server's programs, or None where there is no server."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda path: float(path.parent.name))
    there = shutil.which("initdb")
    return None if there is None else Path(there).resolve().parent


def new_server(*, memory: bool = True, **settings: str) -> Postgres:
    """Return a server that was started in a folder of its own.

    Args:
        memory: Whether in memory where that can be, since a test does not outlive the power.
        settings: Further settings of the server.
    """
    found = programs()
    reason = ""
    if found is None:
        reason = "needs the programs of a PostgreSQL server, as in /usr/lib/postgresql/15/bin"
    elif os.geteuid() == 0 and RUNUSER is None:
        reason = "needs runuser, since a PostgreSQL server refuses to run as root"
    if found is None or reason:
        if os.environ.get("HEADWORKS_REQUIRE_SYSTEM"):
            pytest.fail(reason)
        pytest.skip(reason)
    shared = Path("/dev/shm")  # noqa: S108 - the folder in it has a name of its own
    place = shared if memory and os.access(shared, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="hw-pg-", dir=place))
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam(USER).pw_uid, -1)
    server = Postgres(found, folder)
    server.start(**settings)
    return server


@contextlib.contextmanager
def shared_server(meeting: Path) -> Iterator[Postgres]:
    """Give the server that all processes share which name the same folder.

    The first one starts it, the last one stops it.
    """
    users = meeting / "postgres"
    with _locked(meeting):
        folder, count = users.read_text("utf-8").split("\n") if users.exists() else ("", "0")
        found = programs()
        server = new_server() if not folder or found is None else Postgres(found, Path(folder))
        users.write_text(f"{server.folder}\n{int(count) + 1}", "utf-8")
    try:
        yield server
    finally:
        with _locked(meeting):
            left = int(users.read_text("utf-8").split("\n")[1]) - 1
            users.write_text(f"{server.folder}\n{left}", "utf-8")
            if not left:
                server.stop()
                users.unlink()


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "postgres.lock").open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
