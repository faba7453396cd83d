"""What the United States' export rules say about one item on one day.

Thresholds, dates and destinations are instruments under `data/policy/us`; only the logic that joins
them stands here. Source: ECCN 3A090 and 15 CFR 742.6 as the instruments cite them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from headworks.scenario.law import Reason

if TYPE_CHECKING:
    from headworks.scenario.law import Figures, Law

Review = Literal["case_by_case", "presumption_of_denial", "no_licence_required"]


@dataclass(frozen=True, slots=True)
class Ruling:
    """ECCN and posture of review of an item, with every comparison made on the way."""

    eccn: Literal["3A090.a", "3A090.b"] | None
    """None where the item is not 3A090; it may then be under another number."""
    review: Review
    """How an application would be reviewed, or that none is needed."""
    reasons: tuple[Reason, ...]
    """The comparisons, in the order in which they were made."""
    by_rule: bool = False
    """Whether it is the rule of January 2026 that has it reviewed case by case."""
    stated_policy: tuple[Reason, ...] = ()
    """A policy against the export that is stated and no rule; it does not move `review`."""

    @property
    def policy(self) -> str | None:
        """Id of the instrument that holds the stated policy; None where none names the item."""
        return self.stated_policy[-1].instrument if self.stated_policy else None


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
    policy = stated_policy(figures, law)
    if eligible:
        return Ruling(eccn, "case_by_case", tuple(reasons), by_rule=True, stated_policy=policy)
    posture = cast("Review", law.entry(base).value)
    reasons.append(law.reason(base, posture.replace("_", " "), value=posture, holds=True))
    return Ruling(eccn, posture, tuple(reasons), stated_policy=policy)


def control_number(
    figures: Figures, law: Law
) -> tuple[Literal["3A090.a", "3A090.b"] | None, list[Reason]]:
    """Return the ECCN of an item and the comparisons that settle it.

    Where the density is not known its lines count as not reached, and the reasons say so.

    Raises:
        NotInForce: The day lies before the first day of the thresholds that are held.
    """
    whole = law.reaches("us/3a090/a-tpp", "tpp", figures)
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
        size = law.reaches(tpp_line, "tpp", figures)
        if not size.holds:
            reasons.append(size)
            continue
        density = law.reaches(density_line, "density", figures)
        if density.holds:
            return eccn, [whole, size, density]
        reasons.append(density)
    return None, reasons


def letter(figures: Figures, law: Law) -> tuple[bool, list[Reason]]:
    """Return whether the letter of April 2025 asks a licence for an item, and the comparisons."""
    if not law.holds("us/h20-letter/in-force"):
        return False, []
    tests = [
        law.reaches("us/h20-letter/dram-bandwidth", "dram_gb_per_s", figures),
        law.reaches("us/h20-letter/io-bandwidth", "io_gb_per_s", figures),
        law.reaches("us/h20-letter/total-bandwidth", "total_gb_per_s", figures),
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
        law.reaches("us/case-by-case/tpp-ceiling", "tpp", figures),
        law.reaches("us/case-by-case/dram-bandwidth-ceiling", "dram_gb_per_s", figures),
    )
    # `holds` of a ceiling says that it was reached, so that the item is eligible if neither was.
    eligible = starts.holds is True and all(test.holds is False for test in ceilings)
    rule = law.reason("us/case-by-case/in-force", "the rule is in force", value=True, holds=True)
    return eligible, [rule, starts, *ceilings]


def stated_policy(figures: Figures, law: Law) -> tuple[Reason, ...]:
    """Return what says that a stated policy is against the item; empty where none names it."""
    if not law.holds("us/blackwell-exclusion/in-force"):
        return ()
    words = law.words("us/blackwell-exclusion/parts")
    named = next((word for word in words if word in figures.names), None)
    if named is None:
        return ()
    text = f"{named} is among the parts that a stated policy, not a rule, keeps from China"
    return (
        law.reason("us/blackwell-exclusion/parts", text, value=named, holds=True),
        law.reason("us/blackwell-exclusion/in-force", "the policy stands", value=True, holds=True),
    )


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
