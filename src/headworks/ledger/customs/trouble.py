"""Troubles of a usage file: why the ledger cannot take a row, and when a row says nothing new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from headworks.ledger.customs.usage import Use
    from headworks.ledger.journal.view import View

COLUMN_OF = {
    "status": "licence",
    "validity": "control_date",
    "quantity": "quantity",
    "value": "value_cents",
}
"""The column that a rule's fault names; the licence for any condition."""


class Trouble(NamedTuple):
    """Why the ledger cannot take a row."""

    row: int
    column: str
    message: str
    remedy: str


def unknown(view: View, use: Use) -> Trouble:
    """Return that a row names a licence or a line that there is not."""
    terms = view.find("licence", use.licence)
    if terms is None:
        message = f"there is no licence {use.licence!r}"
        return Trouble(use.row, "licence", message, "ask customs whose it is")
    message = f"licence {use.licence} has no line {use.line!r}: {', '.join(terms['lines'])}"
    return Trouble(use.row, "line", message, "ask customs for the line's id")


def same(use: Use, there: dict[str, Any]) -> bool:
    """Whether a row says what stands already."""
    value = there["value_cents"]
    return (
        (there["licence"], there["line"], there["quantity"], there["on"])
        == (use.licence, use.line, use.quantity, use.on.isoformat())
        and (value == use.value_cents or value is None or use.value_cents is None)
    )  # fmt: skip


def smaller(use: Use, there: dict[str, Any]) -> bool:
    """Whether a row makes a draw that stands smaller, on its own line and day, in units and value.

    A value that one of them does not state is as it was.
    """
    before, now = there["value_cents"], use.value_cents
    return (
        (there["licence"], there["line"], there["on"])
        == (use.licence, use.line, use.on.isoformat())
        and use.quantity <= there["quantity"]
        and (now is None or (before is not None and now <= before))
    )  # fmt: skip
