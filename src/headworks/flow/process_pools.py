"""Pools: processes that are started once and lent to one user at a time.

They are no one else's: joblib has a pool of its own that all of a program share, and a thread that
changes its size waits for what another has begun.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

IDLE_S = 300.0
"""Seconds after which a process that is given nothing ends, so that the next run finds it."""


class Pool(Protocol):
    """Some processes that take work."""

    def submit(self, function: Callable[..., object], /, *arguments: object) -> Future[object]:
        """Hand out a call; RuntimeError where a process of the pool was ended."""
        ...

    def shutdown(self, wait: bool = True, kill_workers: bool = False) -> None:  # noqa: FBT001, FBT002
        """End the processes."""
        ...


@dataclass(frozen=True, slots=True)
class Lent:
    """A pool that somebody has borrowed."""

    pool: Pool
    size: int
    process: int
    """The process that started it: one that was forked from that has no use of it."""

    @property
    def is_mine(self) -> bool:
        """Whether this process started it."""
        return self.process == os.getpid()


_idle: deque[Lent] = deque()
"""Pools that nobody has borrowed. Taking and putting is one step each, so that it needs no lock:
a generator that is thrown away may give its pool back in the middle of either."""


def borrowed(size: int) -> Lent:
    """Return a pool of at least so many processes that nobody else has."""
    while (found := _taken(size)) is not None:
        try:
            with interrupts_held():
                found.pool.submit(int)
        except RuntimeError:  # one of its processes was ended while it had nothing to do
            continue
        return found
    from joblib.externals.loky import ProcessPoolExecutor

    end_idle()  # those that are too small
    return Lent(ProcessPoolExecutor(max_workers=size, timeout=IDLE_S), size, os.getpid())


def give_back(lent: Lent) -> None:
    """Give back a pool that has nothing more to do, for whoever asks next."""
    _idle.append(lent)


def end(lent: Lent) -> None:
    """End a pool's processes whatever they do, without waiting for it.

    It may be a generator that is thrown away who asks, on any thread.
    """
    lent.pool.shutdown(wait=False, kill_workers=True)


def end_idle() -> None:
    """End the processes that nobody has borrowed."""
    while (found := _taken(1)) is not None:
        end(found)


def _taken(size: int) -> Lent | None:
    """Take a pool of at least so many processes out of the idle ones; None where there is none."""
    for _ in range(len(_idle)):
        try:
            lent = _idle.popleft()
        except IndexError:
            break
        if lent.is_mine and lent.size >= size:
            return lent
        if lent.is_mine:
            _idle.append(lent)
    return None


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold interrupts for a moment; a process that starts meanwhile never gets one.

    Whoever started it is interrupted too and ends it, where it would tell of it at length. Held
    twice: signals that this thread blocks come to another one, as those of NumPy, and then to
    Python's handler, which is the main thread's.
    """
    held: list[int] = []
    told = signal.getsignal(signal.SIGINT)
    here = told is not None and threading.current_thread() is threading.main_thread()
    if here:
        signal.signal(signal.SIGINT, lambda number, _: held.append(number))
    try:
        with _blocked():
            yield
    finally:
        if here:
            signal.signal(signal.SIGINT, told)
            if held:
                signal.raise_signal(signal.SIGINT)


@contextmanager
def _blocked() -> Iterator[None]:
    """Block interrupts on this thread, and on what it starts, where the system can."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing.resource_tracker import ensure_running

    ensure_running()  # where this started only now it would let them through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
