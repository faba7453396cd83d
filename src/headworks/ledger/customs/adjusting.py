"""Adjusting: rows that undo a draw which stands, or draw something else in its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from headworks.ledger import names
from headworks.ledger.actions.allowing import let_stand
from headworks.ledger.actions.corrections import reopened
from headworks.ledger.customs.discrepancies import settle
from headworks.ledger.customs.trouble import Trouble, smaller

if TYPE_CHECKING:
    from headworks.ledger.customs.lines import Line
    from headworks.ledger.customs.posting import Posting
    from headworks.ledger.customs.usage import Use


def undo(posting: Posting, use: Use, there: dict[str, Any]) -> Iterator[Trouble]:
    """Undo a draw by a contra, or yield why it cannot be."""
    if use.quantity not in {0, there["quantity"]} or use.licence != there["licence"]:
        message = (
            f"{use.key} drew {there['quantity']:,} on {there['licence']}, and a contra of "
            f"{use.quantity:,} on {use.licence} undoes something else (L8)"
        )
        yield Trouble(use.row, "quantity", message, "send all of it, or an adjusted record")
        return
    posting.reverse(use, there, use.on)
    body = {**there, "quantity": 0, "undone": True, "transfers": [], "run": posting.run}
    posting.ahead.put("declaration", use.key, body)
    posting.counts["undone"] += 1
    settle(posting.ahead, f"use/{use.key}", f"undone by {posting.run}")


def adjust(
    posting: Posting, use: Use, line: Line, there: dict[str, Any], *, checked: bool
) -> Iterator[Trouble]:
    """Undo a draw, and draw what is right in its place, or yield why that cannot be."""
    made, ahead = len(posting.transfers), posting.ahead
    before = ahead.find("licence", there["licence"])
    # As of its own day it never was otherwise, so the contra has the day of what it undoes.
    posting.reverse(use, there, dt.date.fromisoformat(there["on"]))
    if use.shipment in {"", there["shipment"]}:
        troubles = list(_draw_anew(posting, use, line, there, checked=checked))
    else:
        troubles = list(posting.draw(use, line, checked=checked))
    if troubles:
        for one in posting.transfers[made:]:
            ahead.take_back(one)
        del posting.transfers[made:]
        if before is not None:
            ahead.put("licence", there["licence"], before)
        yield from troubles


def _draw_anew(
    posting: Posting, use: Use, line: Line, there: dict[str, Any], *, checked: bool
) -> Iterator[Trouble]:
    """Post a draw in place of one that was undone, on the order of its shipment, if any.

    Rules are asked of what is more than before: the rest stands, wherever the licence is now.
    """
    ahead, less = posting.ahead, smaller(use, there)
    if less and use.value_cents is None:
        use = use._replace(value_cents=there["value_cents"])
    asked = line.passage(ahead, use.quantity, use.value_cents or 0, use.on)
    if not less and not checked and (wrong := posting.hindrances(use, asked)):
        yield from wrong
        return
    shipment = ahead.find("shipment", there["shipment"]) if there["shipment"] else None
    order = shipment["order"] if shipment else None
    left = 0 if order is None else ahead.standing(names.order(order)).available
    if order is not None and use.quantity > left:
        message = f"the order {order} has {left:,} left, and {use.quantity:,} are to be of it"
        yield Trouble(use.row, "quantity", message, "ask customs which shipment it was")
        return
    use = use._replace(shipment=there["shipment"] or "")
    made = posting.draw_at_once(use, line, asked, order)
    if not less:
        return
    moved = ahead.standings(name for one in made for name in (one.debit, one.credit))
    stands = (let_stand(one) for one in moved.values())
    for one in (
        *reopened(ahead, use.licence, asked.terms, use.on), *filter(None, stands),
    ):  # fmt: skip
        posting.rebounds[one.name] = one
