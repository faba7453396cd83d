"""Cells of a table of cases: what each column may hold, and how it is read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from headworks.errors import did_you_mean, nearest, there_are
from headworks.throughput.case import ANSWERS, GRADES, METRICS, NEEDED, RUNS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NAME_LETTERS_MAX = 1000
"""Letters beyond which a text is no name, nor a path."""
NOT_STATED = frozenset({"", "-", "–", "—", "?", "n/a", "na", "nan", "none", "null", "unknown"})
"""What people write into a cell for what a source does not state."""
CHIPS_MAX = 10_000_000
"""Chips beyond which a number is a slip: no cluster comes near."""
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


def _name(text: str) -> str:
    if len(text) > NAME_LETTERS_MAX:
        raise BadCellError(f"{text[:20]}… has {len(text):,} letters, and is no name")
    return text


def _chips(text: str) -> int:
    value = _count(text)
    if value > CHIPS_MAX:
        raise BadCellError(f"{text} is beyond {CHIPS_MAX:,} chips")
    return value


def _tokens(text: str) -> float:
    value = _number(text)
    if value < 1:
        raise BadCellError(f"{text} is less than one token")
    return value


def _value(text: str) -> float:
    return _number(text.removesuffix("%").strip())


def _kv(text: str) -> str | None:
    return None if text.lower() == "auto" else _name(text)  # engines' word for their own choice


def _one_of(
    thing: str, known: tuple[str, ...], change: Callable[[str], str]
) -> Callable[[str], str]:
    def read(text: str) -> str:
        if change(text) not in known:
            raise BadCellError(f"there is no {thing} {text!r}{offer(text, known)}")
        return change(text)

    return read


READERS: Mapping[str, Callable[[str], object]] = {
    **dict.fromkeys(("chips", "tp", "pp", "ep", "dp"), _chips),
    "concurrency": _count,
    **dict.fromkeys(("input_tokens", "output_tokens"), _tokens),
    **dict.fromkeys(("chip", "model", "precision"), _name),
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
