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
BLOCK_PATHS = 1000
"""Paths drawn together: openings of all at once would be the largest thing in a large forecast."""


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
        if abs(gate.sampled - gate.stated) > max(APART, gate.chance)
    ]


@dataclass(frozen=True)
class _Sampled:
    """The open share of a gate as stated and as sampled, from its first whole period on."""

    name: str
    by_path: Floats
    """Stated and sampled share, shape (2, path)."""
    driven: bool

    @property
    def stated(self) -> float:
        """The mean of the stated share."""
        return float(self.by_path[0].mean())

    @property
    def sampled(self) -> float:
        """The mean of the sampled share."""
        return float(self.by_path[1].mean())

    @property
    def row(self) -> dict[str, Any]:
        """The two shares."""
        return {
            "gate": self.name,
            "stated_open_share": self.stated,
            "sampled_open_share": self.sampled,
        }

    @property
    def chance(self) -> float:
        """The difference that so many paths may show by chance; one path shows nothing else."""
        sampled = self.by_path[1]
        if sampled.size == 1:
            return math.inf
        return STANDARD_ERRORS * float(sampled.std(ddof=1)) / math.sqrt(sampled.size)


def _sampled(forecast: Forecast) -> Iterator[_Sampled]:
    """Yield the shares of each gate that opens and shuts by chance for at least a whole period."""
    shares: dict[str, list[Floats]] = {}
    for first in range(0, forecast.paths, BLOCK_PATHS):
        paths = min(BLOCK_PATHS, forecast.paths - first)
        draws = Draws(forecast.scenario, Streams(forecast.seed, first, paths))
        for name, opening, process in _by_chance(forecast):
            known = _shares(f"gates.{name}.opening", opening, process, forecast.scenario, draws)
            if known is not None:
                shares.setdefault(name, []).append(known)
    for name, _, process in _by_chance(forecast):
        if name in shares:
            by_path = np.concatenate(shares[name], axis=1)
            yield _Sampled(name, by_path, driven=bool(process.drivers))


def _by_chance(forecast: Forecast) -> Iterator[tuple[str, Opening, OpeningProcess]]:
    """Yield the gates whose opening ends in a process."""
    for name, place in forecast.net.places.items():
        opening = place.gate.opening
        if isinstance(opening, Opening) and opening.process is not None:
            yield name, opening, opening.process


def _shares(
    key: str, opening: Opening, process: OpeningProcess, scenario: Scenario, draws: Draws
) -> Floats | None:
    """Return the stated and the sampled open share, shape (2, path); None if no period is whole."""
    first = math.ceil(_begins(opening, process, draws) / scenario.period_days)
    if first >= scenario.periods:
        return None
    shares = np.empty((2, draws.paths))
    shares[0] = _stated(key, process, draws, first, scenario)
    shares[1] = openings(key, opening, scenario, draws).share[first:].mean(axis=0)
    return shares


def _begins(opening: Opening, process: OpeningProcess, draws: Draws) -> float:
    """Return when the process begins, in days from the start, not before it."""
    day = process.from_
    if day is None and opening.dated:
        day = opening.dated[-1].from_
    return max(0.0, draws.days(day))


def _stated(
    key: str, process: OpeningProcess, draws: Draws, first: int, scenario: Scenario
) -> Floats | float:
    """Return the expected open share of the two-state process without drivers, shape (path,).

    From a state open with probability p it tends to q = open / (open + shut) at the rate
    r = 1 / open + 1 / shut, so that over T days it is open for q + (p - q) (1 - exp(-r T)) / (r T).
    """
    mean_open = draws.number(f"{key}.mean_days_open", process.mean_days_open, day=process.from_)
    mean_shut = draws.number(f"{key}.mean_days_shut", process.mean_days_shut, day=process.from_)
    days = float((scenario.periods - first) * scenario.period_days)
    often = mean_open / (mean_open + mean_shut)
    turns = (1.0 / mean_open + 1.0 / mean_shut) * days
    begun = process.open_at_start.median
    return often + (begun - often) * -np.expm1(-turns) / turns
