"""Events: dated and uncertain happenings that move named stocks."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from headworks.scenario.model import Id, Record, Text
from headworks.scenario.pool import Probability
from headworks.scenario.quantity import Days, Share


class EventBase(Record):
    """What all events have."""

    title: Text
    """What happens."""
    on: dt.date
    """Earliest day."""
    delay_days: Days | None = None
    """How much later than that it happens."""
    probability: Probability
    """Probability that it happens at all; its drivers make it likelier when they are high, so an
    event that hinders passing loads negatively."""


class Revoke(EventBase):
    """Papers that are not used yet are revoked."""

    act: Literal["revoke"]
    """Kind of the event."""
    gate: Id
    """Gate that granted them."""
    share: Share
    """Share of the unused papers that is revoked."""
    companies: list[Id] | None = None
    """Companies it hits; all if None."""


class Recall(EventBase):
    """Goods that wait at a gate are recalled."""

    act: Literal["recall"]
    """Kind of the event."""
    gate: Id
    """Gate at which they wait."""
    share: Share
    """Share of the waiting goods that is recalled."""
    companies: list[Id] | None = None
    """Companies it hits; all if None."""


class Divert(EventBase):
    """A seller turns to other buyers: part of the stock left and of all later inflow is gone."""

    act: Literal["divert"]
    """Kind of the event."""
    pool: Id
    """Stock pool that it empties."""
    share: Share
    """Share of the stock left, and of all later inflow, that is gone."""


class Shut(EventBase):
    """A gate is shut for a time, whatever its opening says."""

    act: Literal["shut"]
    """Kind of the event."""
    gate: Id
    """Gate that is shut."""
    for_days: Days
    """For how long."""


Event = Annotated[Revoke | Recall | Divert | Shut, Field(discriminator="act")]
