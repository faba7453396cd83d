"""Parts: a run of many paths cut up, run wherever there is room, and put together."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from headworks.flow.run import Result, Task, chunk_paths, run, run_into

if TYPE_CHECKING:
    from collections.abc import Callable

    from headworks.flow.network import Network

PART_PATHS = (500, 1000)
"""Paths of a part of a forecast: the larger where so many fit the cache. Parts wait in memory until
they are put together, so that larger ones would cost more than they save."""


def split(whole: Task) -> list[Task]:
    """Return the parts of a task."""
    size = part_paths(whole.net)
    return [
        replace(
            whole,
            first_path=first,
            paths=min(size, whole.paths - first),
            pages=tuple(keep.beyond(first) for keep in whole.pages),
        )
        for first in range(0, whole.paths, size)
    ]


def part_paths(net: Network) -> int:
    """Return how many paths of a network make a part of a forecast."""
    small, large = PART_PATHS
    return large if chunk_paths(len(net.lines)) >= large else small


@dataclass(frozen=True, slots=True)
class Filling:
    """Runs parts of a task into its result; in another process it runs them apart."""

    result: Result
    """Of the whole task."""
    process: int = field(default_factory=os.getpid)
    """The process in which that stands."""

    def __call__(self, part: Task) -> Result | None:
        """Run a part where its results belong; one that is run apart is returned instead."""
        if os.getpid() != self.process:  # it came here by a fork, with a copy of the result
            return _run_apart(part)
        span = slice(part.first_path, part.first_path + part.paths)
        run_into(part, self.result.part(span))
        return None

    def __reduce__(self) -> tuple[Callable[..., object], tuple[Callable[[Task], Result]]]:
        """Leave the result here: what is sent is a function, and what comes back is stored."""
        return partial, (_run_apart,)

    def store(self, part: Task, found: Result | None) -> None:
        """Put what was found of a part where it belongs, unless it was written there."""
        if found is not None:
            self.result.store(_to_send(part), found)


def _run_apart(part: Task) -> Result:
    return run(_to_send(part))


def _to_send(part: Task) -> Task:
    """Return a part that keeps no stocks that nothing can be in, which need no way back."""
    return replace(part, pages=tuple(keep.of(part.net.stocks) for keep in part.pages))
