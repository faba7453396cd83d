"""The condition on reports: nothing passes while one is overdue."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from headworks.ledger.conditions.condition import Terms
from headworks.ledger.passage import Finding
from headworks.ledger.relations import lineage

if TYPE_CHECKING:
    from headworks.ledger.journal.view import View
    from headworks.ledger.passage import Passage

REPORT = "report"
"""Kind of record that keeps which reports were filed, by condition and licence."""


class ReportDueTerms(Terms):
    """Reports are due every so many days, or on stated ones; nothing passes while one is missing.

    Nothing passes after the day by whose end a report was due and is not filed.
    """

    kind: Literal["report_due"]
    first_on: dt.date | None = None
    """Day by whose end the first one is due."""
    every_days: Annotated[int, Field(ge=1)] | None = None
    days: tuple[dt.date, ...] = ()
    """Days by whose end one is due each, in place of the two above."""

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        regular = self.first_on is not None and self.every_days is not None
        if regular == bool(self.days) or (self.first_on is None) != (self.every_days is None):
            message = "say `first_on` with `every_days`, or `days`"
            raise ValueError(message)
        if list(self.days) != sorted(set(self.days)):
            message = "name each day once, in order"
            raise ValueError(message)
        return self

    def finding(self, name: str, view: View, passage: Passage) -> Finding:
        """Return whether all reports that were due before the day are filed."""
        reports = [
            view.find(REPORT, f"{name}/{licence}")
            for licence, _ in lineage(view, passage.licence, passage.terms)
        ]
        filed = {day for found in reports if found for day in found["filed"]}
        missing = [day for day in self.due(passage.on) if day.isoformat() not in filed]
        says = f"reports are due {self.when()}, "
        says += f"and {missing[0]} is not filed" if missing else "and none is missing"
        return Finding(
            name, self.kind, not missing, says,
            cure=f"file it with report.file for {missing[0]}" if missing else "",
        )  # fmt: skip

    def when(self) -> str:
        """Return when reports are due, as a message says it."""
        if self.every_days is None:
            return f"on {', '.join(map(str, self.days))}"
        return f"every {self.every_days} days from {self.first_on}"

    def due(self, on: dt.date) -> list[dt.date]:
        """Return the days before `on` on which a report was due."""
        if self.first_on is None or self.every_days is None:
            return [day for day in self.days if day < on]
        count = -(-max(0, (on - self.first_on).days) // self.every_days)
        return [self.first_on + dt.timedelta(days=self.every_days * n) for n in range(count)]

    def next_due(self, on: dt.date) -> dt.date | None:
        """Return the first day from `on` on which a report is due; None where none is any more."""
        if self.first_on is None or self.every_days is None:
            return next((day for day in self.days if day >= on), None)
        return self.first_on + dt.timedelta(days=self.every_days * len(self.due(on)))
