"""Reconciliation: customs' totals and final reports against the ledger (L12)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from headworks.errors import LedgerError
from headworks.ledger import names
from headworks.ledger.actions.endings import EndLicence
from headworks.ledger.customs.discrepancies import note, open_lines
from headworks.ledger.customs.trouble import Trouble
from headworks.ledger.customs.usage import STATUSES

if TYPE_CHECKING:
    from headworks.ledger.customs.posting import Posting
    from headworks.ledger.customs.prospect import Prospect
    from headworks.ledger.customs.usage import Status, Total
    from headworks.ledger.journal.account import Account

ENDINGS: dict[str, Literal["licence.surrender", "licence.expire", "licence.cancel"]] = {
    "S": "licence.surrender",
    "D": "licence.expire",
    "C": "licence.cancel",
}
"""The action by which each final status ends a licence; `E` ends it when nothing is left."""
OPEN_STATES = {"issued", "suspended"}


class Reconciliation:
    """Compares what customs says in all with what the ledger will say once the file is posted.

    Args:
        posting: The file, posted.
        actor: Who imports it.
        hold: Whether what cannot be compared is held as a discrepancy.
    """

    def __init__(self, posting: Posting, *, actor: str, hold: bool) -> None:
        self.posting = posting
        self.ahead: Prospect = posting.ahead
        self.counts: Counter[str] = posting.counts
        self.actor = actor
        self.hold = hold
        self.rebounds: list[Account] = []

    def go(self) -> list[Trouble]:
        """Compare every total and take every status; return what cannot be compared."""
        usage = self.posting.usage
        self.ahead.expect("licence", {one.licence for one in usage.totals})
        self.ahead.expect("licence", {one.licence for one in usage.statuses})
        drawn = self._drawn() if usage.totals else Counter()
        troubles = [one for total in usage.totals for one in self._compare(total, drawn)]
        return troubles + [one for status in usage.statuses for one in self._close(status)]

    def _drawn(self) -> Counter[tuple[str, str, str]]:
        """Return what was drawn and stands, by measure, licence and line."""
        found: Counter[tuple[str, str, str]] = Counter()
        stages = {"cleared": "units", "installed": "units", "removed": "units", "spent": "value"}
        for stage, measure in stages.items():
            for one in self.ahead.all_standings(f"{stage}:"):
                _, licence, number, *_ = one.account.name.split(":")
                found[measure, licence, number] += one.balance
        return found

    def _compare(self, total: Total, drawn: Counter[tuple[str, str, str]]) -> Iterator[Trouble]:
        terms = self.ahead.find("licence", total.licence)
        if terms is None or total.line not in terms["lines"]:
            yield from self._unknown(total)
            return
        place = (total.licence, total.line)
        sides = {"units": total.quantity}
        if terms["lines"][total.line]["value_cents"] is not None and total.value_cents is not None:
            sides["value"] = total.value_cents
        differs = [
            note(
                self.ahead, f"{measure}/{'/'.join(place)}",
                {"about": measure, "licence": place[0], "line": place[1],
                 "ours": drawn[measure, *place], "theirs": theirs},
                run=self.posting.run,
            )
            for measure, theirs in sides.items()
        ]  # fmt: skip
        self.counts["differing" if any(differs) else "equal"] += 1

    def _unknown(self, total: Total) -> Iterator[Trouble]:
        message = f"there is no line {total.line!r} of a licence {total.licence!r}"
        if not self.hold:
            yield Trouble(total.row, "line", message, "ask customs whose it is")
            return
        body = {
            "about": "units", "licence": total.licence, "line": total.line, "ours": 0,
            "theirs": total.quantity, "why": [message],
        }  # fmt: skip
        note(self.ahead, f"units/{total.licence}/{total.line}", body, run=self.posting.run)
        self.counts["differing"] += 1

    def _close(self, status: Status) -> Iterator[Trouble]:
        """End a licence whose usage is final, unless something still clashes."""
        terms = self.ahead.find("licence", status.licence)
        if terms is None:
            message = f"there is no licence {status.licence!r}"
            if not self.hold:
                yield Trouble(status.row, "licence", message, "ask customs whose it is")
            else:
                self._dispute(status, 0, message)
            return
        left = self._left(status.licence, terms)
        if status.completed_on is None:
            self._open(status, terms, left)
            return
        if terms["state"] not in OPEN_STATES:
            return
        why = self._clash(status, terms, left)
        if not why and status.status == "E":
            self.posting.settle_state(status.licence)
        elif not why:
            why = self._end(status, status.completed_on)
        if why:
            self._dispute(status, left, why)
        else:
            name = f"status/{status.licence}"
            body = {
                "about": "status",
                "licence": status.licence,
                "line": "",
                "ours": 0,
                "theirs": 0,
            }
            note(self.ahead, name, body, run=self.posting.run)
            self.counts["closed"] += 1

    def _left(self, licence: str, terms: dict[str, Any]) -> int:
        places = [names.line(licence, number) for number in terms["lines"]]
        return sum(one.balance for one in self.ahead.standings(places).values())

    def _open(self, status: Status, terms: dict[str, Any], left: int) -> None:
        """Compare a licence that customs holds open; an exhausted one is not yet closed there."""
        if terms["state"] not in {*OPEN_STATES, "exhausted"}:
            self._dispute(status, left, f"the licence is {terms['state']}, and customs has it open")

    def _clash(self, status: Status, terms: dict[str, Any], left: int) -> str:
        """Return why a final report cannot be followed; empty where it can."""
        if lines := open_lines(self.ahead, status.licence):
            return (
                f"line {', '.join(lines)} differs, and nothing is released before that is settled"
            )
        if status.status == "E" and left > 0:
            return f"customs has it exhausted, and {left:,} units are left"
        if status.status == "E" and terms["state"] == "suspended":
            return "customs has it exhausted, and it is suspended"
        return ""

    def _end(self, status: Status, on: dt.date) -> str:
        """End a licence and release its rest; return why that cannot be, empty where it can."""
        ending = EndLicence.model_construct(
            action=ENDINGS[status.status], id=f"{self.posting.event}:{status.licence}",
            actor=self.actor, licence=status.licence,
        )  # fmt: skip
        try:
            decision = ending.decide(self.ahead, on)
        except LedgerError as error:
            return "; ".join(fault.message for fault in error.faults)
        for version in decision.records:
            self.ahead.put(version.kind, version.id, version.body)
        for one in decision.transfers:
            self.posting.transfers.append(replace(one, effective_on=on))
            self.ahead.post(one)
        # What was overrun within its tolerance is so until this file's own contras are posted.
        stored = self.ahead.stored([one.name for one in decision.rebounds])
        self.rebounds += [
            replace(one, floor=min(one.floor or 0, stored[one.name].available))
            for one in decision.rebounds
        ]
        return ""

    def _dispute(self, status: Status, left: int, why: str) -> None:
        body = {
            "about": "status", "licence": status.licence, "line": "", "ours": left, "theirs": 0,
            "status": STATUSES[status.status], "why": [why],
            "on": None if status.completed_on is None else status.completed_on.isoformat(),
        }  # fmt: skip
        if note(self.ahead, f"status/{status.licence}", body, run=self.posting.run):
            self.counts["disputed"] += 1
