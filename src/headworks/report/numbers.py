"""Numbers, dates and shares as people read them: the one place where they are formatted."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

NONE = "–"
"""Stands for a value that is not known."""

_BIG = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_SMALL_MAX = 100
_EXACT_DECIMALS = 4
_WHOLE = 100  # per cent


def significant(value: float, digits: int = 2) -> float:
    """Return a value rounded to some number of significant digits."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def prose(value: float) -> str:
    """Return a count for a sentence: two significant digits, whole below a hundred.

    Example:
        >>> prose(41234.0), prose(2_081_000.0), prose(7.4)
        ('41,000', '2.1 million', '7')
    """
    if abs(value) < _SMALL_MAX - 0.5:
        return "fewer than 1" if 0 < value < 0.5 else f"{value + 0.0:.0f}".replace("-", "−")
    rounded = significant(value)
    for size, word in _BIG:
        if abs(rounded) >= size:
            return f"{significant(rounded / size):g} {word}".replace("-", "−")
    return f"{rounded:,.0f}".replace("-", "−")


def span(low: float, high: float) -> str:
    """Return an interval for a sentence, such as `0 to 380,000`."""
    return f"{prose(low)} to {prose(high)}"


def whole(value: float | None) -> str:
    """Return a count for a table: whole, with thousands separated."""
    if value is None:
        return NONE
    text = f"{value:,.0f}"
    return "0" if text == "-0" else text.replace("-", "−")


def exact(value: float | None) -> str:
    """Return a number for a table: whole from a hundred on, else up to four decimals."""
    if value is None:
        return NONE
    if abs(value) >= _SMALL_MAX:
        return whole(value)
    text = f"{value:,.{_EXACT_DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text.replace("-", "−")


def paths(number: int) -> str:
    """Return a number of paths in words, such as `2,000 paths`."""
    return f"{number:,} path{'' if number == 1 else 's'}"


def percent(share: float | None) -> str:
    """Return a share in per cent; what rounds to none or all without being it is said so."""
    if share is None:
        return NONE
    rounded = round(share * 100)
    if rounded == 0 and share > 0:
        return "under 1 %"
    if rounded == _WHOLE and share < 1:
        return "over 99 %"
    return f"{rounded} %".replace("-", "−")


def day(date: dt.date) -> str:
    """Return a day in words, such as `31 December 2026`."""
    return f"{date.day} {date:%B %Y}"


def plain(value: float | None) -> float | None:
    """Return a number for the page's data: seven significant digits, whole where it can be."""
    if value is None or not math.isfinite(value):
        return None
    if abs(value) < 1e-9:
        return 0
    rounded = significant(value, 7)
    return int(rounded) if rounded == int(rounded) else rounded
