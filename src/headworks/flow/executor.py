"""Executors: where runs of paths are computed; results are the same on every one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol, TypeVar

from headworks.errors import Door, Fault, InputError, UnknownName
from headworks.flow.arguments import (
    PATH_RUNS,
    check_progress,
    check_throughput,
    whole_number,
)
from headworks.flow.processes import shared_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")
R = TypeVar("R")


class Executor(Protocol):
    """What a forecast asks of an executor."""

    def map(self, function: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """Yield `function(task)` for every task, in the order of the tasks."""
        ...

    @property
    def workers(self) -> int:
        """Number of tasks that run at the same time."""
        ...


class SerialExecutor:
    """One task after the other, in this process."""

    workers = 1

    def map(self, function: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """Yield the results one by one."""
        return map(function, tasks)


class JoblibExecutor:
    """Tasks in several processes, of which this is one, or on a backend that joblib is told to use.

    Processes are started where joblib would start them (its backend `loky`), though not by it.
    Inside `joblib.parallel_config(backend="dask")` or `"ray"` the same call runs on a cluster;
    `docs/guides/run-on-a-cluster.md` has examples.

    Args:
        workers: Tasks that run at the same time; as many as there are processors if None.

    Raises:
        InputError: `workers` is no whole number from 1.
    """

    def __init__(self, workers: int | None = None) -> None:
        given = os.cpu_count() or 1 if workers is None else workers
        self.workers = whole_number("workers", given, low=1)

    def map(self, function: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """Yield the results in the order of the tasks, as they become ready where that is known."""
        from joblib import Parallel, delayed
        from joblib.parallel import LokyBackend, get_active_backend

        backend = get_active_backend()[0]
        if isinstance(backend, LokyBackend):
            others = min(backend.effective_n_jobs(self.workers), len(tasks)) - 1
            return shared_out(function, tasks, others) if others > 0 else map(function, tasks)
        try:
            parallel = Parallel(n_jobs=self.workers, return_as="generator")
        except ValueError:  # a backend, such as Ray's, that gives all results at the end
            parallel = Parallel(n_jobs=self.workers)
        results: Iterator[R] = iter(parallel(delayed(function)(task) for task in tasks))
        return results


EXECUTORS: dict[str, Callable[[], Executor]] = {
    "serial": SerialExecutor,
    "joblib": JoblibExecutor,
}
"""Executors by name."""


def check_executor(given: object) -> None:
    """Check the name of an executor, or the executor; the name `auto` leaves the choice open.

    Raises:
        UnknownName: There is no such executor.
        InputError: It is neither a name nor an executor.
    """
    names = {"auto", *EXECUTORS}
    if isinstance(given, str):
        if given not in names:
            raise UnknownName("executor", given, names)
    elif not callable(getattr(given, "map", None)) or not hasattr(given, "workers"):
        remedy = f"name one of {', '.join(sorted(names))}, or give an executor"
        raise InputError([Fault("executor", 0, "", f"{given!r} is not an executor", remedy)])


def check_called(
    executor: object, throughput: object, progress: object, told: str = PATH_RUNS
) -> None:
    """Check what long work calls: where it runs, what counts chips, and what is told of it.

    Args:
        executor: Where to run.
        throughput: Model that turns chips into tokens, or None.
        progress: What is told how much is done, or None.
        told: What that is told, for the message.

    Raises:
        InputError: Something cannot be called as it must; the faults of all are listed.
    """
    door = Door()
    with door.checking():
        check_executor(executor)
    with door.checking():
        check_throughput(throughput)
    with door.checking():
        check_progress(progress, told)
    door.close()


def executor(name_or_executor: str | Executor) -> Executor:
    """Return an executor by name.

    Raises:
        UnknownName: There is no such executor.
    """
    if not isinstance(name_or_executor, str):
        return name_or_executor
    if name_or_executor not in EXECUTORS:
        raise UnknownName("executor", name_or_executor, EXECUTORS)
    return EXECUTORS[name_or_executor]()
