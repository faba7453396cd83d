"""Exact numbers: what people write as an amount, read as a fraction, and written back."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from numbers import Integral, Real
from typing import TypeAlias

Amount: TypeAlias = int | Fraction | Decimal | float | str
"""A number as a caller may give it; a float is read as the decimal that it prints as."""

EXPONENT_MAX = 400
"""Power of ten that an exponent may stand for; beyond it a number is a mistake, and costs time."""
DIGITS_MAX = 10_000
"""Digits of a numerator or a denominator that is taken, in whatever form it is given: beyond it
reading takes seconds, and a record could not be read again."""
BITS_MAX = DIGITS_MAX * 10 // 3
"""Bits of so many digits, somewhat more."""
PYTHON_BITS = 10_000
"""Width up to which Python itself writes a number; it refuses some 4,300 digits and more."""
HUGE = 10**21
"""From here on people are shown the first digits only."""
TINY = Fraction(1, 1000)
"""Below it they are shown the first digits that say something."""
LETTERS_MAX = 60
"""Letters of a number that is none which a message repeats."""
SHORT_LETTERS = 24
"""Letters up to which a message says a number exactly."""
THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d*)?")
"""A number whose thousands are set off by commas; a comma anywhere else is a mistake."""


def exact(value: object) -> Fraction:
    """Return a number as a fraction.

    Args:
        value: An `Amount`: `400000`, `"400,000"`, `"4e5"`, `"100/3"`, `Decimal("0.5")`, `0.1`.

    Raises:
        ValueError: It is not a finite number, or has more than `DIGITS_MAX` digits; the message
            says what it is.
    """
    if isinstance(value, bool):
        raise ValueError(f"{value} is not a number")  # noqa: TRY004 - bad input like any other
    if isinstance(value, Fraction):
        return short_enough(value)
    if isinstance(value, Integral):
        return short_enough(Fraction(int(value)))
    text = repr(float(value)) if isinstance(value, Real) else str(value)
    return _read(text.strip())


def _read(text: str) -> Fraction:
    numerator, slash, denominator = text.partition("/")
    above = _decimal(numerator, text)
    below = _decimal(denominator, text) if slash else Fraction(1)
    if not below:
        raise ValueError(f"{_begun(text)!r} divides by zero")
    return short_enough(above / below, text)


def short_enough(number: Fraction, text: str = "") -> Fraction:
    """Return a number that has no more digits than can be read again.

    Args:
        number: The number.
        text: What was written, if anything was.

    Raises:
        ValueError: It has more than `DIGITS_MAX` digits.
    """
    if is_long(number):
        said = repr(_begun(text)) if text else f"a number {short(number)}"
        raise ValueError(f"{said} has more than {DIGITS_MAX:,} digits")
    return number


def _decimal(part: str, text: str) -> Fraction:
    plain = part.strip()
    try:
        if THOUSANDS.fullmatch(plain):
            plain = plain.replace(",", "")
        number = Decimal(plain.replace("_", ""))
    except InvalidOperation:
        message = f"{_begun(text)!r} is not a number" if text else "a number is missing"
        raise ValueError(message) from None
    if not number.is_finite():
        raise ValueError(f"{_begun(text)!r} is not a finite number")
    if abs(number.adjusted()) > max(EXPONENT_MAX, len(plain)):
        message = f"{_begun(text)!r} is a number of more than {EXPONENT_MAX} digits"
        raise ValueError(message)
    if len(plain) > 2 * DIGITS_MAX:
        raise ValueError(f"{_begun(text)!r} has more than {DIGITS_MAX:,} digits")
    return Fraction(number)


def _begun(text: str) -> str:
    """Return a text that may be long, as far as a message needs it."""
    return text if len(text) <= LETTERS_MAX else f"{text[:LETTERS_MAX]}…"


def is_long(number: Fraction) -> bool:
    """Say whether a number has more digits than are read."""
    return max(number.numerator.bit_length(), number.denominator.bit_length()) > BITS_MAX


def written(number: Fraction) -> str:
    """Return a fraction as exact text, however long: `50`, or `100/3`."""
    above = _digits(number.numerator)
    return above if number.denominator == 1 else f"{above}/{_digits(number.denominator)}"


def _digits(number: int) -> str:
    return str(number) if number.bit_length() < PYTHON_BITS else str(Decimal(number))


def rounded(number: Fraction, places: int = 2, *, fixed: bool = False) -> str:
    """Return a number for people, half to even: `1,234.57`, `1,234`, or `1.235e+30` from `HUGE` on.

    Args:
        number: The number, however long.
        places: Places after the point.
        fixed: Whether whole numbers have them, too.
    """
    if abs(number) >= HUGE:
        return f"{Decimal(number.numerator) / Decimal(number.denominator):.3e}"
    if number.denominator == 1 and not fixed:
        return f"{number.numerator:,}"
    scaled = round(number * 10**places)
    return f"{Decimal(scaled).scaleb(-places):,f}"


def significant(number: Fraction, digits: int = 3) -> str:
    """Return a number for people, with so many digits that say something: `0.0123`, `1.23e+7`."""
    return f"{Decimal(number.numerator) / Decimal(number.denominator):,.{digits}g}"


def short(number: Fraction) -> str:
    """Return a number for a message: exactly where that is short, else `≈` and some digits."""
    text = written(number) if abs(number) < HUGE and number.denominator < HUGE else ""
    if 0 < len(text) <= SHORT_LETTERS:
        return text
    if abs(number) < TINY:
        return f"≈ {Decimal(number.numerator) / Decimal(number.denominator):.3e}"
    return f"≈ {rounded(number, 6)}"


def shortened(text: str) -> str:
    """Return an exact text, as `written` gives it, for people: as it is where it is short."""
    if len(text) <= SHORT_LETTERS:
        return text
    above, _, below = text.partition("/")
    return f"≈ {Decimal(above) / Decimal(below or 1):,.3g}"
