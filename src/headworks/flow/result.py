"""The result of a forecast: samples, quantiles, probabilities and tables."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.errors import Fault, InputError, UnknownName
from headworks.flow.arguments import number
from headworks.flow.compute import unmeasured
from headworks.flow.recorder import ALL, STOCKS, Page, page, pairs
from headworks.flow.run import Result, Task, run
from headworks.flow.statistics import summary
from headworks.flow.tables import binding_rows, compute_rows, unit_rows
from headworks.scenario.dated import as_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pandas as pd
    import xarray as xr

    from headworks.flow.balances import Balance
    from headworks.flow.binding import Binding
    from headworks.flow.network import Network
    from headworks.scenario.scenario import Scenario

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Forecast:
    """Many random histories of a scenario, on the same luck for the same seed.

    Totals are quantiles of summed paths: quantiles are never added. Companies outside the story
    (buyers elsewhere who share the stock) have rows of their own and are not in the totals.
    """

    scenario: Scenario
    """What was assumed."""
    net: Network
    """Lines and gates, in the order of the arrays."""
    paths: int
    """Number of histories."""
    seed: int
    """Seed of all streams."""
    asked: Page
    """Dates and groups of the table: one group per company and chip."""
    monthly: Page
    """Month ends and totals."""
    result: Result
    """Samples of both pages, waiting, passage and stocks left."""
    binding: Binding
    """What each gate held back."""
    per_chip: dict[str, dict[str, float]]
    """What one chip counts for, by measure and chip."""
    throughput: str
    """Name of the model behind the token measures."""
    balances: tuple[Balance, ...] = ()
    """What lines had when it began."""

    def samples(
        self, stock: str = "installed", *, company: str = ALL, chip: str = ALL,
        at: dt.date | str | None = None,
    ) -> Floats:  # fmt: skip
        """Return the units of a stock on every path, shape (path,).

        Args:
            stock: One of `STOCKS`.
            company: A company, or `all`.
            chip: A chip by id or alias, or `all`.
            at: The day, counted at its end; the last date of the table if None. A day that the
                table does not hold is computed by running the same luck again.

        Raises:
            UnknownName: There is no such stock, company or chip.
            InputError: The day lies outside the horizon.
        """
        if stock not in STOCKS:
            raise UnknownName("stock", stock, STOCKS)
        day = self._day(at)
        if not self.scenario.start <= day <= self.scenario.end:
            message = (
                f"{day} lies outside the horizon, {self.scenario.start} to {self.scenario.end}; "
                "ask for a day within it"
            )
            raise InputError(message)
        keep, samples = self._page_with(day)
        rows = self._rows(keep, company, chip)
        values = samples[keep.dates.index(day), STOCKS.index(stock)]
        result = np.zeros(self.paths)
        for row in rows:
            result += values[row]
        return result

    def probability(
        self, *, stock: str = "installed", company: str = ALL, chip: str = ALL,
        at: dt.date | str | None = None, at_least: float,
    ) -> float:  # fmt: skip
        """Return the share of paths on which a stock has reached `at_least` units.

        Args and errors are those of `samples`; it is one more if `at_least` is no number.
        """
        least = number("at_least", at_least)
        reached = self.samples(stock, company=company, chip=chip, at=at) >= least
        return float(reached.mean())

    def table(self) -> pd.DataFrame:
        """Return units by company, chip, stock and date: mean, p5, median and p95."""
        import pandas as pd

        return pd.DataFrame(list(self.rows()))

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the rows of the table, totals (`all`) first."""
        return unit_rows(self)

    def compute_rows(self) -> Iterator[dict[str, Any]]:
        """Yield installed compute by company, date and measure, totals (`all`) first."""
        return compute_rows(self)

    def unmeasured(self) -> dict[str, list[str]]:
        """Return, by measure of compute, the chips that count nothing for want of a figure."""
        return unmeasured(self.scenario, self.per_chip)

    def seller_rows(self) -> Iterator[dict[str, Any]]:
        """Yield what sellers have delivered, earned and left: seller, chip, date, measure."""
        from headworks.flow.seller import seller_rows

        return seller_rows(self)

    def domestic_share_rows(self) -> Iterator[dict[str, Any]]:
        """Yield the share of domestic chips in what is installed: company, date, measure."""
        from headworks.flow.seller import domestic_share_rows

        return domestic_share_rows(self)

    def opening_rows(self) -> Iterator[dict[str, Any]]:
        """Yield the stated and the sampled open share of each gate that opens by chance."""
        from headworks.flow.openness import opening_rows

        return opening_rows(self)

    def binding_rows(self) -> list[dict[str, Any]]:
        """Return what each gate held back and how long units waited at it, the joint effect first.

        Units held back are None where the counterfactuals were not run.
        """
        return binding_rows(self)

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain values, in the form that other programs rely on."""
        return {
            "scenario": self.scenario.scenario,
            "as_of": self.scenario.as_of.isoformat(),
            "paths": self.paths,
            "seed": self.seed,
            "table": list(self.rows()),
            "compute": list(self.compute_rows()),
            "unmeasured": self.unmeasured(),
            "binding": self.binding_rows(),
            "seller": list(self.seller_rows()),
            "domestic_share": list(self.domestic_share_rows()),
            "openings": list(self.opening_rows()),
            "throughput": self.throughput,
        }

    def to_frame(self) -> pd.DataFrame:
        """Return every sample of the table's dates: path, date, company, chip, stock, units.

        Companies outside the story are left out, so that sums over companies are the totals.
        """
        from headworks.flow.export import frame

        return frame(self)

    def to_parquet(self, path: Path | str) -> None:
        """Write what `to_frame` returns to a Parquet file, whole or not at all."""
        from headworks.flow.export import write_parquet

        write_parquet(self, path)

    def to_xarray(self) -> xr.Dataset:
        """Return the samples with named axes: date, stock, line group (company, chip), path.

        Companies outside the story are left out, as in `to_frame`.
        """
        from headworks.flow.export import dataset

        return dataset(self)

    def __repr__(self) -> str:
        date = self.asked.dates[-1]
        units = summary("units", self.samples(at=date))
        return (
            f"Forecast({self.scenario.scenario!r}, {self.paths} paths, seed {self.seed}: installed "
            f"by {date} p5 {units['units_p5']:,.0f} / med {units['units_med']:,.0f} / "
            f"p95 {units['units_p95']:,.0f})"
        )

    @cached_property
    def _extra(self) -> dict[dt.date, tuple[Page, Any]]:
        return {}

    def _day(self, at: dt.date | str | None) -> dt.date:
        day = self.asked.dates[-1] if at is None else as_day(at)
        if day is None:
            raise InputError([Fault("at", 0, "", f"{at!r} is not a day", "write it as YYYY-MM-DD")])
        return day

    def _page_with(self, day: dt.date) -> tuple[Page, Any]:
        """Return a page that holds the day; the same luck is run again where none does."""
        if day in self.asked.dates:
            return self.asked, self.result.pages[0]
        if day not in self._extra:
            keep = page(self.net, [day], pairs(self.net))
            task = Task(self.net, self.seed, 0, self.paths, (keep,), self.balances)
            self._extra[day] = (keep, run(task).pages[0])
        return self._extra[day]

    def _rows(self, keep: Page, company: str, chip: str) -> Sequence[int]:
        outside = {name for name, c in self.scenario.companies.items() if c.outside}
        companies = sorted({group.company for group in keep.groups})
        if company != ALL and company not in companies:
            raise UnknownName("company", company, companies)
        if chip != ALL:
            chip = self._chip(chip, sorted({group.chip for group in keep.groups}))
        return [
            number
            for number, group in enumerate(keep.groups)
            if (group.company == company or (company == ALL and group.company not in outside))
            and chip in {ALL, group.chip}
        ]

    def _chip(self, name: str, known: Sequence[str]) -> str:
        if name in known:
            return name
        found = self.scenario.catalogue.chip_id(name)
        if found not in known:
            raise UnknownName("chip in this scenario", name, known)
        return found
