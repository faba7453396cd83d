"""Settling: a licence is exhausted when its lines can give no more, and reopens when they can."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from headworks.ledger import names
from headworks.ledger.actions.action import Version
from headworks.ledger.machines import LICENCE, step

if TYPE_CHECKING:
    from headworks.ledger.journal.transfer import Transfer
    from headworks.ledger.journal.view import View

MOVING = frozenset({"posted", "post"})
"""Kinds of transfers that change a balance."""


def settled(view: View, licence: str, made: Iterable[Transfer]) -> tuple[Version, ...]:
    """Return the licence in the state that its lines will give it; nothing where that stays.

    A tolerance is part of what a line can give, and uses up nothing of another line.

    Args:
        view: The ledger, as it stands before the transfers.
        licence: Id of the licence.
        made: The transfers of the event.
    """
    body: dict[str, Any] = view.record("licence", licence)
    places = [names.line(licence, one) for one in body["lines"]]
    left = {
        name: one.balance - (one.account.floor or 0) for name, one in view.standings(places).items()
    }
    for one in made:
        if one.kind in MOVING and one.debit in left:
            left[one.debit] -= one.amount
        if one.kind in MOVING and one.credit in left:
            left[one.credit] += one.amount
    name = "reopen" if any(units > 0 for units in left.values()) else "exhaust"
    if body["state"] != {"reopen": "exhausted", "exhaust": "issued"}[name]:
        return ()
    state = step(LICENCE, body["state"], name, what=f"licence {licence}")
    return (Version("licence", licence, {**body, "state": state}),)
