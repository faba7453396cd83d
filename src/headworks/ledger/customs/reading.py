"""Reading a usage file: CSV or JSON lines, every fault at once with its row and column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from headworks.errors import Fault, LedgerError
from headworks.ledger.customs.cells import NO_DAY, Cells
from headworks.ledger.customs.rows import Row, csv_rows, json_rows
from headworks.ledger.customs.usage import Status, Total, UsageFile, Use
from headworks.ledger.journal.view import refuse

BYTES_MAX = 256_000_000
"""Files above this are refused unread: a million records have half of it."""
FAULTS_MAX = 100
"""Faults after which no more are listed."""


def read_usage(path: Path | str) -> UsageFile:
    """Return a usage file from disk.

    Raises:
        LedgerError: It cannot be read; every fault is listed with row and column.
    """
    return parse_usage(text_of(Path(path)), str(path))


def text_of(path: Path) -> str:
    """Return the text of a file, without a byte order mark.

    Raises:
        LedgerError: There is none, it is too large, or no text.
    """
    name = str(path)
    try:
        with path.open("rb") as file:
            content = file.read(BYTES_MAX + 1)
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        message = f"the file cannot be read: {reason.lower()}"
        raise LedgerError([Fault(name, 0, "", message, "check the path")]) from None
    if len(content) > BYTES_MAX:
        message = f"the file has more than the {BYTES_MAX:,} bytes that are read"
        raise LedgerError([Fault(name, 0, "", message, "ask the sender to split it")])
    if b"\0" in content:
        message = f"the file is binary: byte {content.index(bytes(1)) + 1:,} is null"
        raise LedgerError([Fault(name, 0, "", message, "give the CSV or JSON lines, unpacked")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"the file is not UTF-8 text (byte {error.start + 1:,})"
        raise LedgerError([Fault(name, line, "", message, "save it as UTF-8")]) from None


def parse_usage(text: str, file: str) -> UsageFile:
    """Return a usage file from its text.

    Args:
        text: CSV, or JSON lines where the first character is a brace.
        file: How faults call it.

    Raises:
        LedgerError: It cannot be read; every fault is listed with row and column.
    """
    begins = text.lstrip()[:1]
    if not begins:
        refuse([Fault(file, 0, "", "the file is empty", "ask the sender to send it again")])
    cells = Cells(file)
    rows = json_rows(text, cells) if begins == "{" else csv_rows(text, cells)
    found = _Reader(cells)
    for row in rows:
        found.take(row)
        if len(cells.faults) >= FAULTS_MAX:
            message = f"{len(cells.faults)} faults, and the rest of the file was not read"
            remedy = "check that it is a usage file"
            refuse([*cells.faults, Fault(file, row.line, "", message, remedy)])
    refuse(cells.faults or found.missing())
    return found.usage()


class _Reader:
    """Takes row after row: first the file's own, then what it reports, at last its end."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.head: Row | None = None
        self.end: Row | None = None
        self.uses: list[Use] = []
        self.totals: list[Total] = []
        self.statuses: list[Status] = []
        self.counted = 0
        self.made_on = dt.date.max

    def take(self, row: Row) -> None:
        """Take one row."""
        cells, line = self.cells, row.line
        cells.line = line
        if self.end is not None and row.record != "end":
            cells.wrong("record", f"a record {row.record} stands after the end", "mend the order")
        if row.record == "file":
            self._begin(row)
            return
        if self.head is None:
            if not cells.faults:  # a faulty first row has been told
                cells.wrong("record", f"the file begins with {row.record}", "begin with `file`")
            self.head = row
        if row.record == "end":
            if self.end is not None:
                cells.wrong("record", f"it ended on line {self.end.line}", "keep one end")
            self.end = row
            self.declared = cells.whole("count", row.values[0], least=0)
            return
        self.counted += 1
        if row.record == "usage":
            use = _use(cells, line, row.values)
            if use.on > self.made_on:
                message = f"{use.on} is after the file was made, on {self.made_on}"
                cells.wrong("control_date", message, "ask the sender which day is right")
            self.uses.append(use)
        elif row.record == "total":
            self.totals.append(_total(cells, line, row.values))
        else:
            self.statuses.append(_status(cells, line, row.values))

    def _begin(self, row: Row) -> None:
        if self.head is not None:
            message = f"the file began on line {self.head.line}"
            self.cells.wrong("record", message, "send one file for each run")
        self.head = row
        sender, run, reset, made_on = row.values
        self.sender = self.cells.identifier("sender", sender)
        self.run = self.cells.whole("run", run, least=1)
        self.reset = self.cells.flag("reset", reset)
        day = self.cells.day("made_on", made_on)
        self.made_on = dt.date.max if day == NO_DAY else day

    def missing(self) -> Iterator[Fault]:
        """Yield what the file as a whole lacks, where each of its rows is sound."""
        again, line = "ask the sender to send it again", self.cells.line
        if self.head is None:
            yield Fault(self.cells.file, 0, "", "the file reports nothing", again)
        elif self.end is None:
            message = f"the file breaks off after line {line}: it has no end"
            yield Fault(self.cells.file, line, "record", message, again)
        elif self.declared != self.counted:
            message = f"it declares {self.declared:,} records, and {self.counted:,} are there"
            yield Fault(self.cells.file, self.end.line, "count", message, again)

    def usage(self) -> UsageFile:
        """Return the file."""
        return UsageFile(
            self.cells.file, self.sender, self.run, self.reset, self.made_on, tuple(self.uses),
            tuple(self.totals), tuple(self.statuses),
        )  # fmt: skip


def _use(cells: Cells, line: int, values: tuple[object, ...]) -> Use:
    kind, declaration, part, on, trader, licence, number, quantity, value, origin, ship = values
    said = cells.word("type", kind, "OACLM")
    return Use(
        line, said, cells.reference("declaration", declaration),
        cells.whole("part", part, least=1), cells.day("control_date", on),
        cells.identifier("trader", trader), cells.identifier("licence", licence),
        cells.identifier("line", number),
        cells.whole("quantity", quantity, least=0 if said in "CM" else 1),
        None if value is None or value == "" else cells.whole("value_cents", value, least=0),
        cells.country("origin", origin),
        "" if ship is None or ship == "" else cells.identifier("shipment", ship),
    )  # fmt: skip


def _total(cells: Cells, line: int, values: tuple[object, ...]) -> Total:
    licence, number, quantity, value = values
    return Total(
        line, cells.identifier("licence", licence), cells.identifier("line", number),
        cells.whole("quantity", quantity, least=0),
        None if value is None or value == "" else cells.whole("value_cents", value, least=0),
    )  # fmt: skip


def _status(cells: Cells, line: int, values: tuple[object, ...]) -> Status:
    licence, status, completed = values
    said = cells.word("status", status, "OESDC")
    done = None if completed is None or completed == "" else cells.day("completion_date", completed)
    if said in "ESDC" and completed in {None, ""}:
        cells.wrong("completion_date", f"status {said} is final, and no day is given", "give it")
    elif said == "O" and done is not None:
        cells.wrong("completion_date", f"status O is open, and {done} is given", "leave it out")
    return Status(line, cells.identifier("licence", licence), said, done)
