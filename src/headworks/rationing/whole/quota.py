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

A long pool needs no pass from its beginning: only the units that could wait at the end count, and
between two of them only whether so few waited at any step that one of them left. Where awards are
much alike, that is in the last steps. A small award waits for long, and steps of which more must
wait throughout, since units of other small ones do, need not be looked at.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from math import ceil, floor
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from headworks.errors import Fault, InputError
from headworks.rationing.common import total
from headworks.rationing.whole.outcome import LastUnit, Tie, WholeUnits

if TYPE_CHECKING:
    from numpy.typing import NDArray

Waiting: TypeAlias = tuple[int, int, int]
"""A unit in the queue: when it is due, in parts; the claimant's rank in the order; the claimant."""

STEPS_AT_ONCE = 1_000_000
"""Last steps of a pool, all of which are looked at."""
PART = 1 << 16
"""Earlier steps that are looked at all at once, where nothing shows that it is not needed."""
WORK_MAX = 20_000_000
"""Steps, and claimants in each part of steps, that are looked at before them; some seconds."""
SLACK = 1e-12
"""More than a float can be wrong about a part of 1."""
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
    O(t log n), with t the pool or a million, and where small awards wait for longer what it takes
    to exclude that one of them was served: little if they are few or many, too much in between.

    Raises:
        InputError: The pool is large, and some awards so small a part of it that it takes too long.

    Source: Balinski and Young 1975, "The quota method of apportionment", American Mathematical
    Monthly 82; as a queue, Tijdeman 1980, "The chairman assignment problem".
    """
    units = floor(total(awards))
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
        whole = total(awards)
        self.order = tuple(order)
        self._awards = awards
        self._rank = {n: rank for rank, n in enumerate(order)}
        self._pace = {
            n: ((award / whole).numerator, (award / whole).denominator)
            for n, award in enumerate(awards)
            if award
        }
        self._work = 0
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
        near = max(0, step - STEPS_AT_ONCE)
        lengths = self._lengths(near, step)
        before = self._waiting(near, step - 1, lengths[:-1]) if step > near else []
        after = self._waiting(near, step, lengths)
        freed = [n for n in self._pace if self.free(n, step) > self.free(n, step - 1)]
        there = {*before, *((self.due(n, self.free(n, step)), self._rank[n], n) for n in freed)}
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

    def _waiting(self, near: int, end: int, lengths: NDArray[np.int64]) -> list[Waiting]:
        """Return what waits after a step, in order.

        Args:
            near: Step from which on all are looked at.
            end: The step.
            lengths: How many units wait after each step from `near` on.
        """
        joining = sorted(
            ((self.free(unit[2], end) - 1) * q // p + 1, unit)
            for unit in self._could_wait(end)
            for p, q in (self._pace[unit[2]],)
        )
        kept: list[Waiting] = []
        old = [step for step, _ in joining if step < near]
        for n, step in enumerate(old):
            heapq.heappush(kept, joining[n][1])
            until = old[n + 1] if n + 1 < len(old) else near
            if until > step and len(kept) > 1:  # one may always wait, as somebody does
                most = self._least(step, until, len(kept))
                while len(kept) > most:
                    heapq.heappop(kept)
        recent = joining[len(old) :]
        steps = sorted({0, *(since - near for since, _ in recent)})
        least = np.minimum.reduceat(lengths, steps).tolist()
        following = iter(recent)
        joins = next(following, None)
        for step, most in zip(steps, least, strict=True):
            while joins is not None and joins[0] == step + near:
                heapq.heappush(kept, joins[1])
                joins = next(following, None)
            while len(kept) > most:
                heapq.heappop(kept)
        return sorted(kept)

    def _least(self, begin: int, end: int, most: int) -> int:
        """Return the fewest units that wait after any step of a part, or `most` if that is less.

        Parts are halved, the later half first, and left out as soon as what must wait throughout
        them is as much as was found elsewhere.

        Args:
            begin: First step of the part.
            end: The step after its last.
            most: A number that is not to be passed.

        Raises:
            InputError: It takes too many steps to know.
        """
        parts = [(begin, end)]
        while parts:
            first, after = parts.pop()
            self._spend(len(self._pace))
            if self._bound(first, after - 1) >= most:
                continue
            if after - first <= PART:
                self._spend(after - first + len(self._pace))
                most = min(most, int(self._lengths(first, after - 1).min()))
                continue
            middle = (first + after) // 2
            parts += [(first, middle), (middle, after)]
        return most

    def _bound(self, first: int, last: int) -> int:
        """Return how many units wait after each step from one to another, at least.

        A claimant with no unit that becomes free between them waits least at the last; their number
        is whole, so that it is rounded up.
        """
        waits = 0.0
        for p, q in self._pace.values():
            rest = -p * last % q
            if rest and rest + p * (last - first) < q:
                waits += rest / q
        return ceil(waits - SLACK * (1 + len(self._pace)))

    def _spend(self, work: int) -> None:
        """Count what is done, and give up beyond some seconds of it.

        Raises:
            InputError: It is too much.
        """
        self._work += work
        if self._work > WORK_MAX:
            message = (
                f"the quota method takes too long for {len(self._pace):,} awards that are so "
                "unequal, since small ones wait while millions of units go to the large"
            )
            remedy = "use jefferson or largest_remainder, or count pool and claims in larger lots"
            raise InputError([Fault("whole", 0, "", message, remedy)])

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
