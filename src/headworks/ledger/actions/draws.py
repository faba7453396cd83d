"""Draws: units that customs releases against a licence line."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

from headworks.errors import Fault
from headworks.ledger.actions.action import Action, Amount, Decision, Id, Name, Version, move
from headworks.ledger.actions.settling import settled
from headworks.ledger.actions.shipments import passing_flows
from headworks.ledger.conditions import applied
from headworks.ledger.journal.transfer import Hold, Transfer
from headworks.ledger.journal.view import View, refuse
from headworks.ledger.passing import passage

if TYPE_CHECKING:
    from headworks.ledger.passage import Flow, Passage


class DrawShipment(Action):
    """Draw units at customs: those that a shipment holds, or others at once."""

    action: Literal["shipment.draw"]
    licence: Id
    line: Id
    quantity: Amount
    value_cents: Amount | None = None
    shipment: Id | None = None
    """The shipment whose hold they use; what it holds beyond them is freed. Drawn at once if
    None."""
    declaration: Name
    """Reference of the customs declaration."""
    site: Id | None = None

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the draw with everything that goes with it.

        Rules are asked on the day of the draw, also where units were reserved under others (L11).
        """
        there = view.find("declaration", self.declaration)
        if there is not None and not there["undone"]:
            message = f"it drew {there['quantity']:,} on {there['on']}"
            remedy = "correct it with shipment.correct"
            refuse([Fault("declaration", 0, self.declaration, message, remedy)])
        shipment = None if self.shipment is None else self._shipment(view, self.shipment)
        asked = self._passage(view, on, shipment)
        flows = passing_flows(view, asked, shipment["order"] if shipment else None)
        holds = shipment["holds"] if shipment else []
        made = ended(view, self.id, holds, flows)
        body = {
            "licence": self.licence, "line": self.line, "quantity": self.quantity,
            "value_cents": asked.value_cents or None, "shipment": self.shipment,
            "on": on.isoformat(), "site": asked.site,
            "transfers": [one.id for one in made if one.kind in {"post", "posted"}],
            "undone": False,
        }  # fmt: skip
        records = [Version("declaration", self.declaration, body)]
        if shipment is not None:
            after = {**shipment, "state": "drawn", "draws": [*shipment["draws"], self.declaration]}
            records.append(Version("shipment", str(self.shipment), after))
        return Decision(
            opens=tuple(applied.accounts(view, asked)),
            records=(*records, *settled(view, self.licence, made)),
            transfers=made,
        )

    def _shipment(self, view: View, name: str) -> dict[str, Any]:
        """Return the shipment, if it holds what is to be drawn."""
        body = view.record("shipment", name)
        faults: list[Fault] = []

        def wrong(message: str, remedy: str) -> None:
            faults.append(Fault("shipment", 0, name, message, remedy))

        if not view.holds(body["holds"]):
            wrong(f"it is {body['state']}, and holds nothing (L6)", "draw without it")
        if (body["licence"], body["line"]) != (self.licence, self.line):
            wrong(f"it holds line {body['line']} of {body['licence']}", "name these")
        if self.quantity > body["quantity"]:
            message = f"it holds {body['quantity']:,}, and {self.quantity:,} are to be drawn"
            wrong(message, "draw at most that, and the rest without it")
        refuse(faults)
        return body

    def _passage(self, view: View, on: dt.date, shipment: dict[str, Any] | None) -> Passage:
        if shipment is None:
            return passage(
                view, self.licence, self.line, self.quantity, on=on,
                value_cents=self.value_cents or 0, site=self.site,
            )  # fmt: skip
        held = held_by(view.holds(shipment["holds"]).values())
        # A part of a shipment is worth its part, unless the declaration says otherwise.
        share = -(-(shipment["value_cents"] or 0) * self.quantity // shipment["quantity"])
        value = share if self.value_cents is None else self.value_cents
        return passage(
            view, self.licence, self.line, self.quantity, on=on, value_cents=value,
            site=self.site or shipment["site"], held=held,
        )  # fmt: skip


def ended(view: View, event: str, holds: list[str], flows: list[Flow]) -> tuple[Transfer, ...]:
    """Return the transfers that draw what flows, first from holds, and free what is held besides.

    A hold whose flow is smaller is posted in part, which frees the rest; one that nothing flows
    from any more, as after a waiver, is voided; what flows beyond the holds, as under a condition
    that was set after the reservation, is posted at once.

    Args:
        view: The ledger.
        event: Id of the event.
        holds: Ids of the holds.
        flows: What is to flow.
    """
    held = {(one.debit, one.credit): one for one in view.holds(holds).values()}
    made: list[Transfer] = []
    for flow in flows:
        hold = held.pop((flow.debit, flow.credit), None)
        drawn = 0 if hold is None else min(flow.amount, hold.amount)
        if hold is not None:
            made.append(hold.end("post", amount=drawn, id=f"{event}:{len(made) + 1}"))
        if flow.amount > drawn:
            rest = flow._replace(amount=flow.amount - drawn)
            made.append(move(event, len(made) + 1, *rest))
    for hold in held.values():
        made.append(hold.end("void", id=f"{event}:{len(made) + 1}"))
    return tuple(made)


def contras(view: View, event: str, ids: list[str], on: dt.date) -> list[Transfer]:
    """Return the transfers that undo posted ones, the last first."""
    found = view.transfers(ids)
    return [
        Transfer(
            f"{event}:{n}", one.credit, one.debit, one.amount, "contra", effective_on=on,
            reverses=one.id,
        )
        for n, one in enumerate(reversed(found), start=1)
    ]  # fmt: skip


def held_by(moves: Iterable[Hold | Transfer]) -> dict[str, int]:
    """Return what holds, or transfers that are to be undone, keep on their accounts."""
    found: Counter[str] = Counter()
    for one in moves:
        found[one.debit] += one.amount
        found[one.credit] += one.amount
    return dict(found)
