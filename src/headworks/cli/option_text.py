"""What people write after an option of `ration` and `auction`, read as columns, pools and sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from headworks.errors import Door, Fault, InputError

Measures: TypeAlias = dict[str, tuple[str | None, Mapping[str, str | float]]]
"""By pool, its unit where the data know it, and the size of one unit by chip."""


def column(text: str | None, option: str) -> dict[str, str] | list[str] | None:
    """Return `a=1,b=2` as a mapping and `1,2` as a list.

    Raises:
        InputError: Some have a name and others have none, a name stands twice, or nothing is said.
    """
    if text is None:
        return None
    parts = [part.strip() for part in text.split(",")]
    if not any(parts):
        message, remedy = "it is empty", "say something of each, or leave it out"
        raise InputError([Fault(option, 0, "", message, remedy)])
    named = ["=" in part for part in parts]
    if not any(named):
        return parts
    if not all(named):
        message = f"{text!r}: some have a name and others have none"
        raise InputError([Fault(option, 0, "", message, "write all as name=amount, or none")])
    return named_amounts(parts, option, said=f"{text!r}: ")


def named_amounts(parts: Sequence[str], option: str, said: str = "") -> dict[str, str]:
    """Return `name=amount` pairs as a mapping.

    Args:
        parts: The pairs.
        option: Where they are given.
        said: What a message begins with.

    Raises:
        InputError: A name is missing or stands twice, or there is no `=`.
    """
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for part in parts:
        name, sign, value = (piece.strip() for piece in part.partition("="))
        if not name or not sign:
            message = f"{said}{part!r} is no name with an amount"
            faults.append(Fault(option, 0, "", message, "write it as name=amount"))
        elif name in found:
            faults.append(Fault(option, 0, "", f"{said}{name!r} stands twice", "keep one"))
        found[name] = value
    if faults:
        raise InputError(faults)
    return found


def pools(texts: Sequence[str]) -> dict[str, str]:
    """Return pools by name, in the order in which they are given; one without a name has "".

    Raises:
        InputError: There is none, or several of which not all have names of their own.
    """
    if not texts:
        message, remedy = "there is no pool to share", "give --pool UNITS"
        raise InputError([Fault("--pool", 0, "", message, remedy)])
    if len(texts) == 1 and "=" not in texts[0]:
        amount, colon, measure = texts[0].partition(":")
        if colon:
            message = f"{texts[0]!r} is no amount"
            remedy = f"write --pool {amount} --per-chip {measure or 'tpp'}, or name the pool"
            raise InputError([Fault("--pool", 0, "", message, remedy)])
        return {"": texts[0]}
    return named_amounts(texts, "--pool")


def measured(texts: Mapping[str, str]) -> tuple[dict[str, str], Measures]:
    """Return amounts of pools, and by pool what it counts: `grid` of `grid=12:power`.

    Args:
        texts: By pool its amount, and after a colon what `per_chip` reads.

    Raises:
        InputError: A measure is unknown, or sizes cannot be read; all are listed.
    """
    amounts: dict[str, str] = {}
    found: Measures = {}
    door = Door()
    for name, text in texts.items():
        amounts[name], colon, measure = (part.strip() for part in text.partition(":"))
        with door.checking():
            sizes, unit = per_chip(measure) if colon else (None, None)
            if colon and not sizes:
                message = f"{text!r} names no measure after the colon"
                remedy = "write tpp, memory_bandwidth, power, or sizes: h200=15832,h20=2368"
                raise InputError([Fault("--pool", 0, name, message, remedy)])
            if sizes:
                found[name] = (unit, sizes)
    door.close()
    return amounts, found


def reserve(text: str) -> dict[str, object]:
    """Return a reserve, `small=1000:a,b` or `small=1000:a,b:hard`, as parameters take it.

    Raises:
        InputError: It is written otherwise.
    """
    name, _, rest = text.partition("=")
    units, _, eligible = rest.partition(":")
    eligible, _, kind = eligible.partition(":")
    if not (name and units and eligible) or kind not in ("", "soft", "hard"):
        message = f"{text!r} is no reserve"
        raise InputError([Fault("--reserve", 0, "", message, "write it as small=1000:a,b")])
    return {"name": name, "units": units, "eligible": eligible, "soft": kind != "hard"}


def per_chip(text: str | None) -> tuple[Mapping[str, str | float] | None, str | None]:
    """Return the size of a unit by chip, and the unit of sizes where the data know them.

    Args:
        text: Pairs, `h200=15832,h20=2368`, or the name of a measure of the data.

    Raises:
        InputError: It is neither.
    """
    if text is None:
        return None, None
    if "=" not in text:
        from headworks.cli.chip_sizes import sizes

        return sizes(text)
    found = column(text, "--per-chip")
    return (found if isinstance(found, dict) else None), None
