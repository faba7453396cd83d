"""The condition on reports: nothing passes while one is overdue."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from headworks.ledger.conditions.condition import Terms
from headworks.ledger.passage import Finding
from headworks.ledger.relations import lineage

if TYPE_CHECKING:
    from headworks.ledger.journal.view import View
    from headworks.ledger.passage import Passage

REPORT = "report"
"""Kind of record that keeps which reports were filed, by condition and licence."""


class ReportDueTerms(Terms):
    """A report is due every so many days; nothing passes after the day on which one is missing."""

    kind: Literal["report_due"]
    first_on: dt.date
    """Day by whose end the first one is due."""
    every_days: Annotated[int, Field(ge=1)]

    def finding(self, name: str, view: View, passage: Passage) -> Finding:
        """Return whether all reports that were due before the day are filed."""
        reports = [
            view.find(REPORT, f"{name}/{licence}")
            for licence, _ in lineage(view, passage.licence, passage.terms)
        ]
        filed = {day for found in reports if found for day in found["filed"]}
        missing = [day for day in self.due(passage.on) if day.isoformat() not in filed]
        says = f"reports are due every {self.every_days} days from {self.first_on}, "
        says += f"and {missing[0]} is not filed" if missing else "and none is missing"
        return Finding(
            name, self.kind, not missing, says,
            cure=f"file it with report.file for {missing[0]}" if missing else "",
        )  # fmt: skip

    def due(self, on: dt.date) -> list[dt.date]:
        """Return the days before `on` on which a report was due."""
        count = -(-max(0, (on - self.first_on).days) // self.every_days)
        return [self.first_on + dt.timedelta(days=self.every_days * n) for n in range(count)]
