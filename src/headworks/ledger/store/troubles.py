"""Troubles of a store, told as faults: where, what, and how to go on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from headworks.errors import Fault, LedgerError

# What a database says, as this software tells it, and the way out. The first that fits is told.
TOLD = (
    (r"\b(L\d+: [^'\"]*)", "the store refuses it: {}", "see the ledger's rules for what it may be"),
    (r"database is locked|lock timeout|could not obtain lock", "other writers are busy with it",
     "try again"),
    (r"readonly database|read-only", "it can only be read", "give a place that may be written to"),
    (r"is full|No space left|disk full|could not extend", "there is no space left on the disk",
     "free some, and try again; nothing was written"),
    (r"unable to open database file", "the file cannot be opened", "check the path"),
    (r"not a database|malformed|file is encrypted", "the file is no ledger, or it is damaged",
     "take a copy that `headworks ledger verify` passes"),
    (r"disk I/O error", "the disk cannot be read or written", "check the disk"),
    (r"account_sums_are_amounts", "the sums of an account would pass what the store holds (L17)",
     "count in a larger unit"),
    (r"(\w+_once|\w+_by_two_persons|\w+_is_another|transfer_\w+)", "the store refuses it: {}",
     "see the ledger's rules for what it may be"),
    (r"[Cc]onnection refused|[Cc]an't create a connection|could not connect|No such file",
     "no server answers there", "start it, or check the URL"),
    # A server that refuses a connection may have closed it before its reason was read.
    (r"network error|Broken pipe|reset by peer|closed the connection",
     "the server closed the connection", "try again; check user, password and database"),
    (r"authentication|[Pp]assword|does not exist", "the server does not let us in: {whole}",
     "check user, password and database"),
)  # fmt: skip
SAID_MAX = 300


@contextmanager
def store_troubles(place: str, driver: type[Exception]) -> Iterator[None]:
    """Tell what a database raises as a fault of the ledger at `place`.

    Args:
        place: How messages call the ledger.
        driver: The error of the database's driver, raised by what goes to it as text.

    Raises:
        LedgerError: The database raised something.
    """
    try:
        yield
    except DBAPIError as error:
        raise LedgerError([_told(place, _said(error.orig))]) from error
    except driver as error:
        raise LedgerError([_told(place, _said(error))]) from error
    except SQLAlchemyError as error:
        raise LedgerError([_told(place, str(error))]) from error


def _said(error: BaseException | None) -> str:
    """Return the sentence of a driver's error, which PostgreSQL's wraps in codes."""
    if error is not None and error.__cause__ is not None:
        return f"{error}: {error.__cause__}"
    given = error.args[0] if error is not None and error.args else error
    return str(given.get("M", given)) if isinstance(given, dict) else str(error)


def _told(place: str, said: str) -> Fault:
    whole = " ".join(said.split())[:SAID_MAX]
    for pattern, message, remedy in TOLD:
        if found := re.search(pattern, said):
            part = found.group(1) if found.groups() else ""
            return Fault(place, 0, "", message.format(part.strip(), whole=whole), remedy)
    return Fault(place, 0, "", f"the store cannot do it: {whole}")
