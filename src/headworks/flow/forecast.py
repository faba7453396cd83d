"""The forecast: what passes, when, how sure that is, and which gate binds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeAlias

from headworks.errors import Door
from headworks.flow.arguments import (
    days,
    number_of_paths,
    starting_balances,
    whole_number,
)
from headworks.flow.binding import Binding, counterfactual_paths, counterfactual_runs, held_back
from headworks.flow.compute import measures
from headworks.flow.executor import (
    Executor,
    JoblibExecutor,
    SerialExecutor,
    check_called,
    executor,
)
from headworks.flow.memory import room
from headworks.flow.network import Network, network
from headworks.flow.parts import Filling, split
from headworks.flow.recorder import default_dates, month_ends, page, pairs, totals
from headworks.flow.result import Forecast
from headworks.flow.run import Result, Task
from headworks.scenario.load import load
from headworks.scenario.scenario import Scenario
from headworks.throughput import Realised, Throughput

if TYPE_CHECKING:
    from pathlib import Path

    from headworks.flow.balances import Balance

Progress: TypeAlias = Callable[[int, int], None]
"""Told how many path-runs are done and how many there are."""

CHART_PATHS_MAX = 2000
"""Paths whose months are kept for charts: bands of so many look no different with more, and the
samples of all months would take most of the memory of a large forecast. Tables use every path."""
WORTH_PROCESSES = 3e7
"""Line-periods (paths included) from which starting processes costs less than it saves."""


def forecast(  # noqa: PLR0913 - all but the scenario are options by name
    scenario: Scenario | str | Path,
    *,
    paths: int = 2000,
    seed: int = 1,
    at: Iterable[dt.date | str] | dt.date | str = (),
    binding: bool = True,
    passage: bool = False,
    balances: Iterable[Balance] = (),
    throughput: Throughput | None = None,
    executor: str | Executor = "auto",
    chunk_paths: int | None = None,
    progress: Progress | None = None,
) -> Forecast:
    """Return the forecast of a scenario.

    Args:
        scenario: The scenario, its name, or the path of its file.
        paths: Number of random histories.
        seed: Seed of all streams; the same seed is the same luck in every scenario.
        at: Date or dates for the table, as days or ISO text; the ends of the half-years if none.
        binding: Whether to run the counterfactuals that say what each gate held back.
        passage: Whether to keep what each gate let through by line, month and path.
        balances: What lines have when it begins, from a ledger.
        throughput: Model that turns chips into tokens; peak and bandwidth if None.
        executor: `serial`, `joblib`, an executor, or `auto`. No result depends on it.
        chunk_paths: Paths computed together; chosen to fit the cache if None. No result depends
            on it.
        progress: Called with the path-runs done and in all.

    Raises:
        InputError: An argument is not usable; the faults of all are listed.
    """
    door = Door()
    with door.checking():
        paths = number_of_paths(paths)
    with door.checking():
        seed = whole_number("seed", seed, low=0)
    with door.checking():
        if chunk_paths is not None:
            chunk_paths = whole_number("chunk_paths", chunk_paths, low=1)
    with door.checking():
        check_called(executor, throughput, progress)
    with door.checking():
        loaded = scenario if isinstance(scenario, Scenario) else load(scenario)
        net = network(loaded)
        with door.checking():
            dates = days(at, loaded) or default_dates(net)
        with door.checking():
            rows = starting_balances(balances, net)
    door.close()
    asked = page(net, dates, pairs(net))
    monthly = page(net, month_ends(net), totals(net), "float32", CHART_PATHS_MAX)
    whole = Task(
        net, seed, 0, paths, (asked, monthly), rows,
        with_waiting=True, with_passage=passage, chunk_paths=chunk_paths,
    )  # fmt: skip
    return _forecast(whole, throughput or Realised(), executor, progress, binding=binding)


def _forecast(
    whole: Task, model: Throughput, by: str | Executor, progress: Progress | None, *, binding: bool
) -> Forecast:
    """Run a task, and the counterfactuals if asked, and return what was found."""
    net, paths = whole.net, whole.paths
    counted = counterfactual_paths(paths) * counterfactual_runs(net) if binding else 0
    engine = _engine(by, net, paths + counted)
    meter = _Meter(progress, paths + counted)
    result = _run_all(whole, engine, meter)
    per_chip = measures(net.scenario, model)
    bound = (
        held_back(whole, engine, per_chip["h100e_tpp"], meter.add) if binding else Binding.none(net)
    )
    asked, monthly = whole.pages
    return Forecast(
        scenario=net.scenario, net=net, paths=paths, seed=whole.seed, asked=asked,
        monthly=monthly, result=result, binding=bound, per_chip=per_chip,
        throughput=model.name, balances=whole.balances,
    )  # fmt: skip


def _run_all(whole: Task, engine: Executor, meter: _Meter) -> Result:
    """Run all paths of a task in parts."""
    filling = Filling(room(whole))
    tasks = split(whole)
    for task, found in zip(tasks, engine.map(filling, tasks), strict=True):
        filling.store(task, found)
        meter.add(task.paths)
    return filling.result


class _Meter:
    """Counts path-runs for a progress bar."""

    def __init__(self, progress: Progress | None, whole: int) -> None:
        self._progress, self._whole, self._done = progress, whole, 0

    def add(self, paths: int) -> None:
        self._done += paths
        if self._progress is not None:
            self._progress(self._done, self._whole)


def _engine(name: str | Executor, net: Network, path_runs: int) -> Executor:
    if name != "auto":
        return executor(name)
    work = path_runs * len(net.lines) * net.scenario.periods
    return JoblibExecutor() if work > WORTH_PROCESSES else SerialExecutor()
