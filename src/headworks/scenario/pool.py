"""Pools: what is scarce, in one unit, and how it is replenished."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from headworks.scenario.company import Split
from headworks.scenario.model import Id, Record, Text
from headworks.scenario.quantity import Amount, Days, Factor, Measured, Quantity, Share

PoolUnit = Literal["units", "tpp", "mw"]
Probability = Annotated[Quantity, AfterValidator(Measured("probability", low=0, high=1))]
"""A probability; its drivers load on the event itself, so that it happens when they favour it."""


class Flow(Record):
    """An amount per span of days, from a day on until the next entry's day."""

    from_: dt.date = Field(alias="from")
    """First day (inclusive)."""
    amount: Amount
    """How much in each span, in the pool's unit."""
    per_days: float = Field(gt=0)
    """Length of the span in days."""


class PoolBase(Record):
    """What all pools have."""

    title: Text | None = None
    """What the pool is."""
    unit: PoolUnit = "units"
    """Unit of account; chips are converted by their own figures."""


class RatePool(PoolBase):
    """A perishable supply: what is not used within a period is gone."""

    supply: Literal["rate"]
    """Kind of the pool."""
    flow: list[Flow] = Field(min_length=1)
    """Supply by first day, ascending."""
    weekly_noise: Factor | None = None
    """Coefficient of variation of the supply from one calendar week to the next."""


class StockPool(PoolBase):
    """A stock that lasts, with an inflow; withdrawn goods return to it."""

    supply: Literal["stock"]
    """Kind of the pool."""
    initial: Amount
    """Stock at the start."""
    flow: list[Flow] = Field(default_factory=list)
    """Inflow by first day, ascending."""
    weekly_noise: Factor | None = None
    """Coefficient of variation of the inflow from one calendar week to the next."""


class Round(Record):
    """One round of awards: it awards once, and its remainder is lost unless carried."""

    on: dt.date
    """Day of the decision."""
    delay_days: Days | None = None
    """How much later than that it may come."""
    size: Amount
    """Volume to share, in the pool's unit."""
    eligible: list[Id] | None = None
    """Companies that may be awarded; None means all."""
    shares: Split | None = None
    """Named shares of the size, by company; None shares by the gate's rule."""
    confirmed: Probability
    """Probability that it takes place at all."""
    carry: bool = False
    """Whether the remainder and what is declined go into the next round."""


class RoundsPool(PoolBase):
    """Volumes released in rounds."""

    supply: Literal["rounds"]
    """Kind of the pool."""
    rounds: dict[Id, Round] = Field(min_length=1)
    """Rounds by id."""


class Reference(Record):
    """The flow that a moving cap is a share of, for one product."""

    history: Amount
    """Reference units before the start."""
    flow: list[Flow] = Field(default_factory=list)
    """Reference units to come, by first day."""
    companies: list[Id] = Field(default_factory=list)
    """Companies of this scenario whose shipments are the reference, in place of `flow`."""

    @model_validator(mode="after")
    def _once(self) -> Reference:
        if self.flow and self.companies:
            message = "a reference flow is either given or the shipments of companies, never both"
            raise ValueError(message)
        return self


class FlowSharePool(PoolBase):
    """A cap that is a share of a reference flow; reserved at grant, given back on lapse."""

    supply: Literal["share_of_flow"]
    """Kind of the pool."""
    share: Share
    """The share."""
    products: dict[str, Reference] = Field(min_length=1)
    """Reference of each product, by chip (id or alias): products do not share a cap."""


Pool = Annotated[RatePool | StockPool | RoundsPool | FlowSharePool, Field(discriminator="supply")]

__all__ = [
    "Flow",
    "FlowSharePool",
    "Pool",
    "Probability",
    "RatePool",
    "Reference",
    "Round",
    "RoundsPool",
    "StockPool",
]
