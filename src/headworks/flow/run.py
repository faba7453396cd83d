"""Running paths: a scenario's network over all periods, in chunks that fit the cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.conservation import check
from headworks.flow.draws import Draws
from headworks.flow.period import step
from headworks.flow.recorder import STOCKS
from headworks.flow.state import State
from headworks.flow.streams import Streams
from headworks.flow.waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headworks.flow.balances import Balance
    from headworks.flow.network import Network
    from headworks.flow.placed import PlacedAwards, PlacedOrders
    from headworks.flow.recorder import Page, Samples

Floats: TypeAlias = NDArray[np.float64]

CHUNK_VALUES = 30_000
"""Values (lines times paths) of one array of a chunk: less than half a megabyte."""
CHUNK_PATHS_MIN = 2
"""A chunk of one path would be added up in another order than the same path among others."""


@dataclass(frozen=True, slots=True)
class Task:
    """A run of consecutive or chosen paths and what to keep of it."""

    net: Network
    seed: int
    first_path: int
    paths: int
    pages: tuple[Page, ...]
    balances: tuple[Balance, ...] = ()
    with_waiting: bool = False
    """Whether to keep unit-days of waiting at the dates of the last page."""
    with_passage: bool = False
    """Whether to keep what each gate let through by line, at the dates of the last page."""
    chunk_paths: int | None = None
    """Paths of a chunk; chosen to fit the cache if None. No result depends on it."""
    chosen: tuple[int, ...] | None = None
    """Indices of the paths where they do not follow each other; as many as `paths`."""
    placed: PlacedOrders | None = None
    """Orders that a plan places in place of what lines want; what they want if None."""
    awards: PlacedAwards | None = None
    """Shares of a round that a plan gives; those of the scenario if None."""


@dataclass(slots=True)
class Result:
    """What was kept of a run of paths."""

    pages: list[Samples]
    """Samples of each page, shape (date, stock, group, path), stocks as the page has them."""
    waiting: list[Floats]
    """For each page, unit-days, cumulative, shape (date, gate, path); gates as `Waiting.gates`;
    empty where waiting was not kept."""
    passage: dict[str, Floats]
    """By gate, units let through, cumulative, shape (date, row, path)."""
    pools: list[dict[str, Floats]]
    """For each page, by stock, what is left of it, shape (date, path), in its unit."""

    @property
    def nbytes(self) -> int:
        """Bytes of all that is kept."""
        by_name = [self.passage, *self.pools]
        arrays = [*self.pages, *self.waiting, *(one for kept in by_name for one in kept.values())]
        return sum(array.nbytes for array in arrays)

    def part(self, paths: slice) -> Result:
        """Return the part of some paths; writing to it writes here."""
        return Result(
            [samples[..., paths] for samples in self.pages],
            [unit_days[..., paths] for unit_days in self.waiting],
            {gate: values[..., paths] for gate, values in self.passage.items()},
            [{name: left[..., paths] for name, left in stocks.items()} for stocks in self.pools],
        )

    def store(self, task: Task, other: Result) -> None:
        """Copy the result of a part in, whose task may keep fewer stocks."""
        start = task.first_path
        span = slice(start, start + task.paths)
        for page, mine, theirs in zip(task.pages, self.pages, other.pages, strict=True):
            for number, stock in enumerate(page.stocks):
                place = mine[:, STOCKS.index(stock)]
                place[..., start : start + theirs.shape[-1]] = theirs[:, number]
        for unit_days, theirs in zip(self.waiting, other.waiting, strict=True):
            unit_days[..., span] = theirs
        for gate, values in other.passage.items():
            self.passage[gate][..., span] = values
        for stocks, others in zip(self.pools, other.pools, strict=True):
            for pool, left in others.items():
                stocks[pool][..., span] = left


def empty(task: Task, paths: int) -> Result:
    """Return room for the results of a task over some number of paths."""
    dates = len(task.pages[-1].dates)
    gates = len(task.net.goods) + len(task.net.papers)
    places = task.net.places
    return Result(
        [page.empty(paths) for page in task.pages],
        [np.zeros((len(page.dates), gates, paths)) for page in task.pages if task.with_waiting],
        {
            name: np.zeros((dates, len(place.rows.lines), paths))
            for name, place in places.items()
            if task.with_passage
        },
        [
            {name: np.zeros((len(page.dates), paths)) for name in stock_pools(task.net)}
            for page in task.pages
        ],
    )


def stock_pools(net: Network) -> list[str]:
    """Return the pools that are stocks and that a gate books."""
    booked = {place.gate.pool for place in net.places.values()}
    pools = net.scenario.pools
    return sorted(name for name in booked if name is not None and pools[name].supply == "stock")


def run(task: Task) -> Result:
    """Run the paths of a task, chunk by chunk."""
    return run_variants([task])[0]


def run_into(task: Task, result: Result) -> None:
    """Run the paths of a task and write what is to be kept of them into a result or its part."""
    _run_chunks([task], [result])


def run_variants(tasks: Sequence[Task]) -> list[Result]:
    """Run variants of one scenario on the same luck, so that each number is drawn once.

    Args:
        tasks: Tasks with the same seed and the same paths, each with its own network.

    Returns:
        One result per task.
    """
    results = [empty(task, tasks[0].paths) for task in tasks]
    _run_chunks(tasks, results)
    return results


def chunk_paths(lines: int) -> int:
    """Return how many paths of so many lines fit the cache together."""
    return max(CHUNK_VALUES // max(lines, 1), CHUNK_PATHS_MIN)


def _run_chunks(tasks: Sequence[Task], results: Sequence[Result]) -> None:
    first = tasks[0]
    lines = max(len(task.net.lines) for task in tasks)
    width = first.chunk_paths or chunk_paths(lines)
    for start in range(0, first.paths, width):
        wanted = min(width, first.paths - start)
        paths = max(wanted, CHUNK_PATHS_MIN)
        streams = _streams(first, start, paths)
        span = slice(start, start + wanted)
        for task, result in zip(tasks, results, strict=True):
            placed = None if task.placed is None else task.placed.part(start, paths)
            awards = None if task.awards is None else task.awards.part(start, paths)
            state = State(
                task.net, Draws(task.net.scenario, streams), task.balances, placed, awards
            )  # fmt: skip
            _run_chunk(task, state, result.part(span))


def _streams(task: Task, start: int, paths: int) -> Streams:
    """Return the draws of some paths of a task, counted from its first one."""
    if task.chosen is None:
        return Streams(task.seed, task.first_path + start, paths)
    chosen = task.chosen[start : start + paths]
    chosen += chosen[-1:] * (paths - len(chosen))  # a last chunk may be of one path
    return Streams(task.seed, min(chosen), paths, chosen)


def _run_chunk(task: Task, state: State, result: Result) -> None:
    """Run the paths of a chunk and write what is to be kept of them into a part of a result."""
    waiting = Waiting(state) if task.with_waiting else None
    _keep(task, result, 0, state, waiting)
    for period in range(task.net.scenario.periods):
        step(state, period, waiting)
        _keep(task, result, period + 1, state, waiting)
    check(state)


def _keep(task: Task, result: Result, finished: int, state: State, waiting: Waiting | None) -> None:
    """Write down what the pages ask for after some number of finished periods."""
    for page, samples, stocks in zip(task.pages, result.pages, result.pools, strict=True):
        page.write(samples, finished, state)
        for number in page.numbers(finished):
            for name, left in stocks.items():
                left[number] = state.pools[name].left.sum(axis=0)[: left.shape[-1]]
    if waiting is not None:
        for page, unit_days in zip(task.pages, result.waiting, strict=True):
            for number in page.numbers(finished):
                unit_days[number] = waiting.unit_days[:, : unit_days.shape[-1]]
    for number in task.pages[-1].numbers(finished):
        for name, kept in result.passage.items():
            goods = state.goods.get(name)
            passed = goods.passed if goods else state.papers[name].granted
            kept[number] = passed[:, : kept.shape[-1]]
