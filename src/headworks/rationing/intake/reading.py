"""What callers give, read exactly; every fault is kept until all are known."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import SupportsIndex, cast

from headworks.errors import Fault, InputError
from headworks.rationing.exact import exact, short


class Reading:
    """Reads arguments one by one and keeps what is wrong with them; `done` raises it all."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, place: str, key: str, message: str, remedy: str = "") -> None:
        """Keep a fault of an argument, or of the part of it that `key` names."""
        self.faults.append(Fault(place, 0, key, message, remedy))

    def amount(
        self, place: str, value: object, key: str = "", *, positive: bool = False
    ) -> Fraction:
        """Return an amount that is not negative, or not zero either; 1 in place of a fault."""
        try:
            # What is a fraction already may be an award, which is exact however long.
            number = value if isinstance(value, Fraction) else exact(value)
        except ValueError as error:
            self.fault(place, key, str(error))
            return Fraction(1)
        if number < 0:
            self.fault(place, key, f"{value} is negative")
        elif positive and not number:
            self.fault(place, key, "0 is given where a positive number is needed")
        else:
            return number
        return Fraction(1)

    def amounts(
        self, place: str, values: Iterable[object], names: Sequence[str], *, positive: bool = False
    ) -> tuple[Fraction, ...]:
        """Return as many amounts as there are names; ones in place of faults."""
        given = list(values)
        if not self.fits(place, len(given), len(names)):
            return (Fraction(1),) * len(names)
        return tuple(
            self.amount(place, value, name, positive=positive)
            for name, value in zip(names, given, strict=True)
        )

    def fits(self, place: str, given: int, wanted: int) -> bool:
        """Return whether there is one value for each claimant; keep a fault if not."""
        if given != wanted:
            message = f"{given} given for {wanted} claimants"
            self.fault(place, "", message, "give one for each, in the same order")
        return given == wanted

    def whole(self, place: str, number: Fraction, key: str = "") -> int:
        """Return an amount that is a whole number."""
        if number.denominator != 1:
            self.fault(
                place, key, f"{short(number)} is no whole number of units", "round it down first"
            )
        return int(number)

    def order(self, place: str, given: Iterable[object], claimants: int) -> tuple[int, ...]:
        """Return positions of all claimants, counted from 0, each of them once."""
        found: list[int] = []
        for item in given:
            position = _position(item)
            if position is None or not 0 <= position < claimants:
                message = f"{item!r} is the position of no claimant"
                self.fault(place, "", message, f"give positions from 0 to {claimants - 1}")
            else:
                found.append(position)
        twice = sorted(position for position, times in Counter(found).items() if times > 1)
        missing = sorted(set(range(claimants)) - set(found))
        for positions, what in ((twice, "more than once"), (missing, "nowhere")):
            if positions:
                shown = ", ".join(map(str, positions[:10])) + (", …" if positions[10:] else "")
                self.fault(place, "", f"stands {what}: {shown}", "give every position once")
        return tuple(found)

    def done(self) -> None:
        """Raise all faults, if there are any.

        Raises:
            InputError: Lists them.
        """
        if self.faults:
            raise InputError(self.faults)


def _position(item: object) -> int | None:
    """Return a whole number, NumPy's included; None for what is none, as true and false are."""
    try:
        return None if isinstance(item, bool) else operator.index(cast("SupportsIndex", item))
    except TypeError:
        return None
