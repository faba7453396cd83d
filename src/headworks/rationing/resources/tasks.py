"""Dominant-resource fairness in whole tasks."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil

from headworks.rationing.resources.dominant import (
    ZERO,
    DominantShares,
    Problem,
    at_rest,
    problem_of,
)


def whole_tasks(
    capacities: Mapping[str, Fraction],
    needs: Sequence[Mapping[str, Fraction]],
    claims: Sequence[Fraction | None],
    weights: Sequence[Fraction],
    order: Sequence[int],
) -> DominantShares:
    """Give whole tasks one by one, the next always to the lowest dominant share per weight.

    Who cannot be given one task more is passed over from then on. No further task fits in the end.
    Dominant shares may differ by one task, so that of the divisible guarantees only the first is
    kept. Cost O(n r) for each halving of the way to where the first task does not fit.

    Args:
        capacities: How much there is of each resource.
        needs: What one task of each claimant needs, by resource.
        claims: The most tasks of each, the whole part of it; None without a bound, for who needs
            something.
        weights: Positive weights.
        order: Positions of the claimants, first served first, for shares that stand equal.

    Source: Ghodsi and others 2011, algorithm 1; it ends at the first task that does not fit.
    """
    problem = problem_of(capacities, needs, claims, weights)
    filling = _Filling(problem, order)
    while filling.rising:
        filling.leap()
        filling.walk(4 * len(filling.rising))
    return problem.answer([Fraction(count) for count in filling.counts], filling.held_by)


class _Filling:
    """Whole tasks so far. Each comes at the dominant share per weight that is there before it."""

    def __init__(self, problem: Problem, order: Sequence[int]) -> None:
        tasks, self.held_by, self.rising = at_rest(problem)
        self.counts = [int(count) for count in tasks]
        self._problem = problem
        self._rank = {n: rank for rank, n in enumerate(order)}
        self._bounds = [None if claim is None else int(claim) for claim in problem.claims]
        self._left = list(problem.capacities)

    def walk(self, steps: int) -> None:
        """Give tasks in turn, at least so many, and all that stand equal with the last."""
        heap = [(self._level(n), self._rank[n], n) for n in self.rising]
        heapq.heapify(heap)
        last: Fraction | None = None
        while heap:
            level, rank, n = heap[0]
            if steps <= 0 and level != last:
                return
            need = self._problem.needs[n]
            lacking = [r for r, left in enumerate(self._left) if need[r] > left]
            if lacking or self.counts[n] == self._bounds[n]:
                heapq.heappop(heap)
                self.rising.remove(n)
                self.held_by[n] = None if self.counts[n] == self._bounds[n] else lacking[0]
                continue
            self.counts[n] += 1
            self._left = [left - need[r] for r, left in enumerate(self._left)]
            steps, last = steps - 1, level
            heapq.heapreplace(heap, (self._level(n), rank, n))

    def leap(self) -> None:
        """Give all tasks up to a share at which they fit, little below one at which they do not."""
        low, high = min(map(self._level, self.rising)), self._beyond()
        before, after = self._at(low), self._at(high)
        if self._left_with(after) is not None:
            low, before = high, after
        while sum(after.values()) - sum(before.values()) > 2 * len(self.rising):
            middle = (low + high) / 2
            between = self._at(middle)
            if self._left_with(between) is None:
                high, after = middle, between
            else:
                low, before = middle, between
        self._left = self._left_with(before) or self._left
        for n, count in before.items():
            self.counts[n] = count

    def _level(self, n: int) -> Fraction:
        return self.counts[n] / self._problem.paces[n]

    def _beyond(self) -> Fraction:
        """Return a share at which nobody could be given more alone."""
        levels: list[Fraction] = []
        for n in self.rising:
            need = self._problem.needs[n]
            fits = min(left // need[r] for r, left in enumerate(self._left) if need[r])
            levels.append((self.counts[n] + fits + 1) / self._problem.paces[n])
        return max(levels)

    def _at(self, level: Fraction) -> dict[int, int]:
        """Return the tasks that all who rise have once those before a share are given."""
        found: dict[int, int] = {}
        for n in self.rising:
            count, bound = ceil(level * self._problem.paces[n]), self._bounds[n]
            found[n] = count if bound is None else min(count, bound)
        return found

    def _left_with(self, counts: Mapping[int, int]) -> list[Fraction] | None:
        """Return what those tasks leave of each resource; None if they do not fit."""
        more = [(self._problem.needs[n], count - self.counts[n]) for n, count in counts.items()]
        found: list[Fraction] = []
        for r, left in enumerate(self._left):
            rest = left - sum((need[r] * count for need, count in more), ZERO)
            if rest < 0:
                return None
            found.append(rest)
        return found
