"""Cells of a usage file: each read as what its column holds, each fault kept with its place."""

from __future__ import annotations

import datetime as dt
import re

from headworks.errors import Fault
from headworks.ledger.journal.account import AMOUNT_MAX

IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9_/-]{0,79}")
REFERENCE = re.compile(r"[^\x00-\x1f\x7f:\s][^\x00-\x1f\x7f:]{0,99}")
COUNTRY = re.compile(r"[A-Z]{2}")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
DIGITS = re.compile(r"\d{1,16}", re.ASCII)
SHOWN = 40
"""Longer cells are cut in a message."""
NO_DAY = dt.date.min


class Cells:
    """Reads cells, and keeps what is wrong with them.

    What cannot be read comes back as an empty value of its kind, since nothing is used of a file
    that has a fault.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.line = 0
        """Line of the file that is being read."""
        self.faults: list[Fault] = []
        self._days: dict[object, dt.date] = {}
        self._known: set[object] = set()

    def wrong(self, column: str, message: str, remedy: str = "") -> None:
        """Keep a fault of the line that is being read."""
        self.faults.append(Fault(self.file, self.line, column, message, remedy))

    def word(self, column: str, given: object, letters: str) -> str:
        """Return one of some letters."""
        if type(given) is str and len(given) == 1 and given in letters:
            return given
        self.wrong(column, f"{shown(given)} is none of {', '.join(letters)}", "mend it")
        return letters[0]

    def identifier(self, column: str, given: object) -> str:
        """Return an id of the ledger."""
        if given in self._known:
            return str(given)
        if type(given) is str and IDENTIFIER.fullmatch(given):
            self._known.add(given)
            return given
        remedy = "write an identifier of lower-case letters, digits, -, _ and /"
        self.wrong(column, f"{shown(given)} is no id", remedy)
        return ""

    def reference(self, column: str, given: object) -> str:
        """Return a reference of the world outside."""
        if type(given) is str and REFERENCE.fullmatch(given) and given.isprintable():
            return given
        remedy = "write printable text of at most 100 letters, without a colon"
        self.wrong(column, f"{shown(given)} is no reference", remedy)
        return ""

    def whole(self, column: str, given: object, *, least: int) -> int:
        """Return a whole number."""
        number = given
        if type(given) is str and DIGITS.fullmatch(given):
            number = int(given)
        if type(number) is not int:
            self.wrong(column, f"{shown(given)} is no whole number", _mended(given))
        elif not least <= number <= AMOUNT_MAX:
            message = f"{number:,} is not from {least:,} to {AMOUNT_MAX:,}"
            self.wrong(column, message, "give it in the smallest unit, without a sign")
        else:
            return number
        return least

    def day(self, column: str, given: object) -> dt.date:
        """Return a day."""
        if type(given) is str:
            if (known := self._days.get(given)) is not None:
                return known
            if DAY.fullmatch(given):
                try:
                    return self._days.setdefault(given, dt.date.fromisoformat(given))
                except ValueError:
                    pass
        self.wrong(column, f"{shown(given)} is no day", "write days as YYYY-MM-DD")
        return NO_DAY

    def flag(self, column: str, given: object) -> bool:
        """Return true or false; nothing stands for false."""
        if given is True or given == "true":
            return True
        if given is not None and given is not False and given not in {"", "false"}:
            self.wrong(column, f"{shown(given)} is neither true nor false", "write true or false")
        return False

    def country(self, column: str, given: object) -> str:
        """Return a country code, or nothing where nothing stands."""
        if given is None or given == "":
            return ""
        if type(given) is str and COUNTRY.fullmatch(given):
            return given
        self.wrong(column, f"{shown(given)} is no country code", "write two capital letters")
        return ""


def shown(given: object) -> str:
    """Return a cell as messages show it."""
    if given is None or given == "":
        return "an empty cell"
    text = repr(given)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _mended(given: object) -> str:
    """Return how a number should be written."""
    if type(given) is float or (type(given) is str and re.fullmatch(r"[+-]?\d*[.,]\d*", given)):
        return "write whole units or cents, without a point or a comma"
    return "write digits alone"
