"""Posting a usage file: its rows as draws, contras and corrections, each checked by every rule."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Container, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from headworks.errors import InputError
from headworks.ledger import names
from headworks.ledger.actions.draws import DrawShipment, contras
from headworks.ledger.actions.endings import given_back, left_on
from headworks.ledger.actions.settling import settled
from headworks.ledger.conditions import applied
from headworks.ledger.customs.adjusting import adjust, undo
from headworks.ledger.customs.discrepancies import DISCREPANCY, note, settle
from headworks.ledger.customs.lines import Line, Lines
from headworks.ledger.customs.prospect import Prospect
from headworks.ledger.customs.trouble import COLUMN_OF, Trouble, same, unknown
from headworks.ledger.journal.transfer import Transfer
from headworks.ledger.passage import Flow
from headworks.ledger.passing import may_pass

if TYPE_CHECKING:
    from headworks.ledger.customs.usage import UsageFile, Use
    from headworks.ledger.journal.account import Account
    from headworks.ledger.journal.view import View
    from headworks.ledger.passage import Passage

DECLARATION, MESSAGE = "declaration", "customs_message"
PROGRESS_ROWS = 1_000
Progress = Callable[[int, int], None]
"""Told how many rows are done, of how many."""


class Posting:
    """What the rows of a usage file come to.

    Args:
        view: The ledger.
        usage: The file.
        event: Id of the event that will record it.
        run: Id of the file's run.
    """

    def __init__(self, view: View, usage: UsageFile, event: str, run: str) -> None:
        self.ahead = Prospect(view)
        self.usage = usage
        self.event = event
        self.run = run
        self.transfers: list[Transfer] = []
        self.counts: Counter[str] = Counter()
        self.touched: set[str] = set()
        """Licences whose lines moved."""
        self.rebounds: dict[str, Account] = {}
        """Bounds that let stand what is left of a draw that a row makes smaller, by account."""
        self._lines = Lines(self.ahead)

    def go(self, progress: Progress | None = None) -> list[tuple[Use, list[Trouble]]]:
        """Post every row that can be, and return the others with what is wrong with each."""
        self._expect()
        checked = self._lines.all_pass(self.usage.uses)
        held = []
        uses = self.usage.uses
        for number, use in enumerate(uses, start=1):
            if troubles := list(self._take(use, checked=checked)):
                held.append((use, troubles))
            if progress and not number % PROGRESS_ROWS:
                progress(number, len(uses))
        for licence in sorted(self.touched):
            self._give_back(licence)
            self.settle_state(licence)
        return held

    def hold(self, use: Use, troubles: list[Trouble]) -> None:
        """Hold a row that cannot be posted as an open discrepancy."""
        there = self._standing_draw(use)
        body = {
            "about": "use", "licence": use.licence, "line": use.line, "declaration": use.key,
            "type": use.kind, "on": use.on.isoformat(), "row": use.row,
            "ours": there["quantity"] if there else 0,
            "theirs": 0 if use.kind == "C" else use.quantity,
            "value_cents": use.value_cents, "trader": use.trader,
            "why": [one.message for one in troubles],
        }  # fmt: skip
        note(self.ahead, f"use/{use.key}", body, run=self.run)
        self.counts["held"] += 1

    def _expect(self) -> None:
        """Ask for everything that rows need, all at once."""
        ahead, uses = self.ahead, self.usage.uses
        ahead.expect("licence", {one.licence for one in uses})
        ahead.expect(DECLARATION, {one.key for one in uses})
        ahead.records(DISCREPANCY)
        found = [
            line for one in uses if (line := self._lines.find(one.licence, one.line)) is not None
        ]
        places = {
            of(line.licence, line.number)
            for line in {id(one): one for one in found}.values()
            for of in (names.line, names.cleared, names.value, names.spent)
        }
        ahead.standings(places)
        undone = [
            there["transfers"]
            for one in uses
            if one.kind in "AC" and (there := ahead.find(DECLARATION, one.key)) is not None
        ]
        ahead.transfers([name for ids in undone for name in ids])
        shipments = {one.shipment for one in uses if one.shipment}
        ahead.expect("shipment", shipments)
        bodies = [body for one in shipments if (body := ahead.find("shipment", one)) is not None]
        ahead.holds([name for body in bodies for name in body["holds"]])

    def _take(self, use: Use, *, checked: bool) -> Iterator[Trouble]:
        """Post a row, or yield why it cannot be posted."""
        if use.kind == "M":
            body = {
                "licence": use.licence, "line": use.line, "declaration": use.key,
                "on": use.on.isoformat(), "trader": use.trader, "run": self.run,
            }  # fmt: skip
            self.ahead.put(MESSAGE, f"{self.run}/{use.row}", body)
            self.counts["messages"] += 1
            return
        line = self._lines.find(use.licence, use.line)
        if line is None:
            yield unknown(self.ahead, use)
            return
        there = self._standing_draw(use)
        if use.trader not in line.traders:
            message = f"{use.trader} is neither holder, consignee nor end user of {use.licence}"
            yield Trouble(use.row, "trader", message, "ask customs whose licence it is")
        elif use.kind in "OL" and there is None:
            yield from self.draw(use, line, checked=checked)
        elif there is None:
            message = f"nothing drawn under {use.key} stands that could be undone"
            yield Trouble(use.row, "declaration", message, "send the original first")
        elif use.kind == "C":
            yield from undo(self, use, there)
        elif same(use, there):
            self.counts["known"] += 1
        elif use.kind == "A":
            yield from adjust(self, use, line, there, checked=checked)
        else:
            message = (
                f"{use.key} drew {there['quantity']:,} on line {there['line']} of "
                f"{there['licence']} on {there['on']} (L5)"
            )
            remedy = "what changes is sent as adjusted, type A"
            yield Trouble(use.row, "declaration", message, remedy)

    def _standing_draw(self, use: Use) -> dict[str, Any] | None:
        """Return the draw that stands under a row's declaration and part."""
        there = self.ahead.find(DECLARATION, use.key)
        return None if there is None or there["undone"] else there

    def draw(self, use: Use, line: Line, *, checked: bool) -> Iterator[Trouble]:
        """Post a draw, or yield why it cannot be posted."""
        asked = line.passage(self.ahead, use.quantity, use.value_cents or 0, use.on)
        if use.shipment:
            yield from self._draw_held(use, asked)
            return
        if not checked and (wrong := self.hindrances(use, asked)):
            yield from wrong
            return
        self.draw_at_once(use, line, asked)

    def draw_at_once(
        self, use: Use, line: Line, asked: Passage, order: str | None = None
    ) -> list[Transfer]:
        """Post what moves with a draw that no hold waits for, and return it."""
        first = len(self.transfers)
        if line.conditional:
            self.ahead.open(applied.accounts(self.ahead, asked))
        flows = line.flows(self.ahead, asked)
        if order is not None:
            flows.append(Flow(names.order(order), names.shipped(order), asked.quantity, "ship"))
        made = [
            self._post(flow.debit, flow.credit, flow.amount, flow.code, use.on, use.key)
            for flow in flows
        ]
        self._record(use, made)
        return self.transfers[first:]

    def hindrances(
        self, use: Use, asked: Passage, kinds: Container[str] | None = None
    ) -> list[Trouble]:
        """Return what rules say against a row, all or some kinds of them."""
        return [
            Trouble(use.row, COLUMN_OF.get(one.kind, "licence"), one.says, one.cure)
            for one in may_pass(self.ahead, asked).findings
            if not one.passes and (kinds is None or one.kind in kinds)
        ]

    def _draw_held(self, use: Use, asked: Passage) -> Iterator[Trouble]:
        """Draw what a shipment holds; rules other than the licence's own were met by the hold."""
        if wrong := self.hindrances(use, asked, {"status", "validity"}):
            yield from wrong
            return
        told = DrawShipment.model_construct(
            action="shipment.draw", id=self.event, actor="", licence=use.licence, line=use.line,
            quantity=use.quantity, value_cents=use.value_cents, shipment=use.shipment,
            declaration=use.key,
        )  # fmt: skip
        try:
            decision = told.decide(self.ahead, use.on)
        except InputError as error:
            for fault in error.faults:
                yield Trouble(use.row, "shipment", fault.message, fault.remedy)
            return
        made = []
        self.ahead.open(decision.opens)
        for one in decision.transfers:
            moved = replace(one, id=self._next(), effective_on=use.on, reference=use.key)
            self.transfers.append(moved)
            self.ahead.post(moved)
            if moved.kind in {"post", "posted"}:
                made.append(moved.id)
        for version in decision.records:
            if version.kind == "shipment":
                self.ahead.put(version.kind, version.id, version.body)
        self._record(use, made)

    def _record(self, use: Use, made: list[str]) -> None:
        """Keep a draw under its declaration."""
        body = {
            "licence": use.licence, "line": use.line, "quantity": use.quantity,
            "value_cents": use.value_cents, "shipment": use.shipment or None,
            "on": use.on.isoformat(), "transfers": made, "undone": False, "type": use.kind,
            "trader": use.trader, "origin": use.origin, "run": self.run,
        }  # fmt: skip
        self.ahead.put(DECLARATION, use.key, body)
        self.counts[{"O": "drawn", "L": "late", "A": "adjusted"}[use.kind]] += 1
        self.touched.add(use.licence)
        settle(self.ahead, f"use/{use.key}", f"drawn by {self.run}")

    def reverse(self, use: Use, there: dict[str, Any], on: dt.date) -> None:
        """Post the contras of a draw; what they free of an exhausted licence can be drawn again."""
        for one in contras(self.ahead, "", there["transfers"], on):
            made = replace(one, id=self._next(), reference=use.key)
            self.transfers.append(made)
            self.ahead.post(made)
        self.touched.add(there["licence"])
        self.settle_state(there["licence"], reopens_only=True)

    def _post(self, debit: str, credit: str, amount: int, code: str, on: dt.date, ref: str) -> str:
        made = Transfer(self._next(), debit, credit, amount, code, "posted", on, ref)
        self.transfers.append(made)
        self.ahead.post(made)
        return made.id

    def _next(self) -> str:
        return f"{self.event}:{len(self.transfers) + 1}"

    def _give_back(self, licence: str) -> None:
        """Give back what contras freed on a licence that has ended, since it can draw nothing."""
        terms = self.ahead.find("licence", licence)
        if terms is None or "ended_on" not in terms:
            return
        left = left_on(self.ahead, licence, terms)
        for flow in given_back(self.ahead, licence, terms, left):
            self._post(*flow, "return", self.usage.made_on, "")

    def settle_state(self, licence: str, *, reopens_only: bool = False) -> None:
        """Give a licence the state that what its lines have left gives it."""
        if self.ahead.find("licence", licence) is None:
            return
        for version in settled(self.ahead, licence, ()):
            if not reopens_only or version.body["state"] == "issued":
                self.ahead.put(version.kind, version.id, version.body)
