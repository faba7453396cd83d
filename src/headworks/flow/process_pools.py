"""Pools: processes that are started once and lent to one user at a time.

They are no one else's: joblib has a pool of its own that all of a program share, and a thread that
changes its size waits for what another has begun.
"""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from threading import Lock
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


_idle: list[tuple[int, int, Pool]] = []
"""Pools that nobody has borrowed: the process that started each, its size, and the pool."""
_counting = Lock()


def borrowed(size: int) -> tuple[int, Pool]:
    """Return a pool of at least so many processes that nobody else has, and its size."""
    while (found := _taken(size)) is not None:
        try:
            found[1].submit(int)
        except RuntimeError:  # one of its processes was ended while it had nothing to do
            continue
        return found
    from joblib.externals.loky import ProcessPoolExecutor

    return size, ProcessPoolExecutor(max_workers=size, timeout=IDLE_S)


def give_back(size: int, pool: Pool) -> None:
    """Give back a pool that has nothing more to do, for whoever asks next."""
    with _counting:
        _idle.append((os.getpid(), size, pool))


def end_idle() -> None:
    """End the processes that nobody has borrowed."""
    while (found := _taken(1)) is not None:
        found[1].shutdown()


def _taken(size: int) -> tuple[int, Pool] | None:
    """Take a pool of at least so many processes out of the idle ones; None where there is none.

    A process that was forked from this one has no use of this one's.
    """
    with _counting:
        for number, (process, own, pool) in enumerate(_idle):
            if process == os.getpid() and own >= size:
                del _idle[number]
                return own, pool
    return None


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold interrupts for a moment; a process that starts meanwhile never gets one.

    Whoever started it is interrupted too and ends it, where it would tell of it at length.
    """
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
