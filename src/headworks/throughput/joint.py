"""Joint: constants that were fitted to the same cases, drawn together.

What cases say of one constant hangs on what they say of another: a step is met with more latency
and less traffic just as well. Drawn each by itself, such constants would spread an answer by far
more than the cases leave open. So the draws of each are put into the order that the fit's
correlations ask for (Iman and Conover, Communications in Statistics B 11, 1982, 311-334), which
leaves each constant its own distribution.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from headworks.scenario.catalogue import data_folder
from headworks.throughput.draws import scores

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from headworks.throughput.draws import Draws

Name: TypeAlias = tuple[str, str]
"""A constant's name and scope."""


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """Correlations of the logarithms of constants that were fitted together."""

    names: tuple[Name, ...] = ()
    correlation: NDArray[np.float64] = field(default_factory=lambda: np.eye(0))
    """Shape `(constant, constant)`, in the order of the names."""

    def scores(self, count: int) -> Mapping[Name, Draws]:
        """Return `count` standard normal scores of each constant, shape `(draw,)`.

        Each has the same scores as it would have by itself, the middle first, in another order.
        With as few draws as constants no order could have the correlations, and all stay as they
        were.
        """
        return _tied(self, count)


def label(name: Name) -> str:
    """Return a constant and its scope as draws and files of constants call it."""
    return ".".join(name)


@cache
def packaged_joint() -> Joint:
    """Return the correlations that come with the package."""
    return read_joint(data_folder() / "calibration" / "correlations.csv")


def read_joint(path: Path) -> Joint:
    """Return the correlations of a file.

    It is a table with a constant and its scope above each column and before each row, which holds
    the correlations with the constants up to its own.
    """
    with path.open(encoding="utf-8", newline="") as stream:
        _, *rows = csv.reader(stream)
    names = [(name, scope) for name, _, scope in (row[0].partition(".") for row in rows)]
    correlation = np.eye(len(rows))
    for number, (_, *cells) in enumerate(rows):
        correlation[number, : number + 1] = [float(cell) for cell in cells[: number + 1]]
        correlation[: number + 1, number] = correlation[number, : number + 1]
    return Joint(tuple(names), correlation)


@lru_cache(maxsize=16)
def _tied(joint: Joint, count: int) -> dict[Name, Draws]:
    """Return scores by constant; see `Joint.scores`."""
    alone = {name: scores(label(name), count) for name in joint.names}
    if not joint.names or count <= len(joint.names) + 1:
        return alone
    dealt = np.array([one[1:] for one in alone.values()])
    # Scores dealt by themselves are correlated a little by chance, which is taken out first.
    chance = np.linalg.cholesky(np.corrcoef(dealt))
    wanted = np.linalg.cholesky(joint.correlation) @ np.linalg.solve(chance, dealt)
    ranks = wanted.argsort(axis=1).argsort(axis=1)
    tied = np.zeros((len(alone), count))
    tied[:, 1:] = np.take_along_axis(np.sort(dealt, axis=1), ranks, axis=1)
    tied.flags.writeable = False
    return dict(zip(joint.names, tied, strict=True))
