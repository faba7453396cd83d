"""Licence lines as the rows of a file meet them, and the trial of all rows together.

Rules are monotone: where a quantity passes, any part of it passes. So all rows are first tried
together, as one passage for each line and day, with nothing given back. Only where that does not
pass is each row checked by itself, in the file's order, which finds the rows at fault.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headworks.ledger.conditions import applied
from headworks.ledger.passage import Flow, Passage, own_flows
from headworks.ledger.passing import may_pass

if TYPE_CHECKING:
    from headworks.ledger.customs.prospect import Prospect
    from headworks.ledger.customs.usage import Use


@dataclass(slots=True)
class Line:
    """A licence line."""

    licence: str
    number: str
    body: dict[str, Any]
    traders: frozenset[str]
    """Who may declare on it: holder, consignee and end user."""
    conditional: bool
    """Whether the licence has conditions."""
    valued: bool
    """Whether its value is limited too."""

    def passage(self, view: Prospect, quantity: int, value: int, on: dt.date) -> Passage:
        """Return units of the line that are to pass on a day."""
        terms = view.find("licence", self.licence) or {}
        return Passage(self.licence, terms, self.number, self.body, quantity, value, on)

    def flows(self, view: Prospect, asked: Passage) -> list[Flow]:
        """Return all that moves with a passage of the line."""
        own = own_flows(asked)
        return [*own, *applied.flows(view, asked)] if self.conditional else own


class Lines:
    """The lines of all licences that a file names, each looked up once."""

    def __init__(self, ahead: Prospect) -> None:
        self._ahead = ahead
        self._known: dict[tuple[str, str], Line | None] = {}

    def find(self, licence: str, number: str) -> Line | None:
        """Return a line, or None where there is none."""
        key = (licence, number)
        if key not in self._known:
            self._known[key] = self._read(licence, number)
        return self._known[key]

    def _read(self, licence: str, number: str) -> Line | None:
        terms = self._ahead.find("licence", licence)
        body = None if terms is None else terms["lines"].get(number)
        if terms is None or body is None:
            return None
        parties = {terms["party"], terms["consignee"], terms["end_user"]} - {None}
        valued = body["value_cents"] is not None
        return Line(licence, number, body, frozenset(parties), bool(terms["conditions"]), valued)

    def all_pass(self, uses: Iterable[Use]) -> bool:
        """Whether all rows that draw at once pass together, with nothing given back."""
        sums: dict[tuple[str, str, dt.date], list[int]] = {}
        for use in uses:
            if use.kind not in "OLA" or use.shipment:
                continue
            line = self.find(use.licence, use.line)
            if line is None or (line.valued and not use.value_cents):
                return False
            total = sums.setdefault((use.licence, use.line, use.on), [0, 0])
            total[0] += use.quantity
            total[1] += use.value_cents or 0
        trial = self._ahead.fork()
        moved: set[str] = set()
        for (licence, number, on), (quantity, value) in sums.items():
            line = self.find(licence, number)
            if line is None:
                return False
            asked = line.passage(trial, quantity, value, on)
            if not may_pass(trial, asked).passes:
                return False
            trial.open(applied.accounts(trial, asked))
            for flow in line.flows(trial, asked):
                trial.shift(flow.debit, flow.credit, flow.amount)
                moved |= {flow.debit, flow.credit}
        return not any(trial.broken(moved))
