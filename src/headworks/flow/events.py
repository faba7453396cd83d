"""Dated and uncertain happenings: when each happens on each path."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from headworks.flow.draws import Draws
    from headworks.scenario.event import EventBase

Floats: TypeAlias = NDArray[np.float64]


def moment(name: str, event: EventBase, draws: Draws) -> Floats:
    """Return when an event happens, shape (path,), in days from the start; inf if it does not."""
    happens = draws.happens(f"events.{name}.probability", event.probability, day=event.on)
    days = np.full(draws.paths, draws.days(event.on))
    if event.delay_days is not None:
        days += draws.number(f"events.{name}.delay_days", event.delay_days, day=event.on)
    return np.where(happens, days, np.inf)
