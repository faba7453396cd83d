"""Text: numbers, sentences and tables as results print them, in plain letters."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headworks.throughput.intervals import Interval

WIDTH = 100
"""Letters of a line."""


def number(value: float) -> str:
    """Return a number with three digits that say something, and thousands in groups."""
    size = abs(value)
    if size >= 100:  # noqa: PLR2004 - from here on nothing after the point is shown
        return f"{value:,.0f}"
    if size >= 10:  # noqa: PLR2004
        return f"{value:.1f}"
    return f"{value:.2f}" if size >= 1 or size == 0 else f"{value:.3g}"


def span(interval: Interval) -> str:
    """Return an interval as `13.7 (5–95 %: 11.0 to 16.9)`."""
    p5, med, p95 = (number(part) for part in (interval.p5, interval.med, interval.p95))
    return f"{med} (5–95 %: {p5} to {p95})"


def counted(count: float, thing: str) -> str:
    """Return a number of things, such as `1 request` or `1,024 requests`."""
    return f"{count:,.0f} {thing}{'' if round(count) == 1 else 's'}"


def wrapped(text: str, *, indent: str = "") -> list[str]:
    """Return a sentence in lines; those after the first are indented."""
    return textwrap.wrap(
        text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> list[str]:
    """Return a table in lines: the first `left` columns to the left, the others to the right."""
    cells = [head, *rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]

    def line(row: Sequence[str]) -> str:
        parts = (
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        return (" " + "  ".join(parts)).rstrip()

    return [line(row) for row in cells]
