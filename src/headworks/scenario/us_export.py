"""What the United States' export rules say about one item on one day.

Thresholds, dates and destinations are instruments under `data/policy/us`; only the logic that joins
them stands here. Source: ECCN 3A090 and 15 CFR 742.6 as the instruments cite them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from headworks.errors import NotInForce

if TYPE_CHECKING:
    import datetime as dt

    from headworks.scenario.catalogue import Catalogue
    from headworks.scenario.instrument import InstrumentValue, Setting

Review = Literal["case_by_case", "presumption_of_denial", "no_licence_required"]


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


@dataclass(frozen=True, slots=True)
class Ruling:
    """ECCN and posture of review of an item, with every comparison made on the way."""

    eccn: Literal["3A090.a", "3A090.b"] | None
    """None where the item is not 3A090; it may then be under another number."""
    review: Review
    """How an application would be reviewed, or that none is needed."""
    reasons: tuple[Reason, ...]
    """The comparisons, in the order in which they were made."""


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
        """Return a comparison with an instrument, with its limit and source filled in."""
        entry = self.entry(name)
        return Reason(name, value, entry.value, entry.source, text, entry.at, holds)

    def reaches(self, name: str, value: float | None, what: str) -> Reason:
        """Return the comparison whether `value` is at or above a numeric instrument."""
        limit = self.number(name)
        if value is None:
            return self.reason(name, f"{what} is not known, the line is {_figure(limit)}")
        holds = value >= limit
        relation = "≥" if holds else "<"
        text = f"{what} {_figure(value)} {relation} {_figure(limit)}"
        return self.reason(name, text, value=value, holds=holds)


def ruling(figures: Figures, law: Law, *, to: str, origin: str) -> Ruling:
    """Return how the United States treats an item of its own on its way to `to`.

    Args:
        figures: What the rules measure of the item.
        law: The instruments of the day.
        to: Country code of the destination, one of `us/3a090/destinations`, or any other place,
            which then needs no licence under these rules.
        origin: Where the export starts: `US`, or `abroad` for re-exports and exports from abroad.

    Raises:
        NotInForce: The day lies before the first day of the thresholds that are held.
    """
    eccn, reasons = control_number(figures, law)
    if to not in law.words("us/3a090/destinations"):
        text = f"{to} is not among the destinations"
        reasons.append(law.reason("us/3a090/destinations", text, value=to, holds=False))
        return Ruling(eccn, "no_licence_required", tuple(reasons))
    base = "us/3a090/review"
    if eccn is None:
        under_letter, tests = letter(figures, law)
        reasons += tests
        if not under_letter:
            return Ruling(None, "no_licence_required", tuple(reasons))
        base = "us/h20-letter/review"
    eligible, tests = case_by_case(figures, law, origin)
    reasons += tests
    if eligible:
        return Ruling(eccn, "case_by_case", tuple(reasons))
    posture = cast("Review", law.entry(base).value)
    reasons.append(law.reason(base, posture.replace("_", " "), value=posture, holds=True))
    return Ruling(eccn, posture, tuple(reasons))


def control_number(
    figures: Figures, law: Law
) -> tuple[Literal["3A090.a", "3A090.b"] | None, list[Reason]]:
    """Return the ECCN of an item and the comparisons that settle it.

    Where the density is not known its lines count as not reached, and the reasons say so.

    Raises:
        NotInForce: The day lies before the first day of the thresholds that are held.
    """
    whole = law.reaches("us/3a090/a-tpp", figures.tpp, "TPP")
    if whole.holds:
        return "3A090.a", [whole]
    reasons = [whole]
    if not figures.data_centre:
        note = "not marketed for data centres, so its density is not asked"
        test = Reason("chip.data_centre", value=False, limit=True, source=whole.source, text=note)
        return None, [*reasons, test]
    lines: tuple[tuple[Literal["3A090.a", "3A090.b"], str, str], ...] = (
        ("3A090.a", "us/3a090/a-tpp-with-density", "us/3a090/a-density"),
        ("3A090.b", "us/3a090/b-tpp", "us/3a090/b-density"),
        ("3A090.b", "us/3a090/b-tpp-dense", "us/3a090/b-density-dense"),
    )
    # The upper ends of 3A090.b need no test of their own: above them the item is 3A090.a.
    for eccn, tpp_line, density_line in lines:
        size = law.reaches(tpp_line, figures.tpp, "TPP")
        if not size.holds:
            reasons.append(size)
            continue
        density = law.reaches(density_line, figures.density, "performance density")
        if density.holds:
            return eccn, [whole, size, density]
        reasons.append(density)
    return None, reasons


def letter(figures: Figures, law: Law) -> tuple[bool, list[Reason]]:
    """Return whether the letter of April 2025 asks a licence for an item, and the comparisons."""
    if not law.holds("us/h20-letter/in-force"):
        return False, []
    dram, io = figures.dram_gb_per_s, figures.io_gb_per_s
    tests = [
        law.reaches("us/h20-letter/dram-bandwidth", dram, "DRAM bandwidth"),
        law.reaches("us/h20-letter/io-bandwidth", io, "interconnect bandwidth"),
        law.reaches(
            "us/h20-letter/total-bandwidth",
            None if dram is None or io is None else dram + io,
            "DRAM and interconnect bandwidth",
        ),
    ]
    reached = [test for test in tests if test.holds]
    if not reached:
        return False, tests
    text = "a licence is needed by the letter"
    return True, [law.reason("us/h20-letter/in-force", text, value=True, holds=True), *reached]


def case_by_case(figures: Figures, law: Law, origin: str) -> tuple[bool, list[Reason]]:
    """Return whether the rule of January 2026 has an item reviewed case by case, and why."""
    if not law.holds("us/case-by-case/in-force"):
        return False, []
    wanted = str(law.entry("us/case-by-case/origin").value)
    starts = law.reason(
        "us/case-by-case/origin",
        f"exported from the {origin}" if origin == wanted else f"not exported from the {wanted}",
        value=origin,
        holds=origin == wanted,
    )
    ceilings = (
        law.reaches("us/case-by-case/tpp-ceiling", figures.tpp, "TPP"),
        law.reaches(
            "us/case-by-case/dram-bandwidth-ceiling", figures.dram_gb_per_s, "DRAM bandwidth"
        ),
    )
    # `holds` of a ceiling says that it was reached, so that the item is eligible if neither was.
    eligible = starts.holds is True and all(test.holds is False for test in ceilings)
    rule = law.reason("us/case-by-case/in-force", "the rule is in force", value=True, holds=True)
    return eligible, [rule, starts, *ceilings]


CONDITIONS = (
    "us/case-by-case/volume-share",
    "us/case-by-case/commercially-available",
    "us/case-by-case/third-party-laboratory",
    "us/case-by-case/supply-certification",
    "us/case-by-case/recipient-security",
)
"""Instruments that the exporter must meet beyond the item's own figures."""


def conditions(law: Law) -> tuple[Reason, ...]:
    """Return what an exporter must show for a review case by case, from what was then known."""
    if not law.holds("us/case-by-case/in-force"):
        return ()
    return tuple(law.reason(name, law.catalogue.instruments[name].title) for name in CONDITIONS)


def _figure(value: float) -> str:
    return f"{value:,.6g}"
