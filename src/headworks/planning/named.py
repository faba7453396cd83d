"""Named scenarios: those that might come about instead of the one that a plan is made in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from headworks.errors import Door, Fault, InputError
from headworks.planning.means.means import means
from headworks.planning.response.histories import Named, worlds_of
from headworks.planning.response.world import World
from headworks.scenario.load import load
from headworks.scenario.scenario import Scenario
from headworks.throughput import Realised

if TYPE_CHECKING:
    from headworks.planning.means.means import Means
    from headworks.throughput import Throughput

Also: TypeAlias = "Sequence[Scenario | str | Path] | Mapping[str, Scenario | str | Path]"
"""Scenarios, names of shipped ones or paths of files, or any of them by the name to show."""

TOLD = ("window", "dates", "remarks")
"""What follows from what a plan is asked for, or is text: no difference between scenarios."""


def named_scenarios(
    scenario: Scenario | None, also: Also, *, worst_case: bool
) -> tuple[Named, ...]:
    """Return the scenarios that a plan looks at besides its own.

    In expectations they count for nothing, so that the plan is made for its own scenario alone;
    where the worst case counts all scenarios have the same weight in what is averaged besides.

    Args:
        scenario: The plan's own; None where it could not be read, and others are checked alone.
        also: The others, by the name to show, or each by the name in its file.
        worst_case: Whether the worst case counts.

    Raises:
        InputError: A scenario cannot be read, or two have one name; all faults are listed.
    """
    door = Door()
    found: list[tuple[str, Scenario]] = []
    for name, one in _entries(also):
        with door.checking():
            loaded = _loaded(one)
            found.append((loaded.scenario if name is None else _name(name), loaded))
    names = [name for name, _ in found]
    names += [] if scenario is None else [scenario.scenario]
    for name in sorted({name for name in names if names.count(name) > 1}):
        with door.checking():
            message = f"{name!r} is the name of more than one of the scenarios"
            remedy = "give each a name of its own"
            raise InputError([Fault("also", 0, name, message, remedy)])
    door.close()
    weight = 1.0 / (len(found) + 1) if worst_case else 0.0
    return tuple(Named(name, one, weight) for name, one in found)


def check_lines(scenario: Scenario, companies: Sequence[str], named: Sequence[Named]) -> None:
    """Check that named scenarios have the companies of a plan, their lines, months and means.

    It is what can be told of them beside other faults: of what the companies have, whatever chips
    compute and however many months are decided now. `check_named` tells it with all else.

    Raises:
        InputError: One has others; the faults of all are listed.
    """
    if not named or not companies or not {*companies} <= scenario.companies.keys():
        return
    world, model = World(scenario, tuple(dict.fromkeys(companies))), Realised()
    have: Means | None = None
    door = Door()
    with door.checking():
        have = None if scenario.planning is None else means(world, model)
    with door.checking():
        if have is None:
            worlds_of(world, named)
        else:
            check_named(world, have, named, model)
    door.close()


def _loaded(one: object) -> Scenario:
    """Return a scenario.

    Raises:
        InputError: It is none, or cannot be read.
    """
    if isinstance(one, Scenario):
        return one
    if isinstance(one, str | Path):
        return load(one)
    remedy = "give a scenario, the name of one, or the path of its file"
    raise InputError([Fault("also", 0, "", f"{one!r} is no scenario", remedy)])


def _name(given: object) -> str:
    """Return a name to show.

    Raises:
        InputError: It is none.
    """
    if isinstance(given, str) and given.strip():
        return given
    message = f"{given!r} is no name of a scenario"
    raise InputError([Fault("also", 0, "", message, "name it by a word")])


def _entries(also: object) -> list[tuple[object, object]]:
    """Return what is given as scenarios, each with the name to show or None."""
    if isinstance(also, Mapping):
        return list(also.items())
    if not isinstance(also, Iterable):
        message = f"{also!r} is no list of scenarios"
        raise InputError([Fault("also", 0, "", message, "put them into a list")])
    if isinstance(also, Scenario | str | Path):
        message = "one scenario is given where several can be"
        raise InputError([Fault("also", 0, "", message, "put it into a list")])
    return [(None, one) for one in also]


def check_named(
    world: World, have: Means, named: Sequence[Named], throughput: Throughput
) -> None:  # fmt: skip
    """Check that named scenarios are of the plan's companies, months and means.

    Raises:
        InputError: One has other lines or dates, or other prices, budgets, sites or works; the
            faults of all are listed.
    """
    door = Door()
    for one in named:
        with door.checking():
            (other,) = worlds_of(world, [one])
            theirs = means(other, throughput, have.window)
            differing = [
                part.name
                for part in fields(have)
                if part.name not in TOLD
                and not _alike(getattr(have, part.name), getattr(theirs, part.name))
            ]
            if differing:
                message = (
                    f"it differs from {world.scenario.scenario} in {', '.join(differing)}, which a "
                    "plan has alike in all scenarios"
                )
                remedy = "let gates, pools, conditions and wants alone differ"
                raise InputError([Fault(one.name, 0, "planning", message, remedy)])
    door.close()


def _alike(one: Any, other: Any) -> bool:  # noqa: ANN401 - any part of what buyers have
    """Return whether two parts of what buyers have are the same, however they are held."""
    if is_dataclass(one):
        parts = [part.name for part in fields(one) if part.name not in TOLD]
        return all(_alike(getattr(one, name), getattr(other, name)) for name in parts)
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other)
    return bool(one == other)
