"""Coverage: how often the shipped intervals hold cases that are left out of a fit.

All cases of one chip, or of one family of models, or of every fifth run, are taken out and the rest
is fitted; the shipped residuals stand for what the physics leaves out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from bench.fit import Fit, left_out, shipped
from bench.residuals import FEW, FOLDS, unmeasured
from headworks.scenario.catalogue import catalogue
from headworks.throughput.split import family

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from headworks.throughput.accuracy import Answer
    from headworks.throughput.case import Case
    from headworks.throughput.constants import Meaning

LEFT_OUT = ("chip", "family", "fifth")
"""What is left out together."""


def of_left_out(cases: Sequence[Case], what: str) -> dict[str, Answer]:
    """Return what the model says of each case when its part is not in the fit, by id.

    Chips or families of fewer than `FEW` cases are left out together.

    Args:
        cases: All cases.
        what: The part that is left out, one of `LEFT_OUT`.
    """
    named = dict(_parts(cases, what))
    sizes = Counter(named.values())
    parts: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        name = named[case.case_id]
        parts[name if sizes[name] >= FEW else ""].append(case)
    book = as_unmeasured if what == "chip" else as_shipped
    said: dict[str, Answer] = {}
    for _, answers in left_out(cases, list(parts.values()), book, shipped()):
        said |= answers
    return said


def _parts(cases: Sequence[Case], what: str) -> Iterator[tuple[str, str]]:
    """Yield the id of each case and the part that it is left out with."""
    runs: dict[Case, int] = {}
    for case in cases:
        # Figures of one run go together, or one would tell of the other.
        run = replace(case, case_id="", metric="", value=0.0)
        number = runs.setdefault(run, len(runs))
        fifth = str(number % FOLDS)
        yield case.case_id, {"chip": case.chip, "family": family(case.model), "fifth": fifth}[what]


def as_shipped(found: Fit) -> Mapping[str, Meaning]:
    """Return the constants of a fit with the residuals of the package."""
    return found.book()


def as_unmeasured(found: Fit) -> Mapping[str, Meaning]:
    """Return them with the residuals that the package has for a chip that nobody has measured."""
    return unmeasured(found.book(), catalogue().chips)
