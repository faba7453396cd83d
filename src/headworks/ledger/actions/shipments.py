"""Shipments: units held on a licence line until customs draws them or they are released."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from headworks.errors import Fault
from headworks.ledger import names
from headworks.ledger.actions.action import Action, Amount, Decision, Id, Version, move
from headworks.ledger.conditions import applied
from headworks.ledger.journal.view import View, refuse
from headworks.ledger.passage import Flow, Passage, own_flows
from headworks.ledger.passing import faults_of, may_pass, passage
from headworks.ledger.relations import group_of


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
        if self.until is not None and self.until <= on:
            message = f"its hold would be over on {self.until}, and it begins on {on}"
            refuse([Fault("shipment", 0, self.shipment, message, "let it last longer")])
        asked = passage(
            view, self.licence, self.line, self.quantity, on=on,
            value_cents=self.value_cents or 0, site=self.site,
        )  # fmt: skip
        if self.order is not None:
            refuse(_misordered(view, asked, self.order))
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


def passing_flows(view: View, asked: Passage, order: str | None) -> list[Flow]:
    """Return everything that moves with a passage, if every rule lets it pass.

    Raises:
        LedgerError: A rule does not; each is told with its numbers and its cure (L10, L11).
    """
    refuse(faults_of(may_pass(view, asked)))
    return flows_of(view, asked, order)


def flows_of(view: View, asked: Passage, order: str | None) -> list[Flow]:
    """Return everything that moves with a passage, whatever rules say of it."""
    flows = [*own_flows(asked), *applied.flows(view, asked)]
    if order is not None:
        flows.append(Flow(names.order(order), names.shipped(order), asked.quantity, "ship"))
    return flows


def _misordered(view: View, asked: Passage, order: str) -> Iterator[Fault]:
    """Yield why an order is none that this licence could bring in."""
    body = view.record("order", order)
    parties = {asked.party, asked.terms["consignee"], asked.terms["end_user"]} - {None}
    if body["party"] not in parties and group_of(view, body["party"]) not in {
        group_of(view, one) for one in parties
    }:
        message = (
            f"{body['party']} placed it, and the licence is for {' and '.join(sorted(parties))}"
        )
        yield Fault("order", 0, order, message, "name an order of one of these")
    if body["chip"] != asked.line["chip"]:
        message = f"it is for {body['chip']}, and the line for {asked.line['chip']}"
        yield Fault("order", 0, order, message, "name an order of that chip")
