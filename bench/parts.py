"""Parts: what is left out of a fit together, and what a fit has seen enough of to know it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from headworks.throughput.constants import Measured
from headworks.throughput.split import OTHER, family

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from headworks.throughput.case import Case

FEW = 8
"""Chips, and families, with fewer cases than this are left out together."""
MANY = 40
"""Cases from which a chip counts as measured; a family does from `FEW`."""
FOLDS = 5

What = Literal["chip", "family", "fifth"]
LEFT_OUT: tuple[What, ...] = ("chip", "family", "fifth")
"""What is left out together."""


def measured_in(cases: Iterable[Case]) -> Measured:
    """Return the chips and the families of models that a fit to some cases has measured."""
    chips, families = Counter[str](), Counter[str]()
    for case in cases:
        chips[case.chip] += 1
        families[family(case.model)] += 1
    del families[OTHER]  # models that have nothing in common
    return Measured(
        chips=sorted(name for name, count in chips.items() if count >= MANY),
        families=sorted(name for name, count in families.items() if count >= FEW),
    )


def runs(cases: Iterable[Case]) -> dict[str, int]:
    """Return the number of the run that each case is a figure of, by case id."""
    numbers: dict[Case, int] = {}
    return {
        case.case_id: numbers.setdefault(
            replace(case, case_id="", metric="", value=0.0), len(numbers)
        )
        for case in cases
    }


def parts(cases: Sequence[Case], what: What) -> list[list[Case]]:
    """Return cases by the part that they are left out with.

    Chips or families of fewer than `FEW` cases are one part. Figures of one run are in one fifth,
    or one would tell of the other.
    """
    numbers = runs(cases)
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        fifth = str(numbers[case.case_id] % FOLDS)
        of = {"chip": case.chip, "family": family(case.model), "fifth": fifth}
        groups[of[what]].append(case)
    if what == "fifth":
        return list(groups.values())
    small = [case for group in groups.values() if len(group) < FEW for case in group]
    large = [group for group in groups.values() if len(group) >= FEW]
    return [*large, small] if small else large
