"""Exact numbers: what people write as an amount, read as a fraction, and written back."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from numbers import Integral, Real
from typing import TypeAlias

from headworks.errors import Fault, InputError

Amount: TypeAlias = int | Fraction | Decimal | float | str
"""A number as a caller may give it; a float is read as the decimal that it prints as."""

DIGITS_MAX = 400
"""Digits beyond which a number is a mistake, and only costs time."""


def exact(value: object) -> Fraction:
    """Return a number as a fraction.

    Args:
        value: An `Amount`: `400000`, `"400,000"`, `"4e5"`, `"100/3"`, `Decimal("0.5")`, `0.1`.

    Raises:
        ValueError: It is not a finite number; the message says what it is.
    """
    if isinstance(value, bool):
        raise ValueError(f"{value} is not a number")  # noqa: TRY004 - bad input like any other
    if isinstance(value, Fraction):
        return value
    if isinstance(value, Integral):
        return Fraction(int(value))
    text = repr(float(value)) if isinstance(value, Real) else str(value)
    return _read(text.strip())


def _read(text: str) -> Fraction:
    numerator, slash, denominator = text.partition("/")
    above = _decimal(numerator, text)
    below = _decimal(denominator, text) if slash else Fraction(1)
    if not below:
        raise ValueError(f"{text!r} divides by zero")
    return above / below


def _decimal(part: str, text: str) -> Fraction:
    try:
        plain = part.strip()
        if THOUSANDS.fullmatch(plain):
            plain = plain.replace(",", "")
        number = Decimal(plain.replace("_", ""))
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a number" if text else "a number is missing") from None
    if not number.is_finite():
        raise ValueError(f"{text!r} is not a finite number")
    if abs(number.adjusted()) > DIGITS_MAX:
        raise ValueError(f"{text!r} has more than {DIGITS_MAX} digits")
    return Fraction(number)


THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d*)?")
"""A number whose thousands are set off by commas; a comma anywhere else is a mistake."""
WRITTEN_BITS_MAX = 13_000
"""Width up to which a number is written, some 3,900 digits; Python refuses a few more."""


def written(number: Fraction) -> str:
    """Return a fraction as exact text: `50`, or `100/3`.

    Raises:
        InputError: It has so many digits that nobody would read them.
    """
    bits = max(number.numerator.bit_length(), number.denominator.bit_length())
    if bits > WRITTEN_BITS_MAX:
        message = "an exact award is a fraction of more than 3,900 digits"
        remedy = "ask for whole units, give claims as multiples of one lot, or take another rule"
        raise InputError([Fault("claims", 0, "", message, remedy)])
    return str(number)
