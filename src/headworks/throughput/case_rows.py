"""Rows of a table of cases: a CSV file as people and spreadsheets write it, cut into cells."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from headworks.errors import Fault, InputError, in_file
from headworks.throughput.case import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

BYTES_MAX = 50_000_000
"""Size from which a file is no table of cases."""
LINE_END = re.compile(r"\r\n|\r|\n")
"""Ends of lines in a table; other characters that end lines elsewhere are letters of a cell."""
ROW_LINES_MAX = 50
"""Lines of a row beyond which a quote has no end, rather than a cell many line breaks."""
NO_END = "unexpected end of data"
"""What the reader says of a row whose last quoted cell has no end."""
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
"""What stands between cells in place of commas, with what it is called."""


def rows(place: Path) -> list[tuple[int, str]]:
    """Return the rows that say something, with the numbers of their first lines.

    Raises:
        InputError: The file cannot be read, or is no table.
    """
    try:
        with place.open("rb") as stream:
            data = stream.read(BYTES_MAX + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError([in_file(place, f"the file cannot be read: {reason}")]) from None
    if len(data) > BYTES_MAX:
        raise InputError([in_file(place, f"the file is larger than {BYTES_MAX:,} bytes")])
    text = data.decode("utf-8-sig", errors="replace")
    if "\0" in text or "\ufffd" in text:
        message = "the file is not UTF-8 text"
        raise InputError([in_file(place, message, remedy="save the table as CSV, UTF-8")])
    return [
        (number, line)
        for number, line in _rows(LINE_END.split(text))
        if line.strip(" \t,")  # a spreadsheet writes a blank row as commas
    ]


def _rows(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield each row with the number of its first line; a quoted cell may hold line breaks."""
    number = 0
    while number < len(lines):
        taken = _lines_of_row(lines[number : number + ROW_LINES_MAX])
        yield number + 1, "\n".join(lines[number : number + taken])
        number += taken


def _lines_of_row(lines: Sequence[str]) -> int:
    """Return how many lines the first row takes; 1, too, where its last quoted cell has no end."""
    for taken in range(1, len(lines) + 1):
        try:
            cells("\n".join(lines[:taken]))
        except csv.Error as error:
            if str(error) != NO_END:
                return 1
        else:
            return taken
    return 1


def cells(row: str) -> list[str]:
    """Return the cells of a row.

    Raises:
        csv.Error: It cannot be read.
    """
    return next(csv.reader([row], skipinitialspace=True, strict=True), [])


def header(text: str, place: Path, line: int) -> list[str]:
    """Return the names of the columns.

    Raises:
        InputError: The row cannot be read, or no commas stand between them.
    """
    separator = _other_separator(text)
    if separator:
        message, remedy = f"{separator} stand between the cells", "save the table with commas"
        raise InputError([Fault(str(place), line, "", message, remedy)])
    try:
        return [column.strip().lower() for column in cells(text)]
    except csv.Error as error:
        raise InputError([unreadable(error, place, line)]) from None


def _other_separator(header: str) -> str:
    """Return the name of what stands between the columns where it is no comma; else nothing."""
    for sign, name in SEPARATORS.items():
        columns = {column.strip(' "').lower() for column in header.split(sign)}
        if len(columns & set(COLUMNS)) > 1:
            return name
    return ""


def unreadable(error: csv.Error, place: Path, line: int) -> Fault:
    """Return the fault of a row that cannot be read."""
    return Fault(str(place), line, "", f"the row cannot be read: {error}")
