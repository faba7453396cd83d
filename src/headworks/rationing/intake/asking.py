"""What is asked of a rationing: claims, columns and parameters as callers give them, read whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

from headworks.errors import Door, Fault, InputError, UnknownName
from headworks.rationing.exact import Amount, exact, short
from headworks.rationing.intake.claimant import Claimant, by_column, claimants
from headworks.rationing.intake.names import listed, name_text, plain
from headworks.rationing.intake.parameters import Parameters, parameters
from headworks.rationing.intake.table import read
from headworks.rationing.rule import rule as named_rule

Claims: TypeAlias = (
    Mapping[str, Amount] | Sequence[Amount] | Sequence[Mapping[str, object]] | str | Path
)
"""Claims by name, in order, as rows of columns, or as a CSV file."""

OPTIONS = {
    "weights": "weight", "caps": "cap", "minima": "minimum", "priority": "priority",
    "scores": "score", "days": "day", "parties": "party", "needs": "need", "stock": "stock",
    "undelivered": "undelivered", "used": "used", "awarded": "awarded", "eligible": "pool",
    "chips": "chip", "sizes": "size",
}  # fmt: skip
"""Options that give one value for each claimant, and the column that each stands for."""
TAKEN = ("weights", "scores", "days", "orders", "seed")
"""Options that only some rules take."""
MEASURE = "units of the pool"
"""Unit of a pool whose unit nobody says, where claims count units of another size."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Claimants, the unit of the pool, and parameters, read and checked."""

    people: tuple[Claimant, ...]
    unit: str
    parameters: Parameters


def asked(
    claims: Claims,
    rule: str,
    options: Mapping[str, Any],
    *,
    unit: str | None = None,
    per_chip: Mapping[str, Amount] | None = None,
    any_rule: bool = False,
) -> Asked:
    """Return what is asked for.

    Args:
        claims: Claims by name, in order, as rows of columns, or as the path of a CSV file.
        rule: Name of the rule or an alias.
        options: `OPTIONS`, and the fields of `Parameters`, by name; None counts as not given.
        unit: Unit of the pool.
        per_chip: Size of one unit by chip, in the pool's measure.
        any_rule: Whether several rules will be tried, of which each takes its own options.

    Raises:
        InputError: Lists every fault.
    """
    given = {name: value for name, value in options.items() if value is not None}
    columns = {OPTIONS[name]: value for name, value in given.items() if name in OPTIONS}
    steps = {name: value for name, value in given.items() if name not in OPTIONS}
    people: list[Claimant] = []
    stated, said, chosen = None, None, Parameters("proportional")
    door = Door()
    with door.checking():
        people, stated = _people(claims, columns)
        people = _sized(people, per_chip)
    with door.checking():
        chosen = parameters({"rule": rule, **steps})
        if not any_rule:
            _check_taken(rule, given)
    with door.checking():
        said = None if unit is None else unit_text(unit)
    counted = any(one.size is not None for one in people)
    with door.checking():
        if said and stated and said != stated and not counted:
            message = f"the pool is in {said} and the claims are in {stated}"
            remedy = "convert one of them, or give the size of a unit"
            raise InputError([Fault("unit", 0, "", message, remedy)])
    door.close()
    return Asked(tuple(people), said or (MEASURE if counted else stated or "units"), chosen)


def amount_of(place: str, value: Any) -> Fraction:  # noqa: ANN401 - whatever a caller gives
    """Return an amount to share.

    Raises:
        InputError: It is no number, or negative.
    """
    if value is None:
        raise InputError([Fault(place, 0, "", "there is none", "say what there is to share")])
    try:
        amount = exact(value)
    except ValueError as error:
        raise InputError([Fault(place, 0, "", str(error))]) from None
    if amount < 0:
        raise InputError([Fault(place, 0, "", f"the {place} is negative: {value}")])
    return amount


def _check_taken(rule: str, given: Mapping[str, object]) -> None:
    """Raise if something is given by option that the rule does not take."""
    known = named_rule(rule)
    remedy = "leave them out, or choose a rule that takes them"
    faults = [
        Fault(option, 0, "", f"{known.title} takes no {option}", remedy)
        for option in TAKEN
        if option in given and option not in known.takes
    ]
    if faults:
        raise InputError(faults)


