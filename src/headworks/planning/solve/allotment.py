"""Allotments: how much of a shared amount the master lets each company count on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from headworks.planning.problem import Integers
    from headworks.planning.solve.highs import Model

COLUMNS_MAX = 20_000
"""Most columns of allotments; lines whose prices would need more are below the sum of companies."""


class Allotments:
    """Columns `allotted[company]`, as shares of an amount, for each amount that has had a price.

    Σ over companies: allotted[company] ≤ 1   [1]

    Args:
        model: The master's model, to which they are added when they are first needed.
        companies: How many companies there are.
    """

    def __init__(self, model: Model, companies: int) -> None:
        self._model, self._companies = model, companies
        self._column: dict[tuple[int, int], int] = {}

    def __contains__(self, key: tuple[int, int]) -> bool:
        """Return whether a shared row of an outlook is allotted."""
        return key in self._column

    def column(self, key: tuple[int, int], company: int) -> int:
        """Return the column of a company for a shared row of an outlook."""
        return self._column[key] + company

    def add(self, wanted: set[tuple[int, int]]) -> list[tuple[int, int]] | None:
        """Allot shared rows of outlooks; return those that are new, or None for want of room.

        Each new one has a row in the model, in order.
        """
        new = sorted(wanted - self._column.keys())
        count = (len(self._column) + len(new)) * self._companies
        if count > COLUMNS_MAX:
            return None
        if new:
            first = self._model.add_columns(len(new) * self._companies, 1.0)
            starts = first + self._companies * np.arange(len(new))
            self._column |= dict(zip(new, starts.tolist(), strict=True))
            self._model.add_rows(
                np.full(len(new), -np.inf), np.ones(len(new)), self._rows(first, len(new))
            )
        return new

    def _rows(self, first: int, count: int) -> sparse.csr_array:
        wide = count * self._companies
        column: Integers = first + np.arange(wide)
        row = np.repeat(np.arange(count), self._companies)
        return sparse.csr_array((np.ones(wide), (row, column)), shape=(count, first + wide))
