"""Orders: purchases, outside every pool until a shipment of them is reserved."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from headworks.errors import Fault
from headworks.ledger import names
from headworks.ledger.actions.action import Action, Amount, Decision, Id, Version, move
from headworks.ledger.journal.account import Account
from headworks.ledger.journal.view import View, refuse


class PlaceOrder(Action):
    """Record a purchase; it is outside every pool until a shipment of it is reserved."""

    action: Literal["order.place"]
    order: Id
    party: Id
    chip: Id
    quantity: Amount
    route: Id | None = None
    supplier: str = ""

    def party_concerned(self, view: View) -> str:  # noqa: ARG002
        """Return who orders."""
        return self.party

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the order with its quantity."""
        view.record("party", self.party)
        if view.find("order", self.order) is not None:
            refuse([Fault("order", 0, self.order, "it exists", "choose another id")])
        body = {
            "party": self.party, "chip": self.chip, "quantity": self.quantity,
            "route": self.route, "supplier": self.supplier, "placed_on": on.isoformat(),
        }  # fmt: skip
        place, outside = names.order(self.order), f"orders:{names.UNITS}"
        there = view.standings([outside])
        opens = [] if outside in there else [Account(outside, names.UNITS, floor=None)]
        opens += [Account(place, names.UNITS), Account(names.shipped(self.order), names.UNITS)]
        return Decision(
            opens=tuple(opens),
            records=(Version("order", self.order, body),),
            transfers=(move(self.id, 1, outside, place, self.quantity, "order"),),
        )


class CancelOrder(Action):
    """Cancel what of an order is not shipped, or a part of it."""

    action: Literal["order.cancel"]
    order: Id
    quantity: Amount

    def party_concerned(self, view: View) -> str | None:
        """Return who ordered."""
        found = view.find("order", self.order)
        return None if found is None else found["party"]

    def decide(self, view: View, on: dt.date) -> Decision:  # noqa: ARG002
        """Return the movement back out."""
        view.record("order", self.order)
        back = names.order(self.order), f"orders:{names.UNITS}"
        return Decision(transfers=(move(self.id, 1, *back, self.quantity, "cancel"),))
