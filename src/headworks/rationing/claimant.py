"""Claimants: who asks for how much, and what a rule or a step may want to know of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, TypeAlias

from headworks.errors import Fault, InputError, UnknownName
from headworks.rationing.exact import Amount, exact, written

Row: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Claimant:
    """One party that asks for a part of the pool; amounts are in the pool's unit."""

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
TEXTS = ("name", "day", "party")
OTHER_WORDS = {"claim": "request", "company": "name", "claimant": "name", "group": "party"}


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
            if given is None or (isinstance(given, str) and not given.strip()):
                continue
            try:
                field, value = _value(column, given)
            except ValueError as error:
                key = ".".join(part for part in (place, column) if part)
                faults.append(Fault(file, line, key, str(error)))
                bad.add(OTHER_WORDS.get(column, column))
                continue
            values[field] = value
        columns = {OTHER_WORDS.get(column, column) for column in row}
        if "name" in columns and not str(row.get("name", row.get("company", "x"))).strip():
            key = ".".join(part for part in (place, "name") if part)
            faults.append(Fault(file, line, key, "the name is missing", "name every claimant"))
        if "request" not in values and "request" not in bad:
            remedy = "give every claimant a claim, 0 if none"
            key = ".".join(part for part in (place, "claim") if part)
            faults.append(Fault(file, line, key, "the claim is missing", remedy))
        found.append(Claimant(**{"request": Fraction(0), **values}))
    faults.extend(_clashes(found, file))
    if faults:
        raise InputError(faults)
    return found


def _value(column: str, given: object) -> tuple[str, Fraction | str]:
    """Return the field that a column stands for, and what it says.

    Raises:
        ValueError: The column is unknown, or the number is none or out of bounds.
    """
    field = OTHER_WORDS.get(column.strip().lower(), column.strip().lower())
    if field not in COLUMNS:
        raise ValueError(UnknownName("column", column, COLUMNS).faults[0].message)
    if field == "day":
        try:
            return field, dt.date.fromisoformat(str(given).strip()).isoformat()
        except ValueError:
            raise ValueError(f"{given!r} is not a day; write it as YYYY-MM-DD") from None
    if field in TEXTS:
        text = str(given).strip()
        if not text.isprintable():
            raise ValueError(f"{text!r} has signs that cannot be printed")
        return field, text
    number = exact(given)
    if number < 0 and field != "score":
        raise ValueError(f"{given} is negative")
    if number == 0 and field == "weight":
        raise ValueError("a weight of 0: a claimant without weight could never be served")
    return field, number


def _clashes(found: Sequence[Claimant], file: str) -> list[Fault]:
    faults: list[Fault] = []
    if not found:
        remedy = "name at least one with a claim"
        faults.append(Fault(file, 0, "", "there are no claimants", remedy))
    seen: set[str] = set()
    for one in found:
        if one.name in seen:
            remedy = "add its claims up, or give it a second name"
            faults.append(Fault(file, 0, one.name, "there are two claimants of this name", remedy))
        seen.add(one.name)
        if one.cap is not None and one.minimum is not None and one.cap < one.minimum:
            message = f"the cap {one.cap} is below the guaranteed minimum {one.minimum}"
            faults.append(Fault(file, 0, one.name, message, "raise the cap or lower the minimum"))
    return faults


def by_column(
    claims: Mapping[str, Amount] | Sequence[Amount],
    columns: Mapping[str, Mapping[str, object] | Sequence[object] | None],
) -> list[Row]:
    """Return rows from claims and further columns, each by name or in the claims' order.

    Raises:
        InputError: A column has another length than the claims, or names nobody.
    """
    if isinstance(claims, Mapping):
        names, amounts = list(claims), list(claims.values())
    else:
        names, amounts = [str(n + 1) for n in range(len(claims))], list(claims)
    rows: list[dict[str, object]] = [
        {"name": name, "claim": amount} for name, amount in zip(names, amounts, strict=True)
    ]
    faults: list[Fault] = []
    for column, values in columns.items():
        if values is None:
            continue
        if isinstance(values, Mapping):
            for name, value in values.items():
                if name in names:
                    rows[names.index(name)][column] = value
                else:
                    faults.extend(UnknownName("claimant", str(name), names).faults)
        elif len(values) == len(rows):
            for row, value in zip(rows, values, strict=True):
                row[column] = value
        else:
            message = f"{len(values)} given for {len(rows)} claimants"
            faults.append(Fault(column, 0, "", message, "give one for each, in the same order"))
    if faults:
        raise InputError(faults)
    return list(rows)
