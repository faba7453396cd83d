"""Shipments: reserved against a licence line, drawn at customs, released or corrected."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, Literal

from headworks.errors import Fault
from headworks.ledger import names
from headworks.ledger.actions.action import Action, Amount, Decision, Id, Name, Version, move
from headworks.ledger.conditions import applied
from headworks.ledger.journal.account import Account
from headworks.ledger.journal.transfer import Transfer
from headworks.ledger.journal.view import View, refuse
from headworks.ledger.machines import LICENCE, step
from headworks.ledger.passage import Flow, Passage, own_flows
from headworks.ledger.passing import faults_of, may_pass, passage


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


class ReserveShipment(Action):
    """Hold units of a licence line for a shipment, and all that goes with them."""

    action: Literal["shipment.reserve"]
    shipment: Id
    licence: Id
    line: Id
    quantity: Amount
    value_cents: Amount | None = None
    order: Id | None = None
    site: Id | None = None
    until: dt.date | None = None
    """First day on which the hold is over; it lasts until it is drawn or released if None."""

    def party_concerned(self, view: View) -> str | None:
        """Return the licence's holder."""
        found = view.find("licence", self.licence)
        return None if found is None else found["party"]

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the holds."""
        if view.find("shipment", self.shipment) is not None:
            refuse([Fault("shipment", 0, self.shipment, "it exists", "choose another id")])
        asked = passage(
            view, self.licence, self.line, self.quantity, on=on,
            value_cents=self.value_cents or 0, site=self.site,
        )  # fmt: skip
        flows = passing_flows(view, asked, self.order)
        out = "" if self.until is None else f"{self.until.isoformat()}T00:00:00.000000Z"
        transfers = [
            replace(move(self.id, number, *flow), kind="pending", times_out_at=out)
            for number, flow in enumerate(flows, start=1)
        ]
        body = {
            "licence": self.licence, "line": self.line, "quantity": self.quantity,
            "value_cents": self.value_cents, "order": self.order, "site": self.site,
            "state": "reserved", "holds": [one.id for one in transfers], "draws": [],
            "reserved_on": on.isoformat(),
        }  # fmt: skip
        return Decision(
            opens=tuple(applied.accounts(view, asked)),
            records=(Version("shipment", self.shipment, body),),
            transfers=tuple(transfers),
        )


class ReleaseShipment(Action):
    """Free what a shipment holds and has not drawn."""

    action: Literal["shipment.release"]
    shipment: Id

    def party_concerned(self, view: View) -> str | None:
        """Return the licence's holder."""
        found = view.find("shipment", self.shipment)
        return None if found is None else view.record("licence", found["licence"])["party"]

    def decide(self, view: View, on: dt.date) -> Decision:  # noqa: ARG002
        """Return the ends of the holds."""
        body = view.record("shipment", self.shipment)
        held = list(view.holds(body["holds"]).values())
        if not held:
            message = f"it is {body['state']}, and holds nothing"
            refuse([Fault("shipment", 0, self.shipment, message, "nothing is left to release")])
        return Decision(
            records=(Version("shipment", self.shipment, {**body, "state": "released"}),),
            transfers=tuple(
                hold.end("void", id=f"{self.id}:{n}") for n, hold in enumerate(held, start=1)
            ),
        )


