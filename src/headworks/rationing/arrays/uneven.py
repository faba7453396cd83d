"""Weights so unequal that no float holds what they come to: shared by the exact rules.

Weights of a path that differ by more than 2^300, times claims that may differ as much, leave what
64 bits hold: the awards of the light would be lost, or infinite. Nobody means such weights but to
say who is served first, so that their paths are few, and may take their time.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from headworks.rationing.rules import equal, proportional

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headworks.rationing.arrays.shortage import Floats, Shortage
    from headworks.rationing.rules.division import Exact

UNEVEN_EXPONENT = 300
"""Power of two by which weights of a path may differ."""
EXACT: dict[str, Exact] = {
    "proportional": proportional.proportional,
    "constrained_equal_awards": equal.constrained_equal_awards,
}
"""Rules whose awards rise in proportion to weights."""


def is_uneven(weights: Floats) -> NDArray[np.bool_]:
    """Say of which paths the weights are uneven, shape (path,), for weights (line, path)."""
    _, exponents = np.frexp(weights)
    found: NDArray[np.bool_] = exponents.max(axis=0) - exponents.min(axis=0) > UNEVEN_EXPONENT
    return found


def shared(rule: str, short: Shortage, weights: Floats) -> Floats:
    """Return exact awards as floats, shape (line, path).

    Args:
        rule: One of `EXACT`.
        short: The paths; its own weights are not looked at.
        weights: Shape (line, path), as they were given.
    """
    found = np.empty_like(short.claims)
    for path, pool in enumerate(short.pool):
        claims = [Fraction(float(claim)) for claim in short.claims[:, path]]
        by_line = [Fraction(float(weight)) for weight in weights[:, path]]
        division = EXACT[rule](Fraction(float(pool)), claims, weights=by_line)
        found[:, path] = [award.numerator / award.denominator for award in division.awards]
    return found
