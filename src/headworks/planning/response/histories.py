"""The histories that a plan is made for: paths of its own world, and of named ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.errors import Fault, InputError
from headworks.flow.balances import check_balances
from headworks.flow.network import network
from headworks.planning.response.world import Paths, World

if TYPE_CHECKING:
    from headworks.flow.balances import Balance
    from headworks.flow.network import Network
    from headworks.scenario.scenario import Scenario

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Reader: TypeAlias = Callable[[World, Paths], NDArray[np.generic]]


@dataclass(frozen=True, slots=True)
class Named:
    """A scenario that is looked at by name, such as one in which a gate stays shut."""

    name: str
    scenario: Scenario
    """The scenario, with the planned lines and the clock of the plan's own."""
    probability: float = 0.0
    """Its weight in expectations; the plan's own scenario has the rest."""


@dataclass(frozen=True, slots=True)
class Histories:
    """Paths of one or more worlds, whose planned lines and months are the same."""

    parts: tuple[tuple[World, Integers], ...]
    """Worlds with the indices of their paths; the first is the plan's own."""

    @property
    def world(self) -> World:
        """The world of the plan."""
        return self.parts[0][0]

    @property
    def count(self) -> int:
        """Number of histories."""
        return sum(len(paths) for _, paths in self.parts)

    def arrivals(self, variants: Sequence[Floats], *, lifted: bool = True) -> list[Floats]:
        """Return what has arrived by the end of each month if so much is ordered.

        Args:
            variants: Sets of orders, each of shape (line, month), or (line, month, history).
            lifted: Whether to lift the conditions that the plan has as rows of its own.

        Returns:
            For each variant, cumulative units, shape (line, month, history).
        """
        found: list[list[Floats]] = []
        start = 0
        for world, paths in self.parts:
            span = slice(start, start + len(paths))
            mine = [_of(one, span) for one in variants]
            found.append(world.arrivals(mine, paths, lifted=lifted))
            start = span.stop
        return [np.concatenate(each, axis=2) for each in zip(*found, strict=True)]

    def each(self, read: Reader) -> NDArray[np.generic]:
        """Return what is read of each world and its paths, side by side on the last axis."""
        return np.concatenate([read(world, paths) for world, paths in self.parts], axis=-1)


def histories(world: World, paths: Paths) -> Histories:
    """Return the histories of a plan that looks at no scenario but its own: paths of its world."""
    return Histories(((world, np.asarray(paths, np.int64)),))


def worlds_of(world: World, named: Sequence[Named]) -> tuple[World, ...]:
    """Return the worlds of named scenarios.

    One that says nothing of what plans assume is taken to assume what the plan's own does.

    Raises:
        InputError: One has other companies, planned lines or dates than the plan's own; the faults
            of all are listed.
    """
    found: list[World] = []
    faults: list[Fault] = []
    for one in named:
        own = list(_differences(world, one))
        faults += own
        if not own:
            scenario = one.scenario
            if scenario.planning is None:
                scenario = scenario.model_copy(update={"planning": world.scenario.planning})
            found.append(replace(world, scenario=scenario))
    if faults:
        raise InputError(faults)
    return tuple(found)


def _differences(world: World, one: Named) -> Iterator[Fault]:
    """Yield in what a named scenario is no scenario of the plan's companies and months."""
    own, other = world.scenario, one.scenario
    missing = [name for name in world.companies if name not in other.companies]
    net = network(other)
    theirs = [line for line in net.lines if line.company in world.companies]
    if missing:
        message = f"it has no company {' or '.join(missing)}, for which {own.scenario} is planned"
        yield Fault(one.name, 0, "companies", message, "name a scenario of the same companies")
    elif tuple(theirs) != world.lines:
        odd = {line.key for line in {*theirs} ^ {*world.lines}}
        names = ", ".join(sorted(odd)) or "their order"
        message = f"what its companies want differs from {own.scenario} in its lines: {names}"
        remedy = "keep the chips, routes and shares of wants; change gates and pools"
        yield Fault(one.name, 0, "companies", message, remedy)
    else:
        yield from _misplaced(world.balances, net, one.name)
    clock = (other.start, other.end, other.period_days)
    if clock != (own.start, own.end, own.period_days):
        message = (
            f"it runs from {other.start} to {other.end} by {other.period_days} days, and "
            f"{own.scenario} from {own.start} to {own.end} by {own.period_days}"
        )
        yield Fault(one.name, 0, "periods", message, "give both the same start and periods")


def _misplaced(balances: Sequence[Balance], net: Network, name: str) -> Iterator[Fault]:
    """Yield the starting balances that have no place in a named scenario."""
    try:
        check_balances(balances, net)
    except InputError as error:
        yield from (replace(fault, file=name) for fault in error.faults)


def _of(orders: Floats, span: slice) -> Floats:
    """Return the orders of some histories; those that are alike in all have no axis for them."""
    alike = orders.ndim == 2 or orders.shape[2] == 1  # noqa: PLR2004 - axes
    return orders if alike else orders[..., span]
