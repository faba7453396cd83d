"""When a gate is open: dated states, then sojourns drawn one by one, then what events shut."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from headworks.scenario.gate import Opening, OpeningProcess

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from headworks.flow.draws import Draws
    from headworks.scenario.scenario import Scenario

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]
Spell: TypeAlias = tuple[Floats, Floats]
"""An open spell [from, to) of every path, in days from the start; empty where to <= from."""


@dataclass(frozen=True)
class Openings:
    """What a period can know of a gate's opening; shapes (period, path), or (period, 1)."""

    share: Floats
    """Share of the period in which the gate is open: what a rate is multiplied by."""
    until: Floats
    """Share of the period up to the last moment at which it is open, 0 if it never is: what had
    come by then has passed a gate without a rate."""
    at_start: Bools
    """Whether it is open as the period begins: what a decision asks."""

    def ever(self, period: int) -> Floats:
        """Return 1 where it is open at some moment of a period and 0 elsewhere, (path,) or (1,).

        Do not write to it.
        """
        result: Floats = self._ever[period]
        return result

    def starts(self, period: int) -> Floats:
        """Return 1 where it is open as a period begins and 0 elsewhere, shape (path,) or (1,)."""
        result: Floats = self.at_start[period].astype(np.float64)
        return result

    @cached_property
    def _ever(self) -> Floats:
        """What `ever` returns in each period, shape (period, path), or (period, 1)."""
        return (self.share > 0).astype(np.float64)

    @cached_property
    def _partly(self) -> list[slice | NDArray[np.int64]]:
        """By period, the paths on which it shuts within the period and is not open at its end."""
        periods, width = self.until.shape
        found, paths = np.nonzero((self.until > 0) & (self.until < 1))
        starts = np.searchsorted(found, np.arange(periods + 1))
        columns: list[slice | NDArray[np.int64]] = []
        for first, last in pairwise(starts.tolist()):
            alike = slice(None) if last > first else slice(0)
            columns.append(paths[first:last] if width > 1 else alike)
        columns.append(slice(0))  # after the last period nothing is asked any more
        return columns

    def left(self, period: int, queue: Floats) -> Floats:
        """Return what `come` will need to know in a period of the queue as the one before ends."""
        return _columns(queue, self._partly[period])

    def come(self, period: int, now: Floats, before: Floats) -> Floats:
        """Return what of a queue had come by the last open moment of a period, shape (row, path).

        All that waited before, and the part of what is new that had come by then: what is new
        counts as coming evenly over the period.

        Args:
            period: Number of the period.
            now: The queue, shape (row, path).
            before: What was `left` of it at the end of the last period.
        """
        result: Floats = now * self.ever(period)
        # Few paths shut within any one period; only theirs need more than all or nothing.
        columns = self._partly[period]
        if before.shape[1]:
            until = self.until[period]
            shut = 1.0 - (until[columns] if until.size > 1 else until)
            come = _columns(now, columns)
            result[:, columns] = come - shut * np.maximum(come - before, 0.0)
        return result


def _columns(values: Floats, columns: slice | NDArray[np.int64]) -> Floats:
    """Return a copy of some columns."""
    if isinstance(columns, slice):
        return values[:, columns].copy()
    return values.take(columns, axis=1)


def openings(
    key: str, opening: str | Opening, scenario: Scenario, draws: Draws, shut: Iterable[Spell] = ()
) -> Openings:
    """Return when a gate is open in each period.

    Args:
        key: Name of the gate's streams.
        opening: The gate's opening.
        scenario: Gives the clock.
        draws: Draws of the paths.
        shut: Spells in which events shut the gate whatever its opening says.
    """
    horizon = float(scenario.periods * scenario.period_days)
    spells: Iterator[Spell] = iter(_spells(key, opening, draws, horizon))
    for cut in shut:
        spells = _without(spells, cut)
    return _by_period(spells, scenario.periods, float(scenario.period_days))


def _spells(key: str, opening: str | Opening, draws: Draws, horizon: float) -> Iterator[Spell]:
    """Yield the open spells up to the horizon."""
    if not isinstance(opening, Opening):
        if opening == "open":
            yield np.zeros(1), np.full(1, horizon)
        return
    process = opening.process
    begins = horizon
    if process is not None:
        begins = 0.0 if process.from_ is None else draws.days(process.from_)
        if process.from_ is None and opening.dated:
            begins = max(0.0, draws.days(opening.dated[-1].from_))
    since, is_open = -np.inf, True
    for state in opening.dated:
        day = min(draws.days(state.from_), begins)
        if is_open and day > max(since, 0.0):
            yield np.full(1, max(since, 0.0)), np.full(1, day)
        since, is_open = day, state.state == "open"
    if is_open and min(begins, horizon) > max(since, 0.0):
        yield np.full(1, max(since, 0.0)), np.full(1, min(begins, horizon))
    if process is not None:
        yield from _sojourns(key, process, draws, begins, horizon)