def unit_text(unit: object) -> str:
    """Return the name of a unit.

    Raises:
        InputError: It is empty, or has signs that cannot be printed.
    """
    try:
        text = name_text(unit)
    except ValueError as error:
        raise InputError([Fault("unit", 0, "", str(error))]) from None
    if not text:
        raise InputError([Fault("unit", 0, "", "the unit is empty", "name it, or leave it out")])
    return text


def _people(
    claims: Claims, columns: Mapping[str, Mapping[str, object] | Sequence[object]]
) -> tuple[list[Claimant], str | None]:
    if isinstance(claims, Mapping):
        return claimants(by_column(claims, columns)), None
    if isinstance(claims, str | Path):
        people, unit = read(claims)
    else:
        given = _listed(claims)
        rows = [dict(one) for one in given if isinstance(one, Mapping)]
        if not rows:
            return claimants(by_column(given, columns)), None
        if len(rows) < len(given):
            message = "some claims are rows of columns, and others are amounts"
            raise InputError([Fault("claims", 0, "", message, "give all in one form")])
        people, unit = claimants(rows), None
    if not columns:
        return people, unit
    known = [one.to_json() for one in people]
    added = by_column({one.name: one.request for one in people}, columns)
    return claimants([{**row, **more} for row, more in zip(known, added, strict=True)]), unit


def _listed(claims: object) -> list[Any]:
    if isinstance(claims, bytes | set | frozenset) or not isinstance(claims, Iterable):
        message = f"{claims!r} are no claims"
        remedy = "give names with amounts, a list of amounts or of rows, or the path of a CSV file"
        raise InputError([Fault("claims", 0, "", message, remedy)])
    return list(claims)


def _sized(people: Sequence[Claimant], per_chip: Mapping[str, Amount] | None) -> list[Claimant]:
    """Return claimants with the size of their units: their own, or that of their chip.

    Raises:
        InputError: A size is missing, is not positive, or clashes with another; all are listed.
    """
    sizes = chip_sizes({} if per_chip is None else per_chip)
    faults: list[Fault] = []
    found: list[Claimant] = []
    for one in people:
        known = None if one.chip is None else sizes.get(plain(one.chip))
        if per_chip and one.chip is not None and known is None and one.size is None:
            error = UnknownName("size of the chip", one.chip, map(str, per_chip))
            message = error.faults[0].message
            faults.append(Fault("per chip", 0, one.name, message, "give its size"))
        elif known is not None and one.size is not None and known != one.size:
            message = (
                f"its size is {short(one.size)}, and that of the chip {one.chip} is {short(known)}"
            )
            faults.append(Fault("size", 0, one.name, message, "keep one"))
        found.append(one if known is None else replace(one, size=known))
    lacking = [one.name for one in found if one.size is None]
    if not faults and lacking and (per_chip or len(lacking) < len(found)):
        message = f"no size of a unit is known of {listed(lacking)}"
        remedy = "give all a chip with a size per chip, or a size"
        faults.append(Fault("size", 0, "", message, remedy))
    if faults:
        raise InputError(faults)
    return found


def chip_sizes(per_chip: object) -> dict[str, Fraction]:
    """Return sizes by the plain name of the chip.

    Raises:
        InputError: They are not by chip, or a size is no positive number.
    """
    if not isinstance(per_chip, Mapping):
        message = f"{per_chip!r} are no sizes by chip"
        raise InputError([Fault("per chip", 0, "", message, "give the size of each by its name")])
    faults: list[Fault] = []
    found: dict[str, Fraction] = {}
    for chip, size in per_chip.items():
        try:
            number = exact(size)
        except ValueError as error:
            faults.append(Fault("per chip", 0, str(chip), str(error)))
            continue
        if number <= 0:
            faults.append(Fault("per chip", 0, str(chip), f"the size {size} is not positive"))
        found[plain(str(chip))] = number
    if faults:
        raise InputError(faults)
    return found
