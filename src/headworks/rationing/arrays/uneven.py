"""Weights so unequal that no float holds what they come to: shared by the exact rules.

Weights of a path that differ by more than 2^300, times claims that may differ as much, leave what
64 bits hold: the awards of the light would be lost, or infinite. So do weights that differ by less
beside claims near the ends of what 64 bits hold. Nobody means such weights but to
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


FAR_EXPONENT = 900
"""Power of two, of claims and of what weights differ by together, beyond which floats may end."""


def is_uneven(weights: Floats, total: Floats) -> NDArray[np.bool_]:
    """Say of which paths the weights are uneven, shape (path,).

    Args:
        weights: Shape (line, path), or (line, 1) where they are the same on all paths.
        total: Sum of the claims, shape (path,).
    """
    _, exponents = np.frexp(weights)
    spread = exponents.max(axis=0) - exponents.min(axis=0)
    _, size = np.frexp(total)
    far = (spread > 0) & (spread + np.abs(size) > FAR_EXPONENT)
    found: NDArray[np.bool_] = far | (spread > UNEVEN_EXPONENT)
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
