"""Routes: the goods gates that a line passes, in order, and the site at their end."""

from __future__ import annotations

from pydantic import Field

from headworks.scenario.company import Jurisdiction, Use
from headworks.scenario.model import Id, Record, Text


class Route(Record):
    """A list of goods gates, with the site and the use at its end."""

    title: Text | None = None
    """What the route is."""
    gates: list[Id] = Field(min_length=1)
    """Goods gates in order."""
    jurisdiction: Jurisdiction = "CN"
    """Jurisdiction of the site."""
    shipped_from: Jurisdiction = "US"
    """Where the goods are exported from, which decides the review posture."""
    use: Use = "any"
    """What the chips are used for."""
