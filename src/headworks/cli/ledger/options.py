"""Options and texts that the ledger's verbs share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from headworks.errors import Fault, InputError

if TYPE_CHECKING:
    from headworks.ledger.acting import Answer
    from headworks.ledger.ledger import Ledger

Place = Annotated[
    str,
    typer.Option(
        "--ledger", "-l", envvar="HEADWORKS_LEDGER", help="File or URL of the ledger.",
    ),
]  # fmt: skip
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
DEFAULT = "ledger.db"


@contextmanager
def opened(place: str) -> Iterator[Ledger]:
    """Give the ledger at a place, and close it afterwards."""
    from headworks.ledger.ledger import Ledger

    found = Ledger(place)
    try:
        yield found
    finally:
        found.close()


def day_of(option: str, text: str | None) -> dt.date | None:
    """Return the day that an option gives.

    Raises:
        InputError: It is none.
    """
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        remedy = "write it as 2026-01-31"
        raise InputError([Fault(option, 0, "", f"{text!r} is no day", remedy)]) from None


def moment_of(option: str, text: str | None) -> dt.datetime | None:
    """Return the moment that an option gives; a day alone means its end.

    Raises:
        InputError: It is none.
    """
    if text is None:
        return None
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        remedy = "write it as 2026-01-31, or as 2026-01-31T12:00:00Z"
        raise InputError([Fault(option, 0, "", f"{text!r} is no moment", remedy)]) from None
    if len(text) == len("2026-01-31"):
        found = dt.datetime.combine(found.date(), dt.time.max)
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def told(answer: Answer) -> str:
    """Return an answer as a line."""
    kept = answer.receipt
    if kept.repeated:
        return f"{answer.action}: done before, as event {kept.seq} of {kept.recorded_at}"
    if answer.awaits_second:
        return (
            f"{answer.action}: proposed as event {kept.seq}; another person must agree: "
            f"headworks ledger post proposal.agree proposal={kept.id} --actor …"
        )
    return f"{answer.action}: done, as event {kept.seq} of {kept.recorded_at}"
