"""Executors: where runs of paths are computed; results are the same on every one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol, TypeVar

from headworks.errors import UnknownName

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
    """Tasks in several processes, or on whatever backend joblib is told to use.

    Inside `joblib.parallel_config(backend="dask")` or `"ray"` the same call runs on a cluster.
    """

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or os.cpu_count() or 1

    def map(self, function: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        """Yield the results in the order of the tasks, as they become ready."""
        from joblib import Parallel, delayed

        parallel = Parallel(n_jobs=self.workers, return_as="generator")
        results: Iterator[R] = iter(parallel(delayed(function)(task) for task in tasks))
        return results


EXECUTORS: dict[str, Callable[[], Executor]] = {
    "serial": SerialExecutor,
    "joblib": JoblibExecutor,
}
"""Executors by name."""


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
