"""Customs' usage files, imported whole, and the discrepancies that they open, resolved."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from pydantic import PrivateAttr

from headworks.errors import Fault
from headworks.ledger.actions.action import Action, Decision, Version, move
from headworks.ledger.actions.corrections import released
from headworks.ledger.actions.endings import Left
from headworks.ledger.actions.settling import settled
from headworks.ledger.conditions import applied
from headworks.ledger.customs import runs
from headworks.ledger.customs.discrepancies import DISCREPANCY
from headworks.ledger.customs.posting import Posting, Progress
from headworks.ledger.customs.reading import parse_usage
from headworks.ledger.customs.reconciliation import Reconciliation
from headworks.ledger.journal.view import refuse
from headworks.ledger.passage import Flow, Passage, own_flows
from headworks.scenario.model import Text

if TYPE_CHECKING:
    from headworks.ledger.customs.trouble import Trouble
    from headworks.ledger.customs.usage import UsageFile
    from headworks.ledger.journal.view import View

FAULTS_MAX = 100
"""Rows that are refused in one message; the rest are counted."""


class ImportUsage(Action):
    """Import a usage file of customs: its draws and corrections, totals and final reports."""

    action: Literal["customs.import"]
    content: Text
    """The file's text: CSV, or JSON lines."""
    file: str = "usage"
    """Its name, for messages."""
    exceptions: Literal["refuse", "hold"] = "refuse"
    """Whether a row that the ledger cannot take refuses the file, or is held as a discrepancy."""

    _progress: Progress | None = PrivateAttr(default=None)

    def telling(self, progress: Progress | None) -> ImportUsage:
        """Return the action, which will tell how many rows are checked, of how many."""
        self._progress = progress
        return self

    @cached_property
    def usage(self) -> UsageFile:
        """The file as it was read.

        Raises:
            LedgerError: It cannot be read; every fault is listed with row and column.
        """
        return parse_usage(self.content, self.file)

    def command(self) -> dict[str, Any]:
        """Return what was asked for, with the hash of the file in the place of its text."""
        usage = self.usage
        plain = self.model_dump(mode="json", exclude_defaults=True, exclude={"content", "file"})
        said = {"sha256": usage.digest, "sender": usage.sender, "run": usage.run}
        return {**plain, **said, "action": self.right}

    def decide(self, view: View, on: dt.date) -> Decision:  # noqa: ARG002 - each row has its day
        """Return all that the file comes to, or why it is refused, row by row."""
        usage = self.usage
        refuse(runs.faults(view, usage))
        run, sender = runs.taken(view, usage)
        posting = Posting(view, usage, self.id, run)
        held = posting.go(self._progress)
        hold = self.exceptions == "hold"
        troubles = [] if hold else [one for _, found in held for one in found]
        for use, found in held if hold else ():
            posting.hold(use, found)
        reconciliation = Reconciliation(posting, actor=self.actor, hold=hold)
        troubles += reconciliation.go()
        refuse(self._faults(troubles))
        counts = {**dict.fromkeys(COUNTED, 0), **posting.counts}
        body = {
            "sender": usage.sender, "run": usage.run, "digest": usage.digest, "event": self.id,
            "file": self.file, "made_on": usage.made_on.isoformat(), "rows": len(usage.uses),
            "transfers": len(posting.transfers), "counts": counts,
        }  # fmt: skip
        posting.ahead.put(runs.RUN, run, body)
        posting.ahead.put(runs.SENDER, usage.sender, sender)
        return Decision(
            opens=tuple(posting.ahead.opened.values()),
            rebounds=(*posting.rebounds.values(), *reconciliation.rebounds),
            records=tuple(posting.ahead.changed.values()),
            transfers=tuple(posting.transfers),
        )

    def _faults(self, troubles: list[Trouble]) -> list[Fault]:
        faults = [
            Fault(self.file, one.row, one.column, one.message, one.remedy)
            for one in sorted(troubles)[:FAULTS_MAX]
        ]
        if len(troubles) > FAULTS_MAX:
            message = f"and {len(troubles) - FAULTS_MAX:,} more"
            faults.append(Fault(self.file, 0, "", message))
        if faults:
            message = "nothing of the file was imported"
            remedy = "mend it, or hold such rows as open discrepancies with `exceptions: hold`"
            faults.append(Fault(self.file, 0, "", message, remedy))
        return faults


COUNTED = (
    "drawn", "late", "adjusted", "undone", "known", "messages", "held", "equal", "differing",
    "closed", "disputed",
)  # fmt: skip
"""What a run counts: rows by what became of them, totals, and licences by their final report."""


class ResolveDiscrepancy(Action):
    """Resolve a discrepancy with customs: keep the ledger's figure, or adopt that of customs."""

    action: Literal["discrepancy.resolve"]
    discrepancy: Text
    """Its id, such as `units/cn-7/1`."""
    adopt: Literal["ours", "theirs"] = "ours"
    """Whose figure stands; `theirs` moves the difference with all that counts against conditions,
    where the accounts allow it."""
    grounds: Text

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the discrepancy as resolved, with the movement where customs is right."""
        found = view.record(DISCREPANCY, self.discrepancy)
        faults: list[Fault] = []

        def wrong(message: str, remedy: str) -> None:
            faults.append(Fault("discrepancy", 0, self.discrepancy, message, remedy))

        if found["state"] != "open":
            wrong(f"it is {found['state']}", "nothing is left to resolve")
        if self.adopt == "theirs" and found["about"] not in {"units", "value"}:
            wrong(
                f"it is about {found['about']}, of which customs states no total",
                "keep ours, and let customs send what is right",
            )
        refuse(faults)
        body = {
            **found, "state": "resolved", "grounds": self.grounds, "adopted": self.adopt,
            "resolved_on": on.isoformat(),
        }  # fmt: skip
        resolved = Version(DISCREPANCY, self.discrepancy, body)
        if self.adopt == "ours":
            return Decision(records=(resolved,))
        return self._adopted(view, found, resolved, on)

    def _adopted(
        self, view: View, found: dict[str, Any], resolved: Version, on: dt.date
    ) -> Decision:
        """Return the movement of the difference with all that goes with it, conditions too."""
        licence, number, difference = found["licence"], found["line"], found["difference"]
        units = abs(difference) if found["about"] == "units" else 0
        cents = abs(difference) if found["about"] == "value" else 0
        terms = view.record("licence", licence)
        asked = Passage(licence, terms, number, terms["lines"][number], units, cents, on)
        own = [one for one in own_flows(asked) if one.amount]
        if difference < 0:
            back = [Flow(one.credit, one.debit, one.amount, one.code) for one in own]
            flows = [*back, *(applied.back(view, asked) if units else [])]
        else:
            flows = [*own, *(applied.flows(view, asked) if units else [])]
        if difference < 0 and "ended_on" in terms:
            freed = {number: Left(units, cents)}
            flows += [Flow(*one, "return") for one in released(view, licence, terms, freed)]
        made = tuple(
            move(self.id, place, one.debit, one.credit, one.amount,
                 one.code if one.code == "return" else "adjust")
            for place, one in enumerate(flows, start=1)
        )  # fmt: skip
        return Decision(
            opens=tuple(applied.accounts(view, asked)) if units and difference > 0 else (),
            records=(resolved, *settled(view, licence, made)),
            transfers=made,
        )
