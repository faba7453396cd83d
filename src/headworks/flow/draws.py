"""Draws of the scenario's uncertain numbers, each from the stream of its own key."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from headworks.flow.drivers import Drivers

if TYPE_CHECKING:
    import datetime as dt

    from headworks.flow.streams import Streams
    from headworks.scenario.quantity import Quantity
    from headworks.scenario.scenario import Scenario

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]


class Draws:
    """Everything random in a run of paths."""

    def __init__(self, scenario: Scenario, streams: Streams) -> None:
        self.streams = streams
        self.start = scenario.start
        self.drivers = Drivers(scenario.drivers, streams, scenario.start, scenario.end)

    @property
    def paths(self) -> int:
        """Number of paths."""
        return self.streams.paths

    def number(
        self, name: str, quantity: Quantity, *, day: dt.date | None = None, ordinal: int = 0
    ) -> Floats:
        """Return one value per path, shape (path,).

        Args:
            name: Key of the quantity, which names its stream.
            quantity: The quantity.
            day: When it is read, which decides the quarter of its drivers; the start if None.
            ordinal: Number of the draw, where one quantity is drawn several times.
        """
        if quantity.is_certain:
            return quantity.distribution.quantile(np.zeros(self.paths))
        own = self.streams.score(name, ordinal)
        score = self.drivers.load(quantity.drivers, own, self.days(day))
        return quantity.distribution.quantile(score)

    def happens(self, name: str, probability: Quantity, *, day: dt.date | None = None) -> Bools:
        """Return whether an event happens, shape (path,).

        The drivers of the probability load on the event itself. Where the probability is uncertain,
        it is drawn from a stream of its own.
        """
        if probability.is_certain:
            chance = np.full(self.paths, probability.median)
        else:
            own = self.streams.score(name, 0, 1)
            chance = probability.distribution.quantile(own)
        score = self.drivers.load(probability.drivers, self.streams.score(name), self.days(day))
        return score > ndtri(1.0 - chance)

    def days(self, day: dt.date | None) -> float:
        """Return a day as days from the start; 0 for None."""
        return 0.0 if day is None else float((day - self.start).days)
