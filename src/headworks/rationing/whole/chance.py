"""Proportional random: unit by unit, with chances in proportion to what is still claimed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import floor

from headworks.errors import Fault, InputError
from headworks.rationing.whole.outcome import LastUnit, WholeUnits

UNITS_MAX = 1_000_000
"""Units beyond which one draw for each takes too long."""


def proportional_random(
    awards: Sequence[Fraction], claims: Sequence[int], *, below: Callable[[int], int]
) -> WholeUnits:
    """Draw each unit among claimants, with chances in proportion to their unmet claims.

    The same as drawing claimed units from an urn and not putting them back. The expected award is
    the proportional one, exactly, so it rounds no other rule. With the same draws a larger pool
    costs nobody a unit. A draw below D stands for the claimant whom it meets when unmet claims are
    laid end to end in the order of the list. Cost O(E log n).

    Args:
        awards: Proportional awards.
        claims: Claims, whole.
        below: `below(m)` returns the next draw, a whole number from 0 to m - 1.

    Raises:
        InputError: The awards are not proportional, or there are too many units to draw.

    Source: Moulin 2002, "The proportional random allocation of indivisible units".
    """
    units, total = floor(sum(awards)), sum(claims)
    _check(awards, claims, units)
    counts = [0] * len(claims)
    if units == total:
        return WholeUnits(tuple(claims))
    urn = _Urn(claims)
    n = 0
    for given in range(units):
        n = urn.take(below(total - given))
        counts[n] += 1
    last = LastUnit((n,), (), None, None) if units else None
    return WholeUnits(tuple(counts), (), last)


def _check(awards: Sequence[Fraction], claims: Sequence[int], units: int) -> None:
    share = Fraction(sum(awards), sum(claims) or 1)
    faults: list[Fault] = []
    if any(award != share * claim for award, claim in zip(awards, claims, strict=True)):
        message = "proportional_random draws in proportion to claims, and the awards are not"
        faults.append(Fault("whole", 0, "", message, "use largest_remainder, or proportional"))
    if units > UNITS_MAX:
        message = f"{units:,} units are too many to draw one by one; {UNITS_MAX:,} are the most"
        remedy = "count pool and claims in larger lots, or use largest_remainder"
        faults.append(Fault("whole", 0, "", message, remedy))
    if faults:
        raise InputError(faults)


class _Urn:
    """Claimed units by claimant, in a binary indexed tree: one is found and taken in O(log n)."""

    def __init__(self, claims: Sequence[int]) -> None:
        self._size = len(claims)
        self._tree = [0, *claims]
        for node in range(1, self._size + 1):
            parent = node + (node & -node)
            if parent <= self._size:
                self._tree[parent] += self._tree[node]

    def take(self, drawn: int) -> int:
        """Take the unit of that number, counted from 0; return whose it is."""
        found = 0
        step = 1 << self._size.bit_length()
        while step := step >> 1:
            node = found + step
            if node <= self._size and self._tree[node] <= drawn:
                drawn -= self._tree[node]
                found = node
        node = found + 1
        while node <= self._size:
            self._tree[node] -= 1
            node += node & -node
        return found
