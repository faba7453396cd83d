"""Arithmetic on bounds: decimals rounded down for one, up for the other.

Nothing is taken from the decimal context of the caller, so that an answer does not depend on it.
"""

from __future__ import annotations

from decimal import (
    MAX_EMAX,
    MIN_EMIN,
    ROUND_CEILING,
    ROUND_FLOOR,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple, TypeAlias

Exact: TypeAlias = int | Fraction

SPARE = 20
"""Digits more, of which a power of 2 loses as many as its exponent has."""
BITS = 4
"""Bits that hold a digit."""
BLOCK = 1024
"""Bits by which long numbers are cut, so that a few powers of 2 do for all of them."""


def context(digits: int, rounding: str) -> Context:
    """Return a decimal context of its own, which takes nothing from those of the caller."""
    traps = [InvalidOperation, DivisionByZero, Overflow]
    return Context(digits, rounding, MIN_EMIN, MAX_EMAX, capitals=1, clamp=0, flags=[], traps=traps)


class Interval(NamedTuple):
    """Two bounds of a number."""

    low: Decimal
    high: Decimal

    def __neg__(self) -> Interval:
        return Interval(self.high.copy_negate(), self.low.copy_negate())


class Precision:
    """Arithmetic on bounds with so many digits: lower ones rounded down, upper ones up."""

    def __init__(self, digits: int) -> None:
        self.digits = digits
        self._down = context(digits, ROUND_FLOOR)
        self._up = context(digits, ROUND_CEILING)
        self._powers: dict[int, Interval] = {}
        """Bounds of powers of 2 by exponent, of more digits."""

    def of(self, number: Exact) -> Interval:
        """Return bounds of an exact number, in a time that hardly depends on its length."""
        if number < 0:
            return -self.of(-number)
        return self.over(self._near(number.numerator), self._near(number.denominator))

    def _near(self, whole: int) -> Interval:
        """Return a whole number, or of a long one bounds that are closer than its digits here."""
        idle = whole.bit_length() - BITS * (self.digits + SPARE)
        if idle < BLOCK:
            exact = Decimal(whole)
            return Interval(exact, exact)
        shift = idle - idle % BLOCK
        if shift not in self._powers:
            self._powers[shift] = self._finer.power(Interval(Decimal(2), Decimal(2)), shift)
        low = whole >> shift
        return self._finer.times(Interval(Decimal(low), Decimal(low + 1)), self._powers[shift])

    @cached_property
    def _finer(self) -> Precision:
        return Precision(self.digits + SPARE)

    def plus(self, one: Interval, other: Interval) -> Interval:
        """Return bounds of a sum."""
        return Interval(self._down.add(one.low, other.low), self._up.add(one.high, other.high))

    def minus(self, one: Interval, other: Interval) -> Interval:
        """Return bounds of a difference."""
        low, high = self._down.subtract, self._up.subtract
        return Interval(low(one.low, other.high), high(one.high, other.low))

    def times(self, one: Interval, other: Interval) -> Interval:
        """Return bounds of a product of numbers that are not negative."""
        low, high = self._down.multiply, self._up.multiply
        return Interval(low(one.low, other.low), high(one.high, other.high))

    def over(self, one: Interval, other: Interval) -> Interval:
        """Return bounds of a quotient of numbers that are not negative, the second not 0."""
        low, high = self._down.divide, self._up.divide
        return Interval(low(one.low, other.high), high(one.high, other.low))

    def widened(self, one: Interval, by: Decimal) -> Interval:
        """Return bounds that are further out, the lower one not below 0."""
        low = max(Decimal(0), self._down.subtract(one.low, by))
        return Interval(low, self._up.add(one.high, by))

    def power(self, base: Interval, exponent: int) -> Interval:
        """Return bounds of a power of a number that is not negative, by squaring."""
        found, square = Interval(Decimal(1), Decimal(1)), base
        while exponent:
            if exponent & 1:
                found = self.times(found, square)
            exponent >>= 1
            if exponent:
                square = self.times(square, square)
        return found

    def scaled(self, one: Interval, scale: Exact) -> Interval:
        """Return bounds of a multiple of a number that is not negative."""
        size = max(scale, -scale)
        low, high = one if size == 1 else self.times(one, self.of(size))
        return Interval(low, high) if scale >= 0 else -Interval(low, high)
