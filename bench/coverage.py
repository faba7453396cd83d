"""Coverage: how often intervals with the shipped residuals hold cases that are left out of a fit.

All cases of one chip, of one family of models, or of every fifth set-up or run, are taken out and
the rest is fitted, which gives the constants and what is left open of them; the shipped residuals
stand for what the physics leaves out. What is left out is asked about as what nobody has measured:
a chip as a new chip, a family as a new family.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.fit import Fit, left_out, shipped
from bench.parts import parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.parts import What
    from headworks.throughput.accuracy import Answer
    from headworks.throughput.case import Case


def of_left_out(cases: Sequence[Case], what: What) -> dict[str, Answer]:
    """Return what the model says of each case when its part is not in the fit, by id.

    Args:
        cases: All cases.
        what: The part that is left out.
    """
    said: dict[str, Answer] = {}
    for _, answers in left_out(cases, parts(cases, what), Fit.calibration, shipped()):
        said |= answers
    return said
