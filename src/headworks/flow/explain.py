"""One near-median path told gate by gate: dates, numbers and the rule behind each."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from headworks.errors import Door, UnknownName
from headworks.flow.arguments import check_progress, number_of_paths, whole_number
from headworks.flow.forecast import Progress, forecast
from headworks.flow.history import history
from headworks.flow.passages import Passage, passages
from headworks.flow.recorder import ALL
from headworks.scenario.load import load
from headworks.scenario.scenario import Scenario

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Explanation:
    """A path on which a company ends up near its median."""

    scenario: str
    company: str
    chip: str
    """Chip that is told, by id; `all` for all of them."""
    at: dt.date
    """Last day of the horizon, to which the units count."""
    period_days: int
    """Length of the periods that the dates are the first days of."""
    paths: int
    """Paths among which this one was chosen."""
    seed: int
    path: int
    """Index of the path."""
    installed: float
    """Units of the chip that the company has installed by the end of this path."""
    installed_med: float
    """Median over all paths."""
    passages: tuple[Passage, ...]
    """Line by line, gate by gate."""

    def to_json(self) -> dict[str, Any]:
        """Return the explanation as plain values."""
        plain = asdict(self)
        plain["at"] = self.at.isoformat()
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
        UnknownName: The company is not in the scenario, or does not want the chip.
        InputError: Another argument is not usable; the faults of all are listed.
    """
    door = Door()
    with door.checking():
        paths = number_of_paths(paths)
    with door.checking():
        seed = whole_number("seed", seed, low=0)
    with door.checking():
        check_progress(progress)
    with door.checking():
        loaded = scenario if isinstance(scenario, Scenario) else load(scenario)
        chip = _chip_told(loaded, company, chip)
    door.close()
    last = loaded.end - dt.timedelta(days=1)
    many = forecast(loaded, paths=paths, seed=seed, at=[last], binding=False, progress=progress)
    installed = many.samples(company=company, chip=chip, at=last)
    median = float(np.median(installed))
    path = int(np.argmin(np.abs(installed - median)))
    one = history(many.net, seed, path)
    told = [
        passage
        for line in many.net.lines
        if line.company == company and chip in {ALL, line.chip}
        for passage in passages(one, line)
    ]
    return Explanation(
        scenario=loaded.scenario, company=company, chip=chip, at=last,
        period_days=loaded.period_days, paths=paths, seed=seed, path=path,
        installed=float(installed[path]), installed_med=median, passages=tuple(told),
    )  # fmt: skip


def _chip_told(scenario: Scenario, company: str, chip: str) -> str:
    """Return the id of the chip to tell of, or `all`.

    Raises:
        UnknownName: The company is not in the scenario, or does not want the chip.
    """
    if company not in list(scenario.companies):  # whatever was given
        raise UnknownName("company", company, scenario.companies)
    if chip == ALL:
        return chip
    found = scenario.catalogue.chip_id(chip)
    wants = scenario.companies[company].wants
    if found not in wants:
        raise UnknownName(f"want of {company} for", found, wants)
    return found
