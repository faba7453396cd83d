"""Parameters of a rationing: the rule and every step around it, as they are published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from headworks.errors import Fault, InputError, UnknownName
from headworks.rationing.exact import exact, short_enough, written
from headworks.rationing.intake.names import name_text
from headworks.rationing.rule import rule
from headworks.rationing.whole import method

OPEN = "open"
"""Name of the part of the pool that is reserved for nobody, in the processing order."""
FLOOR, ADVANCE = "floor", "advance"
GUARANTEES = (FLOOR, ADVANCE)
"""What a minimum can mean: no award is below it, or it is given before the rule is asked."""
SEED_MAX = 2**128 - 1
"""The largest key of the generator that draws orders of arrival."""


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
    guarantee: str = FLOOR
    """What a minimum means: `floor` puts it under what the rule gives, so that it costs the others
    something only where the rule would give less; `advance` gives it first, and the rule shares
    what is left for what is still claimed."""
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
        unset = Parameters(self.rule)
        for name in ("truncate", "guarantee", "orders", "seed", "whole", "ballot_key"):
            if getattr(self, name) != getattr(unset, name):
                found[name] = getattr(self, name)
        if self.ballot_key is not None:
            found["ballot"] = self.ballot
        if self.reserves:
            found["reserves"] = [reserve.to_json() for reserve in self.reserves]
            found["order"] = list(self.stages)
        if self.tranches:
            found["tranches"] = [written(tranche) for tranche in self.tranches]
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
    if given.get("rule") is None:
        faults.append(Fault("rule", 0, "", "there is no rule", "name one, such as proportional"))
    if given.get("ballot") is not None and given.get("ballot_key") is None:
        message = f"the form {given['ballot']} of a ballot, and no key to hold one"
        faults.append(Fault("ballot", 0, "", message, "give the ballot key too, or leave it out"))
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
    percent = text.endswith("%")
    number = short_enough(exact(text.removesuffix("%")) / 100) if percent else exact(value)
    if not 0 <= number <= 1:
        raise ValueError(f"{value} is no share from 0 to 1")
    return number


def _seed(value: object) -> int:
    number = _number(value)
    if number > SEED_MAX:
        raise ValueError("the seed is above 2^128 - 1, the largest key of the generator")
    return number


def _flag(value: object) -> bool:
    """Return a truth value; text is none, since `"false"` would count as true."""
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is neither true nor false")  # noqa: TRY004 - bad input
    return value


def _guarantee(value: object) -> str:
    if value not in GUARANTEES:
        raise UnknownName("guarantee", str(value), GUARANTEES)
    return str(value)


def _rule(value: object) -> str:
    text = _text(value)
    rule(text)
    return text


def _whole(value: object) -> str:
    return method(_text(value)).name


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no name")  # noqa: TRY004 - bad input like any other
    return value


def _reserve(value: object) -> Reserve:
    if isinstance(value, Reserve):
        value = value.to_json()
    if not isinstance(value, Mapping) or not {"name", "units", "eligible"} <= value.keys():
        raise ValueError("a reserve has a `name`, its `units` and the names of the `eligible`")
    unknown = sorted(map(str, value.keys() - {"name", "units", "eligible", "soft"}))
    if unknown:
        raise ValueError(f"a reserve has no {unknown[0]!r}")
    names = value["eligible"]
    eligible = tuple(map(name_text, names.split(",") if isinstance(names, str) else names))
    twice = [name for name, times in Counter(eligible).items() if times > 1]
    if twice:
        raise ValueError(f"{twice[0]!r} stands twice in the reserve {value['name']!r}")
    return Reserve(
        name_text(value["name"]), _amount(value["units"]), eligible, _flag(value.get("soft", True))
    )


def _sequence(value: object) -> list[Any]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, Sequence):
        raise ValueError(f"{value!r} is no list")  # noqa: TRY004 - bad input like any other
    return list(value)


def _filled(value: object) -> list[Any]:
    found = _sequence(value)
    if not found:
        raise ValueError("the list is empty: name something, or leave the option out")
    return found


_READERS: dict[str, Callable[[Any], Any]] = {
    "rule": _rule,
    "cap": _amount,
    "cap_share": _share,
    "truncate": _flag,
    "min_use": _share,
    "lot": _amount,
    "guarantee": _guarantee,
    "reserves": lambda value: tuple(map(_reserve, _sequence(value))),
    "order": lambda value: tuple(map(name_text, _filled(value))),
    "tranches": lambda value: tuple(map(_amount, _filled(value))),
    "orders": _number,
    "seed": _seed,
    "whole": _whole,
    "ballot_key": _text,
    "ballot": _text,
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
