"""The three conservation laws, checked on every path: goods, papers and pools."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.errors import ConservationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.flow.state import State

Floats: TypeAlias = NDArray[np.float64]

TOLERANCE = 1e-9
"""Relative to the larger of 1 and the total."""


def check(state: State) -> None:
    """Raise if units, papers or pools were made or lost on any path.

    Raises:
        ConservationError: A law failed; names it, the worst miss and where.
    """
    for law, left, right in laws(state):
        miss = np.abs(left - right) / np.maximum(1.0, np.abs(left))
        if miss.size and not miss.max() <= TOLERANCE:
            worst = np.where(np.isnan(miss), np.inf, miss).argmax()
            row, path = np.unravel_index(int(worst), miss.shape)
            message = (
                f"{law}: {left[row, path]:.17g} on one side and {right[row, path]:.17g} on the "
                f"other (row {row}, path {state.draws.streams.path(int(path))})"
            )
            raise ConservationError(message)


def laws(state: State) -> Iterator[tuple[str, Floats, Floats]]:
    """Yield each law's name and its two sides, shape (row, path)."""
    yield "goods", state.orders.ordered, _whereabouts(state)
    for name, papers in state.papers.items():
        kept = papers.unused + papers.drawn + papers.lapsed + papers.revoked + papers.under_way
        yield f"papers of {name}", papers.granted, kept
    for name, pool in state.pools.items():
        came = pool.start + pool.inflow + pool.returned
        yield f"pool {name}", came, pool.booked + pool.reserved + pool.left + pool.perished
    for name, rounds in state.rounds.items():
        went = rounds.booked + rounds.carried + rounds.perished
        yield f"pool {name}", rounds.inflow[None], went[None]


def _whereabouts(state: State) -> Floats:
    """Return where the ordered units of each line are, shape (line, path)."""
    found = state.installed + state.withdrawn + state.refused + state.recalled
    for goods in state.goods.values():
        found[goods.rows] += goods.waiting
        if goods.under_way is not None:
            found[goods.rows] += goods.under_way.amount
    return found
