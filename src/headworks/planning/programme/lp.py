"""Programmes in the LP format, which people read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.programme.names import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from scipy import sparse

    from headworks.planning.problem import Floats

TERMS_A_LINE = 4


def lp_text(
    cost: Floats,
    matrix: sparse.csr_array,
    bounds: tuple[Floats, Floats],
    columns: Sequence[str],
    rows: Sequence[str],
    *,
    limits: tuple[Floats, Floats] | None = None,
    whole: NDArray[np.bool_] | None = None,
) -> str:
    """Return a programme in the LP format.

    Args:
        cost: Cost of each column.
        matrix: Coefficients, shape (row, column).
        bounds: Least and greatest value of each row.
        columns: Names of the columns.
        rows: Names of the rows.
        limits: Least and greatest value of each column; from 0 without an end if None.
        whole: Which columns are whole numbers.
    """
    names, of_rows = plain(columns), plain(rows)
    some = np.flatnonzero(cost)
    lines = ["Minimize", " obj: " + (_terms(cost[some], [names[at] for at in some]) or "0")]
    lines.append("Subject To")
    for row, (name, lower, upper) in enumerate(zip(of_rows, *bounds, strict=True)):
        entries = slice(matrix.indptr[row], matrix.indptr[row + 1])
        order = np.argsort(matrix.indices[entries], kind="stable")
        values = matrix.data[entries][order]
        text = _terms(values, [names[at] for at in matrix.indices[entries][order]])
        lines += [
            f" {tag}: {text} {sign} {_number(value)}"
            for tag, sign, value in _sides(name, float(lower), float(upper))
        ]
    if limits is not None:
        lines += ["Bounds", *_bounds(names, *limits)]
    if whole is not None and np.any(whole):
        lines += ["General", *(f" {names[at]}" for at in np.flatnonzero(whole))]
    return "\n".join([*lines, "End", ""])


def _sides(name: str, lower: float, upper: float) -> Iterable[tuple[str, str, float]]:
    """Yield the name, sign and value of each bound of a row: one has two only if they differ."""
    if lower == upper:
        yield name, "=", upper
        return
    both = np.isfinite(lower) and np.isfinite(upper)
    if np.isfinite(upper):
        yield name, "<=", upper
    if np.isfinite(lower):
        yield f"{name}_low" if both else name, ">=", lower


def _bounds(names: Sequence[str], lower: Floats, upper: Floats) -> Iterable[str]:
    """Yield the bounds that are not from 0 without an end."""
    for name, low, high in zip(names, lower, upper, strict=True):
        if low == high:
            yield f" {name} = {_number(low)}"
        elif low == -np.inf and high == np.inf:
            yield f" {name} free"
        elif low != 0 or high != np.inf:
            yield f" {_number(low)} <= {name} <= {_number(high)}"


def _terms(values: Floats, names: Sequence[str]) -> str:
    terms = []
    for value, name in zip(values, names, strict=True):
        sign = "-" if value < 0 else "+"
        size = "" if abs(value) == 1 else f"{_number(abs(value))} "
        terms.append(f"{sign} {size}{name}")
    lines = [
        " ".join(terms[start : start + TERMS_A_LINE])
        for start in range(0, len(terms), TERMS_A_LINE)
    ]
    return "\n   ".join(lines)


def _number(value: float) -> str:
    if not np.isfinite(value):
        return "inf" if value > 0 else "-inf"
    return f"{value:.12g}"
