"""Blocks: columns or rows of one kind, numbered along labelled axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from headworks.planning.problem import Floats, Integers, Problem


@dataclass(frozen=True, slots=True)
class Block:
    """Columns of one kind, which stand together in the order of their axes."""

    name: str
    axes: tuple[str, ...]
    """Names of the axes, as in `planning.problem`."""
    number: Integers
    """Number of each column among all of its stage, with the shape of the axes."""

    @property
    def span(self) -> slice:
        """Where the block stands among all columns."""
        start = int(self.number.flat[0]) if self.number.size else 0
        return slice(start, start + self.number.size)

    def of(self, values: Floats) -> Floats:
        """Return what belongs to the block of an array over all columns, in the block's shape."""
        return values[self.span].reshape(self.number.shape)


@dataclass(frozen=True, slots=True)
class Columns:
    """All columns of one stage: those that are decided, or those of one outlook."""

    blocks: tuple[Block, ...]
    lower: Floats
    upper: Floats
    integer: tuple[str, ...] = ()
    """Names of the blocks whose columns are whole numbers."""

    def __getitem__(self, name: str) -> Block:
        """Return the block of a name."""
        return next(block for block in self.blocks if block.name == name)

    @property
    def count(self) -> int:
        """Number of columns."""
        return len(self.lower)


def columns(
    shapes: dict[str, tuple[tuple[str, ...], Floats | float]],
    problem: Problem,
    integer: tuple[str, ...] = (),
) -> Columns:
    """Number columns block by block.

    Args:
        shapes: Axes and upper bounds of each block, by its name; lower bounds are 0.
        problem: What the lengths of the axes are taken from.
        integer: Names of the blocks whose columns are whole numbers.
    """
    blocks: list[Block] = []
    uppers: list[Floats] = []
    start = 0
    for name, (axes, upper) in shapes.items():
        shape = tuple(length(problem, axis) for axis in axes)
        size = int(np.prod(shape))
        blocks.append(Block(name, axes, np.arange(start, start + size).reshape(shape)))
        uppers.append(np.broadcast_to(np.asarray(upper, np.float64), shape).ravel())
        start += size
    upper_all = np.concatenate(uppers) if uppers else np.zeros(0)
    return Columns(tuple(blocks), np.zeros(start), upper_all, integer)


def length(problem: Problem, axis: str) -> int:
    """Return how many entries an axis has."""
    return len(labels(problem, axis))


def labels(problem: Problem, axis: str) -> tuple[str, ...]:
    """Return the names of the entries of an axis, as prices and clashes show them."""
    return _LABELS[axis](problem)


def _months(problem: Problem) -> tuple[str, ...]:
    return tuple(f"{month:%Y-%m}" for month in problem.months)


def _berths(problem: Problem) -> tuple[str, ...]:
    berths = problem.berths
    sites = (*problem.sites.names, "no site")  # -1 finds the last
    return tuple(
        f"{problem.lines[line].key} on {problem.works[work]} at {sites[site]}"
        for line, work, site in zip(berths.line, berths.work, berths.site, strict=True)
    )


def _years(problem: Problem) -> tuple[str, ...]:
    first = {
        int(year): month.year for month, year in zip(problem.months, problem.year, strict=True)
    }
    return tuple(str(first.get(year, year)) for year in range(problem.budget_usd.shape[1]))


def _nodes(problem: Problem) -> tuple[str, ...]:
    months = _months(problem)
    return tuple(
        f"{months[problem.dates[date]]} node {number}" for number, date in enumerate(problem.nodes)
    )


def _outlooks(problem: Problem) -> tuple[str, ...]:
    return tuple(outlook_name(outlook.name) for outlook in problem.outlooks)


def outlook_name(name: str) -> str:
    """Return how an outlook is called: a bare number is that of a path."""
    return f"path {name}" if name.isdigit() else name


_LABELS: dict[str, Callable[[Problem], tuple[str, ...]]] = {
    "month": _months,
    "window": lambda problem: _months(problem)[: problem.window],
    "line": lambda problem: tuple(line.key for line in problem.lines),
    "work": lambda problem: problem.works,
    "site": lambda problem: problem.sites.names,
    "berth": _berths,
    "company": lambda problem: problem.companies,
    "year": _years,
    "segment": lambda problem: tuple(
        f"piece {number}" for number in range(1, 1 + _segments(problem))
    ),
    "node": _nodes,
    "outlook": _outlooks,
    "ratio": lambda problem: tuple(ratio.name for ratio in problem.ratios),
    "ceiling": lambda problem: tuple(ceiling.name for ceiling in problem.ceilings),
    "pool": lambda problem: tuple(pool.name for pool in problem.pools),
}


def _segments(problem: Problem) -> int:
    return max((len(outlook.slope) for outlook in problem.outlooks), default=0)
