"""Claimants: who asks for how much, and what a rule or a step may want to know of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, TypeAlias

from headworks.errors import Fault, InputError, UnknownName
from headworks.rationing.exact import Amount, exact, short, written
from headworks.rationing.intake.names import name_text

Row: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Claimant:
    """One party that asks for a part of the pool.

    Amounts are in the pool's unit; of a claimant with a `size` they count units of that size.
    """

    name: str
    request: Fraction
    """What it asks for."""
    weight: Fraction | None = None
    """Its weight, for rules that weigh; positive."""
    cap: Fraction | None = None
    """The most that it may be awarded."""
    minimum: Fraction | None = None
    """What it is guaranteed, as far as it claims so much."""
    priority: Fraction | None = None
    """Its rank, 1 first."""
    score: Fraction | None = None
    """Its points, the more the better."""
    day: str | None = None
    """Day on which the application was accepted, ISO text."""
    party: str | None = None
    """The group of related parties that counts as one claimant."""
    need: Fraction | None = None
    """Its verified requirement."""
    stock: Fraction | None = None
    """What it holds of that already."""
    undelivered: Fraction | None = None
    """Earlier awards that are still to be delivered."""
    used: Fraction | None = None
    """What it used of earlier awards, returns before the deadline included."""
    awarded: Fraction | None = None
    """Those earlier awards."""
    pool: str | None = None
    """Names of the pools that it may be served from, with `|` between them; None for all."""
    chip: str | None = None
    """What its units are."""
    size: Fraction | None = None
    """Of one of its units, in the pool's measure, such as TPP; positive."""

    def to_json(self) -> dict[str, str]:
        """Return what is known of it as text, exactly."""
        found: dict[str, str] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None:
                found[field.name] = written(value) if isinstance(value, Fraction) else value
        return found


COLUMNS = tuple(field.name for field in fields(Claimant))
"""What a row may say; `claim` is another word for `request`."""
TEXTS = ("name", "party", "chip")
OTHER_WORDS = {"claim": "request", "company": "name", "claimant": "name", "group": "party"}
POSITIVE = {
    "weight": "a claimant without weight could never be served",
    "size": "a unit of no size would take nothing from the pool",
}
SUMS = frozenset({"total", "sum", "all", "totals", "grand total", "summe", "gesamt"})
"""What the last row of a spreadsheet is called where it adds up the others."""


def claimants(
    rows: Sequence[Row], *, file: str = "claims", lines: Sequence[int] = ()
) -> list[Claimant]:
    """Return claimants from rows, each a mapping of columns to what stands in them.

    Args:
        rows: The rows; a column that is missing or empty says nothing.
        file: Where they come from, for messages.
        lines: Line of each row in that file; rows are counted from 1 where there is no file.

    Raises:
        InputError: Lists every fault with its row and column.
    """
    found: list[Claimant] = []
    faults: list[Fault] = []
    for number, row in enumerate(rows):
        line, place = (lines[number], "") if lines else (0, f"row {number + 1}")
        values: dict[str, Any] = {"name": str(number + 1)}
        bad: set[str] = set()
        for column, given in row.items():
            if is_blank(given):
                continue
            try:
                field, value = _value(column, given)
            except ValueError as error:
                faults.append(Fault(file, line, _joined(place, column), str(error)))
                bad.add(OTHER_WORDS.get(column, column))
                continue
            values[field] = value
        named = [given for column, given in row.items() if _field(column) == "name"]
        if named and all(map(is_blank, named)):
            message, remedy = "the name is missing", "name every claimant"
            faults.append(Fault(file, line, _joined(place, "name"), message, remedy))
        if "request" not in values and "request" not in bad:
            remedy = "give every claimant a claim, 0 if none"
            faults.append(
                Fault(file, line, _joined(place, "claim"), "the claim is missing", remedy)
            )
        found.append(Claimant(**{"request": Fraction(0), **values}))
    faults.extend(_clashes(found, file, lines))
    if faults:
        raise InputError(faults)
    return found


def is_blank(given: object) -> bool:
    """Return whether a cell says nothing."""
    return given is None or (isinstance(given, str) and not given.strip())


def _joined(place: str, column: str) -> str:
    return ".".join(part for part in (place, column) if part)


def _field(column: str) -> str:
    word = str(column).strip().lower()
    return OTHER_WORDS.get(word, word)


