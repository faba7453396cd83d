"""Words of a counter-example: amounts exactly or to ten digits, claimants by name."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from headworks.rationing.exact import rounded

LETTERS = 12
"""Length up to which a fraction is written exactly."""
LARGE = 10**15
"""From here on what comes after the point is not said."""
ENORMOUS = 10**60
"""From here on only the first digits are said."""


def said(amount: Fraction) -> str:
    """Return an amount: `50`, `100/3`, or `about 0.4937759336`."""
    if abs(amount) >= ENORMOUS:
        return f"about {rounded(amount)}"
    if amount.denominator == 1:
        return str(amount.numerator)
    if abs(amount) >= LARGE:
        return f"about {round(amount)}"
    exactly = str(amount) if amount.denominator < LARGE else ""
    return exactly if 0 < len(exactly) <= LETTERS else f"about {float(amount):.10g}"


def called(number: int, names: Sequence[str] = ()) -> str:
    """Return how a claimant is called, whose number counts from 0: by its name if it has one."""
    name = names[number] if names else str(number + 1)
    return f"claimant {name}" if name.isdecimal() else name
