"""Terms of a request: what an award is worth, and what asking for too much costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

from headworks.errors import Fault, InputError, UnknownName
from headworks.rationing.exact import exact, written

NOTHING, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a claimant gains and loses by a request, per unit and in useful units.

    A useful unit, one that is awarded and needed, counts 1. All other amounts are shares of what
    such a unit is worth to its claimant *beyond its price*: a deposit of 5 % of the price is 0.5
    here where a unit is worth 10 % more than it costs.
    """

    deposit: Fraction = NOTHING
    """Forfeited for each unit that is requested and not used."""
    refunded: bool = False
    """Whether the deposit on what was not awarded comes back; then only what is awarded and not
    used forfeits it."""
    excess_cost: Fraction = NOTHING
    """Cost of each unit awarded above the need."""
    salvage: Fraction = NOTHING
    """Worth of each unit awarded above the need."""
    request_cap: Fraction | None = None
    """The most that anybody may request."""
    cap_of_need: Fraction | None = None
    """The same as a multiple of each claimant's need, which is taken as verified."""
    truncate: bool = False
    """Whether requests above the pool count as the pool."""

    def payoff(self, request: Fraction, award: Fraction, need: Fraction) -> Fraction:
        """Return what a request is worth, in useful units.

        min(x, n) + (salvage - excess_cost) max(x - n, 0) - deposit × forfeited, for an award x and
        a need n.
        """
        used = min(award, need)
        excess = award - used
        forfeited = excess if self.refunded else max(request - used, NOTHING)
        return used + (self.salvage - self.excess_cost) * excess - self.deposit * forfeited

    def limit(self, need: Fraction) -> Fraction | None:
        """Return the most that a claimant of a need may request; None without a cap."""
        caps = [] if self.request_cap is None else [self.request_cap]
        if self.cap_of_need is not None:
            caps.append(self.cap_of_need * need)
        return min(caps, default=None)

    def to_json(self) -> dict[str, Any]:
        """Return what is set, exact numbers as text."""
        found: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None and value != field.default:
                found[field.name] = written(value) if isinstance(value, Fraction) else value
        return found


def terms(given: Mapping[str, object]) -> Terms:
    """Return terms from plain values by name; None counts as not set.

    Shares may be written with `%`, and `cap_of_need` with `x`, as in `2x`.

    Raises:
        InputError: Lists every fault.
    """
    faults: list[Fault] = []
    values: dict[str, Any] = {}
    known = [field.name for field in fields(Terms)]
    for name, value in given.items():
        if value is None:
            continue
        if name not in known:
            faults.extend(UnknownName("term of a request", name, known).faults)
            continue
        try:
            flag = name in ("refunded", "truncate")
            values[name] = bool(value) if flag else amount(value, multiple=name == "cap_of_need")
        except ValueError as error:
            faults.append(Fault(name, 0, "", str(error)))
    found = Terms(**values)
    if found.salvage > ONE:
        message = f"a unit above the need is worth {found.salvage}, more than a useful one, 1"
        faults.append(Fault("salvage", 0, "", message, "give a share from 0 to 1"))
    if found.request_cap == 0 or found.cap_of_need == 0:
        message = "a cap of 0 allows no request"
        faults.append(Fault("request_cap", 0, "", message, "leave it out, or raise it"))
    if faults:
        raise InputError(faults)
    return found


def amount(value: object, *, multiple: bool = False) -> Fraction:
    """Return a number that is not negative, from `10%` or an `Amount`.

    Args:
        value: What stands for the number.
        multiple: Whether it may be written as `2x`, too.

    Raises:
        ValueError: It is none; the message says why.
    """
    text = value.strip() if isinstance(value, str) else ""
    if text.endswith("%"):
        number = exact(text.removesuffix("%")) / 100
    else:
        number = exact(text.removesuffix("x") if multiple and text else value)
    if number < 0:
        raise ValueError(f"{value} is negative")
    return number
