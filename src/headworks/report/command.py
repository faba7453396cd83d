"""The command line that gives a result again, where one does."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from headworks.flow.recorder import default_dates
from headworks.flow.settings import as_yaml, settings
from headworks.throughput import Realised

if TYPE_CHECKING:
    from headworks.flow.compare import Comparison
    from headworks.flow.result import Forecast


def command(forecast: Forecast, comparison: Comparison | None = None) -> str:
    """Return the command that gives the same page; empty where none does.

    None does where a scenario was made or changed in code or is a base that something was set in,
    where it began from balances, or where tokens come from another model.
    """
    sides = [forecast] if comparison is None else [comparison.base, forecast]
    if not all(_can_be_named(side) for side in sides):
        return ""
    if comparison is not None and settings(comparison.base.scenario):
        return ""  # only the other scenario of a comparison can be changed there
    parts = ["headworks", "forecast" if comparison is None else "compare"]
    parts += _names(*sides)
    parts += ["--paths", str(forecast.paths), "--seed", str(forecast.seed)]
    if list(forecast.asked.dates) != default_dates(sides[0].net):
        for date in forecast.asked.dates:
            parts += ["--at", date.isoformat()]
    for key, value in settings(forecast.scenario).items():
        parts += ["--set", f"{key}={as_yaml(value)}"]
    if not forecast.binding.known and comparison is None:
        parts.append("--no-binding")
    parts += ["--report", "report.html"]
    return shlex.join(parts)


def _can_be_named(side: Forecast) -> bool:
    """Whether a name or a path stands for all that a forecast rests on."""
    usual = side.throughput == Realised.name and not side.balances
    name = side.scenario.read_from
    return usual and name is not None and name.isprintable()


def _names(base: Forecast, other: Forecast | None = None) -> list[str]:
    """Return what stands for the scenarios; nothing for one that is the base with settings."""
    first = base.scenario.read_from or ""
    if other is None:
        return [first]
    second = other.scenario.read_from or ""
    return [first] if first == second and settings(other.scenario) else [first, second]
