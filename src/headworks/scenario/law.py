"""Law as it stood on a day: the instruments, and the comparison of an item's figures with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from headworks.errors import NotInForce

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from headworks.scenario.catalogue import Catalogue
    from headworks.scenario.instrument import InstrumentValue, Setting, Status
    from headworks.scenario.quantity import Kind

WEAKER: tuple[Kind, ...] = ("stated", "derived", "estimated", "assumed")
"""Kinds of evidence, each weaker than those before it."""
JUDGED = frozenset(WEAKER[2:])
"""Kinds of evidence that are somebody's judgement, which no source states."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One comparison of the item with one instrument."""

    instrument: str
    """Id of the instrument, or `chip.…` for a field of the chip's own record."""
    value: Setting | None
    """What the item has; None where it is not known, or where the exporter must show it."""
    limit: Setting | None
    """What the instrument says."""
    source: str | None
    """Id of the source of the instrument's value."""
    text: str
    """The comparison in words."""
    at: str | None = None
    """Pinpoint within the source."""
    holds: bool | None = None
    """Whether the comparison is true; None where it cannot be tested."""
    kind: Kind | None = None
    """What `limit` rests on: stated by the source, derived, estimated or assumed."""
    status: Status | None = None
    """Whether `limit` is law in force, only announced, or only reported."""
    value_kind: Kind | None = None
    """What `value` rests on, where it is a figure of the item."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What the rules measure of an item."""

    tpp: float
    """Total processing performance, TFLOP/s times bits."""
    density: float | None
    """Performance density, TPP per mm²; None where the die area is not known."""
    dram_gb_per_s: float | None
    """Total DRAM bandwidth; None where not known."""
    io_gb_per_s: float | None
    """Interconnect bandwidth, both directions; None where not known."""
    data_centre: bool
    """Whether the item is designed or marketed for data centres."""
    names: frozenset[str] = frozenset()
    """Words by which a statement of policy may name the item: its id and its architecture."""
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    """What each figure rests on, by its name here."""

    @property
    def total_gb_per_s(self) -> float | None:
        """DRAM and interconnect bandwidth together; None where one is not known."""
        if self.dram_gb_per_s is None or self.io_gb_per_s is None:
            return None
        return self.dram_gb_per_s + self.io_gb_per_s


@dataclass(frozen=True, slots=True)
class Law:
    """The instruments as they stood on a day, as far as they were known by another."""

    catalogue: Catalogue
    on: dt.date
    known_by: dt.date | None = None

    def entry(self, name: str) -> InstrumentValue:
        """Return what an instrument says.

        Raises:
            NotInForce: It has no value on that day, or has ended.
        """
        value = self.catalogue.value(name, self.on, known_by=self.known_by)
        if value is None or value.value is None:
            message = f"{name} has ended by {self.on}; ask for an earlier day"
            raise NotInForce(message)
        return value

    def number(self, name: str) -> float:
        """Return a numeric instrument's value; raises as `entry`."""
        return float(cast("float", self.entry(name).value))

    def words(self, name: str) -> tuple[str, ...]:
        """Return a word instrument's value, split at blanks; raises as `entry`."""
        return tuple(str(self.entry(name).value).split())

    def holds(self, name: str) -> bool:
        """Return whether a truth-value instrument is in force and true."""
        try:
            return self.entry(name).value is True
        except NotInForce:
            return False

    def reason(
        self, name: str, text: str, *, value: Setting | None = None, holds: bool | None = None
    ) -> Reason:
        """Return a comparison with an instrument, with its limit and source filled in.

        The text says so where what the instrument says is judged, or is no law in force.
        """
        entry = self.entry(name)
        doubt = _judged(entry.kind)
        doubt += "" if entry.status == "in_force" else f" ({entry.status})"
        return Reason(
            name, value, entry.value, entry.source, text + doubt, entry.at, holds,
            entry.kind, entry.status,
        )  # fmt: skip

    def reaches(self, name: str, figure: str, figures: Figures) -> Reason:
        """Return the comparison whether a figure is at or above a numeric instrument."""
        limit, value = self.number(name), getattr(figures, figure)
        what = FIGURES[figure]
        if value is None:
            return self.reason(name, f"{what} is not known, the line is {_figure(limit)}")
        holds = value >= limit
        kind = figures.kinds.get(figure)
        relation = "≥" if holds else "<"
        text = f"{what} {_figure(value)}{_judged(kind)} {relation} {_figure(limit)}"
        return replace(self.reason(name, text, value=value, holds=holds), value_kind=kind)


FIGURES = {
    "tpp": "TPP",
    "density": "performance density",
    "dram_gb_per_s": "DRAM bandwidth",
    "io_gb_per_s": "interconnect bandwidth",
    "total_gb_per_s": "DRAM and interconnect bandwidth",
}
"""What each figure is called."""


def weakest(kinds: Iterable[Kind]) -> Kind:
    """Return the weakest of some kinds of evidence; `stated` if there are none."""
    return max(kinds, key=WEAKER.index, default="stated")


def _judged(kind: Kind | None) -> str:
    return f" ({kind})" if kind in JUDGED else ""


def _figure(value: float) -> str:
    return f"{value:,.6g}"
