"""Programmes in the free MPS format, which other solvers read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from headworks.planning.programme.linear import Linear

FIRST_LINE = "NAME headworks"
"""By which a file is known to be one that was written here."""
NOTHING = 1e-9
"""Coefficients up to this are rounding, and no solver counts them: HiGHS leaves them out."""


def mps_lines(linear: Linear, columns: Sequence[str], rows: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a programme in the free MPS format.

    Args:
        linear: The programme; a constant of its objective stands as minus the right-hand side of
            the objective, as solvers read it.
        columns: Names of the columns, without blanks.
        rows: Names of the rows, without blanks.
    """
    yield FIRST_LINE
    yield "ROWS"
    yield " N cost"
    kinds = _kinds(linear)
    yield from (f" {kind} {name}" for kind, name in zip(kinds, rows, strict=True))
    yield from _entries(linear, columns, rows)
    yield "RHS"
    if linear.offset:
        yield f" RHS cost {-linear.offset!r}"
    ranged = []
    for name, kind, low, high in zip(
        rows, kinds, linear.row_lower.tolist(), linear.row_upper.tolist(), strict=True
    ):
        value = low if kind == "G" else high
        if value and kind != "N":
            yield f" RHS {name} {value!r}"
        if kind == "L" and np.isfinite(low):
            ranged.append(f" RNG {name} {high - low!r}")
    if ranged:
        yield "RANGES"
        yield from ranged
    yield "BOUNDS"
    yield from _bounds(linear, columns)
    yield "ENDATA"


def _kinds(linear: Linear) -> list[str]:
    low, high = np.isfinite(linear.row_lower), np.isfinite(linear.row_upper)
    same = linear.row_lower == linear.row_upper
    kinds: list[str] = np.where(same, "E", np.where(high, "L", np.where(low, "G", "N"))).tolist()
    return kinds


def _entries(linear: Linear, columns: Sequence[str], rows: Sequence[str]) -> Iterator[str]:
    """Yield the coefficients column by column, with marks around whole numbers."""
    yield "COLUMNS"
    by_column = sparse.csc_array(linear.matrix)
    pointers, indices = by_column.indptr.tolist(), by_column.indices.tolist()
    values, costs = by_column.data.tolist(), linear.cost.tolist()
    whole = [False] * len(columns) if linear.integer is None else linear.integer.tolist()
    inside = False
    for number, name in enumerate(columns):
        if whole[number] != inside:
            inside = whole[number]
            yield f" MARK 'MARKER' '{'INTORG' if inside else 'INTEND'}'"
        yield f" {name} cost {costs[number]!r}"
        for at in range(pointers[number], pointers[number + 1]):
            if abs(values[at]) > NOTHING:
                yield f" {name} {rows[indices[at]]} {values[at]!r}"
    if inside:
        yield " MARK 'MARKER' 'INTEND'"


def _bounds(linear: Linear, columns: Sequence[str]) -> Iterator[str]:
    """Yield the bounds that are not from 0 without an end."""
    whole = [False] * len(columns) if linear.integer is None else linear.integer.tolist()
    for name, low, high, integer in zip(
        columns, linear.lower.tolist(), linear.upper.tolist(), whole, strict=True
    ):
        if low == high:
            yield f" FX BND {name} {low!r}"
        elif low == -np.inf and high == np.inf:
            yield f" FR BND {name}"
        else:
            if low:
                yield f" MI BND {name}" if low == -np.inf else f" LO BND {name} {low!r}"
            if high < np.inf:
                yield f" UP BND {name} {high!r}"
            elif integer:  # without a bound, some readers take whole numbers to be 0 or 1
                yield f" PL BND {name}"
