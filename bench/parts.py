"""Parts: what is left out of a fit together, and what a fit has seen cases of."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from headworks.throughput.cards import model
from headworks.throughput.constants import Measured
from headworks.throughput.residual import counted
from headworks.throughput.split import OTHER, family

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from headworks.throughput.case import Case

SMALL = 8
"""Chips, and families, with fewer cases than this are left out together."""
FOLDS = 5
FIGURE = {"case_id": "", "metric": "", "value": 0.0}
"""In what figures of one run differ."""
LOAD = FIGURE | dict.fromkeys(
    ("input_tokens", "output_tokens", "concurrency", "run", "answers", "software", "date", "grade",
     "source_url"),
)  # fmt: skip
"""In what cases of one set-up differ: a set-up is a model in a precision and a layout on chips."""

What = Literal["chip", "family", "set-up", "run"]
LEFT_OUT: tuple[What, ...] = ("chip", "family", "set-up", "run")
"""What is left out whole: all cases of a chip or of a family of models, or those of every fifth
set-up or run."""


def counted_of(case: Case) -> str:
    """Return what the run of a case is counted as, such as `tpot_dense`."""
    return counted(case.metric, case.phase, model(case.model))


def measured_in(cases: Iterable[Case]) -> dict[str, Measured]:
    """Return the number of runs by figure and kind of model, and by chip and family in each.

    Models that are in no family have nothing in common, and so make none.
    """
    every = list(cases)
    numbers = alike(every, FIGURE)
    chips: dict[str, Counter[str]] = defaultdict(Counter)
    families: dict[str, Counter[str]] = defaultdict(Counter)
    runs = {(counted_of(case), numbers[case.case_id]): case for case in every}
    for (figure, _), case in runs.items():
        chips[figure][case.chip] += 1
        if (name := family(case.model)) != OTHER:
            families[figure][name] += 1
    return {
        figure: Measured(
            chips=dict(sorted(counts.items())), families=dict(sorted(families[figure].items()))
        )
        for figure, counts in sorted(chips.items())
    }


def alike(cases: Iterable[Case], but_for: dict[str, Any]) -> dict[str, int]:
    """Return numbers by case id, one for all cases that differ in some fields alone."""
    numbers: dict[Case, int] = {}
    return {
        case.case_id: numbers.setdefault(replace(case, **but_for), len(numbers)) for case in cases
    }


def group_of(cases: Sequence[Case], what: What) -> dict[str, str]:
    """Return the chip, the family, the set-up or the run of each case, by case id."""
    if what in ("set-up", "run"):
        numbers = alike(cases, FIGURE if what == "run" else LOAD)
        return {name: str(number) for name, number in numbers.items()}
    return {case.case_id: case.chip if what == "chip" else family(case.model) for case in cases}


def parts(cases: Sequence[Case], what: What) -> list[list[Case]]:
    """Return cases by the part that they are left out with.

    Chips or families of fewer than `SMALL` cases are one part. Set-ups and runs are counted off by
    `FOLDS`, each with all that is measured of it, or one figure would tell of another.
    """
    of = group_of(cases, what)
    groups: dict[str, list[Case]] = defaultdict(list)
    counted_off = what in ("set-up", "run")
    for case in cases:
        group = of[case.case_id]
        groups[str(int(group) % FOLDS) if counted_off else group].append(case)
    if counted_off:
        return list(groups.values())
    small = [case for group in groups.values() if len(group) < SMALL for case in group]
    large = [group for group in groups.values() if len(group) >= SMALL]
    return [*large, small] if small else large
