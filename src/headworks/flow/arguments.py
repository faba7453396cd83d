"""Arguments of a forecast: what each may be, and all that is wrong with them at once."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import TYPE_CHECKING, SupportsIndex, cast

from headworks.errors import Fault, InputError, UnknownName
from headworks.flow.balances import Balance, check_balances
from headworks.flow.executor import EXECUTORS
from headworks.scenario.dated import as_day

if TYPE_CHECKING:
    import datetime as dt

    from headworks.flow.network import Network
    from headworks.scenario.scenario import Scenario


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


def days(at: object, scenario: Scenario) -> list[dt.date]:
    """Return the days asked for, given as one or several, as days or ISO text.

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
        elif not scenario.start <= day <= scenario.end:
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


def check_executor(given: object) -> None:
    """Check the name of an executor, or the executor.

    Raises:
        UnknownName: There is no such executor.
        InputError: It is neither a name nor an executor.
    """
    if isinstance(given, str):
        if given not in {"auto", *EXECUTORS}:
            raise UnknownName("executor", given, {"auto", *EXECUTORS})
    elif not callable(getattr(given, "map", None)) or not hasattr(given, "workers"):
        remedy = f"name one of {', '.join(sorted({'auto', *EXECUTORS}))}, or give an executor"
        raise InputError([Fault("executor", 0, "", f"{given!r} is not an executor", remedy)])
