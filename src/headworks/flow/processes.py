"""Processes: tasks that this process shares with others on the same machine.

This process works too. It has loaded all that a task needs, so that it is well into its part before
another has started, and what it finds need not be sent.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from threading import RLock
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from headworks.errors import Fault, InputError
from headworks.flow.process_pools import borrowed, end, give_back, interrupts_held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future
    from concurrent.futures.process import BrokenProcessPool

    from headworks.flow.process_pools import Pool

T = TypeVar("T")
R = TypeVar("R")


def shared_out(function: Callable[[T], R], tasks: Sequence[T], others: int) -> Iterator[R]:
    """Yield `function(task)` for every task, in the order of the tasks.

    Args:
        function: What is called; it and its results are sent between processes.
        tasks: What it is called with, at least one.
        others: Processes besides this one, from 1.

    Raises:
        InputError: One of the others was ended from outside, or could not begin.
    """
    from concurrent.futures.process import BrokenProcessPool

    lent = borrowed(others)
    handed = _Handed(function, tasks, lent.pool)
    started = False
    try:
        started = handed.begin(others)
        yield function(tasks[0])  # others must start first; this process need not
        for number in range(1, len(tasks)):
            yield handed.result(number)
    except BrokenProcessPool as error:
        raise InputError([_lost(error)]) from error
    finally:
        if lent.is_mine:  # which it is not in a process that was forked meanwhile
            is_free = handed.back()
            (give_back if started and is_free else end)(lent)


def _lost(error: BrokenProcessPool) -> Fault:
    """Return what is told when another process has not done its part."""
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    what = "one of its processes could not begin its part"
    if isinstance(error, TerminatedWorkerError):
        what = "one of its processes was ended from outside"
    message = f"{what}, as happens for want of memory"
    return Fault("executor", 0, "", message, "ask for less at once, or take the executor `serial`")


def _there(function: Callable[[T], R], task: T) -> R:
    """Call a function in another process, which starts no processes of its own for it."""
    from joblib import parallel_config

    with parallel_config(backend="sequential"):
        return function(task)


class _Handed(Generic[T, R]):
    """Tasks, but for the first, of which each is taken by whoever is free."""

    def __init__(self, function: Callable[[T], R], tasks: Sequence[T], pool: Pool) -> None:
        self._function, self._tasks, self._pool = function, tasks, pool
        self._left = deque(range(1, len(tasks)))
        self._away: dict[int, Future[R]] = {}
        self._here: dict[int, R] = {}
        self._taking = RLock()
        """Held by who takes a task: this process, or a thread that hands one out. That thread may
        come to throw the whole away in between."""

    def begin(self, others: int) -> bool:
        """Hand a task to each of the others; return whether the system could start them all."""
        try:
            for _ in range(others):
                self.out()
        except OSError:  # it is out of processes or files: what has started is used
            return False
        return True

    def out(self) -> None:
        """Hand the next task to another process, which is handed one more whenever it is done."""
        with self._taking:
            if not self._left:
                return
            number = self._left[0]
            with interrupts_held():
                handed = self._pool.submit(_there, self._function, self._tasks[number])
                future = cast("Future[R]", handed)
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
                found = away.result()
                del self._away[number]
                return found
        return self._here.pop(number)

    def back(self) -> bool:
        """Take back what is not begun, and return whether nothing is under way any more."""
        with self._taking:
            self._left.clear()
            away = list(self._away.values())
        taken_back = [future.cancel() or future.done() for future in away]  # none is left out
        return all(taken_back)

    def _again(self, done: Future[R]) -> None:
        if not done.cancelled() and done.exception() is None:
            # Processes that were ended meanwhile take nothing more; this one does the rest.
            with suppress(RuntimeError, OSError):
                self.out()
