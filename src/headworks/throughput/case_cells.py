"""Cells of a table of cases: what each column may hold, and how it is read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from headworks.errors import did_you_mean, nearest, there_are
from headworks.throughput.case import ANSWERS, GRADES, METRICS, NEEDED, RUNS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NOT_STATED = frozenset({"", "-", "–", "—", "?", "n/a", "na", "nan", "none", "null", "unknown"})
"""What people write into a cell for what a source does not state."""
LARGEST = 1e15
"""Numbers above this are a slip: no count, time or rate of a case comes near."""


class BadCellError(Exception):
    """A cell cannot be read: its message, and the way out."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


def cell(column: str, text: str) -> object:
    """Return what one cell says; None where it is empty.

    Raises:
        BadCellError: It cannot be read.
    """
    if text.lower() in NOT_STATED:
        if column in NEEDED:
            message = f"{text!r} states nothing" if text else "the cell is empty"
            raise BadCellError(message, "fill it, or remove the case")
        return None
    reader = READERS.get(column)
    return reader(text) if reader else text


def _number(text: str) -> float:
    # A spreadsheet writes 1,024 for a thousand and 39 % for a share.
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    # A plain float() would take `1_000`, `nan` and `inf`.
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text):
        remedy = "write a plain number, or leave the cell empty where it is not stated"
        raise BadCellError(f"{text!r} is not a number", remedy)
    value = float(text)
    if value <= 0:
        raise BadCellError(f"{text} is not above 0")
    if value > LARGEST:
        raise BadCellError(f"{text} is beyond {LARGEST:g}")
    return value


def _count(text: str) -> int:
    value = _number(text)
    if not value.is_integer():
        raise BadCellError(f"{text} is not a whole number")
    return int(value)


def _value(text: str) -> float:
    return _number(text.removesuffix("%").strip())


def _kv(text: str) -> str | None:
    return None if text.lower() == "auto" else text  # engines' word for their own choice


def _one_of(
    thing: str, known: tuple[str, ...], change: Callable[[str], str]
) -> Callable[[str], str]:
    def read(text: str) -> str:
        if change(text) not in known:
            raise BadCellError(f"there is no {thing} {text!r}{offer(text, known)}")
        return change(text)

    return read


READERS: Mapping[str, Callable[[str], object]] = {
    **dict.fromkeys(("chips", "tp", "pp", "ep", "dp", "concurrency"), _count),
    **dict.fromkeys(("input_tokens", "output_tokens"), _number),
    "value": _value,
    "kv_precision": _kv,
    "phase": _one_of("phase", tuple(METRICS), str.lower),
    "metric": _one_of("metric", tuple(dict.fromkeys(sum(METRICS.values(), ()))), str.lower),
    "grade": _one_of("grade", GRADES, str.upper),
    "run": _one_of("run", RUNS, str.lower),
    "answers": _one_of("kind of answers", ANSWERS, str.lower),
}
"""How the cells of a column are read; the others hold text."""


def offer(text: str, known: tuple[str, ...]) -> str:
    """Return the half sentence that offers the near ones of what is known, or all of it."""
    return did_you_mean(nearest(text, known)) or there_are(known)
