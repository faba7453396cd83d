"""`--also`: scenarios that a plan is held against, by name or as changes of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from headworks.cli.messages import tell_remarks
from headworks.cli.options import settings
from headworks.errors import Door, Fault, InputError
from headworks.report.plan.command import SEPARATOR
from headworks.scenario.load import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headworks.scenario.scenario import Scenario


def load_all(
    base: str, also: Sequence[str], pairs: Sequence[str]
) -> tuple[Scenario, dict[str, Scenario]]:
    """Return a plan's own scenario, and those besides it by the name to show.

    Args:
        base: Name or path of the plan's own.
        also: Of each, its name or path, or `KEY=VALUE; …`: the plan's own with that changed.
        pairs: What is set in all of them, as `KEY=VALUE`.

    Raises:
        InputError: One cannot be read, or is named twice; all faults are listed.
    """
    door = Door()
    with door.checking():
        changes = settings(pairs)
    door.close()
    with door.checking():
        own = load(base, set_=changes)
    others: dict[str, Scenario] = {}
    for given in also:
        with door.checking():
            name, scenario = _named(base, given, changes)
            if name in others:
                message = f"{name!r} stands there twice"
                raise InputError([Fault("--also", 0, "", message, "name each once")])
            others[name] = scenario
    door.close()
    tell_remarks(base, own, pairs)
    for given, scenario in zip(also, others.values(), strict=True):
        if scenario.remarks != own.remarks:
            tell_remarks(given, scenario, pairs)
    return own, others


def _named(base: str, given: str, changes: dict[str, object]) -> tuple[str, Scenario]:
    if "=" not in given or Path(given).exists():
        scenario = load(given, set_=changes)
        return scenario.scenario, scenario
    try:
        own = settings([pair for pair in given.split(SEPARATOR) if pair.strip()])
        name = f"{SEPARATOR} ".join(f"{key}={value}" for key, value in own.items())
        return name, load(base, set_={**changes, **own})
    except InputError as error:
        faults = [
            replace(fault, file="--also") if fault.file == "--set" else fault
            for fault in error.faults
        ]
        raise InputError(faults) from None
