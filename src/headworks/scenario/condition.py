"""Conditions: ceilings on what may pass a gate."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from headworks.scenario.model import Id, Record
from headworks.scenario.pool import Probability
from headworks.scenario.quantity import Amount, Days, Factor, Share

Metric = Literal["units", "tpp", "memory_bandwidth_gb_per_s"]
TriggerStock = Literal["ordered", "produced", "shipped", "cleared", "installed"]


class ConditionBase(Record):
    """What all conditions have."""

    from_: dt.date | None = Field(default=None, alias="from")
    """First day (inclusive) on which it applies; always if None."""
    probability: Probability | None = None
    """Probability that it applies at all; certain if None."""
    chips: list[str] | None = None
    """Chips (ids or aliases) that it counts and limits; all if None."""
    companies: list[Id] | None = None
    """Companies that it limits; all if None."""
    source: Id | None = None
    """Where the condition is known from."""


class Cap(ConditionBase):
    """No more than an amount, per line, per company, per party group or in all."""

    kind: Literal["cap"]
    """Kind of the condition."""
    by: Literal["line", "company", "party_group", "all"] = "company"
    """Who shares one ceiling."""
    metric: Metric = "units"
    """What is counted."""
    amount: Amount
    """The ceiling, in the metric."""
    per_days: Days | None = None
    """Rolling span of the ceiling; cumulative if None."""


class Pairing(ConditionBase):
    """Imports only against domestic chips of the same company."""

    kind: Literal["pairing"]
    """Kind of the condition."""
    domestic: list[str] = Field(min_length=1)
    """Chips (ids or aliases) that earn the right to import."""
    metric: Metric = "units"
    """What both sides are counted in."""
    direction: Literal["domestic_per_imported", "imported_per_domestic"]
    """Which side the ratio is per one of."""
    ratio: Factor
    """The ratio."""
    trigger: TriggerStock = "installed"
    """Stock of domestic chips that counts."""
    grace: Amount | None = None
    """What may pass before any domestic chip counts, in the metric."""
    grace_days: Days | None = None
    """How long after its first day the condition is not yet enforced."""


class FlowShare(ConditionBase):
    """No more than a share of what other companies have had of a stock."""

    kind: Literal["share_of_flow"]
    """Kind of the condition."""
    share: Share
    """The share."""
    of: list[Id] = Field(min_length=1)
    """Companies whose stock is the reference."""
    stock: TriggerStock = "shipped"
    """Stock of theirs that counts."""
    metric: Metric = "units"
    """What both sides are counted in."""


Condition = Annotated[Cap | Pairing | FlowShare, Field(discriminator="kind")]
