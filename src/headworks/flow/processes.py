"""Processes: tasks that this process shares with others on the same machine.

This process works too. It has loaded all that a task needs, so that it is well into its part before
another has started, and what it finds need not be sent.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

from headworks.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor, Future

T = TypeVar("T")
R = TypeVar("R")

IDLE_S = 300.0
"""Seconds after which a process that is given nothing ends, so that the next run finds it."""
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""Environment of the others: as many processes as cores leave none for threads of a library."""


def shared_out(function: Callable[[T], R], tasks: Sequence[T], others: int) -> Iterator[R]:
    """Yield `function(task)` for every task, in the order of the tasks.

    Args:
        function: What is called; it and its results are sent between processes.
        tasks: What it is called with, at least one.
        others: Processes besides this one, from 1.

    Raises:
        InputError: One of the others was ended from outside.
    """
    from joblib.externals.loky import get_reusable_executor
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    processes = get_reusable_executor(max_workers=others, timeout=IDLE_S, env=ONE_THREAD)
    handed = _Handed(function, tasks, processes)
    try:
        for _ in range(others):
            handed.out()
        yield function(tasks[0])  # others must start first; this process need not
        for number in range(1, len(tasks)):
            yield handed.result(number)
    except TerminatedWorkerError as error:
        message = "one of its processes was ended from outside, as systems do for want of memory"
        remedy = "ask for less at once, or take the executor `serial`"
        raise InputError([Fault("executor", 0, "", message, remedy)]) from error
    finally:
        handed.back()


class _Handed(Generic[T, R]):
    """Tasks, but for the first, of which each is taken by whoever is free."""

    def __init__(self, function: Callable[[T], R], tasks: Sequence[T], processes: Executor) -> None:
        self._function, self._tasks, self._processes = function, tasks, processes
        self._left = deque(range(1, len(tasks)))
        self._away: dict[int, Future[R]] = {}
        self._here: dict[int, R] = {}
        self._taking = Lock()
        """Held by who takes a task: this process, or a thread that hands one out."""

    def out(self) -> None:
        """Hand the next task to another process, which is handed one more whenever it is done."""
        with self._taking:
            if not self._left:
                return
            number = self._left[0]
            future = self._processes.submit(self._function, self._tasks[number])
            self._away[number] = future
            self._left.popleft()
        future.add_done_callback(self._again)

    def result(self, number: int) -> R:
        """Return the result of a task; until it is there, this process works on what is left."""
        while number not in self._here:
            with self._taking:
                away = self._away.get(number)
                waits = away is None or not away.done()
                mine = self._left.popleft() if waits and self._left else None
            if mine is not None:
                self._here[mine] = self._function(self._tasks[mine])
            elif away is not None:
                del self._away[number]
                return away.result()
        return self._here.pop(number)

    def back(self) -> None:
        """Take back what is not begun: nobody asks for it any more."""
        with self._taking:
            self._left.clear()
            away = list(self._away.values())
        for future in away:
            future.cancel()

    def _again(self, done: Future[R]) -> None:
        if not done.cancelled() and done.exception() is None:
            # Processes that were ended meanwhile take nothing more; this one does the rest.
            with suppress(RuntimeError):
                self.out()
