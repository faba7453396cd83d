"""Shipments: units held on a licence line until customs draws them or they are released."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Literal

from headworks.errors import Fault
from headworks.ledger import names
from headworks.ledger.actions.action import Action, Amount, Decision, Id, Version, move
from headworks.ledger.conditions import applied
from headworks.ledger.journal.view import View, refuse
from headworks.ledger.passage import Flow, Passage, own_flows
from headworks.ledger.passing import faults_of, may_pass, passage


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


def passing_flows(
    view: View, asked: Passage, order: str | None, *, asks: bool = True
) -> list[Flow]:
    """Return everything that moves with a passage, if every rule lets it pass.

    Args:
        view: The ledger.
        asked: The passage.
        order: The order that is shipped; None for none.
        asks: Whether rules are asked; not where customs only take something back.

    Raises:
        LedgerError: A rule does not; each is told with its numbers and its cure (L10, L11).
    """
    faults = faults_of(may_pass(view, asked)) if asks else []
    flows = [*own_flows(asked), *applied.flows(view, asked)]
    if order is not None:
        bought = view.record("order", order)
        if (bought["party"], bought["chip"]) != (asked.party, asked.line["chip"]):
            message = (
                f"it is {bought['party']}'s of {bought['chip']}, and the line is {asked.party}'s "
                f"of {asked.line['chip']}"
            )
            faults.append(Fault("order", 0, order, message, "name an order of the line's own"))
        flows.append(Flow(names.order(order), names.shipped(order), asked.quantity, "ship"))
    refuse(faults)
    return flows
