"""`--also`: scenarios that a plan is held against, by name or as changes of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from headworks.cli.loading import certain, load_with
from headworks.cli.messages import tell_remarks
from headworks.cli.options import Settings, read_settings, settings
from headworks.errors import Fault, InputError
from headworks.report.plan.command import SEPARATOR
from headworks.scenario.load import load
from headworks.scenario.whole_file import exists

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headworks.cli.loading import Loaded
    from headworks.scenario.scenario import Scenario


def load_all(base: str, also: Sequence[str], pairs: Sequence[str]) -> Loaded:
    """Return a plan's own scenario, and those besides it, with all that is wrong.

    A setting that cannot be read hides no other fault, and what might follow from it alone is not
    told.

    Args:
        base: Name or path of the plan's own.
        also: Of each, its name or path, or `KEY=VALUE; …`: the plan's own with that changed.
        pairs: What is set in all of them, as `KEY=VALUE`.
    """
    given = read_settings(pairs)
    found = load_with(base, given)
    found.given += also
    for one in also:
        try:
            name, scenario = _named(base, one, given)
        except InputError as error:
            found.add(_labelled(certain(error.faults, given), one, found.faults))
            continue
        if name in found.others:
            message = f"{name!r} stands there twice"
            found.add([Fault("--also", 0, "", message, "name each once")])
        found.others[name] = scenario
    return found


def tell_all_remarks(base: str, also: Sequence[str], pairs: Sequence[str], found: Loaded) -> None:
    """Say on stderr that there are remarks on scenarios that could all be read."""
    own = found.own
    if own is None:
        return
    tell_remarks(base, own, pairs)
    for given, scenario in zip(also, found.others.values(), strict=True):
        if scenario.remarks != own.remarks:
            tell_remarks(given, scenario, pairs)


def _labelled(faults: Iterable[Fault], given: str, told: Sequence[Fault]) -> Iterator[Fault]:
    """Yield what is not told yet of a scenario besides, with the scenario that it is of."""
    for fault in faults:
        if fault in told:
            continue
        own = fault.file != "--set" or _is_change(given)
        yield fault if own else replace(fault, file=f"--set, in {given}")


def _is_change(given: str) -> bool:
    """Return whether a scenario is given as changes of the plan's own."""
    return "=" in given and not exists(given)


def _named(base: str, given: str, shared: Settings) -> tuple[str, Scenario]:
    """Return a scenario with the name to show.

    Raises:
        InputError: It cannot be read; faults of its own changes are those of `--also`.
    """
    if not _is_change(given):
        scenario = load(given, set_=shared.values)
        return scenario.scenario, scenario
    own: dict[str, object] = {}
    try:
        own = settings([pair for pair in given.split(SEPARATOR) if pair.strip()])
        name = f"{SEPARATOR} ".join(f"{key}={value}" for key, value in own.items())
        return name, load(base, set_={**shared.values, **own})
    except InputError as error:
        raise InputError([_of_change(fault, own) for fault in error.faults]) from None


def _of_change(fault: Fault, own: dict[str, object]) -> Fault:
    """Return a fault as that of a scenario's own changes, if it is of one of them."""
    mine = not own or any(f"{fault.key}.".startswith(f"{key}.") for key in own)
    return replace(fault, file="--also") if fault.file == "--set" and mine else fault
