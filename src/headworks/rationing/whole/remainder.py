"""The largest remainder: every award rounded down, and the units left to the largest fractions."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from typing import TYPE_CHECKING

from headworks.rationing.enclosed import any_enclosed
from headworks.rationing.whole.standing import give

if TYPE_CHECKING:
    from headworks.rationing.enclosed import Number
    from headworks.rationing.whole.outcome import WholeUnits


def largest_remainder(
    awards: Sequence[Number], claims: Sequence[int], *, order: Sequence[int], units: int
) -> WholeUnits:
    """Round down, and give the units that are left to the largest fractions: place k - 1 - a.

    Every award moves by less than one unit, whatever the rule. A larger pool can cost a claimant a
    unit (the Alabama paradox), so it is for pools that do not grow. Cost O(n log n).

    Source: Hamilton 1792; Balinski and Young 1982, "Fair Representation", appendix A.
    """
    return give(
        units,
        [floor(award) for award in awards],
        claims,
        lambda n, k: (0, k - 1 - awards[n]),
        lambda place: -place[1],
        order,
        enclosed=any_enclosed(awards),
    )
