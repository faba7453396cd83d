"""Arguments of a forecast: what each may be, and all that is wrong with them at once."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from numbers import Real
from typing import TYPE_CHECKING, SupportsIndex, cast

from headworks.errors import Fault, InputError
from headworks.flow.balances import Balance, check_balances
from headworks.scenario.dated import as_day

if TYPE_CHECKING:
    import datetime as dt

    from headworks.flow.network import Network
    from headworks.scenario.scenario import Scenario


PATHS_MAX = 1_000_000
PATH_RUNS = "the path-runs done and in all"
"""What most long work tells of its progress."""


def whole_number(name: str, value: object, *, low: int, high: int | None = None) -> int:
    """Return an argument that is a whole number, NumPy's included, from `low` to `high`.

    Raises:
        InputError: It is another number, or none; true and false are none.
    """
    try:
        number = None if isinstance(value, bool) else operator.index(cast("SupportsIndex", value))
    except TypeError:
        number = None
    if number is None or number < low or (high is not None and number > high):
        remedy = f"give a whole number from {low}" + (f" to {high:,}" if high is not None else "")
        raise InputError([Fault(name, 0, "", f"{value!r} cannot be used here", remedy)])
    return number


def number(name: str, value: object) -> float:
    """Return an argument that is a number of any kind but true and false.

    Raises:
        InputError: It is none.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise InputError([Fault(name, 0, "", f"{value!r} cannot be used here", "give a number")])
    return float(value)


def number_of_paths(paths: object) -> int:
    """Return a number of paths.

    Raises:
        InputError: It is no whole number, or too large.
    """
    return whole_number("paths", paths, low=1, high=PATHS_MAX)


def days(at: object, scenario: Scenario | None) -> list[dt.date]:
    """Return the days asked for, given as one or several, as days or ISO text.

    Args:
        at: The day or days.
        scenario: Its horizon must hold them; any day will do if None.

    Raises:
        InputError: Some are no days, or lie outside the horizon.
    """
    several = isinstance(at, Iterable) and not isinstance(at, str)
    items: list[object] = list(cast("Iterable[object]", at)) if several else [at]
    found: list[dt.date] = []
    faults: list[Fault] = []
    for item in items:
        day = as_day(item)
        if day is None:
            faults.append(Fault("at", 0, "", f"{item!r} is not a day", "write it as YYYY-MM-DD"))
        elif scenario is not None and not scenario.start <= day <= scenario.end:
            message = f"{day} lies outside the horizon, {scenario.start} to {scenario.end}"
            faults.append(Fault("at", 0, "", message, "ask for a day within it"))
        else:
            found.append(day)
    if faults:
        raise InputError(faults)
    return found


def starting_balances(balances: object, net: Network) -> tuple[Balance, ...]:
    """Return the starting balances if all of them fit the network.

    Raises:
        InputError: Something else is among them, or they do not fit; all faults are listed.
    """
    given = (
        list(cast("Iterable[object]", balances)) if isinstance(balances, Iterable) else [balances]
    )
    others = [item for item in given if not isinstance(item, Balance)]
    if others:
        remedy = "give each as a `headworks.Balance`"
        faults = [Fault("balances", 0, "", f"{item!r} is no balance", remedy) for item in others]
        raise InputError(faults)
    return check_balances(cast("list[Balance]", given), net)


def check_throughput(given: object) -> None:
    """Check a throughput model.

    Raises:
        InputError: It is neither None nor a model with a name that tells tokens per second.
    """
    named = isinstance(getattr(given, "name", None), str)
    tells = callable(getattr(given, "tokens_per_s", None)) and not isinstance(given, type)
    if given is not None and not (named and tells):
        message = f"{given!r} is no throughput model"
        remedy = "give an object with `name` and `tokens_per_s(chip, work)`, or None"
        raise InputError([Fault("throughput", 0, "", message, remedy)])


def check_progress(given: object, takes: str = PATH_RUNS) -> None:
    """Check what is to be told how much is done.

    Args:
        given: What was given.
        takes: What it is told, for the message.

    Raises:
        InputError: It is neither None nor something that can be called.
    """
    if given is not None and not callable(given):
        remedy = f"give a function of {takes}, or None"
        raise InputError([Fault("progress", 0, "", f"{given!r} cannot be called", remedy)])
