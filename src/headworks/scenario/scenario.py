"""The scenario: everything that a forecast assumes, in one checked record."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, PrivateAttr, model_validator

from headworks.errors import Fault
from headworks.scenario.catalogue import Catalogue, catalogue
from headworks.scenario.chip import Chip
from headworks.scenario.company import Company
from headworks.scenario.driver import Driver, certain
from headworks.scenario.event import Event
from headworks.scenario.gate import Gate
from headworks.scenario.model import Id, Record, Text
from headworks.scenario.planning import Planning
from headworks.scenario.pool import Pool
from headworks.scenario.quantity import Factor
from headworks.scenario.route import Route
from headworks.scenario.source import Source
from headworks.scenario.terms import Terms

CertainFactor = Annotated[Factor, AfterValidator(certain)]


class Override(Record):
    """A named change to a base scenario."""

    reason: Text
    """Why the change is made."""
    set: dict[str, object]
    """New values by dotted key, such as `gates.customs.opening: open`; null removes the key."""


class DerivedScenario(Record):
    """A scenario file that changes another scenario: a base with named, reasoned overrides."""

    scenario: Id
    """Name of the scenario."""
    title: Text
    """One line that says what it is about."""
    description: Text | None = None
    """What it is for; the base's description holds if None."""
    base: Text
    """Scenario that this one changes: the name of a packaged one, or the path of a YAML file,
    relative to this file."""
    overrides: dict[Id, Override] = Field(default_factory=dict)
    """The changes, by name, applied in the order written. No two of them may set one key to two
    values; a file whose `base` is this one may set it again."""
    sources: dict[Id, Source] = Field(default_factory=dict)
    """Sources of this scenario's own, beside those of its base and of the catalogue."""
    chips: dict[Id, Chip] = Field(default_factory=dict)
    """Chips of this scenario's own, beside those of its base and of the catalogue."""


class Scenario(Record):
    """What is assumed: who wants what, through which gates, under which conditions."""

    scenario: Id
    """Name of the scenario."""
    title: Text
    """One line that says what it is about."""
    description: Text | None = None
    """What it is for, and what is left out."""
    as_of: dt.date
    """Day on which it was known: nothing published later may enter it."""
    start: dt.date
    """First day of the first period."""
    periods: int = Field(ge=1, le=1040)
    """Number of periods."""
    period_days: int = Field(default=7, ge=1, le=92)
    """Length of a period in days."""
    power_overhead: CertainFactor | None = None
    """Facility power per watt of chip power; needed where a pool counts megawatts."""
    base: Text | None = None
    """Scenario that this one was derived from; None in a file that stands alone."""
    overrides: dict[Id, Override] = Field(default_factory=dict)
    """The changes that were applied to the base, by name."""
    drivers: dict[Id, Driver] = Field(default_factory=dict)
    """Latent factors that uncertain parts share."""
    sources: dict[Id, Source] = Field(default_factory=dict)
    """Sources of this scenario's own, beside those of the catalogue."""
    chips: dict[Id, Chip] = Field(default_factory=dict)
    """Chips of this scenario's own, beside those of the catalogue."""
    terms: dict[str, Terms] = Field(default_factory=dict)
    """Terms of sale by chip (id or alias)."""
    pools: dict[Id, Pool] = Field(default_factory=dict)
    """What is scarce."""
    gates: dict[Id, Gate]
    """Steps that may pass, hold or refuse units, or issue papers."""
    routes: dict[Id, Route]
    """Ways through the goods gates."""
    companies: dict[Id, Company]
    """Buyers."""
    events: dict[Id, Event] = Field(default_factory=dict)
    """Dated and uncertain happenings."""
    planning: Planning | None = None
    """What plans assume beyond the gates; None where nobody plans."""

    _catalogue: Catalogue | None = PrivateAttr(default=None)
    _remarks: tuple[Fault, ...] = PrivateAttr(default=())
    _files: tuple[Path, ...] = PrivateAttr(default=())
    _read_from: str | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _ends_in_the_calendar(self) -> Scenario:
        days = self.periods * self.period_days
        if days > (dt.date.max - self.start).days:
            message = f"{self.periods} periods from {self.start} end after the year 9999"
            raise ValueError(message)
        return self

    @property
    def catalogue(self) -> Catalogue:
        """Catalogue that the scenario was read with, and its own chips and sources in it.

        The packaged one for a scenario that was not read from a file.
        """
        return self._catalogue if self._catalogue is not None else catalogue()

    @property
    def remarks(self) -> tuple[Fault, ...]:
        """What is no fault of the file it was read from, but can hardly be meant."""
        return self._remarks

    @property
    def files(self) -> tuple[Path, ...]:
        """Files that it was read from: its own, then those of its bases down to the last."""
        return self._files

    @property
    def read_from(self) -> str | None:
        """Name or path by which `load` gives it again; None where it was made or changed in code.

        What was set when it was read, as on the command line, stands in `overrides`.
        """
        return self._read_from

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy; one in which something is new was read from nowhere."""
        copied = super().model_copy(update=update, deep=deep)
        if update:
            copied._read_from = None  # noqa: SLF001 - a copy of this
        return copied

    def chip_name(self, chip: str) -> str:
        """Return the short name of a chip: without its designer and without remarks in brackets."""
        record = self.chips.get(chip)
        if record is None:
            return chip
        designer = self.catalogue.designers.get(chip, "")
        name = re.sub(r"\s*\([^)]*\)\s*$", "", record.name)
        return name.removeprefix(f"{designer} ") if designer else name

    def company_name(self, company: str) -> str:
        """Return the name of a company as it writes itself."""
        record = self.companies.get(company)
        return company if record is None else record.name

    @property
    def end(self) -> dt.date:
        """First day after the last period."""
        return self.start + dt.timedelta(days=self.periods * self.period_days)
