"""The contestants on the fixed model, and how they are timed side by side."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bench import fixed_model, lots, script
from headworks.flow.executor import Executor, JoblibExecutor, SerialExecutor
from headworks.flow.forecast import forecast
from headworks.flow.network import network
from headworks.flow.parts import part_paths, split
from headworks.flow.process_pools import end_idle
from headworks.flow.recorder import ALL, STOCKS, Group, page
from headworks.flow.run import Task, run

Floats: TypeAlias = NDArray[np.float64]

PROCESSES = 2
LAST_DAY = fixed_model.START + dt.timedelta(weeks=fixed_model.WEEKS, days=-1)


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to compute the fixed model."""

    paths: int
    compute: Callable[[], Floats]
    """Returns the installed units of each path at the end."""
    processes: bool = False
    """Whether it runs in several processes: timed with their start, and again once they run."""


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds per path of each repetition."""

    cold: tuple[float, ...]
    """For several processes, with their start; otherwise all there is."""
    warm: tuple[float, ...]
    installed: tuple[float, float]
    """Mean of what is installed at the end, and its standard error."""


def engine(paths: int, executor: Executor, seed: int = 1) -> Floats:
    """Forecast as a user would, but without the counterfactuals, which the script has not."""
    found = forecast(
        fixed_model.scenario(), paths=paths, seed=seed, at=[LAST_DAY], binding=False,
        executor=executor,
    )  # fmt: skip
    return found.samples("installed", at=LAST_DAY)


def bare_engine(paths: int, executor: Executor, seed: int = 1) -> Floats:
    """Run the engine and keep what the script keeps: one stock, all lines together, on one day."""
    net = network(fixed_model.scenario())
    together = Group(ALL, ALL, tuple(range(len(net.lines))))
    whole = Task(net, seed, 0, paths, (page(net, [LAST_DAY], [together]),))
    parts = executor.map(run, split(whole))
    return np.concatenate([part.pages[0][0, STOCKS.index("installed"), 0] for part in parts])


def scripted(paths: int, executor: Executor, seed: int = 1) -> Floats:
    """Run the script, in parts as large as the engine's."""
    return np.concatenate(list(executor.map(script.part, _script_parts(paths, seed))))


def recording_script(paths: int, executor: Executor, seed: int = 1) -> Floats:
    """Run the script and keep what the engine keeps for a forecast."""
    parts = list(executor.map(script.recorded_part, _script_parts(paths, seed)))
    return np.concatenate([part.last[-1].sum(axis=0) for part in parts])


def _script_parts(paths: int, seed: int) -> list[tuple[int, int, int]]:
    """Return number of paths, seed and first path of each part."""
    size = part_paths(network(fixed_model.scenario()))
    return [(min(size, paths - first), seed, first) for first in range(0, paths, size)]


def contestants(paths: int, lot_paths: int) -> dict[str, Contestant]:
    """Return all contestants by name.

    Args:
        paths: Paths of the engine and the script.
        lot_paths: Paths of the lot-level model.
    """
    alone, two = SerialExecutor(), JoblibExecutor(PROCESSES)
    weekly = fixed_model.COMPANIES * fixed_model.WEEKS
    few = max(2, lot_paths // 5)
    return {
        "engine": Contestant(paths, partial(engine, paths, alone)),
        "script": Contestant(paths, partial(scripted, paths, alone)),
        "recording script": Contestant(paths, partial(recording_script, paths, alone)),
        "bare engine": Contestant(paths, partial(bare_engine, paths, alone)),
        "engine, processes": Contestant(paths, partial(engine, paths, two), processes=True),
        "script, processes": Contestant(paths, partial(scripted, paths, two), processes=True),
        "recording script, processes": Contestant(
            paths, partial(recording_script, paths, two), processes=True
        ),
        "lots": Contestant(lot_paths, partial(lots.installed, lot_paths)),
        "weekly lots": Contestant(few, partial(lots.installed, few, lots=weekly)),
    }


def race(
    entered: Mapping[str, Contestant], repeat: int, tell: Callable[[str], None]
) -> dict[str, Times]:
    """Time all contestants in turn, as often as asked; every second turn goes backwards.

    Args:
        entered: Contestants by name.
        repeat: Number of repetitions.
        tell: Called with a line on what is done.
    """
    cold: dict[str, list[float]] = {name: [] for name in entered}
    warm: dict[str, list[float]] = {name: [] for name in entered}
    installed: dict[str, tuple[float, float]] = {}
    for turn in range(repeat):
        for name, contestant in list(entered.items())[:: -1 if turn % 2 else 1]:
            if contestant.processes:
                end_idle()
            seconds, installed[name] = _timed(contestant)
            cold[name].append(seconds)
            if contestant.processes:
                seconds, _ = _timed(contestant)
            warm[name].append(seconds)
            tell(f"{turn + 1}/{repeat} {name}: {seconds * 1e3:.3g} ms a path")
    return {name: Times(tuple(cold[name]), tuple(warm[name]), installed[name]) for name in entered}


def _timed(contestant: Contestant) -> tuple[float, tuple[float, float]]:
    """Return the seconds per path, and the mean of what is installed with its standard error."""
    begin = time.perf_counter()
    units = contestant.compute()
    seconds = (time.perf_counter() - begin) / contestant.paths
    return seconds, (float(units.mean()), float(units.std() / len(units) ** 0.5))


def ratios(over: tuple[float, ...], under: tuple[float, ...]) -> tuple[float, ...]:
    """Return the ratio of two contestants in each repetition."""
    return tuple(a / b for a, b in zip(over, under, strict=True))
