"""Needs of several resources: who needs how much of which, from tables, rows or mappings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

from headworks.errors import Fault, InputError, UnknownName
from headworks.rationing.exact import Amount, exact, written
from headworks.rationing.intake.claimant import by_column, is_blank
from headworks.rationing.intake.names import name_text, plain
from headworks.rationing.intake.sheet import NOTES, read_sheet

Needs: TypeAlias = Mapping[str, Mapping[str, Amount]] | Sequence[Mapping[str, object]] | str | Path
"""Needs by claimant and resource, as rows of columns, or as a CSV file."""
Columns: TypeAlias = Mapping[str, Mapping[str, Any] | Sequence[Any]]

NOTHING, ONE = Fraction(0), Fraction(1)
COLUMNS = ("name", "claim", "weight", "priority")
OTHER_WORDS = {"request": "claim", "company": "name", "claimant": "name"}


@dataclass(frozen=True, slots=True)
class Needy:
    """What one claimant asks of all resources."""

    name: str
    need: Mapping[str, Fraction]
    """Of one unit, by resource; of the whole request where units are not counted."""
    claim: Fraction | None = None
    """The most units; None without a bound, or where units are not counted."""
    weight: Fraction = ONE
    priority: Fraction | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values; `read_needs` reads them."""
        return {
            "name": self.name,
            "need": {resource: written(amount) for resource, amount in self.need.items()},
            "claim": None if self.claim is None else written(self.claim),
            "weight": written(self.weight),
            "priority": None if self.priority is None else written(self.priority),
        }


@dataclass(slots=True)
class _Rows:
    """Rows as they were given, by column in its plain form, and where they stand."""

    file: str
    rows: list[dict[str, object]]
    lines: list[int]
    columns: set[str]
    faults: list[Fault]

    def place(self, number: int, column: str) -> tuple[str, int, str]:
        """Return file, line and key of a cell; rows are counted where there are no lines."""
        if self.lines:
            return self.file, self.lines[number], column
        return self.file, 0, f"row {number + 1}.{column}"


def read_needs(
    needs: Needs, resources: Collection[str], columns: Columns
) -> tuple[list[Needy], bool]:
    """Return the claimants, and whether their needs are those of one unit, which are claimed.

    Args:
        needs: By claimant and resource, as rows of columns, or as a CSV file.
        resources: Names of the resources, none of them that of a column of claimants.
        columns: `claim`, `weight` and `priority` from elsewhere, by name or in order.

    Raises:
        InputError: Lists every fault with its row and column.
    """
    by_plain = {plain(name): name for name in resources}
    given = _rows(needs, by_plain)
    _add(given, columns)
    found = [_needy(given, number, by_plain) for number in range(len(given.rows))]
    if not found and not given.faults:
        given.faults.append(Fault(given.file, 0, "", "there are no claimants", "name at least one"))
    seen: set[str] = set()
    for number, one in enumerate(found):
        if one.name in seen:
            message = "there are two claimants of this name"
            given.faults.append(Fault(*given.place(number, one.name), message, "rename one"))
        seen.add(one.name)
    if given.faults:
        raise InputError(given.faults)
    return found, "claim" in given.columns


def _needy(given: _Rows, number: int, resources: Mapping[str, str]) -> Needy:
    """Return one claimant; what is wrong with its row is kept as faults."""
    need = dict.fromkeys(resources.values(), NOTHING)
    values: dict[str, Any] = {"name": str(number + 1)}
    for column, cell in given.rows[number].items():
        if is_blank(cell):
            continue
        try:
            if column == "name":
                values["name"] = name_text(cell)
                continue
            amount = _amount(column, cell)
        except ValueError as error:
            given.faults.append(Fault(*given.place(number, column), str(error)))
            continue
        if column in resources:
            need[resources[column]] = amount
        else:
            values[column] = amount
    return Needy(need=need, **values)


def _amount(column: str, cell: object) -> Fraction:
    amount = exact(cell)
    if amount < 0:
        raise ValueError(f"{cell} is negative")
    if column == "weight" and not amount:
        raise ValueError("a weight of 0: a claimant without weight could never be served")
    return amount


def _add(given: _Rows, columns: Columns) -> None:
    """Add columns from elsewhere to rows."""
    if not columns or not given.rows:
        return
    names = [str(row.get("name", n + 1)) for n, row in enumerate(given.rows)]
    try:
        added = by_column(dict.fromkeys(names, 0), columns)
    except InputError as error:
        given.faults.extend(error.faults)
        return
    extra = {str(row["name"]): {c: row[c] for c in columns if c in row} for row in added}
    for name, row in zip(names, given.rows, strict=True):
        row.update(extra.get(" ".join(name.split()), {}))
    given.columns |= set(columns)


def _rows(needs: object, resources: Mapping[str, str]) -> _Rows:
    if isinstance(needs, str | Path):
        return _from_file(needs, resources)
    faults: list[Fault] = []
    found: list[dict[str, object]] = []
    pairs: Iterable[tuple[str, object]]
    if isinstance(needs, Mapping):
        pairs = [(str(name), need) for name, need in needs.items()]
    else:
        pairs = [("", row) for row in needs] if isinstance(needs, Iterable) else [("", needs)]
    for number, (name, need) in enumerate(pairs, start=1):
        if not isinstance(need, Mapping):
            message = f"{need!r} are no needs by resource"
            faults.append(Fault("needs", 0, name or f"row {number}", message, "name resources"))
            continue
        row = {_column(str(column)): cell for column, cell in need.items()}
        for column in row.keys() - resources.keys() - set(COLUMNS):
            error = UnknownName("resource", column, resources.values())
            faults += [replace(f, file="needs", key=f"row {number}") for f in error.faults]
        kept = {c: cell for c, cell in row.items() if c in resources or c in COLUMNS}
        found.append({**kept, "name": name} if name else kept)
    return _Rows("needs", found, [], {column for row in found for column in row}, faults)


def _from_file(path: str | Path, resources: Mapping[str, str]) -> _Rows:
    sheet = read_sheet(path, "name,claim,chips,power_mw")
    file = str(sheet.place)
    known = {column: _column(column) for column in sheet.header}
    texts = {"name", *NOTES} - set(resources)
    sheet.check_numbers([column for column, word in known.items() if word in texts])
    faults = sheet.faults
    for column, word in known.items():
        if word not in resources and word not in {*COLUMNS, *NOTES}:
            error = UnknownName("column", column, [*COLUMNS, *resources.values()])
            remedy = "say how much there is of this resource, or leave the column out"
            faults += [
                replace(f, file=file, line=sheet.header_line, key=column, remedy=remedy)
                for f in error.faults
            ]
    for word, name in resources.items():
        if list(known.values()).count(word) != 1:
            message = "one column must say what is needed of it"
            faults.append(Fault(file, sheet.header_line, name, message, f"add `{name}`"))
    rows = [{known[column]: cell for column, cell in row.items()} for row in sheet.rows]
    kept = [{c: cell for c, cell in row.items() if c in resources or c in COLUMNS} for row in rows]
    return _Rows(file, [dict[str, object](row) for row in kept], sheet.lines,
                 set(known.values()), faults)  # fmt: skip


def _column(column: str) -> str:
    word = plain(column)
    return OTHER_WORDS.get(word, word)
