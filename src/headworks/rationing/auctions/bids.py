"""Bids: from tuples, rows or tables, read once and exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

from headworks.errors import Fault, InputError
from headworks.rationing.exact import Amount, exact, written
from headworks.rationing.intake.claimant import is_blank
from headworks.rationing.intake.names import name_text
from headworks.rationing.intake.sheet import NOTES, read_sheet

Bids: TypeAlias = Sequence[tuple[str, Amount, Amount]] | Sequence[Mapping[str, object]] | str | Path
"""Bids as (bidder, price, quantity), as rows of columns, or as a CSV file."""

COLUMNS = ("bidder", "price", "quantity")
OTHER_WORDS = {
    "name": "bidder", "company": "bidder", "units": "quantity", "claim": "quantity", "bid": "price",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bid:
    """A bid, read: a step of a demand schedule, or a package."""

    bidder: str
    price: Fraction
    """Per unit, or of the whole package."""
    quantity: Fraction

    def to_json(self) -> dict[str, str]:
        """Return it as plain values."""
        return {
            "bidder": self.bidder, "price": written(self.price),
            "quantity": written(self.quantity),
        }  # fmt: skip


def read_bids(bids: object) -> list[Bid]:
    """Return the bids, in the order in which they were given.

    Raises:
        InputError: Lists every fault with its row and column.
    """
    rows, file, lines, faults = _rows(bids)
    found: list[Bid] = []
    for number, row in enumerate(rows):
        values: dict[str, Any] = {}
        for column in COLUMNS:
            cell = row.get(column)
            place = (file, lines[number], column) if lines else (file, 0, f"{number + 1}.{column}")
            if is_blank(cell):
                faults.append(Fault(*place, f"the {column} is missing", "give all three"))
                continue
            try:
                values[column] = name_text(cell) if column == "bidder" else exact(cell)
            except ValueError as error:
                faults.append(Fault(*place, str(error)))
                continue
            if column != "bidder" and values[column] < 0:
                faults.append(Fault(*place, f"{cell} is negative"))
        if len(values) == len(COLUMNS):
            found.append(Bid(**values))
    if not rows and not faults:
        faults.append(Fault(file, 0, "", "there are no bids", "give at least one"))
    if faults:
        raise InputError(faults)
    return found


def _rows(bids: object) -> tuple[list[dict[str, object]], str, list[int], list[Fault]]:
    """Return bids by column, where they come from, their lines, and faults so far."""
    if isinstance(bids, str | Path):
        sheet = read_sheet(bids, "bidder,price,quantity")
        sheet.check_columns((*COLUMNS, *NOTES), OTHER_WORDS, COLUMNS)
        texts = [c for c in sheet.header if OTHER_WORDS.get(c, c) == "bidder"]
        sheet.check_numbers([*texts, *NOTES])
        rows = [{OTHER_WORDS.get(c, c): cell for c, cell in row.items()} for row in sheet.rows]
        return [dict[str, object](row) for row in rows], str(sheet.place), sheet.lines, sheet.faults
    faults: list[Fault] = []
    found: list[dict[str, object]] = []
    given = list(bids) if isinstance(bids, Iterable) else [bids]
    for number, bid in enumerate(given, start=1):
        if isinstance(bid, Mapping):
            found.append({OTHER_WORDS.get(str(c), str(c)): cell for c, cell in bid.items()})
        elif isinstance(bid, Sequence) and not isinstance(bid, str) and len(bid) == len(COLUMNS):
            found.append(dict(zip(COLUMNS, bid, strict=True)))
        else:
            message = f"{bid!r} is no bid"
            faults.append(Fault("bids", 0, str(number), message, "give bidder, price and quantity"))
    return found, "bids", [], faults
