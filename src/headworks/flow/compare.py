"""Comparing two scenarios on the same luck: differences path by path, then their quantiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from headworks.errors import Fault, InputError
from headworks.flow.forecast import Progress, forecast
from headworks.flow.recorder import ALL, STOCKS
from headworks.flow.statistics import summary
from headworks.scenario.load import load
from headworks.scenario.scenario import Scenario

if TYPE_CHECKING:
    import datetime as dt
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
    at: Iterable[dt.date | str] = (),
    progress: Progress | None = None,
) -> Comparison:
    """Return two scenarios' forecasts on the same luck.

    Args:
        base: The scenario compared with: itself, its name, or the path of its file.
        other: The scenario compared.
        paths: Number of random histories.
        seed: Seed of all streams, shared.
        at: Dates, within both horizons; the ends of the base's half-years if none.
        progress: Called with the path-runs done and in all.

    Raises:
        InputError: A scenario or a date is not usable, or the horizons do not overlap.
    """
    first, second = (x if isinstance(x, Scenario) else load(x) for x in (base, other))
    if first.start >= second.end or second.start >= first.end:
        message = (
            f"the horizons do not overlap: {first.start} to {first.end}, and "
            f"{second.start} to {second.end}"
        )
        raise InputError([Fault("compare", 0, "", message, "compare scenarios of one time")])

    def half(done: int, whole: int) -> None:
        if progress is not None:
            progress(done, 2 * whole)

    def other_half(done: int, whole: int) -> None:
        if progress is not None:
            progress(whole + done, 2 * whole)

    mine = forecast(first, paths=paths, seed=seed, at=at, binding=False, progress=half)
    dates = [day for day in mine.asked.dates if second.start <= day <= second.end]
    theirs = forecast(second, paths=paths, seed=seed, at=dates, binding=False, progress=other_half)
    if len(dates) < len(mine.asked.dates):
        mine = forecast(first, paths=paths, seed=seed, at=dates, binding=False)
    return Comparison(mine, theirs)


def _samples(side: Forecast, stock: str, company: str, chip: str, date: dt.date) -> Any:  # noqa: ANN401
    """Return samples of a group; nothing where a scenario does not have it."""
    known = {(group.company, group.chip) for group in side.asked.groups}
    companies, chips = {c for c, _ in known}, {c for _, c in known}
    if (company != ALL and company not in companies) or (chip != ALL and chip not in chips):
        return np.zeros(side.paths)
    return side.samples(stock, company=company, chip=chip, at=date)