class DrawShipment(Action):
    """Draw units at customs: those that a shipment holds, or others at once."""

    action: Literal["shipment.draw"]
    licence: Id
    line: Id
    quantity: Amount
    value_cents: Amount | None = None
    shipment: Id | None = None
    """The shipment whose hold they use; drawn at once if None."""
    declaration: Name
    """Reference of the customs declaration."""
    site: Id | None = None

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the draw with everything that goes with it."""
        if (there := view.find("declaration", self.declaration)) is not None:
            message = f"it drew {there['quantity']:,} on {there['on']}"
            remedy = "correct it with shipment.correct"
            refuse([Fault("declaration", 0, self.declaration, message, remedy)])
        opens: tuple[Account, ...] = ()
        records: tuple[Version, ...] = ()
        if self.shipment is None:
            asked = passage(
                view, self.licence, self.line, self.quantity, on=on,
                value_cents=self.value_cents or 0, site=self.site,
            )  # fmt: skip
            flows = passing_flows(view, asked, None)
            made = tuple(move(self.id, n, *flow) for n, flow in enumerate(flows, start=1))
            opens = tuple(applied.accounts(view, asked))
        else:
            made, records = self._from_hold(view, on)
        body = {
            "licence": self.licence, "line": self.line, "quantity": self.quantity,
            "value_cents": self.value_cents, "shipment": self.shipment, "on": on.isoformat(),
            "transfers": [one.id for one in made], "undone": False,
        }  # fmt: skip
        return Decision(
            opens=opens,
            records=(
                *records, Version("declaration", self.declaration, body),
                *exhausted(view, self.licence, self.line, made),
            ),
            transfers=made,
        )  # fmt: skip

    def _from_hold(
        self, view: View, on: dt.date
    ) -> tuple[tuple[Transfer, ...], tuple[Version, ...]]:
        body = view.record("shipment", str(self.shipment))
        held = list(view.holds(body["holds"]).values())
        faults: list[Fault] = []

        def wrong(message: str, remedy: str) -> None:
            faults.append(Fault("shipment", 0, str(self.shipment), message, remedy))

        if not held:
            wrong(f"it is {body['state']}, and holds nothing (L6)", "draw without it")
        if (body["licence"], body["line"]) != (self.licence, self.line):
            wrong(f"it holds line {body['line']} of {body['licence']}", "name these")
        if self.quantity > body["quantity"]:
            wrong(f"it holds {body['quantity']:,}, and {self.quantity:,} are to be drawn", "less")
        terms = view.record("licence", self.licence)
        for began, ended in terms["suspensions"]:
            if began <= on.isoformat() and (not ended or on.isoformat() < ended):
                wrong(
                    f"the licence is suspended since {began} (L10)", "wait until it is reinstated"
                )
        refuse(faults)
        value = body["value_cents"] if self.value_cents is None else self.value_cents
        made = tuple(
            hold.end("post", amount=amount, id=f"{self.id}:{n}")
            for n, hold in enumerate(held, start=1)
            if (amount := _part(hold.amount, hold.debit, self.quantity, body["quantity"], value))
        )
        after = {**body, "state": "drawn", "draws": [*body["draws"], self.declaration]}
        return made, (Version("shipment", str(self.shipment), after),)


class CorrectDraw(Action):
    """Undo a declaration's draw, or undo it and draw what is right."""

    action: Literal["shipment.correct"]
    declaration: Name
    quantity: int = 0
    """What is right; 0 undoes it all."""
    value_cents: Amount | None = None

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the contras, and the right draw on the declaration's own day."""
        body = view.record("declaration", self.declaration)
        if body["undone"]:
            message = "its draw was undone before (L8)"
            refuse([Fault("declaration", 0, self.declaration, message, "draw it anew")])
        undone = contras(view, self.id, body["transfers"], on)
        day = dt.date.fromisoformat(body["on"])
        terms = view.record("licence", body["licence"])
        again: list[Transfer] = []
        if self.quantity > 0:
            asked = Passage(
                body["licence"], terms, body["line"], terms["lines"][body["line"]], self.quantity,
                self.value_cents or body["value_cents"] or 0, day,
            )  # fmt: skip
            flows = [*own_flows(asked), *applied.flows(view, asked)]
            again = [
                replace(move(self.id, len(undone) + n, *flow), effective_on=day)
                for n, flow in enumerate(flows, start=1)
            ]
        after = {
            **body, "quantity": self.quantity, "undone": not again,
            "transfers": [one.id for one in again],
        }  # fmt: skip
        records = [Version("declaration", self.declaration, after)]
        if terms["state"] == "exhausted":
            state = step(LICENCE, terms["state"], "reopen", what=f"licence {body['licence']}")
            records.append(Version("licence", body["licence"], {**terms, "state": state}))
        return Decision(records=tuple(records), transfers=(*undone, *again))


def passing_flows(view: View, asked: Passage, order: str | None) -> list[Flow]:
    """Return everything that moves with a passage, if every rule lets it pass.

    Raises:
        LedgerError: A rule does not; each is told with its numbers and its cure (L10, L11).
    """
    refuse(faults_of(may_pass(view, asked)))
    flows = [*own_flows(asked), *applied.flows(view, asked)]
    if order is not None:
        view.record("order", order)
        flows.append(Flow(names.order(order), names.shipped(order), asked.quantity, "ship"))
    return flows


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


def exhausted(
    view: View, licence: str, number: str, made: tuple[Transfer, ...]
) -> tuple[Version, ...]:
    """Return the licence as exhausted, where a draw leaves nothing on any of its lines."""
    body: dict[str, Any] = view.record("licence", licence)
    place = names.line(licence, number)
    gone = sum(one.amount for one in made if one.debit == place)
    left = view.standings(names.line(licence, one) for one in body["lines"])
    if body["state"] != "issued" or sum(one.balance for one in left.values()) > gone:
        return ()
    state = step(LICENCE, body["state"], "exhaust", what=f"licence {licence}")
    return (Version("licence", licence, {**body, "state": state}),)


def _part(amount: int, debit: str, drawn: int, held: int, value: int | None) -> int:
    """Return what of a hold is posted when a part of its units is drawn; value as it is stated."""
    if debit.startswith("value:"):
        return min(amount, value or 0)
    return amount * drawn // held if amount * drawn % held == 0 else -(-amount * drawn // held)
