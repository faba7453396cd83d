"""Relations: which parties count as one, and which licences replaced each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headworks.ledger.journal.view import View


def group_of(view: View, party: str) -> str:
    """Return the party that controls a party at the top: related parties have it in common."""
    at = party
    while (above := view.record("party", at)["parent"]) is not None:
        at = str(above)
    return at


def lineage(
    view: View, licence: str, terms: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a licence and those that it replaces, the newest first, each with its terms."""
    name, body = licence, terms
    yield name, body
    while body["supersedes"] is not None:
        name = str(body["supersedes"])
        body = view.record("licence", name)
        yield name, body
