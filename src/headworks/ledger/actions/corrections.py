"""Corrections: a declaration's draw is undone, and what is right is drawn in its place."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from headworks.errors import Fault
from headworks.ledger import names
from headworks.ledger.actions.action import Action, Amount, Decision, Name, Version, move
from headworks.ledger.actions.allowing import allowing
from headworks.ledger.actions.draws import contras, held_by
from headworks.ledger.actions.endings import Left, accounts_of, given_back, left_on
from headworks.ledger.actions.settling import settled
from headworks.ledger.actions.shipments import flows_of, passing_flows
from headworks.ledger.conditions import applied
from headworks.ledger.journal.account import AMOUNT_MAX, Account
from headworks.ledger.journal.view import View, refuse
from headworks.ledger.passing import passage

if TYPE_CHECKING:
    from headworks.ledger.journal.transfer import Transfer
    from headworks.ledger.passage import Passage


class CorrectDraw(Action):
    """Undo a declaration's draw, or undo it and draw what is right."""

    action: Literal["shipment.correct"]
    declaration: Name
    quantity: Annotated[int, Field(ge=0, le=AMOUNT_MAX)] = 0
    """What is right; 0 undoes it all."""
    value_cents: Amount | None = None
    """Its value; that of the draw if None."""

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the contras of this day, and the right draw on the declaration's own day."""
        body = view.record("declaration", self.declaration)
        if body["undone"]:
            message = "its draw was undone before (L8)"
            refuse([Fault("declaration", 0, self.declaration, message, "draw it anew")])
        licence, day = body["licence"], dt.date.fromisoformat(body["on"])
        undone = contras(view, self.id, body["transfers"], on)
        asked = self._passage(view, body, day) if self.quantity else None
        again = [] if asked is None else self._again(view, asked, body, len(undone))
        value = asked.value_cents or None if asked else None
        after = {
            **body, "quantity": self.quantity, "value_cents": value, "undone": not again,
            "transfers": [one.id for one in again],
        }  # fmt: skip
        made = [*undone, *again]
        stands = allowing(view, made)
        terms = view.record("licence", licence)
        freed = Left(
            body["quantity"] - self.quantity, (body["value_cents"] or 0) - (value or 0)
        )  # fmt: skip
        back = released(view, licence, terms, {body["line"]: freed}) if "ended_on" in terms else []
        made += [
            move(self.id, number, *flow, "return")
            for number, flow in enumerate(back, start=len(made) + 1)
        ]
        return Decision(
            opens=tuple(applied.accounts(view, asked)) if asked else (),
            rebounds=(*reopened(view, licence, terms, day), *stands) if again else (),
            records=(
                Version("declaration", self.declaration, after), *settled(view, licence, made)
            ),
            transfers=tuple(made),
        )  # fmt: skip

    def _passage(self, view: View, body: dict[str, Any], day: dt.date) -> Passage:
        return passage(
            view, body["licence"], body["line"], self.quantity, on=day,
            value_cents=self.value_cents or body["value_cents"] or 0, site=body.get("site"),
            held=held_by(view.transfers(body["transfers"])),
        )  # fmt: skip

    def _again(
        self, view: View, asked: Passage, body: dict[str, Any], count: int
    ) -> list[Transfer]:
        """Return the right draw. Rules are asked of what is more than before: the rest stands."""
        shipment = view.record("shipment", body["shipment"]) if body["shipment"] else {}
        less = asked.quantity <= body["quantity"] and asked.value_cents <= (
            body["value_cents"] or 0
        )
        flows = (flows_of if less else passing_flows)(view, asked, shipment.get("order"))
        return [
            replace(move(self.id, number, *flow), effective_on=asked.on)
            for number, flow in enumerate(flows, start=count + 1)
        ]


def released(
    view: View, licence: str, terms: dict[str, Any], freed: dict[str, Left]
) -> list[tuple[str, str, int]]:
    """Return the movements of what a correction frees on a licence that has ended.

    The rest of such a licence has gone back already, and nothing can be drawn from it any more.
    What had been overrun within the tolerance stays where it is.
    """
    left = left_on(view, licence, terms)
    balance = {one.account.name: one.balance for one in accounts_of(view, licence, terms)}
    for number, more in freed.items():
        owed = min(0, balance[names.line(licence, number)])
        cents = max(0, left[number].cents + more.cents)
        valued = terms["lines"][number]["value_cents"] is not None
        left[number] = Left(
            max(0, left[number].units + owed + more.units), cents if valued else 0
        )  # fmt: skip
    return given_back(view, licence, terms, left)


def reopened(view: View, licence: str, terms: dict[str, Any], day: dt.date) -> tuple[Account, ...]:
    """Return a licence's accounts as open on the day of a draw that stands in a suspension.

    It was made before the suspension was recorded. New draws on that day are refused by the rule on
    the licence's status all the same.
    """
    return tuple(
        replace(one.account, open_until=day + dt.timedelta(days=1))
        for one in accounts_of(view, licence, terms)
        if one.account.open_until is not None and one.account.open_until <= day
    )
