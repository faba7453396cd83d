"""When a gate is open: dated states, then sojourns drawn one by one, then what events shut."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Openings:
    """What a period can know of a gate's opening; shapes (period, path), or (period, 1)."""

    share: Floats
    """Share of the period in which the gate is open: what a rate is multiplied by."""
    until: Floats
    """Share of the period up to the last moment at which it is open, 0 if it never is: what had
    come by then has passed a gate without a rate."""
    at_start: Bools
    """Whether it is open as the period begins: what a decision asks."""

    def come(self, period: int, now: Floats, before: Floats) -> Floats:
        """Return what of a queue had come by the last open moment of a period, shape (row, path).

        All that waited before, and the part of what is new that had come by then: what is new
        counts as coming evenly over the period.

        Args:
            period: Number of the period.
            now: The queue, shape (row, path).
            before: What was left of it at the end of the last period.
        """
        until = self.until[period]
        result: Floats = now * (until > 0)
        # Few paths shut within any one period; only theirs need more than all or nothing.
        partly = np.flatnonzero((until > 0) & (until < 1))
        if partly.size:
            columns = partly if until.size > 1 else slice(None)
            new = np.maximum(now[:, columns] - before[:, columns], 0.0)
            result[:, columns] -= (1.0 - until[partly]) * new
        return result


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
    ends = np.zeros((periods + 1, width))
    until = np.zeros((periods + 1, width))
    steps = np.zeros((periods + 2, width))
    paths = np.arange(width)
    at_start = np.zeros((periods + 1, width), dtype=np.bool_)
    for since, till in found:
        # A process or a known state may begin before the start or after the horizon.
        begin, end = np.maximum(since, 0.0), np.minimum(till, periods * length)
        chosen = np.flatnonzero(np.broadcast_to(end > begin, (width,)))
        p = paths[chosen]
        a = np.broadcast_to(begin, (width,))[chosen] / length
        b = np.broadcast_to(end, (width,))[chosen] / length
        first, last = (
            np.floor(a).astype(np.int64),
            np.minimum(np.floor(b), periods).astype(np.int64),
        )
        until[first, p] = np.minimum(b, first + 1.0) - first
        ends[first, p] += np.minimum(b, first + 1.0) - a
        at_start[first, p] |= a == first
        longer = last > first
        p, b, first, last = p[longer], b[longer], first[longer], last[longer]
        steps[first + 1, p] += 1.0
        steps[last, p] -= 1.0
        ends[last, p] += b - last
        until[last, p] = b - last
        at_start[last, p] |= b > last
    filled = np.cumsum(steps, axis=0)[:periods] > 0
    return Openings(
        np.where(filled, 1.0, np.minimum(ends[:periods], 1.0)),
        np.where(filled, 1.0, until[:periods]),
        filled | at_start[:periods],
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
