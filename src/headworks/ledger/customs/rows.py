"""Rows of a usage file: its records with their cells in order, from CSV or from JSON lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from operator import itemgetter
from typing import Any, NamedTuple

from headworks.errors import Fault, did_you_mean, nearest
from headworks.ledger.customs.cells import Cells, shown
from headworks.ledger.journal.view import refuse

COLUMNS: dict[str, tuple[str, ...]] = {
    "file": ("sender", "run", "reset", "made_on"),
    "usage": (
        "type", "declaration", "part", "control_date", "trader", "licence", "line", "quantity",
        "value_cents", "origin", "shipment",
    ),
    "total": ("licence", "line", "quantity", "value_cents"),
    "status": ("licence", "status", "completion_date"),
    "end": ("count",),
}  # fmt: skip
"""The columns of each kind of record, in the order in which its cells are read."""
ALL = tuple(dict.fromkeys(["record", *(one for columns in COLUMNS.values() for one in columns)]))
OPTIONAL = {"reset", "value_cents", "origin", "shipment", "completion_date"}
"""Columns that may be left out."""
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


class Row(NamedTuple):
    """A record with its cells, in the order of `COLUMNS`."""

    line: int
    record: str
    values: tuple[Any, ...]


def csv_rows(text: str, cells: Cells) -> Iterator[Row]:
    """Yield the records of a CSV file, which names its columns first; faults go to `cells`.

    Raises:
        LedgerError: It is no such file.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        names = next(reader)
        cells.line = reader.line_num
        refuse(_wrong_columns(names, cells))
        takers = {record: _Taker(record, names) for record in COLUMNS}
        place = names.index("record")
        before = reader.line_num
        for row in reader:
            line, before = before + 1, reader.line_num
            if len(row) != len(names):
                if row:
                    cells.line = line
                    message = f"the row has {len(row)} cells, and there are {len(names)} columns"
                    cells.wrong("", message, "put text that holds a comma in quotes")
                continue
            taker = takers.get(row[place])
            if taker is None:
                cells.line = line
                _unknown_record(row[place], cells)
                continue
            if taker.others is not None and any(taker.others(row)):
                cells.line = line
                taker.tell(row, cells)
            row.append("")
            yield Row(line, row[place], taker.own(row)[:-1])
    except csv.Error as error:
        message = f"the row cannot be read as CSV: {error}"
        remedy = "check that it is a usage file, and its quotes"
        refuse([*cells.faults, Fault(cells.file, reader.line_num, "", message, remedy)])


class _Taker:
    """Takes the cells of one kind of record out of rows; columns that are left out are empty."""

    def __init__(self, record: str, names: list[str]) -> None:
        self.record = record
        self.names = names
        wanted = COLUMNS[record]
        # What is left out is read from the empty cell that is added to each row.
        places = [names.index(name) if name in names else len(names) for name in wanted]
        self.own = itemgetter(*places, len(names))
        self._others = [
            number for number, name in enumerate(names) if name not in {"record", *wanted}
        ]
        self.others = itemgetter(*self._others, self._others[-1]) if self._others else None

    def tell(self, row: list[str], cells: Cells) -> None:
        """Tell which cells are filled and are none of the record's."""
        for number in self._others:
            if row[number]:
                message = f"a record {self.record} has no such cell: {shown(row[number])}"
                cells.wrong(self.names[number], message, "leave it empty")


def _wrong_columns(names: list[str], cells: Cells) -> list[Fault]:
    """Return what is wrong with the first line of a CSV file."""
    if not set(names) & set(ALL):
        text = ",".join(names)
        for sign, word in SEPARATORS.items():
            if set(text.split(sign)) & set(ALL):
                message = f"the columns are parted by {word}"
                return [Fault(cells.file, 1, "", message, "part them by commas")]
        message = f"the first line names no column of a usage file: {shown(text)}"
        remedy = f"name the columns: {', '.join(ALL)}"
        return [Fault(cells.file, 1, "", message, remedy)]
    faults = [
        Fault(cells.file, 1, name, "the column is missing", "add it")
        for name in ALL
        if name not in names and name not in OPTIONAL
    ]
    for number, name in enumerate(names):
        if name not in ALL:
            near = did_you_mean(nearest(name, ALL))
            message = f"there is no column {shown(name)}{near}"
            faults.append(Fault(cells.file, 1, name[:40], message, "remove or rename it"))
        elif name in names[:number]:
            faults.append(Fault(cells.file, 1, name, "the column stands twice", "keep one"))
    return faults


def json_rows(text: str, cells: Cells) -> Iterator[Row]:
    """Yield the records of JSON lines, an object on each; faults go to `cells`."""
    for line, one in enumerate(text.split("\n"), start=1):
        if not one or one.isspace():
            continue
        try:
            plain = json.loads(one)
        except (ValueError, RecursionError) as error:
            cells.line = line
            reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
            cells.wrong("", f"the line is no JSON: {reason.lower()}", "write one object a line")
            continue
        cells.line = line
        if not isinstance(plain, dict):
            cells.wrong("", f"the line is no object: {shown(plain)}", "write one object a line")
            continue
        record = plain.get("record")
        columns = COLUMNS.get(record) if isinstance(record, str) else None
        if columns is None:
            _unknown_record(record, cells)
            continue
        if unknown := plain.keys() - {"record", *columns}:
            for name in sorted(unknown):
                near = did_you_mean(nearest(name, columns))
                cells.wrong(name, f"a record {record} has no key {name!r}{near}", "remove it")
        missing = [name for name in columns if name not in plain and name not in OPTIONAL]
        for name in missing:
            cells.wrong(name, "the key is missing", "add it")
        if not missing:
            yield Row(line, str(record), tuple(map(plain.get, columns)))


def _unknown_record(given: object, cells: Cells) -> None:
    near = did_you_mean(nearest(str(given), COLUMNS)) if given else ""
    message = f"{shown(given)} is no kind of record{near}"
    cells.wrong("record", message, f"say one of {', '.join(COLUMNS)}")
