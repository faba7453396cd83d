"""Relations between parties: which of them count as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headworks.ledger.journal.view import View


def group_of(view: View, party: str) -> str:
    """Return the party that controls a party at the top: related parties have it in common."""
    at = party
    while (above := view.record("party", at)["parent"]) is not None:
        at = str(above)
    return at
