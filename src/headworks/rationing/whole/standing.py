"""Units in the order in which they stand: the step that most methods of whole units share.

A method gives every unit that a claimant could get a place, the lower the sooner, and the places
of one claimant's units rise. The units at the lowest places are given. Methods differ in the place
alone; they begin beside the answer, at the exact awards rounded, and take a few steps from there.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeAlias

from headworks.rationing.common import nearest
from headworks.rationing.whole.outcome import LastUnit, Tie, WholeUnits

Place: TypeAlias = tuple[Fraction, Fraction]
"""Where a unit stands; the second number decides among units that come before all measure."""
Places: TypeAlias = Callable[[int, int], Place]
"""`places(n, k)`: the place of the kth unit of claimant n, for k from 1."""
Measure: TypeAlias = Callable[[Place], Fraction | None]
"""What people call the standing of a unit at a place, the higher the sooner."""

ZERO = Fraction(0)


def give(
    units: int,
    begin: Sequence[int],
    bounds: Sequence[int],
    places: Places,
    measure: Measure,
    order: Sequence[int],
) -> WholeUnits:
    """Give units at the lowest places; among equal ones, the order of claimants decides.

    Cost O((n + s) log n) for n claimants and s units between `begin` and the answer.

    Args:
        units: How many, at most the sum of the bounds.
        begin: Units of each claimant to begin with: none of them at a higher place than one that
            is not among them, except for want of room.
        bounds: The most that each claimant may have.
        places: Place of each unit.
        measure: Standing of a place, for the answer.
        order: Positions of all claimants, first served first.
    """
    counts = list(begin)
    _add(counts, units - sum(counts), bounds, places)
    _drop(counts, sum(counts) - units, places)
    if not units:
        return WholeUnits(tuple(counts))
    held = {n: places(n, count) for n, count in enumerate(counts) if count}
    wanted = {n: places(n, counts[n] + 1) for n, bound in enumerate(bounds) if counts[n] < bound}
    last = max(held.values(), key=_swift)
    following = min(wanted.values(), default=None, key=_swift)
    won = [n for n in order if held.get(n) == last]
    waiting = [n for n in order if n in wanted and wanted[n] == following]
    if last != following:
        standing = None if following is None else measure(following)
        ends = LastUnit(tuple(won), tuple(waiting), measure(last), standing)
        return WholeUnits(tuple(counts), (), ends)
    equal = {*won, *waiting}
    ranked = [n for n in order if n in equal]
    for n in won:
        counts[n] -= 1
    for n in ranked[: len(won)]:
        counts[n] += 1
    tie = Tie(tuple(ranked[: len(won)]), tuple(ranked[len(won) :]))
    ends = LastUnit(tie.won, tie.lost, measure(last), measure(last))
    return WholeUnits(tuple(counts), (tie,), ends)


def _add(counts: list[int], missing: int, bounds: Sequence[int], places: Places) -> None:
    """Give more units, the lowest places first."""
    if missing <= 0:
        return
    waiting = [
        (_swift(places(n, count + 1)), n) for n, count in enumerate(counts) if count < bounds[n]
    ]
    heapq.heapify(waiting)
    for _ in range(missing):
        _, n = waiting[0]
        counts[n] += 1
        if counts[n] < bounds[n]:
            heapq.heapreplace(waiting, (_swift(places(n, counts[n] + 1)), n))
        else:
            heapq.heappop(waiting)


def _drop(counts: list[int], surplus: int, places: Places) -> None:
    """Take units back, the highest places first."""
    if surplus <= 0:
        return
    held = [(_behind(places(n, count)), n) for n, count in enumerate(counts) if count]
    heapq.heapify(held)
    for _ in range(surplus):
        _, n = held[0]
        counts[n] -= 1
        if counts[n]:
            heapq.heapreplace(held, (_behind(places(n, counts[n])), n))
        else:
            heapq.heappop(held)


def _swift(place: Place) -> tuple[float, Place]:
    """Return what is in the same order as places, and is compared sooner."""
    return nearest(place[0]), place


def _behind(place: Place) -> tuple[float, Place]:
    return _swift((-place[0], -place[1]))
