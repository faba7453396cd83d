"""The quota method of Balinski and Young: by divisor, but never above the award rounded up.

It gives units one after another, the next always to the largest a / (x + 1) of those who stay
within their share of the units given so far, rounded up. With q = a / Σa, the kth unit of a
claimant is free from step ⌊(k - 1) / q⌋ + 1 on, and the largest a / k is the earliest k / q. So the
method is a queue: at each step units become free, and the one that is due first is served; none is
ever served late.

Who waits at a step depends on all steps before it. But how many wait is known at every step, L(s),
and so is the unit that each would wait for, with the step R from which it is free. Those who wait
are the L that are due last, of all choices that are possible: of those free from step s or before,
at most L(s) can still wait, since so many waited then. One pass over the units in the order of R
finds them: each joins, and where more are kept than the least L until the next one joins, those due
first leave.

A long pool needs no pass from its beginning. Of two beginnings with as many who wait, the one whose
units are all due no later stays so. So the true answer lies between that of the earliest and that
of the latest units that could wait where a pass begins; where these agree, they are the answer.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from math import floor
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from headworks.errors import Fault, InputError
from headworks.rationing.whole.outcome import LastUnit, Tie, WholeUnits

if TYPE_CHECKING:
    from numpy.typing import NDArray

Waiting: TypeAlias = tuple[int, int, int]
"""A unit in the queue: when it is due, in parts; the claimant's rank in the order; the claimant."""

STEPS_MAX = 10_000_000
"""Steps after which two beginnings that have not agreed are given up; a few seconds."""
STEPS_AT_ONCE = 1_000_000
"""Steps that are cheaper than to look for a shorter way."""
WIDTH = 62
"""Bits of a whole number that an array holds, with one to spare."""


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
            found = self._agreed(max(0, step - steps), step)
            if found is not None:
                return found
            if steps >= STEPS_MAX:
                break
            steps = min(4 * steps, STEPS_MAX)
        message = f"the quota method needs more than {STEPS_MAX:,} steps for a pool of {step:,}"
        remedy = "use jefferson or largest_remainder, or count pool and claims in larger lots"
        raise InputError([Fault("whole", 0, "", message, remedy)])

    def _agreed(self, begin: int, end: int) -> tuple[int, list[Waiting]] | None:
        """Pass from step `begin` to `end`; None where two beginnings do not agree before it."""
        could = sorted(self._could_wait(begin))
        lengths = self._lengths(begin, end)
        first = int(lengths[0])
        early, late = could[:first], could[len(could) - first :]
        before = self._waiting(begin, end - 1, lengths[:-1], late)
        if early != late and before != self._waiting(begin, end - 1, lengths[:-1], early):
            return None
        after = self._waiting(begin, end, lengths, late)
        if early != late and after != self._waiting(begin, end, lengths, early):
            return None
        freed = [n for n in self._pace if self.free(n, end) > self.free(n, end - 1)]
        there = {*before, *((self.due(n, self.free(n, end)), self._rank[n], n) for n in freed)}
        ((_, _, served),) = there - {*after}
        return served, after

    def _lengths(self, begin: int, end: int) -> NDArray[np.int64]:
        """Return how many units wait after each step, from `begin` to `end`."""
        joining = np.zeros(end - begin + 1, np.int64)
        for n in self._pace:
            joining[self._free_from(n, begin, end)] += 1  # nobody has two free at one step
        joining[0] = sum(self.free(n, begin) for n in self._pace) - begin
        joining[1:] -= 1
        return joining.cumsum()

    def _free_from(self, n: int, begin: int, end: int) -> NDArray[np.int64]:
        """Return the steps after `begin`, counted from it, from which units become free."""
        p, q = self._pace[n]
        had = self.free(n, begin)
        count = self.free(n, end) - had
        steps, rest = divmod(had * q - begin * p, p)
        each, more = divmod(q, p)
        if (max(count, 1) * max(more, each) + rest + steps + p).bit_length() > WIDTH:
            return np.array([(had + k) * q // p + 1 - begin for k in range(count)], np.int64)
        k = np.arange(count, dtype=np.int64)
        found: NDArray[np.int64] = steps + 1 + k * each + (rest + k * more) // p
        return found

    def _waiting(
        self, begin: int, end: int, lengths: NDArray[np.int64], at_first: Sequence[Waiting]
    ) -> list[Waiting]:
        """Return what waits after a step, in order, where `at_first` waited when the pass began."""
        there = set(at_first)
        joining: list[tuple[int, Waiting]] = []
        for unit in self._could_wait(end):
            n = unit[2]
            p, q = self._pace[n]
            since = (self.free(n, end) - 1) * q // p + 1 - begin
            if since > 0 or unit in there:
                joining.append((max(since, 0), unit))
        joining.sort()
        steps = sorted({0, *(since for since, _ in joining)})
        least = np.minimum.reduceat(lengths, steps).tolist()
        kept: list[Waiting] = []
        following = iter(joining)
        unit_of = next(following, None)
        for step, most in zip(steps, least, strict=True):
            while unit_of is not None and unit_of[0] == step:
                heapq.heappush(kept, unit_of[1])
                unit_of = next(following, None)
            while len(kept) > most:
                heapq.heappop(kept)
        return sorted(kept)

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
