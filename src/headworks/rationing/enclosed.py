"""Numbers known between two bounds: compared for certain or not at all.

An exact award may have more digits than a computer holds, while whole units need only its floor and
its place among others. Here such a number is an exact part, and a tail between two decimals that
are rounded outwards. What the bounds cannot tell apart is said, and asked again with more digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, localcontext
from fractions import Fraction
from math import floor
from typing import Literal, TypeAlias, TypeVar

from headworks.rationing.intervals import Exact, Interval, Precision, context

DIGITS = (64, 256, 1024)
"""Digits of bounds, one try after the other. All three take some seconds for ten thousand claimants
whose claims have up to a thousand digits."""
TOLD = 6
"""Digits of a number that people are told."""

Answer = TypeVar("Answer")


class Undecided(Exception):
    """A decision needs more digits, or hangs on numbers that are equal."""


def settled(ask: Callable[[int], Answer]) -> Answer:
    """Return an answer from as few digits as settle it.

    Args:
        ask: Gives the answer from so many digits.

    Raises:
        Undecided: The most digits do not settle it.
    """
    for digits in DIGITS[:-1]:
        try:
            return ask(digits)
        except Undecided:
            continue
    return ask(DIGITS[-1])


@dataclass(frozen=True, slots=True, eq=False)
class Tail:
    """A number known by bounds alone, not negative; it is equal to itself and nothing else."""

    bounds: Interval
    precision: Precision
    squares: dict[tuple[Exact, Exact], Enclosed] = field(default_factory=dict)
    """By exact part and multiple, so that equal numbers have equal squares."""


class Enclosed:
    """An exact number plus a multiple of a tail, in place of a `Fraction` too long to write.

    It is added to others, multiplied by exact ones, squared, rounded down and compared. Two numbers
    with one multiple of one tail are compared exactly, so that equal awards are known to be equal.

    Comparing and rounding raise `Undecided` where the bounds do not tell.
    """

    __slots__ = ("base", "bounds", "part", "scale", "tail")

    def __init__(self, base: Exact, scale: Exact, tail: Tail) -> None:
        precision = tail.precision
        self.base, self.scale, self.tail = base, scale, tail
        self.part = precision.scaled(tail.bounds, scale)
        self.bounds = precision.plus(precision.of(base), self.part)

    def __add__(self, other: Number) -> Enclosed:
        if isinstance(other, Enclosed):
            precision = self.tail.precision
            bounds = precision.plus(self.bounds, other.bounds)
            base = floor(bounds.low)
            return Enclosed(base, 1, Tail(precision.minus(bounds, precision.of(base)), precision))
        return Enclosed(self.base + other, self.scale, self.tail) if other else self

    __radd__ = __add__

    def __sub__(self, other: Exact) -> Enclosed:
        return self + -other

    def __rsub__(self, other: Exact) -> Enclosed:
        return -self + other

    def __neg__(self) -> Enclosed:
        return self * -1

    def __mul__(self, other: Exact) -> Enclosed:
        if other == 1:
            return self
        return Enclosed(self.base * other, self.scale * other, self.tail)

    def __truediv__(self, other: Exact) -> Enclosed:
        return self * Fraction(1, other)

    def __pow__(self, exponent: Literal[2]) -> Enclosed:
        """Return its square, of a number a that is not negative: b² + (a - b)(a + b)."""
        known, precision = self.tail.squares, self.tail.precision
        if (self.base, self.scale) not in known:
            if self.bounds.low < 0:
                raise Undecided
            base: Exact = 0
            rest = self.bounds
            if self.base > 0:  # else its own tail says nothing of how close the square is to b²
                base = self.base
                rest = precision.scaled(self.tail.bounds, max(self.scale, -self.scale))
            tail = precision.times(rest, precision.plus(precision.of(base), self.bounds))
            square = Enclosed(base**2, -1 if self.scale < 0 else 1, Tail(tail, precision))
            known[self.base, self.scale] = square
        return known[self.base, self.scale]

    def __floor__(self) -> int:
        low, high = (floor(end) for end in self.bounds)
        if high - low > 1:
            raise Undecided
        return high if low == high or self >= high else low

    def __bool__(self) -> bool:
        return bool(_sign(self, 0))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, int | Fraction | Enclosed) and not _sign(self, other)

    __hash__ = None  # type: ignore[assignment]  # equal numbers need not be known by one hash

    def __lt__(self, other: Number) -> bool:
        return _sign(self, other) < 0

    def __le__(self, other: Number) -> bool:
        return _sign(self, other) <= 0

    def __gt__(self, other: Number) -> bool:
        return _sign(self, other) > 0

    def __ge__(self, other: Number) -> bool:
        return _sign(self, other) >= 0


Number: TypeAlias = int | Fraction | Enclosed


def any_enclosed(numbers: Iterable[object]) -> bool:
    """Return whether one of some numbers is known by bounds alone."""
    return any(isinstance(number, Enclosed) for number in numbers)


def is_whole(number: Number) -> bool:
    """Return whether a number is known to be whole."""
    if isinstance(number, Enclosed):
        low, high = number.bounds
        return low == high == low.to_integral_value()
    return number.denominator == 1


def apart(one: Enclosed, other: Number) -> Interval:
    """Return bounds of how much one number is above another."""
    precision = one.tail.precision
    if not isinstance(other, Enclosed):
        return precision.plus(precision.of(one.base - other), one.part)
    if one.tail is other.tail:  # so that equal multiples leave nothing
        part = precision.scaled(one.tail.bounds, one.scale - other.scale)
    else:
        part = precision.minus(one.part, other.part)
    base = one.base - other.base
    return precision.plus(precision.of(base), part) if base else part


def _sign(one: Enclosed, other: Number) -> int:
    if isinstance(other, Enclosed):  # mostly they are far apart
        if one.bounds.high < other.bounds.low:
            return -1
        if one.bounds.low > other.bounds.high:
            return 1
    low, high = apart(one, other)
    if low > 0:
        return 1
    if high < 0:
        return -1
    if low == high:
        return 0
    raise Undecided


def plain(number: Number) -> Fraction | str:
    """Return an exact number as it is, and of one that bounds tell what they say for certain.

    Raises:
        Undecided: They do not say a single digit.
    """
    return told(number.bounds) if isinstance(number, Enclosed) else Fraction(number)


def told(number: Interval) -> str:
    """Return a number for people, to as many digits as both bounds say.

    Raises:
        Undecided: They do not say a single one.
    """
    with localcontext(context(TOLD, ROUND_HALF_EVEN)):
        for digits in range(TOLD, 0, -1):
            low, high = (f"{end:.{digits}g}" for end in number)
            if low == high:
                return f"≈ {low}"
    raise Undecided