def _value(column: str, given: object) -> tuple[str, Fraction | str]:
    """Return the field that a column stands for, and what it says.

    Raises:
        ValueError: The column is unknown, or the number is none or out of bounds.
    """
    field = _field(column)
    if field not in COLUMNS:
        raise ValueError(UnknownName("column", str(column), COLUMNS).faults[0].message)
    if field == "day":
        try:
            return field, dt.date.fromisoformat(str(given).strip()).isoformat()
        except ValueError:
            raise ValueError(f"{given!r} is not a day; write it as YYYY-MM-DD") from None
    if field in TEXTS:
        return field, name_text(given)
    if field == "pool":
        return field, "|".join(pool_names(str(given)))
    number = exact(given)
    if number < 0 and field != "score":
        raise ValueError(f"{given} is negative")
    if number == 0 and field in POSITIVE:
        raise ValueError(f"a {field} of 0: {POSITIVE[field]}")
    return field, number


def pool_names(text: str) -> tuple[str, ...]:
    """Return the names of pools that a cell holds, `north|south`.

    Raises:
        ValueError: A name is empty, stands twice or cannot be printed.
    """
    names = tuple(name_text(part) for part in text.split("|"))
    if not all(names) or len(set(names)) < len(names):
        raise ValueError(f"{text!r} does not name pools once each; write it as north|south")
    return names


def _clashes(found: Sequence[Claimant], file: str, lines: Sequence[int]) -> list[Fault]:
    faults: list[Fault] = []
    if not found:
        remedy = "name at least one with a claim"
        faults.append(Fault(file, 0, "", "there are no claimants", remedy))
    seen: dict[str, int] = {}
    for number, one in enumerate(found):
        line = lines[number] if lines else 0
        if one.name in seen:
            before = f"; the first is in line {lines[seen[one.name]]}" if lines else ""
            message = f"there are two claimants of this name{before}"
            remedy = "add its claims up, or give it a second name and both one party"
            faults.append(Fault(file, line, one.name, message, remedy))
        seen.setdefault(one.name, number)
        if one.cap is not None and one.minimum is not None and one.cap < one.minimum:
            message = (
                f"the cap {short(one.cap)} is below the guaranteed minimum {short(one.minimum)}"
            )
            remedy = "raise the cap or lower the minimum"
            faults.append(Fault(file, line, one.name, message, remedy))
    if len(lines) > 2 and found[-1].name.casefold() in SUMS:  # noqa: PLR2004 - a sum of two or more
        last, rest = found[-1], sum((one.request for one in found[:-1]), Fraction(0))
        if last.request == rest:
            message = f"the last row claims {short(last.request)}, as much as all others together"
            remedy = "leave the row of sums out, or give the claimant a fuller name"
            faults.append(Fault(file, lines[-1], last.name, message, remedy))
    return faults


def by_column(
    claims: Mapping[str, Amount] | Sequence[Amount],
    columns: Mapping[str, Mapping[str, object] | Sequence[object] | None],
) -> list[Row]:
    """Return rows from claims and further columns, each by name or in the claims' order.

    Raises:
        InputError: A column has another length than the claims, names nobody, or is neither names
            with values nor a list.
    """
    if isinstance(claims, Mapping):
        names, amounts = [_called(name) for name in claims], list(claims.values())
    else:
        names, amounts = [str(n + 1) for n in range(len(claims))], list(claims)
    rows: list[dict[str, object]] = [
        {"name": name, "claim": amount} for name, amount in zip(names, amounts, strict=True)
    ]
    numbers = {name: n for n, name in enumerate(names)}
    faults: list[Fault] = []
    for column, values in columns.items():
        if isinstance(values, Mapping):
            for name, value in values.items():
                if _called(name) in numbers:
                    rows[numbers[_called(name)]][column] = value
                else:
                    faults.extend(UnknownName("claimant", str(name), names).faults)
        elif values is not None:
            given = _in_order(column, values, len(rows), faults)
            for row, value in zip(rows, given, strict=False):
                row[column] = value
    if faults:
        raise InputError(faults)
    return list(rows)


def _in_order(column: str, values: object, claimants: int, faults: list[Fault]) -> Sequence[object]:
    """Return the values of a column for all claimants; nothing, with a fault kept, if unfit."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        message, remedy = f"{values!r} is no list", "give one for each, or name the claimants"
        faults.append(Fault(column, 0, "", message, remedy))
        return ()
    given = list(values)
    if len(given) != claimants:
        message = f"{len(given)} given for {claimants} claimants"
        faults.append(Fault(column, 0, "", message, "give one for each, in the same order"))
        return ()
    return given


def _called(name: object) -> str:
    """Return the one form of a name; as it is where that is a fault, which its row tells."""
    try:
        return name_text(name)
    except ValueError:
        return str(name)
