"""The paths that stand for all: a few outlooks with probabilities, chosen by arrival curves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.errors import UnknownName
from headworks.planning.response.forward import fast_forward
from headworks.planning.response.medoids import medoids
from headworks.planning.response.representatives import distances

if TYPE_CHECKING:
    from collections.abc import Callable

    from headworks.planning.response.representatives import Representatives

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]

K_MEDOIDS, FAST_FORWARD = "k-medoids", "fast-forward"
REDUCTIONS: dict[str, Callable[[Floats, int], Representatives]] = {
    K_MEDOIDS: medoids,
    FAST_FORWARD: fast_forward,
}
"""Methods by which outlooks are chosen, by name: of distances and a number."""


def check_reduction(name: object) -> None:
    """Check the name of a method by which outlooks are chosen.

    Raises:
        UnknownName: There is no such method.
    """
    if not isinstance(name, str) or name not in REDUCTIONS:
        given = name if isinstance(name, str) else repr(name)
        raise UnknownName("method of reduction", given, REDUCTIONS)


@dataclass(frozen=True, slots=True)
class Selection:
    """Outlooks chosen from paths."""

    paths: Integers
    """Indices of the chosen paths, shape (outlook,)."""
    probability: Floats
    """Share of all paths that each stands for, shape (outlook,)."""
    stands_for: Integers
    """For each path, the number of the outlook that stands for it, shape (path,)."""
    lost: float
    """Mean distance of a path from its outlook, as a share of that from the best single path: 0
    where nothing is lost, 1 where the outlooks say no more than one of them."""
    reduction: str = K_MEDOIDS
    """Name of the method by which they were chosen."""

    @property
    def is_certain(self) -> bool:
        """Whether one path is all that can happen, as far as it was looked at."""
        return len(self.paths) == 1 and self.lost == 0


def select(
    arrivals: Floats, value: Floats, count: int, wanted: Floats | None = None,
    reduction: str = K_MEDOIDS,
) -> Selection:  # fmt: skip
    """Return the paths that stand for all.

    Paths are alike where the value of what has arrived by each month is alike, and the work that is
    wanted. Each line's arrivals are weighed by what a unit is worth, and the whole by nothing else,
    so that a line of little value decides little.

    Args:
        arrivals: Units arrived by each month at a high order level, shape (line, month, path).
        value: What a unit of each line is worth, such as its compute or its price, shape (line,).
        count: Outlooks wanted.
        wanted: What is wanted in each month, in the same measure as the values, such as
            H100-equivalents, shape (company, work, month, path); the same on all paths if None.
        reduction: Name of the method: `k-medoids` or `fast-forward`.

    Raises:
        UnknownName: There is no such method.
    """
    check_reduction(reduction)
    features = _by_path(arrivals * value[:, None, None])
    if wanted is not None:
        features = np.concatenate([features, _by_path(wanted)], axis=1)
    scale = float(features.std()) or 1.0  # so that no unit of the measure matters
    found = REDUCTIONS[reduction](distances(features / scale), count)
    lost = found.cost / found.cost_of_one if found.cost_of_one > 0 else 0.0
    return Selection(found.points, found.share, found.nearest, lost, reduction)


def _by_path(values: Floats) -> Floats:
    """Return values by path, shape (path, feature)."""
    return np.moveaxis(values, -1, 0).reshape(values.shape[-1], -1)
