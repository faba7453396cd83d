"""The key of a ballot: what public sources gave, as one text that all write alike."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from headworks.errors import Fault, InputError
from headworks.rationing.exact import exact

RFC_KEY = (
    "write each source as ascending numbers, each closed with a dot, then /, as in 9319./2.5.8./"
)


def ballot_key(sources: Iterable[Iterable[object]]) -> str:
    """Return the key of sources, each some numbers: `9319./2.5.8.10.12./9.18.26.34.41.45./`.

    Numbers of one source are sorted, since some publishers sort them and others do not; sources
    keep their published order.

    Args:
        sources: Numbers of each source, not negative; decimals as text, such as "4083.25".

    Raises:
        InputError: There is no source, one has no number, or something is no number.
    """
    parts: list[str] = []
    faults: list[Fault] = []
    for place, numbers in enumerate(sources, start=1):
        found: list[Fraction] = []
        for number in numbers:
            try:
                found.append(_decimal(number))
            except ValueError as error:
                faults.append(Fault("sources", 0, f"source {place}", str(error)))
        if not found and not faults:
            message = "there are no numbers"
            faults.append(Fault("sources", 0, f"source {place}", message, "give at least one"))
        parts.append("".join(_written(number) for number in sorted(found)) + "/")
    if not parts:
        faults.append(Fault("sources", 0, "", "there are none", "give at least one"))
    if faults:
        raise InputError(faults)
    return "".join(parts)


def key_faults(key: str, method: str) -> list[Fault]:
    """Return what is wrong with a key; only RFC 3797 asks for numbers."""
    if not key.strip():
        return [Fault("ballot key", 0, "", "the key is empty", "give what the sources gave")]
    if not (key.isascii() and key.isprintable() and key == key.strip()):
        message = f"{key!r} has signs that look like others, or blanks around it"
        return [Fault("ballot key", 0, "", message, "use printable ASCII only")]
    if method != "rfc3797":
        return []
    if not key.endswith("/"):
        return [Fault("ballot key", 0, "", f"{key!r} does not end with /", RFC_KEY)]
    return [
        Fault("ballot key", 0, f"source {place}", f"{source!r} is no ascending numbers", RFC_KEY)
        for place, source in enumerate(key[:-1].split("/"), start=1)
        if not _ascends(source)
    ]


def _ascends(source: str) -> bool:
    """Return whether text can be read as ascending numbers, each with a dot and no idle zeros.

    Where decimals stand among them there are several readings: 2.17. is 2 and 17, or 2.1 and 7. So
    each place at which a number may end keeps the least number that may end there.
    """
    least: dict[int, Fraction] = {0: Fraction(0)}
    for begin in range(len(source)):
        dot = source.find(".", begin)
        if begin not in least or dot < 0:
            continue
        end = dot + 1
        while True:
            number = _number(source[begin:end])
            if number is not None and number >= least[begin]:
                least[end] = min(number, least.get(end, number))
            if not source[end : end + 1].isdigit():
                break
            end += 1
    return bool(source) and len(source) in least


def _number(text: str) -> Fraction | None:
    """Return the number that RFC 3797 writes like that; None if it writes none so."""
    whole, _, fraction = text.partition(".")
    if not whole.isdigit() or not (fraction.isdigit() or not fraction):
        return None
    number = Fraction(text)
    return number if _written(number) == text else None


def _written(number: Fraction) -> str:
    """Return a decimal with its dot, without idle zeros."""
    places = _places(number.denominator) or 0
    digits = f"{number * 10**places}".zfill(places + 1)
    return f"{digits[: len(digits) - places]}.{digits[len(digits) - places :]}"


def _decimal(given: object) -> Fraction:
    """Return a number that a source gave.

    Raises:
        ValueError: It is no number, negative, or no decimal.
    """
    number = exact(given)
    if number < 0:
        raise ValueError(f"{given} is negative")
    if _places(number.denominator) is None:
        raise ValueError(f"{given} cannot be written as a decimal")
    return number


def _places(denominator: int) -> int | None:
    """Return the decimal places of a reduced fraction; None if they do not end."""
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else None
