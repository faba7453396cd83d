"""Run numbers: a sender numbers its files through, so that none is lost and none counts twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from headworks.errors import Fault

if TYPE_CHECKING:
    from headworks.ledger.customs.usage import UsageFile
    from headworks.ledger.journal.view import View

RUN, SENDER = "customs_run", "customs_sender"
LISTED_MAX = 10
"""Missing runs that are named one by one."""


def earlier(view: View, usage: UsageFile) -> dict[str, Any] | None:
    """Return what the ledger keeps of a file of the same content; None if it is new."""
    for series in range(_sender(view, usage)["series"], 0, -1):
        found = view.find(RUN, key(usage, series))
        if found is not None and found["digest"] == usage.digest:
            return found
    return None


def faults(view: View, usage: UsageFile) -> Iterator[Fault]:
    """Yield why a file is not the next one of its sender; nothing where it is."""
    if (same := earlier(view, usage)) is not None:
        message = f"run {usage.run} of {usage.sender} was imported by {same['event']} (L5)"
        yield Fault(usage.file, 0, "run", message, "nothing is left to do")
        return
    if usage.reset:
        return
    sender = _sender(view, usage)
    last = sender["last"]
    if (other := view.find(RUN, key(usage, sender["series"]))) is not None:
        message = (
            f"run {usage.run} of {usage.sender} was imported by {other['event']} with other "
            "content (L5)"
        )
        remedy = "ask the sender which is right, and to send what changed as a new run"
        yield Fault(usage.file, 0, "run", message, remedy)
    elif usage.run <= last:
        message = f"run {usage.run} of {usage.sender} is not after its last one, run {last}"
        yield Fault(usage.file, 0, "run", message, "ask the sender which runs there are")
    elif usage.run > last + 1:
        missing = range(last + 1, usage.run)
        said = ", ".join(map(str, missing[:LISTED_MAX]))
        if len(missing) > LISTED_MAX:
            said += f" … {missing[-1]}"
        word = "run" if len(missing) == 1 else "runs"
        verb = "is" if len(missing) == 1 else "are"
        message = f"run {usage.run} of {usage.sender} came, and {word} {said} {verb} missing"
        yield Fault(usage.file, 0, "run", message, "import what is missing first")


def taken(view: View, usage: UsageFile) -> tuple[str, dict[str, Any]]:
    """Return the id of the run, and the sender as it stands once the file is taken."""
    sender = _sender(view, usage)
    series = sender["series"] + (1 if usage.reset and sender["last"] else 0)
    return key(usage, series), {"series": series, "last": usage.run}


def key(usage: UsageFile, series: int) -> str:
    """Return the id of a run: sender, how often it began anew, number."""
    return f"{usage.sender}/{series}/{usage.run}"


def _sender(view: View, usage: UsageFile) -> dict[str, Any]:
    return view.find(SENDER, usage.sender) or {"series": 1, "last": 0}
