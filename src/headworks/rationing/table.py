"""Tables of claims: CSV files with one claimant in each row."""

from __future__ import annotations

import csv
from pathlib import Path

from headworks.errors import Fault, InputError, in_file
from headworks.rationing.claimant import COLUMNS, OTHER_WORDS, Claimant, claimants

BYTES_MAX = 50_000_000
"""Size from which a file is no table of claims."""


def read(path: Path | str) -> tuple[list[Claimant], str | None]:
    """Return the claimants of a CSV file, and the unit of their claims if it has that column.

    The first row names the columns: `name`, `claim`, and if wanted `weight`, `cap`, `minimum`,
    `priority`, `score`, `day`, `party`, `need`, `stock`, `undelivered`, `used`, `awarded` and
    `unit`. Blank lines are skipped, and above the first row lines that begin with `#`.

    Raises:
        InputError: The file cannot be read, or rows have faults: each with its line and column.
    """
    place = Path(path)
    lines = _lines(place)
    if not lines:
        raise InputError([in_file(place, "the file is empty", remedy="write `name,claim` first")])
    header_line, header_text = lines[0]
    header = [column.strip().lower() for column in next(csv.reader([header_text]))]
    faults = _header_faults(header, place, header_line)
    rows: list[dict[str, object]] = []
    numbers: list[int] = []
    units: dict[str, int] = {}
    for line, text in lines[1:]:
        try:
            cells = next(csv.reader([text], skipinitialspace=True, strict=True))
        except csv.Error as error:
            faults.append(Fault(str(place), line, "", f"the row cannot be read: {error}"))
            continue
        if len(cells) != len(header):
            message = f"{len(cells)} cells in a table of {len(header)} columns"
            remedy = "quote a cell that holds a comma, such as a number with thousands"
            faults.append(Fault(str(place), line, "", message, remedy))
            continue
        row: dict[str, object] = dict(zip(header, cells, strict=True))
        unit = str(row.pop("unit", "")).strip()
        if unit:
            units.setdefault(unit, line)
        rows.append(row)
        numbers.append(line)
    faults.extend(_unit_faults(units, place))
    try:
        found = claimants(rows, file=str(place), lines=numbers)
    except InputError as error:
        faults.extend(error.faults)
    if faults:
        raise InputError(sorted(faults))
    return found, next(iter(units), None)


def _lines(place: Path) -> list[tuple[int, str]]:
    """Return the lines that say something, with their numbers."""
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
    found: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        comment = line.lstrip().startswith("#") and not found
        if line.strip() and not comment:
            found.append((number, line))
    return found


def _header_faults(header: list[str], place: Path, line: int) -> list[Fault]:
    known = {*COLUMNS, *OTHER_WORDS, "unit"}
    remedy = f"use {', '.join(sorted(known))}"
    faults = [
        Fault(str(place), line, column, "there is no such column", remedy)
        for column in header
        if column not in known
    ]
    meant = [OTHER_WORDS.get(column, column) for column in header]
    faults.extend(
        Fault(str(place), line, column, "the column stands twice", "keep one")
        for column in sorted({column for column in meant if meant.count(column) > 1})
    )
    if "request" not in meant:
        remedy = "name the columns in the first row, such as `name,claim`"
        faults.append(Fault(str(place), line, "claim", "the column is missing", remedy))
    return faults


def _unit_faults(units: dict[str, int], place: Path) -> list[Fault]:
    if len(units) < 2:  # noqa: PLR2004 - one unit is no mixture
        return []
    shown = " and ".join(f"{unit} (line {line})" for unit, line in units.items())
    remedy = "convert them to one unit, or ration each by itself"
    return [Fault(str(place), 0, "unit", f"the claims are in mixed units: {shown}", remedy)]
