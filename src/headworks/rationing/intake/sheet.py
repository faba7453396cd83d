"""Tables as CSV files: what spreadsheets write, read cell by cell with the line of each row."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from headworks.errors import Fault, InputError, did_you_mean, in_file, nearest

BYTES_MAX = 50_000_000
"""Size from which a file is no table that people wrote."""
DELIMITERS = ",;\t"
NOTES = ("note", "notes", "comment", "comments")
"""Columns for people, which are not looked at."""
SEPARATOR = re.compile(r'^"?sep=(?P<sign>[,;\t])"?$')
"""The line by which Excel says what sets its cells off."""
GROUPED = re.compile(r"-?\d{1,3}([.,]\d{3})+")
"""A number that is a thousand times larger in one country than in another."""
COMMA = re.compile(r"-?\d+,\d+")


@dataclass(slots=True)
class Sheet:
    """A table as it was written: the columns' names, and rows of as many cells."""

    place: Path
    header: list[str]
    """In small letters."""
    header_line: int
    rows: list[dict[str, str]]
    lines: list[int]
    """Line of each row in the file, from 1."""
    delimiter: str
    faults: list[Fault]
    """Rows that cannot be read."""

    def check_columns(
        self, known: Collection[str], other_words: Mapping[str, str], needed: Iterable[str] = ()
    ) -> None:
        """Keep a fault for each column that is not known, that stands twice, or that is missing.

        Args:
            known: Names of all columns that there may be.
            other_words: Other words for some of them.
            needed: Those that there must be, each with the word in which it is asked for.
        """
        spelled = {*known, *other_words}
        for column in self.header:
            if column not in spelled:
                offer = did_you_mean(nearest(column, sorted(spelled)))
                remedy = f"use {', '.join(sorted(spelled))}"
                self._fault(column, f"there is no such column{offer}", remedy)
        meant = [other_words.get(column, column) for column in self.header]
        for column in sorted({column for column in meant if meant.count(column) > 1}):
            self._fault(column, "the column stands twice", "keep one")
        for column in needed:
            if other_words.get(column, column) not in meant:
                remedy = "name the columns in the first row, such as `name,claim`"
                self._fault(column, "the column is missing", remedy)

    def check_numbers(self, texts: Collection[str]) -> None:
        """Keep a fault for each number that can be read in two ways.

        Where cells are not set off by commas, a comma or a point in a number may stand before its
        decimals or between its thousands.

        Args:
            texts: Columns that hold no numbers.
        """
        if self.delimiter == ",":
            return
        for line, row in zip(self.lines, self.rows, strict=True):
            for column, given in row.items():
                cell = given.strip()
                if column in texts or not cell:
                    continue
                if GROUPED.fullmatch(cell):
                    bare = re.sub("[.,]", "", cell)
                    message = f"{cell!r} may be {bare} or a number with three decimals"
                    remedy = "write thousands without a sign, and decimals with a point"
                    self.faults.append(Fault(str(self.place), line, column, message, remedy))
                    row[column] = "0"
                elif COMMA.fullmatch(cell):
                    message = f"{cell!r} is not a number"
                    remedy = f"write decimals with a point: {cell.replace(',', '.')}"
                    self.faults.append(Fault(str(self.place), line, column, message, remedy))
                    row[column] = "0"

    def _fault(self, column: str, message: str, remedy: str) -> None:
        self.faults.append(Fault(str(self.place), self.header_line, column, message, remedy))


def read_sheet(path: Path | str, first: str) -> Sheet:
    """Return the cells of a CSV file, set off by commas, semicolons or tabs.

    Skipped are rows without any text, and above the first row lines that begin with `#` and Excel's
    `sep=;`. A column that is empty from top to bottom is left out.

    Args:
        path: The file.
        first: What its first row may be, for messages.

    Raises:
        InputError: The file cannot be read.
    """
    place = Path(path)
    delimiter, lines = _lines(place)
    if not lines:
        raise InputError([in_file(place, "the file is empty", remedy=f"write `{first}` first")])
    line, text = lines[0]
    faults: list[Fault] = []
    if not delimiter:
        delimiter = max(DELIMITERS, key=text.count)
    header = [cell.strip().lower() for cell in _cells(text, delimiter, place, line, faults) or []]
    wide: list[list[str]] = []
    numbers: list[int] = []
    for number, row in lines[1:]:
        cells = _cells(row, delimiter, place, number, faults)
        if cells is None or not any(cell.strip() for cell in cells):
            continue
        surplus = any(cell.strip() for cell in cells[len(header) :])
        if surplus or len(cells) < len(header):
            faults.append(_misshapen(cells, len(header), place, number))
        else:
            wide.append(cells[: len(header)])
            numbers.append(number)
    kept = [n for n, name in enumerate(header) if name or any(cells[n].strip() for cells in wide)]
    names = [header[n] for n in kept]
    rows = [{header[n]: cells[n] for n in kept} for cells in wide]
    return Sheet(place, names, line, rows, numbers, delimiter, faults)


def _misshapen(cells: list[str], columns: int, place: Path, line: int) -> Fault:
    message = f"{len(cells)} cells in a table of {columns} columns"
    remedy = "quote a cell that holds a comma, such as a number with thousands"
    return Fault(str(place), line, "", message, remedy)


def _cells(
    text: str, delimiter: str, place: Path, line: int, faults: list[Fault]
) -> list[str] | None:
    """Return the cells of a line; None, with a fault kept, if it is no row."""
    try:
        return next(csv.reader([text], delimiter=delimiter, skipinitialspace=True, strict=True))
    except csv.Error as error:
        remedy = "close every quote in the line that opens it"
        faults.append(Fault(str(place), line, "", f"the row cannot be read: {error}", remedy))
        return None


def _lines(place: Path) -> tuple[str, list[tuple[int, str]]]:
    """Return what Excel says of the delimiter, if it does, and the lines with their numbers."""
    try:
        with place.open("rb") as stream:
            data = stream.read(BYTES_MAX + 1)
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise InputError([in_file(place, f"the file cannot be read: {reason}")]) from None
    if len(data) > BYTES_MAX:
        raise InputError([in_file(place, f"the file is larger than {BYTES_MAX:,} bytes")])
    text = data.decode("utf-8-sig", errors="replace")
    if "\0" in text or "\ufffd" in text:
        message = "the file is not UTF-8 text"
        remedy = "save the table as `CSV UTF-8`"
        if data.startswith(b"PK"):
            message = "the file is a workbook and no text"
        raise InputError([in_file(place, message, remedy=remedy)])
    delimiter = ""
    found: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if found:
            if line.strip():
                found.append((number, line))
        elif separator := SEPARATOR.match(line.strip("\r\n ")):
            delimiter = separator["sign"]
        elif line.strip() and not line.lstrip().startswith("#"):
            found.append((number, line))
    return delimiter, found
