"""Remarks: what is no fault of a scenario, but can hardly be meant."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from headworks.scenario.walk import records_in
from headworks.scenario.yaml_file import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.errors import Fault
    from headworks.scenario.scenario import Scenario
    from headworks.scenario.yaml_file import Document, KeyPath

SERIES = frozenset({"dated", "flow", "rounds", "schedule"})
"""Keys that hold one thing in several dated parts, so that it begins with the first of them."""


def remarks(scenario: Scenario, document: Document) -> Iterator[Fault]:
    """Yield a remark for everything dated that begins only after the horizon.

    Args:
        scenario: A scenario without faults.
        document: The file, for the places of remarks.
    """
    begins: dict[KeyPath, tuple[dt.date, KeyPath]] = {}
    for path, record in records_in(scenario):
        for name, key in (("on", "on"), ("from_", "from")):
            day = getattr(record, name, None)
            if isinstance(day, dt.date):
                thing = path[:-1] if path[-2] in SERIES else path
                begins[thing] = min((day, (*path, key)), begins.get(thing, (day, (*path, key))))
    last = scenario.end - dt.timedelta(days=1)
    for thing, (day, path) in begins.items():
        if day > last:
            message = f"{dotted(thing)} begins on {day}, after the last day of the horizon, "
            message += f"{last}: it has no effect"
            yield document.fault(path, message, "correct the day, or lengthen `periods`")
