"""Rows: constraints of one kind along labelled axes, and the sparse matrices that they make."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from headworks.planning.problem import Floats, Integers


@dataclass(slots=True)
class Rows:
    """Constraints of one kind: lower ≤ coefficients × columns ≤ upper.

    A row with no bound on either side is left out of the programme.
    """

    name: str
    axes: tuple[str, ...]
    lower: Floats
    """Least value of each row, with the shape of the axes."""
    upper: Floats
    """Greatest value of each row, with the shape of the axes."""
    decided: list[tuple[Integers, Integers, Floats]] = field(default_factory=list)
    """Row, column and value of coefficients on columns that are decided for all outlooks."""
    recourse: list[tuple[Integers, Integers, Floats]] = field(default_factory=list)
    """Row, column and value of coefficients on columns of the outlook."""

    @property
    def number(self) -> Integers:
        """Number of each row within the constraint, with the shape of the axes."""
        return np.arange(self.upper.size).reshape(self.upper.shape)

    def on_decided(self, row: ArrayLike, column: ArrayLike, value: ArrayLike) -> None:
        """Add coefficients on decided columns; a column of −1 is none. Shapes are broadcast."""
        self.decided.append(_triplets(row, column, value))

    def on(self, row: ArrayLike, column: ArrayLike, value: ArrayLike) -> None:
        """Add coefficients on columns of the outlook, likewise."""
        self.recourse.append(_triplets(row, column, value))


def at_most(name: str, axes: tuple[str, ...], upper: Floats) -> Rows:
    """Return rows that are bounded above."""
    return Rows(name, axes, np.full(upper.shape, -np.inf), upper)


def at_least(name: str, axes: tuple[str, ...], lower: Floats) -> Rows:
    """Return rows that are bounded below."""
    return Rows(name, axes, lower, np.full(lower.shape, np.inf))


def equal(name: str, axes: tuple[str, ...], value: Floats) -> Rows:
    """Return rows that have one value."""
    return Rows(name, axes, value, value)


def _triplets(
    row: ArrayLike, column: ArrayLike, value: ArrayLike
) -> tuple[Integers, Integers, Floats]:
    rows, numbers, values = np.broadcast_arrays(
        np.asarray(row, np.int64), np.asarray(column, np.int64), np.asarray(value, np.float64)
    )
    rows, numbers, values = rows.ravel(), numbers.ravel(), values.ravel()
    there = numbers >= 0
    return (rows, numbers, values) if there.all() else (rows[there], numbers[there], values[there])


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of all constraints, one below the other."""

    names: tuple[str, ...]
    """Names of the constraints."""
    axes: tuple[tuple[str, ...], ...]
    """Axes of each constraint."""
    shapes: tuple[tuple[int, ...], ...]
    """Lengths of the axes of each constraint."""
    kept: tuple[Integers, ...]
    """Numbers, within each constraint, of its rows that are in the matrix."""
    lower: Floats
    upper: Floats
    coefficients: sparse.csr_array
    """Coefficients on the decided columns and, after them, on those of the outlook."""
    decided: int
    """Number of decided columns."""

    @property
    def coupling(self) -> sparse.csr_array:
        """Coefficients on decided columns, shape (row, decided column)."""
        return sparse.csr_array(self.coefficients[:, : self.decided])

    @property
    def recourse(self) -> sparse.csr_array:
        """Coefficients on columns of the outlook, shape (row, column)."""
        return sparse.csr_array(self.coefficients[:, self.decided :])

    def spans(self) -> dict[str, slice]:
        """Return where the rows of each constraint stand."""
        ends = np.cumsum([0, *(len(kept) for kept in self.kept)])
        return {
            name: slice(int(start), int(end))
            for name, start, end in zip(self.names, ends[:-1], ends[1:], strict=True)
        }

    def of(self, name: str, values: Floats) -> Floats:
        """Return what belongs to a constraint of an array over all rows, in its shape.

        Rows that were left out are 0.
        """
        which = self.names.index(name)
        found = np.zeros(self.shapes[which])
        found.flat[self.kept[which]] = values[self.spans()[name]]
        return found


def stack(
    constraints: list[Rows], *, decided: int, recourse: int, keep_all: bool = False
) -> Matrix:
    """Put constraints below each other.

    Args:
        constraints: The rows of each constraint.
        decided: Number of decided columns.
        recourse: Number of columns of the outlook.
        keep_all: Whether rows without a bound stay, so that all outlooks have the same rows.
    """
    kept = [
        np.flatnonzero(keep_all | np.isfinite(rows.lower) | np.isfinite(rows.upper)).astype(
            np.int64
        )
        for rows in constraints
    ]
    starts = np.cumsum([0, *(len(numbers) for numbers in kept)])
    places = []
    for rows, numbers, start in zip(constraints, kept, starts[:-1], strict=True):
        place = np.full(rows.upper.size, -1, np.int64)
        place[numbers] = start + np.arange(len(numbers))
        places.append(place)
    total = int(starts[-1])
    return Matrix(
        tuple(rows.name for rows in constraints),
        tuple(rows.axes for rows in constraints),
        tuple(rows.upper.shape for rows in constraints),
        tuple(kept),
        _concatenated([rows.lower.ravel()[at] for rows, at in zip(constraints, kept, strict=True)]),
        _concatenated([rows.upper.ravel()[at] for rows, at in zip(constraints, kept, strict=True)]),
        _sparse(constraints, places, (total, decided + recourse), decided),
        decided,
    )


def _sparse(
    constraints: list[Rows], places: list[Integers], shape: tuple[int, int], decided: int
) -> sparse.csr_array:
    rows, columns, values = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0)]
    for constraint, place in zip(constraints, places, strict=True):
        for start, entries in ((0, constraint.decided), (decided, constraint.recourse)):
            for row, column, value in entries:
                rows.append(place[row])
                columns.append(column + start)
                values.append(value)
    row, column, value = np.concatenate(rows), np.concatenate(columns), np.concatenate(values)
    there = row >= 0
    short = np.int32  # half the memory, of which each of many outlooks takes its share
    triplets = (value[there], (row[there].astype(short), column[there].astype(short)))
    return sparse.csr_array(sparse.coo_array(triplets, shape=shape))


def _concatenated(arrays: list[Floats]) -> Floats:
    return np.concatenate([np.zeros(0), *arrays])
