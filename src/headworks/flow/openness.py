"""Whether gates were open as often as the scenario says: the sampled share beside the stated one.

A driver that outlasts the spells makes long shut spells come together, which lowers the open share
below the stated one although every single spell has its stated mean. So both are reported.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.draws import Draws
from headworks.flow.openings import openings
from headworks.flow.streams import Streams
from headworks.scenario.gate import Opening, OpeningProcess

if TYPE_CHECKING:
    from headworks.flow.result import Forecast
    from headworks.scenario.scenario import Scenario

Floats: TypeAlias = NDArray[np.float64]


APART = 0.02
"""Open shares that differ by more are told to people; tables hold all of them."""
STANDARD_ERRORS = 3.0
"""Differences of fewer are chance."""


def opening_rows(forecast: Forecast) -> Iterator[dict[str, Any]]:
    """Yield, for each gate that opens and shuts by chance, its stated and its sampled open share.

    Both count from the first whole period of the process to the horizon; what events shut is left
    out. Gates whose process begins too late to fill a period have no row.
    """
    return (gate.row for gate in _sampled(forecast))


def openings_apart(forecast: Forecast) -> list[dict[str, Any]]:
    """Return the rows of gates whose shares differ by more than `APART`, and by more than chance.

    `driven` says whether the gate's process has drivers, which are then the reason.
    """
    return [
        {**gate.row, "driven": gate.driven}
        for gate in _sampled(forecast)
        if abs(gate.sampled.mean() - gate.stated) > max(APART, gate.chance)
    ]


@dataclass(frozen=True)
class _Sampled:
    """The open share of a gate as stated and as sampled."""

    name: str
    stated: float
    sampled: Floats
    """Share of each period, shape (period, path)."""
    driven: bool

    @property
    def row(self) -> dict[str, Any]:
        """The two shares."""
        return {
            "gate": self.name,
            "stated_open_share": self.stated,
            "sampled_open_share": float(self.sampled.mean()),
        }

    @property
    def chance(self) -> float:
        """The difference that so many paths may show by chance; one path shows nothing else."""
        by_path = self.sampled.mean(axis=0)
        if by_path.size == 1:
            return math.inf
        return STANDARD_ERRORS * float(by_path.std(ddof=1)) / math.sqrt(by_path.size)


def _sampled(forecast: Forecast) -> Iterator[_Sampled]:
    """Yield the shares of each gate that opens and shuts by chance for at least a whole period."""
    scenario = forecast.scenario
    draws = Draws(scenario, Streams(forecast.seed, 0, forecast.paths))
    for name, place in forecast.net.places.items():
        opening = place.gate.opening
        if not isinstance(opening, Opening) or opening.process is None:
            continue
        key = f"gates.{name}.opening"
        begins = _begins(opening, opening.process, draws)
        first = int(np.ceil(begins / scenario.period_days))
        if first >= scenario.periods:
            continue
        yield _Sampled(
            name,
            _stated(key, opening.process, draws, first, scenario),
            openings(key, opening, scenario, draws).share[first:],
            driven=bool(opening.process.drivers),
        )


def _begins(opening: Opening, process: OpeningProcess, draws: Draws) -> float:
    """Return when the process begins, in days from the start, not before it."""
    day = process.from_
    if day is None and opening.dated:
        day = opening.dated[-1].from_
    return max(0.0, draws.days(day))


def _stated(
    key: str, process: OpeningProcess, draws: Draws, first: int, scenario: Scenario
) -> float:
    """Return the mean open share of the two-state process without drivers.

    From a state open with probability p it tends to q = open / (open + shut) at the rate
    r = 1 / open + 1 / shut, so that over T days it is open for q + (p - q) (1 - exp(-r T)) / (r T).
    """
    mean_open = draws.number(f"{key}.mean_days_open", process.mean_days_open, day=process.from_)
    mean_shut = draws.number(f"{key}.mean_days_shut", process.mean_days_shut, day=process.from_)
    days = float((scenario.periods - first) * scenario.period_days)
    often = mean_open / (mean_open + mean_shut)
    turns = (1.0 / mean_open + 1.0 / mean_shut) * days
    begun = process.open_at_start.median
    return float(np.mean(often + (begun - often) * -np.expm1(-turns) / turns))
