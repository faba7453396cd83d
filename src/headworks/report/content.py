"""The parts of a report: sections, charts with their tables, and what they are made from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypeVar

import numpy as np

from headworks.report import numbers
from headworks.report.focus import focus

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headworks.flow.compare import Comparison
    from headworks.flow.result import Forecast

Kind = Literal["text", "date", "units", "number", "share", "link"]
ChartKind = Literal[
    "fans", "waterfall", "areas", "bars", "intervals", "shares", "calendar", "frontier"
]

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
BANDS = ("mean", "p5", "p25", "med", "p75", "p95")
"""Columns of every fan: the mean, and the quantiles above."""


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to an address; plain where there is none."""

    text: str
    url: str | None = None

    @property
    def href(self) -> str | None:
        """The address, if it is one of the web: nothing else becomes a link."""
        url = self.url or ""
        return url if url.startswith(("https://", "http://")) else None


Cell: TypeAlias = str | float | dt.date | Link | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    key: str
    """Name in the data and in the CSV file."""
    label: str
    """Heading, with the unit where it is not plain."""
    kind: Kind = "units"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with named columns; what is drawn is what stands here."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def shown(self) -> list[list[Cell | Link]]:
        """Return the cells as text for people; links stay links."""
        kinds = [column.kind for column in self.columns]
        return [
            [_shown(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in self.rows
        ]

    def data(self) -> dict[str, Any]:
        """Return columns and rows as plain values for the script."""
        return {
            "columns": [[column.key, column.label, column.kind] for column in self.columns],
            "rows": [[_plain(cell) for cell in row] for row in self.rows],
        }

    def column(self, key: str) -> list[Cell]:
        """Return the cells of a column."""
        place = [column.key for column in self.columns].index(key)
        return [row[place] for row in self.rows]


@dataclass(frozen=True, slots=True)
class View:
    """One choice of a chart's selector: the rows whose column `view` holds its key."""

    key: str
    label: str
    finding: str
    """What the chart shows then, as a sentence."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One small chart among several: the rows whose column `panel` holds its key."""

    key: str
    title: str
    table: Table | None = None
    """A few numbers beneath it."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of a table, with its finding as title."""

    id: str
    kind: ChartKind
    views: tuple[View, ...]
    """At least one; a selector is shown where there are several."""
    table: Table
    axis: str
    """What is measured, with its unit."""
    note: str = ""
    """What a reader must know to read it rightly."""
    choose: str = ""
    """Label of the selector."""
    panels: tuple[Panel, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()
    """Style class and label of each mark that needs a key."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What else the drawing needs, as plain values."""

    def data(self) -> dict[str, Any]:
        """Return the chart as plain values for the script."""
        return {
            "kind": self.kind,
            "axis": self.axis,
            "views": {view.key: view.finding for view in self.views},
            "panels": {panel.key: panel.title for panel in self.panels},
            "options": dict(self.options),
            **self.table.data(),
        }


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in a section, in this order."""

    paragraphs: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    command: str = ""
    """A command line to copy."""


@dataclass(frozen=True)
class Material:
    """What a report is made from."""

    forecast: Forecast
    comparison: Comparison | None = None
    """A comparison of the forecast's scenario with another one, where there is one."""

    @cached_property
    def focus(self) -> str:
        """The chip in focus."""
        return focus(self.forecast)

    def bands(self, stock: int, group: int) -> NDArray[np.float64]:
        """Return mean and quantiles of a stock by month, shape (date, 6), columns as `BANDS`."""
        samples = self.forecast.result.pages[1][:, stock, group].astype(np.float64)
        return bands(samples)


M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class Section(Generic[M]):
    """A part of a report: one record in the list of sections of its page."""

    id: str
    """Anchor on the page."""
    heading: str
    build: Callable[[M], Content | None]
    """Makes the content from what the page is made from; None leaves the section out."""


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on a page beside its sections."""

    name: str
    """What downloads are named after."""
    title: str
    """Title of the window."""
    heading: str
    kicker: str
    """The line above the heading."""
    answer: str
    """The answer in a sentence."""
    about: str = ""
    """What the scenario says of itself."""


def bands(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return mean and quantiles over the last axis, as a last axis with the columns of `BANDS`."""
    quantiles = np.moveaxis(np.quantile(samples, QUANTILES, axis=-1), 0, -1)
    return np.concatenate([samples.mean(axis=-1)[..., None], quantiles], axis=-1)


def band_columns(kind: Kind = "units") -> tuple[Column, ...]:
    """Return the columns of mean and quantiles."""
    labels = ("Mean", "5 %", "25 %", "Median", "75 %", "95 %")
    return tuple(Column(key, label, kind) for key, label in zip(BANDS, labels, strict=True))


def _shown(cell: Cell, kind: Kind) -> Cell | Link:
    if isinstance(cell, Link | str):
        return cell
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if kind == "share":
        return numbers.percent(cell)
    return numbers.whole(cell) if kind == "units" else numbers.exact(cell)


def _plain(cell: Cell) -> str | float | None:
    if isinstance(cell, Link):
        return f"{cell.text} {cell.url}" if cell.url else cell.text
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return cell if isinstance(cell, str) else numbers.plain(cell)
