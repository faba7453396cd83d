"""Companies: what each wants, when, over which routes, and how much of it is needed."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, model_validator

from headworks.scenario.model import Id, Record, Text
from headworks.scenario.quantity import Evidence, Share, Units

Jurisdiction = Literal["CN", "HK", "US", "abroad"]
Use = Literal["any", "training", "inference"]


class Split(Evidence):
    """Shares of a whole, by name; they sum to 1."""

    shares: dict[Id, float]
    """Share of each name, between 0 and 1."""

    @model_validator(mode="after")
    def _whole(self) -> Split:
        if any(not 0 <= share <= 1 for share in self.shares.values()):
            message = "every share must lie between 0 and 1"
            raise ValueError(message)
        if abs(sum(self.shares.values()) - 1) > 1e-9:
            message = f"the shares sum to {sum(self.shares.values()):g}, not to 1"
            raise ValueError(message)
        return self


class Request(Record):
    """Units wanted from a day on: all at once (`on`), or evenly over [`from`, `to`)."""

    on: dt.date | None = None
    """Day on which all of it is wanted."""
    from_: dt.date | None = Field(default=None, alias="from")
    """First day (inclusive) of a want that builds up evenly."""
    to: dt.date | None = None
    """Last day (exclusive) of it."""
    units: Units
    """How many."""

    @model_validator(mode="after")
    def _dated(self) -> Request:
        spread = self.from_ is not None and self.to is not None
        if (self.on is not None) == spread or (self.from_ is None) != (self.to is None):
            message = "give either `on`, or both `from` and `to`"
            raise ValueError(message)
        if self.from_ and self.to and self.from_ >= self.to:
            message = f"`from` {self.from_} is not before `to` {self.to}"
            raise ValueError(message)
        return self


class Reaction(Record):
    """A rule of ordering: orders follow the papers that a gate has granted."""

    after: Id
    """Gate whose granted papers release orders."""
    before_share: Share
    """Share of the need that is ordered without waiting for papers."""


class Want(Record):
    """What a company wants of one chip."""

    schedule: list[Request] = Field(min_length=1)
    """The stated want; the entries add up."""
    need: Share
    """Latent need as a share of the stated want: what would be ordered if all could be had."""
    routes: Split
    """How the want is split over routes."""
    reaction: Reaction | None = None
    """How orders follow the gates; None orders by date alone."""


class Company(Record):
    """A buyer, with its parties and what it wants."""

    name: Text
    """Name as it writes itself."""
    jurisdiction: Jurisdiction = "CN"
    """Where its ultimate parent has its seat."""
    party_group: Id | None = None
    """Companies with the same group are related: a cap per group counts them together."""
    traits: list[Id] = Field(default_factory=list)
    """Traits that conditions ask for, such as `state-owned` or `critical-infrastructure`."""
    outside: bool = False
    """Whether it stands outside the story: served like others, left out of the totals."""
    wants: dict[str, Want] = Field(min_length=1)
    """Wants by chip (id or alias)."""
