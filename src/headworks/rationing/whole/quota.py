"""The quota method of Balinski and Young: by divisor, but never above the award rounded up.

It gives units one after another, the next always to the largest a / (x + 1) of those who stay
within their share of the units given so far, rounded up. With q = a / Σa, the kth unit of a
claimant is free from step ⌊(k - 1) / q⌋ + 1 on, and the largest a / k is the earliest k / q. So the
method is a queue: at each step units become free, and the one that is due first is served; none is
ever served late.

Who waits at a step depends on all steps before it. But how many wait is known at every step, and so
is the unit that each would wait for. Of two queues of equal length, the one whose units are all due
no later stays so: both gain the same units, and each loses its first. So the true queue lies
between the one of the earliest and the one of the latest units that could wait. Where those two
become one before the pool is spent, they are the true one, and no step before was needed.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from math import floor
from typing import TypeAlias

from headworks.errors import Fault, InputError
from headworks.rationing.whole.outcome import LastUnit, Tie, WholeUnits

Waiting: TypeAlias = tuple[int, int, int]
"""A unit in the queue: when it is due, in parts; the claimant's rank in the order; the claimant."""

STEPS_MAX = 5_000_000
"""Steps after which two queues that have not met are given up; half a minute."""
STEPS_AT_ONCE = 20_000
"""Steps that are cheaper than to look for a shorter way."""


def quota(
    awards: Sequence[Fraction],
    claims: Sequence[int],  # noqa: ARG001 - every method is called alike
    *,
    order: Sequence[int],
) -> WholeUnits:
    """Give the next unit to the largest a / (x + 1) that stays below its share rounded up.

    An award never leaves the exact one by a unit, and a larger pool costs nobody a unit. Somebody
    whose claim rises may lose one to somebody whose claim falls: no method has all three. Cost
    O(t log n), with t the pool, or a few times the pool per smallest award where that is less.

    Raises:
        InputError: The pool is large and an award a tiny part of it, so that it takes too long.

    Source: Balinski and Young 1975, "The quota method of apportionment", American Mathematical
    Monthly 82; as a queue, Tijdeman 1980, "The chairman assignment problem".
    """
    units = floor(sum(awards))
    if not units:
        return WholeUnits((0,) * len(awards))
    queue = _Queue(awards, order)
    first, rest = queue.at(units)
    behind = {n for _, _, n in rest}
    counts = [queue.free(n, units) - (n in behind) for n in range(len(awards))]
    following = min((due for due, _, _ in rest), default=None)
    waiting = [n for n in order if n in behind and queue.due(n, counts[n] + 1) == following]
    last = LastUnit(
        (first,),
        tuple(waiting),
        awards[first] / counts[first],
        awards[waiting[0]] / (counts[waiting[0]] + 1) if waiting else None,
    )
    return WholeUnits(tuple(counts), queue.ties(units, behind), last)


class _Queue:
    """Units of all claimants, each with the step from which it is free and the one it is due."""

    def __init__(self, awards: Sequence[Fraction], order: Sequence[int]) -> None:
        total = sum(awards, Fraction(0))
        self.order = tuple(order)
        self._awards = awards
        self._rank = {n: rank for rank, n in enumerate(order)}
        self._pace = {
            n: ((award / total).numerator, (award / total).denominator)
            for n, award in enumerate(awards)
            if award
        }
        # Two different times k / q differ by at least 1 / p², with p the largest numerator of a q.
        self._shift = 2 * max(p for p, _ in self._pace.values()).bit_length()

    def due(self, n: int, k: int) -> int:
        """Return when the kth unit of a claimant is due: k / q, in parts that tell all apart."""
        p, q = self._pace[n]
        return (k * q << self._shift) // p

    def free(self, n: int, step: int) -> int:
        """Return how many units of a claimant are free at a step: its share of it, rounded up."""
        if n not in self._pace:
            return 0
        p, q = self._pace[n]
        return -(-p * step // q)

    def at(self, step: int) -> tuple[int, list[Waiting]]:
        """Return who is served at a step, and what still waits after it.

        Raises:
            InputError: It takes too many steps to know.
        """
        spacing = max(-(-q // p) for p, q in self._pace.values())
        steps = max(STEPS_AT_ONCE, min(4 * (spacing + len(self._pace)), STEPS_MAX))
        while True:
            found = self._met(max(0, step - steps), step)
            if found is not None:
                return found
            if steps >= STEPS_MAX:
                break
            steps = min(4 * steps, STEPS_MAX)
        message = f"the quota method needs more than {STEPS_MAX:,} steps for a pool of {step:,}"
        remedy = "use jefferson or largest_remainder, or count pool and claims in larger lots"
        raise InputError([Fault("whole", 0, "", message, remedy)])

    def _met(self, begin: int, end: int) -> tuple[int, list[Waiting]] | None:
        """Serve from step `begin` to step `end`; None where two queues have not met before it."""
        could = sorted(self._could_wait(begin))
        length = sum(self.free(n, begin) for n in self._pace) - begin
        early, late = could[:length], could[len(could) - length :]
        apart: dict[Waiting, int] = {}
        _count(apart, early, 1)
        _count(apart, late, -1)
        coming = [self._coming(n, self.free(n, begin) + 1) for n in self._pace]
        heapq.heapify(coming)
        for step in range(begin + 1, end + 1):
            if step == end and apart:
                return None
            while coming[0][0] == step:
                _, n, k = coming[0]
                heapq.heapreplace(coming, self._coming(n, k + 1))
                unit = (self.due(n, k), self._rank[n], n)
                heapq.heappush(early, unit)
                if apart:
                    heapq.heappush(late, unit)
            first = heapq.heappop(early)
            if apart:
                other = heapq.heappop(late)
                _count(apart, [first], -1)
                _count(apart, [other], 1)
        return first[2], early

    def _coming(self, n: int, k: int) -> tuple[int, int, int]:
        """Return the step from which the kth unit of a claimant is free, with both."""
        p, q = self._pace[n]
        return (k - 1) * q // p + 1, n, k

    def _could_wait(self, step: int) -> list[Waiting]:
        """Return the units that are free after a step and not yet due."""
        return [
            (self.due(n, self.free(n, step)), self._rank[n], n)
            for n, (p, q) in self._pace.items()
            if p * step % q
        ]

    def ties(self, step: int, behind: set[int]) -> tuple[Tie, ...]:
        """Return claimants with units due at one time, where another order lets others wait.

        Units of one time are served at the same steps whatever the order. Who of them waits is the
        same in all orders if it is so in one and in its reverse: those served are the best base of
        a matroid, and a base that is both the best and the worst is the only one.
        """
        level: list[tuple[set[int], list[int]]] = []
        for _, group in groupby(sorted(self._could_wait(step)), key=lambda unit: unit[0]):
            equal = [n for _, _, n in group]
            lost = behind & set(equal)
            if lost and len(lost) < len(equal):
                level.append((lost, equal))
        if not level:
            return ()
        _, rest = _Queue(self._awards, self.order[::-1]).at(step)
        reversed_behind = {n for _, _, n in rest}
        return tuple(
            Tie(tuple(n for n in equal if n not in lost), tuple(n for n in equal if n in lost))
            for lost, equal in level
            if lost != reversed_behind & set(equal)
        )


def _count(apart: dict[Waiting, int], units: Sequence[Waiting], by: int) -> None:
    """Note that units join or leave one of two queues; what stands in both is not apart."""
    for unit in units:
        left = apart.pop(unit, 0) + by
        if left:
            apart[unit] = left
