"""One near-median path told gate by gate: dates, numbers and the rule behind each."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from headworks.errors import UnknownName
from headworks.flow.forecast import Progress, forecast
from headworks.flow.history import history
from headworks.flow.passages import passages
from headworks.flow.recorder import ALL
from headworks.scenario.load import load
from headworks.scenario.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from headworks.flow.line import Line
    from headworks.flow.network import Network


@dataclass(frozen=True, slots=True)
class Passage:
    """What one gate did to one line on the path."""

    line: str
    """Key of the line."""
    gate: str
    """Name of the gate, or `orders` for what comes before all gates."""
    first: dt.date | None
    """First day of the period in which something passed; None if nothing did."""
    half: dt.date | None
    """When half of what passed by the end had passed."""
    last: dt.date | None
    """When the last of it passed."""
    asked: float
    """Units that came to the gate by the end."""
    passed: float
    """Units that it let through by the end."""
    waiting: float
    """Units that still wait at the end; for papers, those granted and not used."""
    sentences: tuple[str, ...]
    """What happened and by which rule."""
    sources: tuple[str, ...]
    """Sources that the rule rests on."""


@dataclass(frozen=True)
class Explanation:
    """A path on which a company ends up near its median."""

    scenario: str
    company: str
    seed: int
    path: int
    """Index of the path."""
    installed: float
    """Units that the company has installed by the end of this path."""
    installed_med: float
    """Median over all paths."""
    passages: tuple[Passage, ...]
    """Line by line, gate by gate."""

    def to_json(self) -> dict[str, Any]:
        """Return the explanation as plain values."""
        plain = asdict(self)
        for row in plain["passages"]:
            for key in ("first", "half", "last"):
                row[key] = row[key].isoformat() if row[key] else None
        return plain


def explain(
    scenario: Scenario | str | Path, *, company: str, chip: str = ALL, paths: int = 1000,
    seed: int = 1, progress: Progress | None = None,
) -> Explanation:  # fmt: skip
    """Return a path near the company's median, told gate by gate.

    Args:
        scenario: The scenario, its name, or the path of its file.
        company: The company by id.
        chip: Tell only the lines of this chip (id or alias); all of them if `all`.
        paths: Paths among which the one nearest to the median is chosen.
        seed: Seed of all streams.
        progress: Called with the path-runs done and in all.

    Raises:
        UnknownName: The company or the chip is not in the scenario.
    """
    loaded = scenario if isinstance(scenario, Scenario) else load(scenario)
    if company not in loaded.companies:
        raise UnknownName("company", company, loaded.companies)
    if chip != ALL:
        chip = loaded.catalogue.chip_id(chip)
    last = loaded.end - dt.timedelta(days=1)
    many = forecast(loaded, paths=paths, seed=seed, at=[last], binding=False, progress=progress)
    installed = many.samples(company=company, chip=chip, at=last)
    median = float(np.median(installed))
    path = int(np.argmin(np.abs(installed - median)))
    one = history(many.net, seed, path)
    told = [
        Passage(line.key, *row)
        for line in _lines(many.net, company, chip)
        for row in passages(one, line)
    ]
    return Explanation(
        loaded.scenario, company, seed, path, float(installed[path]), median, tuple(told)
    )


def _lines(net: Network, company: str, chip: str) -> Iterator[Line]:
    for line in net.lines:
        if line.company == company and chip in {ALL, line.chip}:
            yield line
