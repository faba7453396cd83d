"""Beliefs: what claimants are assumed to have expected when they placed their orders."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, TypeAlias

from headworks.errors import Fault, InputError, UnknownName
from headworks.rationing.exact import Amount, rounded, significant, written
from headworks.rationing.incentives.terms import NOTHING, ONE, amount

Range: TypeAlias = tuple[Amount, Amount] | Amount
"""A lowest and a highest amount, both inclusive; `"400000..700000"`; or one amount."""
Span: TypeAlias = tuple[Fraction, Fraction]

POOLS = 25
"""Pools of a range that are tried, both ends included."""
OTHERS = 7
"""Multiples of the others' orders that are tried."""
DEPOSITS = 5
"""Deposits that are tried."""
TOLERANCE = Fraction(1, 100)
"""Tolerance with a deposit, where none is given."""


@dataclass(frozen=True, slots=True)
class Beliefs:
    """What each claimant may have expected, each on its own, and what it knew of the terms."""

    pool: Span
    """The pool, lowest and highest."""
    others: Span = (ONE, ONE)
    """The others' orders, as multiples of those that were placed."""
    deposit: Span = (NOTHING, NOTHING)
    """Deposit per unit ordered, as a share of what a useful unit is worth beyond its price."""
    refunded: bool = False
    """Whether the deposit on what is not awarded comes back."""
    excess_cost: Fraction | None = None
    """Cost of each unit above the need; None for some cost, however small."""
    salvage: Fraction = NOTHING
    """Worth of each unit above the need."""
    request_cap: Fraction | None = None
    """The most that anybody could order."""
    cap_of_need: Fraction | None = None
    """The same as a multiple of the need, which somebody verified."""
    tolerance: Fraction = NOTHING
    """Share of its expected award by which an order may have fallen short of the best one."""

    def each(self) -> Iterator[tuple[Fraction, Fraction]]:
        """Yield the pairs of a pool and a multiple of the others' orders that are tried."""
        for pool in _spread(self.pool, POOLS):
            for multiple in _spread(self.others, OTHERS):
                yield pool, multiple

    def deposits(self) -> list[Fraction]:
        """Return the deposits that are tried."""
        return _spread(self.deposit, DEPOSITS)

    def assumptions(self) -> list[str]:
        """Return what is assumed, as sentences."""
        others = "what they did order"
        if self.others != (ONE, ONE):
            others = f"{_range(self.others)} times {others}"
        found = [
            f"each expected a pool of {_range(self.pool)}",
            f"and the others to order {others}",
            "and ordered what is best for itself under what it expected"
            + (f", to within {float(self.tolerance):.2%} of its award" if self.tolerance else ""),
        ]
        worth = self.salvage - (self.excess_cost or NOTHING)
        if self.excess_cost is None and not self.salvage:
            found.append("units above the need are unwanted: each costs something, however little")
        elif worth:
            found.append(f"a unit above the need is worth {significant(worth, 6)} of a useful one")
        else:
            found.append("units above the need cost nothing and are worth nothing")
        if self.deposit[1]:
            kind = "awarded and not used" if self.refunded else "ordered and not used"
            found.append(f"each unit {kind} forfeits {_range(self.deposit)} of a useful unit")
        if self.request_cap is not None:
            found.append(f"nobody could order more than {rounded(self.request_cap, 0)}")
        if self.cap_of_need is not None:
            found.append(
                f"nobody could order more than {significant(self.cap_of_need, 6)} times its need"
            )
        return found

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values, exact numbers as text."""
        found: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, tuple):
                found[field.name] = [written(bound) for bound in value]
            else:
                found[field.name] = written(value) if isinstance(value, Fraction) else value
        return found


def _spread(span: Span, number: int) -> list[Fraction]:
    low, high = span
    if low == high:
        return [low]
    return [low + (high - low) * Fraction(k, number - 1) for k in range(number)]


def _range(span: Span) -> str:
    low, high = (significant(bound, 10) for bound in span)
    return low if low == high else f"{low} to {high}"


def span(value: object) -> Span:
    """Return a range from one amount, two of them, or text such as `400000..700000`.

    Raises:
        ValueError: It is none; the message says why.
    """
    ends: Any = value
    if isinstance(value, str):
        ends = value.split("..") if ".." in value else (value, value)
    elif not isinstance(value, tuple | list):
        ends = (value, value)
    if len(ends) != 2:  # noqa: PLR2004 - a range has two ends
        raise ValueError(f"{value!r} is no range; write it as 400000..700000")
    low, high = amount(ends[0]), amount(ends[1])
    if high < low:
        raise ValueError(f"{value!r} ends below its start")
    return low, high


def _multiple(value: object) -> Fraction:
    return amount(value, multiple=True)


def beliefs(given: Mapping[str, object]) -> Beliefs:
    """Return beliefs from plain values by name; None counts as not set.

    Raises:
        InputError: Lists every fault.
    """
    readers: dict[str, Callable[[object], Any]] = {
        "pool": span, "others": span, "deposit": span, "refunded": bool, "excess_cost": amount,
        "salvage": amount, "request_cap": amount, "cap_of_need": _multiple, "tolerance": amount,
    }  # fmt: skip
    faults: list[Fault] = []
    values: dict[str, Any] = {}
    for name, value in given.items():
        if value is None:
            continue
        if name not in readers:
            faults.extend(UnknownName("belief", name, readers).faults)
            continue
        try:
            values[name] = readers[name](value)
        except ValueError as error:
            faults.append(Fault(name, 0, "", str(error)))
    values.setdefault("pool", (ONE, ONE))
    if values.get("deposit", (NOTHING,) * 2)[1] and "tolerance" not in values:
        values["tolerance"] = TOLERANCE
    found = Beliefs(**values)
    if not found.pool[0]:
        remedy = "give the smallest pool that could be expected"
        faults.append(Fault("pool", 0, "", "a pool of 0 explains no order", remedy))
    if found.salvage > ONE:
        message = f"a unit above the need is worth {found.salvage}, more than a useful one, 1"
        faults.append(Fault("salvage", 0, "", message, "give a share from 0 to 1"))
    if found.tolerance >= ONE:
        message = f"with a tolerance of {found.tolerance} every order is good enough"
        faults.append(Fault("tolerance", 0, "", message, "give a small share, such as 1%"))
    if faults:
        raise InputError(faults)
    return found
