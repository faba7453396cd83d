"""Words of a counter-example: claimants by number, amounts exactly or to ten digits."""

from __future__ import annotations

from fractions import Fraction

LETTERS = 12
"""Length up to which a fraction is written exactly."""
LARGE = 10**15
"""From here on what comes after the point is not said."""


def said(amount: Fraction) -> str:
    """Return an amount: `50`, `100/3`, or `about 0.4937759336`."""
    if amount.denominator == 1:
        return str(amount.numerator)
    if abs(amount) >= LARGE:
        return f"about {round(amount)}"
    exactly = str(amount) if amount.denominator < LARGE else ""
    return exactly if 0 < len(exactly) <= LETTERS else f"about {float(amount):.10g}"


def claimant(number: int) -> str:
    """Return how a claimant is called, whose number counts from 0."""
    return f"claimant {number + 1}"