def _sojourns(
    key: str, process: OpeningProcess, draws: Draws, begins: float, horizon: float
) -> Iterator[Spell]:
    """Yield the open spells of a two-state process, drawn sojourn by sojourn.

    A sojourn is exponential, so the first is as long as any other although it began earlier. Its
    score loads on the drivers as they stand when it begins; a high score makes an open spell long
    and a shut one short.
    """
    mean_open = draws.number(f"{key}.mean_days_open", process.mean_days_open, day=process.from_)
    mean_shut = draws.number(f"{key}.mean_days_shut", process.mean_days_shut, day=process.from_)
    now = np.full(draws.paths, begins)
    is_open = _open_at_start(key, process, draws)
    ordinal = 0
    while (now < horizon).any():
        own = draws.streams.score(f"{key}.sojourn", ordinal)
        score = draws.drivers.load(process.drivers, own, now)
        # -log P(Z > z) for open spells, -log P(Z < z) for shut ones: exponential with mean 1.
        length = -log_ndtr(np.where(is_open, -score, score))
        end = now + length * np.where(is_open, mean_open, mean_shut)
        yield np.where(is_open, now, horizon), np.where(is_open, np.minimum(end, horizon), horizon)
        now, is_open, ordinal = end, ~is_open, ordinal + 1


def _open_at_start(key: str, process: OpeningProcess, draws: Draws) -> Bools:
    """Return the state in which the process begins; its score loads like the sojourns' do."""
    probability = process.open_at_start
    merged = probability.model_copy(update={"drivers": {**process.drivers, **probability.drivers}})
    return draws.happens(f"{key}.open_at_start", merged, day=process.from_)


def _without(spells: Iterator[Spell], cut: Spell) -> Iterator[Spell]:
    """Yield what is left of spells outside [from, to) of `cut`."""
    for begin, end in spells:
        yield begin, np.minimum(end, cut[0])
        yield np.maximum(begin, cut[1]), end


def _by_period(spells: Iterator[Spell], periods: int, length: float) -> Openings:
    """Sum open spells up by period; spells of a path come in order and do not overlap.

    A spell fills all periods between the ones in which it begins and ends, which a running sum of
    ones and minus ones gives for all spells at once; only its two ends are worth arithmetic.
    """
    found = list(spells)
    width = max((len(end) for spell in found for end in spell), default=1)
    shape = (len(found), width)
    begin, end = np.zeros(shape), np.zeros(shape)
    for number, (since, till) in enumerate(found):
        # A process or a known state may begin before the start or after the horizon.
        np.maximum(since, 0.0, out=begin[number])
        np.minimum(till, periods * length, out=end[number])
    numbers, p = np.nonzero(end > begin)  # in the order of the spells
    a, b = begin[numbers, p] / length, end[numbers, p] / length
    first = np.floor(a).astype(np.int64)
    last = np.minimum(np.floor(b), periods).astype(np.int64)
    # Cells are numbered in one row, (period, path), since NumPy adds at plain numbers far faster.
    cells = (periods + 2) * width
    ends, steps = np.zeros(cells), np.zeros(cells)
    until, at_start = np.zeros(cells), np.zeros(cells, dtype=np.bool_)
    longer = last > first
    head, tail, rest = first * width + p, (last * width + p)[longer], (b - last)[longer]
    np.add.at(ends, head, np.minimum(b, first + 1.0) - a)
    np.add.at(ends, tail, rest)
    np.add.at(steps, head[longer] + width, 1.0)
    np.add.at(steps, tail, -1.0)
    # The later a spell, the later it is open; the last moment of a period is never the earlier.
    np.maximum.at(until, head, np.minimum(b, first + 1.0) - first)
    np.maximum.at(until, tail, rest)
    at_start[head[a == first]] = True
    at_start[tail[rest > 0]] = True
    inside = (periods + 2, width)
    filled = np.cumsum(steps.reshape(inside), axis=0)[:periods] > 0
    return Openings(
        np.where(filled, 1.0, np.minimum(ends.reshape(inside)[:periods], 1.0)),
        np.where(filled, 1.0, until.reshape(inside)[:periods]),
        filled | at_start.reshape(inside)[:periods],
    )


def shut_spells(scenario: Scenario, gate: str, draws: Draws) -> list[Spell]:
    """Return the spells in which events shut a gate, one per event; empty if it does not happen."""
    from headworks.flow.events import moment

    spells: list[Spell] = []
    for name, event in sorted(scenario.events.items()):
        if event.act == "shut" and event.gate == gate:
            begin = moment(name, event, draws)
            length = draws.number(f"events.{name}.for_days", event.for_days, day=event.on)
            happens = np.isfinite(begin)
            spells.append((begin, np.where(happens, begin + length, begin)))
    return spells
