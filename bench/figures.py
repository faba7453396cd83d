"""Figures: what was measured beside what was aimed at, as a table, as JSON, and in the docs."""

from __future__ import annotations

import dataclasses
import json
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

BEGIN, END = "<!-- figures: `python -m bench --write` -->", "<!-- end of figures -->"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured quantity, with the value of each repetition."""

    what: str
    values: tuple[float, ...]
    unit: str
    """`x` for a ratio, `s`, `ms`, `MB` or `k/s`, thousands a second."""
    target: float | None = None
    """What the median must reach; None for a figure that is only informed of."""
    at_least: bool = False
    """Whether the target is a lower bound; otherwise it is an upper one."""
    fastest: float | None = None
    """Ratio of the fastest repetitions of two programs, where two are compared.

    What else a machine does only ever adds time, so that it is the steadiest of all ratios."""

    @property
    def median(self) -> float:
        """The middle of the repetitions."""
        return statistics.median(self.values)

    @property
    def measured(self) -> float:
        """What is compared with the target: the ratio of the fastest, or the median."""
        return self.median if self.fastest is None else self.fastest

    @property
    def met(self) -> bool | None:
        """Whether what was measured reaches the target; None without one."""
        if self.target is None:
            return None
        return self.measured >= self.target if self.at_least else self.measured <= self.target

    def cells(self) -> tuple[str, str, str, str]:
        """Return the cells of its row: what, target, measured and verdict."""
        target = ""
        if self.target is not None:
            sign = "≥" if self.at_least else "≤"
            target = f"{sign} {_shown(self.target)} {self.unit}"
        spread = f" ({_shown(min(self.values))}–{_shown(max(self.values))})"
        measured = f"{_shown(self.measured)} {self.unit}{spread if len(self.values) > 1 else ''}"
        return self.what, target, measured, {None: "", True: "met", False: "missed"}[self.met]


def _shown(value: float) -> str:
    """Return a number with three digits that count."""
    digits = 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:,.{digits}f}"


HEAD = ("", "target", "measured (all repetitions)", "")


def text_table(figures: Sequence[Figure]) -> str:
    """Return the table for a terminal."""
    rows = [HEAD, *(figure.cells() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def markdown_table(figures: Sequence[Figure]) -> str:
    """Return the table for the docs."""
    rows = [HEAD, ("---", "---", "---", "---"), *(figure.cells() for figure in figures)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def as_json(figures: Sequence[Figure], about: dict[str, object]) -> str:
    """Return all values of all repetitions, for programs."""
    found = [
        {
            **dataclasses.asdict(figure),
            "median": figure.median,
            "measured": figure.measured,
            "met": figure.met,
        }
        for figure in figures
    ]
    return json.dumps({**about, "figures": found}, indent=2, ensure_ascii=False)


def write(figures: Sequence[Figure], note: str, page: Path) -> None:
    """Write the table into a page, between its two marks.

    Raises:
        ValueError: The page has no such marks.
    """
    between(page, (BEGIN, END), f"{note}\n\n{markdown_table(figures)}")


def between(page: Path, marks: tuple[str, str], text: str) -> None:
    """Write text into a page, between two marks.

    Raises:
        ValueError: The page has no such marks.
    """
    before, begin, rest = page.read_text(encoding="utf-8").partition(marks[0])
    _, end, after = rest.partition(marks[1])
    if not begin or not end:
        raise ValueError(f"{page} needs the lines {marks[0]!r} and {marks[1]!r} around its text")
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")
