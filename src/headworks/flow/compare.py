"""Comparing two scenarios on the same luck: differences path by path, then their quantiles."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from headworks.errors import Door, Fault, InputError
from headworks.flow.arguments import check_progress, days, number_of_paths, whole_number
from headworks.flow.binding import counterfactual_paths, counterfactual_runs
from headworks.flow.forecast import Progress, forecast
from headworks.flow.network import network
from headworks.flow.recorder import ALL, STOCKS, default_dates
from headworks.flow.settings import full_name
from headworks.flow.statistics import summary
from headworks.scenario.load import load
from headworks.scenario.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pandas as pd

    from headworks.flow.result import Forecast


@dataclass(frozen=True)
class Comparison:
    """Two forecasts on the same luck: what `other` changes against `base`."""

    base: Forecast
    """The forecast compared with."""
    other: Forecast
    """The forecast compared."""

    @property
    def names(self) -> tuple[str, str]:
        """What the two are called: by their scenarios, and by what was set on top of them."""
        return full_name(self.base.scenario), full_name(self.other.scenario)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield paired differences (other minus base) by company, chip, stock and date.

        `difference_…` are quantiles of the path-wise difference, `p_more` the share of paths on
        which the other scenario has more; `base_med` and `other_med` the two medians.
        """
        for date in self.base.asked.dates:
            for company, chip in self._groups():
                for stock in STOCKS:
                    yield self._row(stock, company, chip, date)

    def _row(self, stock: str, company: str, chip: str, date: dt.date) -> dict[str, Any]:
        mine = _samples(self.base, stock, company, chip, date)
        theirs = _samples(self.other, stock, company, chip, date)
        difference = theirs - mine
        return {
            "company": company,
            "chip": chip,
            "stock": stock,
            "date": date.isoformat(),
            "base_med": float(np.median(mine)),
            "other_med": float(np.median(theirs)),
            **summary("difference", difference),
            "p_more": float((difference > 0).mean()),
        }

    def table(self) -> pd.DataFrame:
        """Return the rows as a data frame."""
        import pandas as pd

        return pd.DataFrame(list(self.rows()))

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as plain values."""
        return {
            "base": self.base.scenario.scenario,
            "other": self.other.scenario.scenario,
            "changes": {
                side: {
                    key: value
                    for override in found.scenario.overrides.values()
                    for key, value in override.set.items()
                }
                for side, found in (("base", self.base), ("other", self.other))
            },
            "paths": self.base.paths,
            "seed": self.base.seed,
            "differences": list(self.rows()),
        }

    def _groups(self) -> list[tuple[str, str]]:
        def own(side: Forecast) -> set[tuple[str, str]]:
            return {(group.company, group.chip) for group in side.asked.groups}

        both = own(self.base) | own(self.other)
        return [
            (ALL, ALL),
            *((ALL, chip) for chip in sorted({chip for _, chip in both})),
            *((company, ALL) for company in sorted({company for company, _ in both})),
            *sorted(both),
        ]


def compare(
    base: Scenario | str | Path,
    other: Scenario | str | Path,
    *,
    paths: int = 2000,
    seed: int = 1,
    at: Iterable[dt.date | str] | dt.date | str = (),
    binding: bool = False,
    progress: Progress | None = None,
) -> Comparison:
    """Return two scenarios' forecasts on the same luck.

    Args:
        base: The scenario compared with: itself, its name, or the path of its file.
        other: The scenario compared.
        paths: Number of random histories.
        seed: Seed of all streams, shared.
        at: Date or dates within both horizons, as days or ISO text; the ends of the base's
            half-years that lie within the other's horizon if none.
        binding: Whether to run the counterfactuals that say what each gate held back in `other`,
            as its report needs them.
        progress: Called with the path-runs done and in all.

    Raises:
        InputError: An argument is not usable, or the horizons do not overlap; the faults of all
            are listed.
    """
    door = Door()
    with door.checking():
        paths = number_of_paths(paths)
    with door.checking():
        seed = whole_number("seed", seed, low=0)
    with door.checking():
        check_progress(progress)
    sides: list[Scenario] = []
    for given in (base, other):
        with door.checking():
            sides.append(given if isinstance(given, Scenario) else load(given))
    if len(sides) == 2:  # noqa: PLR2004 - both
        with door.checking():
            dates = shared_dates(at, *sides)
    door.close()
    first, second = sides

    def tell(before: int) -> Progress:
        def told(done: int, _: int) -> None:
            if progress is not None:
                more = counterfactual_paths(paths) * counterfactual_runs(net) if binding else 0
                progress(before + done, 2 * paths + more)

        return told

    net = network(second)
    mine = forecast(first, paths=paths, seed=seed, at=dates, binding=False, progress=tell(0))
    theirs = forecast(
        second, paths=paths, seed=seed, at=dates, binding=binding, progress=tell(paths)
    )
    return Comparison(mine, theirs)


def shared_dates(at: object, first: Scenario, second: Scenario) -> list[dt.date]:
    """Return the days to compare, all of them within both horizons.

    Raises:
        InputError: The horizons do not overlap, or a day lies outside them.
    """
    if first.start >= second.end or second.start >= first.end:
        message = (
            f"the horizons do not overlap: {first.start} to {first.end}, and "
            f"{second.start} to {second.end}"
        )
        raise InputError([Fault("compare", 0, "", message, "compare scenarios of one time")])
    asked = days(days(at, first), second)
    if asked:
        return asked
    ends = [day for day in default_dates(network(first)) if second.start <= day <= second.end]
    return ends or [min(first.end, second.end) - dt.timedelta(days=1)]


def _samples(side: Forecast, stock: str, company: str, chip: str, date: dt.date) -> Any:  # noqa: ANN401
    """Return samples of a group; nothing where a scenario does not have it."""
    known = {(group.company, group.chip) for group in side.asked.groups}
    companies, chips = {c for c, _ in known}, {c for _, c in known}
    if (company != ALL and company not in companies) or (chip != ALL and chip not in chips):
        return np.zeros(side.paths)
    return side.samples(stock, company=company, chip=chip, at=date)
