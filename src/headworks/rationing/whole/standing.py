"""Units in the order in which they stand: the step that most methods of whole units share.

A method gives every unit that a claimant could get a place, the lower the sooner, and the places
of one claimant's units rise. The units at the lowest places are given. Methods differ in the place
alone; they begin beside the answer, at the exact awards rounded, and take a few steps from there.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeAlias, cast

from headworks.rationing.common import nearest
from headworks.rationing.enclosed import Number
from headworks.rationing.whole.outcome import Tie, WholeUnits, last_unit

Place: TypeAlias = tuple[int, Number]
"""Where a unit stands: its class, such as those that come before all measure, and where in it."""
Places: TypeAlias = Callable[[int, int], Place]
"""`places(n, k)`: the place of the kth unit of claimant n, for k from 1."""
Measure: TypeAlias = Callable[[Place], Number | None]
"""What people call the standing of a unit at a place, the higher the sooner."""

Key: TypeAlias = Callable[[Place], tuple[int, float, Number]]
"""What is in the same order as places."""


def give(
    units: int,
    begin: Sequence[int],
    bounds: Sequence[int],
    places: Places,
    measure: Measure,
    order: Sequence[int],
    *,
    enclosed: bool = False,
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
        enclosed: Whether places are known by bounds.
    """
    counts, key = list(begin), _plain if enclosed else _swift
    _add(counts, units - sum(counts), bounds, places, key)
    _drop(counts, sum(counts) - units, places, key)
    if not units:
        return WholeUnits(tuple(counts))
    held = {n: places(n, count) for n, count in enumerate(counts) if count}
    wanted = {n: places(n, counts[n] + 1) for n, bound in enumerate(bounds) if counts[n] < bound}
    last = max(held.values(), key=key)
    following = min(wanted.values(), default=None, key=key)
    won = [n for n in order if held.get(n) == last]
    waiting = [n for n in order if n in wanted and wanted[n] == following]
    if last != following:
        standing = None if following is None else measure(following)
        ends = last_unit(won, waiting, measure(last), standing)
        return WholeUnits(tuple(counts), (), ends)
    equal = {*won, *waiting}
    ranked = [n for n in order if n in equal]
    for n in won:
        counts[n] -= 1
    for n in ranked[: len(won)]:
        counts[n] += 1
    tie = Tie(tuple(ranked[: len(won)]), tuple(ranked[len(won) :]))
    ends = last_unit(tie.won, tie.lost, measure(last), measure(last))
    return WholeUnits(tuple(counts), (tie,), ends)


def _add(counts: list[int], missing: int, bounds: Sequence[int], places: Places, key: Key) -> None:
    """Give more units, the lowest places first."""
    if missing <= 0:
        return
    waiting = [
        (key(places(n, count + 1)), n) for n, count in enumerate(counts) if count < bounds[n]
    ]
    heapq.heapify(waiting)
    for _ in range(missing):
        _, n = waiting[0]
        counts[n] += 1
        if counts[n] < bounds[n]:
            heapq.heapreplace(waiting, (key(places(n, counts[n] + 1)), n))
        else:
            heapq.heappop(waiting)


def _drop(counts: list[int], surplus: int, places: Places, key: Key) -> None:
    """Take units back, the highest places first."""
    if surplus <= 0:
        return
    held = [(key(_behind(places(n, count))), n) for n, count in enumerate(counts) if count]
    heapq.heapify(held)
    for _ in range(surplus):
        _, n = held[0]
        counts[n] -= 1
        if counts[n]:
            heapq.heapreplace(held, (key(_behind(places(n, counts[n]))), n))
        else:
            heapq.heappop(held)


def _swift(place: Place) -> tuple[int, float, Number]:
    """Return what is in the same order as places, and is compared sooner."""
    group, number = place
    return group, nearest(cast("int | Fraction", number)), number


def _plain(place: Place) -> tuple[int, float, Number]:
    """Return a place as it is: what is known by bounds has no nearest float."""
    group, number = place
    return group, 0.0, number


def _behind(place: Place) -> Place:
    return -place[0], -place[1]
