"""When a gate is open: dated states, then sojourns drawn one by one, then what events shut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtri

from headworks.flow.draws import Draws
from headworks.scenario.gate import Opening, OpeningProcess
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
    spells: Iterator[Spell] = iter(_spells(key, opening, scenario, draws, horizon))
    for cut in shut:
        spells = _without(spells, cut)
    return _by_period(spells, scenario.periods, float(scenario.period_days))


def _spells(
    key: str, opening: str | Opening, scenario: Scenario, draws: Draws, horizon: float
) -> Iterator[Spell]:
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
    """Sum open spells up by period, touching only the periods that a spell can reach."""
    found = list(spells)
    width = max((spell[0].shape[0] for spell in found), default=1)
    width = max([width, *(spell[1].shape[0] for spell in found)])
    share = np.zeros((periods, width))
    until = np.zeros((periods, width))
    at_start = np.zeros((periods, width), dtype=np.bool_)
    for begin, end in found:
        held = end > begin
        if not held.any():
            continue
        first = int(np.min(np.where(held, begin, np.inf)) // length)
        last = min(periods, int(np.ceil(np.max(np.where(held, end, -np.inf)) / length)))
        t0 = (np.arange(first, last) * length)[:, None]
        inside = np.minimum(end, t0 + length) - np.maximum(begin, t0)
        share[first:last] += np.maximum(inside, 0.0) / length
        reach = np.where(inside > 0, (np.minimum(end, t0 + length) - t0) / length, 0.0)
        until[first:last] = np.maximum(until[first:last], reach)
        at_start[first:last] |= (begin <= t0) & (t0 < end)
    return Openings(np.minimum(share, 1.0), until, at_start)


def shut_spells(scenario: Scenario, gate: str, draws: Draws) -> list[Spell]:
    """Return the spells in which events shut a gate, one per event; empty where it fails to happen."""
    from headworks.flow.events import moment

    spells: list[Spell] = []
    for name, event in scenario.events.items():
        if event.act == "shut" and event.gate == gate:
            begin = moment(name, event, draws)
            length = draws.number(f"events.{name}.for_days", event.for_days, day=event.on)
            happens = np.isfinite(begin)
            spells.append((begin, np.where(happens, begin + length, begin)))
    return spells
