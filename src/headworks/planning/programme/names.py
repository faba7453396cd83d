"""Names of columns and rows, made of labels only where they are asked for."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from headworks.planning.programme.blocks import labels, outlook_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from headworks.planning.problem import Problem
    from headworks.planning.programme.blocks import Columns
    from headworks.planning.programme.rows import Matrix


def column_names(problem: Problem, columns: Columns, outlook: str | None = None) -> list[str]:
    """Return names such as `running[buyer:H200:import on training at north, 2026-03, path 17]`.

    Args:
        problem: The problem, for its labels.
        columns: The columns of a stage.
        outlook: Name of the outlook; None for what is decided for all.
    """
    return [
        name
        for block in columns.blocks
        for name in _names(problem, block.name, block.axes, block.number.shape, outlook)
    ]


def row_names(problem: Problem, matrix: Matrix, outlook: str | None = None) -> list[str]:
    """Return names such as `power[north, 2026-03, path 17]` of the rows that are kept."""
    found = []
    for name, axes, shape, kept in zip(
        matrix.names, matrix.axes, matrix.shapes, matrix.kept, strict=True
    ):
        every = _names(problem, name, axes, shape, outlook)
        found += [every[row] for row in kept]
    return found


def _names(
    problem: Problem,
    name: str,
    axes: tuple[str, ...],
    shape: tuple[int, ...],
    outlook: str | None,
) -> list[str]:
    ends = () if outlook is None else (outlook_name(outlook),)
    along = [labels(problem, axis)[:length] for axis, length in zip(axes, shape, strict=True)]
    return [f"{name}[{', '.join((*entry, *ends))}]" for entry in product(*along)]


def plain(
    names: Iterable[str], *, only_words: bool = False, length: int | None = None
) -> list[str]:
    """Return names as files of programmes take them: `power(north,2026_03,path_17)`.

    Names that become alike get a number at their end.

    Args:
        names: The names.
        only_words: Whether letters, digits and underscores are all that may be in a name:
            `power_north_2026_03_path_17`.
        length: Letters at most, before such a number; no limit if None.
    """
    taken: set[str] = set()
    seen: dict[str, int] = {}
    found = []
    for name in names:
        if only_words:
            short = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")[:length]
        else:
            short = name.replace(", ", ",").replace("[", "(").replace("]", ")")[:length]
            short = re.sub(r"[^A-Za-z0-9_.,()]", "_", short)
        one = short
        while one in taken:
            seen[short] = seen.get(short, 1) + 1
            one = f"{short}_{seen[short]}"
        taken.add(one)
        found.append(one)
    return found
