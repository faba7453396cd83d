"""Coverage: how often the shipped intervals hold cases of a chip or a family that is left out.

All cases of one chip, or of one family of models, are taken out and the rest is fitted; the shipped
residuals stand for what the physics leaves out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from bench.fit import Fit, left_out, shipped
from bench.residuals import FEW, unmeasured
from headworks.scenario.catalogue import catalogue
from headworks.throughput.split import family

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headworks.throughput.accuracy import Answer
    from headworks.throughput.case import Case
    from headworks.throughput.constants import Meaning

LEFT_OUT = ("chip", "family")
"""What is left out together."""


def of_left_out(cases: Sequence[Case], what: str) -> dict[str, Answer]:
    """Return what the model says of each case when its chip or family is not in the fit, by id.

    Chips or families of fewer than `FEW` cases are left out together.
    """
    named = {case.case_id: case.chip if what == "chip" else family(case.model) for case in cases}
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


def as_shipped(found: Fit) -> Mapping[str, Meaning]:
    """Return the constants of a fit with the residuals of the package."""
    return found.book()


def as_unmeasured(found: Fit) -> Mapping[str, Meaning]:
    """Return them with the residuals that the package has for a chip that nobody has measured."""
    return unmeasured(found.book(), catalogue().chips)
