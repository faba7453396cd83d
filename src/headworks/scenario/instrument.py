"""Instruments: dated, sourced parameters of a legal basis."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from headworks.scenario.dated import Dated, DatedValue
from headworks.scenario.model import Record, Text
from headworks.scenario.quantity import Evidence, Number

if TYPE_CHECKING:
    from headworks.scenario.source import Source

Status = Literal["in_force", "announced", "reported"]
Setting = bool | int | float | str


class InstrumentValue(Evidence):
    """A value of an instrument from its first day in force."""

    value: Setting | None
    """Number, word or truth value; null ends the rule."""
    status: Status = "in_force"
    """in_force: published law; announced: said by the authority, not yet law; reported: press
    reports of a rule that nobody has published."""
    p5: Number | None = None
    """5th percentile, where `value` is the median of an uncertain figure."""
    p95: Number | None = None
    """95th percentile, likewise."""
    known_from: dt.date | None = None
    """Day on which one could know it, where that is not the day its source came out."""


class InstrumentFile(Record):
    """One file under `data/policy`: one parameter of one regime."""

    title: Text
    """What the parameter is."""
    regime: Text
    """Legal basis, as it is cited."""
    jurisdiction: Literal["US", "CN"]
    """Whose rule it is."""
    unit: Text
    """Unit of its values; `in_force` for a truth value, `word` for a word."""
    description: Text | None = None
    """What it does, in a sentence or two."""
    values: dict[dt.date, InstrumentValue]
    """Values by first day in force."""

    def dated(self, name: str, sources: dict[str, Source]) -> Dated[InstrumentValue]:
        """Return the values with both clocks; the knowledge clock comes from the sources.

        Args:
            name: The instrument's id, used in messages.
            sources: All sources by id; the ones named here must be among them.
        """

        def known(entry: InstrumentValue, effective: dt.date) -> dt.date:
            if entry.known_from is not None:
                return entry.known_from
            return sources[entry.source].published if entry.source else effective

        return Dated.of(
            name,
            (DatedValue(day, known(entry, day), entry) for day, entry in self.values.items()),
        )
