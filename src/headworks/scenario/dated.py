"""Dated values with two clocks: when a rule applies, and when one could know it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from headworks.errors import NotInForce

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
"""A day as text. ISO 8601 has other forms, among them weeks, and a week is no day."""


def as_day(given: object) -> dt.date | None:
    """Return what is given as a day, a time of day or text as YYYY-MM-DD as a day, or None."""
    if isinstance(given, dt.datetime):
        return given.date()
    if isinstance(given, dt.date):
        return given
    if not isinstance(given, str) or not DAY.fullmatch(given.strip()):
        return None
    try:
        return dt.date.fromisoformat(given.strip())
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class DatedValue(Generic[T]):
    """One value with its first day in force and the day on which it became known."""

    effective_from: dt.date
    """First day in force (inclusive)."""
    published: dt.date
    """Day on which one could first know it."""
    value: T | None
    """The value; None ends the rule."""


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """Values by first day in force, oldest first.

    A value holds from its first day (inclusive) until the next value's (exclusive).
    """

    name: str
    values: tuple[DatedValue[T], ...]

    @classmethod
    def of(cls, name: str, values: Iterable[DatedValue[T]]) -> Dated[T]:
        """Return the dated value, sorted by first day in force."""
        return cls(name, tuple(sorted(values, key=lambda entry: entry.effective_from)))

    def entry(self, day: dt.date, *, known_by: dt.date | None = None) -> DatedValue[T]:
        """Return the entry in force on `day`.

        Args:
            day: The day asked about.
            known_by: Use only what was published on or before this day; all of it if None.

        Raises:
            NotInForce: `day` lies before the first day in force, or nothing was known by then.
        """
        known = [e for e in self.values if known_by is None or e.published <= known_by]
        held = [e for e in known if e.effective_from <= day]
        if held:
            return held[-1]
        knowing = f" of what was known by {known_by}" if known_by else ""
        if known:
            message = (
                f"{self.name} has no value on {day}{knowing}: "
                f"its first day in force is {known[0].effective_from}; ask for a day from then on"
            )
        elif self.values:
            first = min(entry.published for entry in self.values)
            message = f"{self.name} has no value{knowing}: it became known on {first}"
        else:
            message = f"{self.name} has no value at all"
        raise NotInForce(message)

    def on(self, day: dt.date, *, known_by: dt.date | None = None) -> T | None:
        """Return the value in force on `day`; None where the rule has ended.

        Raises:
            NotInForce: As `entry`.
        """
        return self.entry(day, known_by=known_by).value
