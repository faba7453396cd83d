"""Parameters of a rationing: the rule and every step around it, as they are published."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from headworks.errors import Fault, InputError, UnknownName
from headworks.rationing.exact import exact, written

OPEN = "open"
"""Name of the part of the pool that is reserved for nobody, in the processing order."""


@dataclass(frozen=True, slots=True)
class Reserve:
    """A part of the pool that is kept for some claimants."""

    name: str
    units: Fraction
    eligible: tuple[str, ...]
    soft: bool = True
    """Whether what the eligible leave goes to all; otherwise it returns to the pool's owner."""

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "name": self.name, "units": written(self.units), "eligible": list(self.eligible),
            "soft": self.soft,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parameters:
    """Everything that decides awards beside the pool and the claimants."""

    rule: str
    cap: Fraction | None = None
    """The most that any claimant may be awarded, in the pool's unit."""
    cap_share: Fraction | None = None
    """The same as a share of the pool."""
    truncate: bool = False
    """Whether claims above the pool count as the pool."""
    min_use: Fraction | None = None
    """Share of earlier awards below whose use a claim is cut to that use."""
    lot: Fraction | None = None
    """Least award; what would be less is refused."""
    reserves: tuple[Reserve, ...] = ()
    order: tuple[str, ...] = ()
    """Order in which reserves and the open part are served; reserves first if empty."""
    tranches: tuple[Fraction, ...] = ()
    """Amounts in which the pool is released one after the other; at once if empty."""
    orders: int | None = None
    """Orders of arrival that random arrival draws; None counts all where that is feasible."""
    seed: int = 0
    """What they are drawn from."""
    whole: str | None = None
    """Method by which awards are made whole units; None leaves them exact."""
    ballot_key: str | None = None
    """Published key of the ballot that breaks ties."""
    ballot: str = "sha256"
    """Form of the ballot: `sha256` or `rfc3797`."""

    @property
    def stages(self) -> tuple[str, ...]:
        """The processing order, in full."""
        return self.order or (*(reserve.name for reserve in self.reserves), OPEN)

    def to_json(self) -> dict[str, Any]:
        """Return what is set, as plain values; `parameters` reads it back."""
        found: dict[str, Any] = {"rule": self.rule}
        for name in ("cap", "cap_share", "min_use", "lot"):
            value = getattr(self, name)
            if value is not None:
                found[name] = written(value)
        if self.truncate:
            found["truncate"] = True
        if self.orders is not None:
            found["orders"] = self.orders
        if self.seed:
            found["seed"] = self.seed
        if self.reserves:
            found["reserves"] = [reserve.to_json() for reserve in self.reserves]
            found["order"] = list(self.stages)
        if self.tranches:
            found["tranches"] = [written(tranche) for tranche in self.tranches]
        if self.whole is not None:
            found["whole"] = self.whole
        if self.ballot_key is not None:
            found["ballot_key"] = self.ballot_key
            found["ballot"] = self.ballot
        return found


def parameters(given: Mapping[str, Any]) -> Parameters:
    """Return parameters from plain values, as `to_json` writes them; None counts as not set.

    Raises:
        InputError: Lists every fault.
    """
    faults: list[Fault] = []
    values: dict[str, Any] = {}
    for name, value in given.items():
        if value is None:
            continue
        if name not in _READERS:
            faults.extend(UnknownName("parameter", name, _READERS).faults)
            continue
        try:
            values[name] = _READERS[name](value)
        except InputError as error:
            faults.extend(error.faults)
        except (ValueError, TypeError, KeyError) as error:
            faults.append(Fault(name, 0, "", str(error)))
    if faults:
        raise InputError(faults)
    found = Parameters(**values)
    faults = _clashes(found)
    if faults:
        raise InputError(faults)
    return found


def _amount(value: object) -> Fraction:
    number = exact(value)
    if number < 0:
        raise ValueError(f"{value} is negative")
    return number


def _number(value: object) -> int:
    number = exact(value)
    if number < 0 or number.denominator != 1:
        raise ValueError(f"{value} is no whole number from 0")
    return int(number)


def _share(value: object) -> Fraction:
    text = str(value).strip()
    number = exact(text.removesuffix("%")) / 100 if text.endswith("%") else exact(value)
    if not 0 <= number <= 1:
        raise ValueError(f"{value} is no share from 0 to 1")
    return number


def _reserve(value: object) -> Reserve:
    if isinstance(value, Reserve):
        return value
    if not isinstance(value, Mapping) or not {"name", "units", "eligible"} <= value.keys():
        raise ValueError("a reserve has a `name`, its `units` and the names of the `eligible`")
    names = value["eligible"]
    eligible = tuple(names.split(",") if isinstance(names, str) else map(str, names))
    twice = sorted({name for name in eligible if eligible.count(name) > 1})
    if twice:
        raise ValueError(f"{twice[0]!r} stands twice in the reserve {value['name']!r}")
    return Reserve(
        str(value["name"]), _amount(value["units"]), eligible, bool(value.get("soft", True))
    )


def _sequence(value: object) -> list[Any]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, Sequence):
        raise ValueError(f"{value!r} is no list")  # noqa: TRY004 - bad input like any other
    return list(value)


_READERS: dict[str, Callable[[Any], Any]] = {
    "rule": str,
    "cap": _amount,
    "cap_share": _share,
    "truncate": bool,
    "min_use": _share,
    "lot": _amount,
    "reserves": lambda value: tuple(map(_reserve, value)),
    "order": lambda value: tuple(map(str, _sequence(value))),
    "tranches": lambda value: tuple(map(_amount, _sequence(value))),
    "orders": _number,
    "seed": _number,
    "whole": str,
    "ballot_key": str,
    "ballot": str,
}


def _clashes(found: Parameters) -> list[Fault]:
    faults: list[Fault] = []
    if found.cap is not None and found.cap_share is not None:
        message = "a cap is given in units and as a share"
        faults.append(Fault("cap", 0, "", message, "keep one"))
    if found.tranches and found.reserves:
        message = "a pool with reserves is released at once"
        faults.append(Fault("tranches", 0, "", message, "ration each tranche by itself"))
    names = [reserve.name for reserve in found.reserves]
    if OPEN in names or len(set(names)) < len(names):
        message = f"reserves need names of their own, and none is called {OPEN!r}"
        faults.append(Fault("reserves", 0, "", message))
    elif sorted(found.stages) != sorted([*names, OPEN]):
        message = (
            f"the order {', '.join(found.stages)} must name each of {', '.join([*names, OPEN])}"
        )
        faults.append(Fault("order", 0, "", message, "name each once"))
    return faults
