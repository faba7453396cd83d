"""Discrepancies: where customs says other than the ledger, held open until somebody settles it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headworks.ledger.customs.prospect import Prospect

DISCREPANCY = "discrepancy"


def note(ahead: Prospect, name: str, body: dict[str, Any], *, run: str) -> bool:
    """Hold what customs says against what the ledger says, and return whether they differ.

    Where they agree, a discrepancy that was open is resolved. One that was resolved stays so for as
    long as customs repeats what was known then.

    Args:
        ahead: The ledger, as it will stand.
        name: Id of the discrepancy: what it is about.
        body: Its `about`, `licence`, `line`, `ours` and `theirs`, and what else explains it.
        run: The file's run.
    """
    difference = body["theirs"] - body["ours"]
    known = ahead.find(DISCREPANCY, name)
    if not difference and not body.get("why"):
        settle(ahead, name, f"equal since {run}")
        return False
    body = {**body, "difference": difference}
    if known is not None and _same(known, body):
        return bool(known["state"] == "open")
    ahead.put(DISCREPANCY, name, {**body, "state": "open", "run": run})
    return True


def settle(ahead: Prospect, name: str, grounds: str) -> None:
    """Resolve a discrepancy, if it is open."""
    known = ahead.records(DISCREPANCY).get(name)
    if known is not None and known["state"] == "open":
        ahead.put(DISCREPANCY, name, {**known, "state": "resolved", "grounds": grounds})


def open_lines(ahead: Prospect, licence: str) -> list[str]:
    """Return the lines of a licence that open discrepancies are about, apart from its status."""
    return sorted(
        {
            one["line"]
            for one in ahead.records(DISCREPANCY).values()
            if one["licence"] == licence and one["state"] == "open" and one["about"] != "status"
        }
    )


def _same(known: dict[str, Any], body: dict[str, Any]) -> bool:
    return all(known.get(key) == body.get(key) for key in ("ours", "theirs", "status", "type"))
