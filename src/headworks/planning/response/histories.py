"""The histories that a plan is made for: paths of its world, and paths of named worlds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.errors import Fault, InputError
from headworks.planning.response.world import Paths, World

if TYPE_CHECKING:
    from headworks.scenario.scenario import Scenario

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Reader: TypeAlias = Callable[[World, Paths], NDArray[np.generic]]


@dataclass(frozen=True, slots=True)
class Named:
    """A history that is looked at by name, such as one in which a gate stays shut."""

    name: str
    scenario: Scenario
    """The scenario that it follows, with the companies and wants of the world's own."""
    path: int = 0
    """Index of the path."""
    probability: float = 0.0
    """Its weight in expectations; those of all paths together have the rest."""


def shut(scenario: Scenario, gates: Iterable[str]) -> Scenario:
    """Return a scenario in which some gates stay shut from the first day to the last."""
    closed = {name: scenario.gates[name].model_copy(update={"opening": "shut"}) for name in gates}
    return scenario.model_copy(update={"gates": {**scenario.gates, **closed}})


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


def histories(world: World, paths: Paths, named: Sequence[Named] = ()) -> Histories:
    """Return the histories of a plan: paths of its world, then the named ones.

    Raises:
        InputError: A named one has other lines or another horizon than the world.
    """
    parts = [(world, np.asarray(paths, np.int64))]
    faults: list[Fault] = []
    for one in named:
        other = World(one.scenario, world.companies, world.seed, world.months)
        clock = (one.scenario.start, one.scenario.end)
        if other.lines != world.lines or clock != (world.scenario.start, world.scenario.end):
            message = f"{one.scenario.scenario!r} has other wants, routes or dates than the plan"
            remedy = "change gates and pools alone"
            faults.append(Fault("outlook", 0, one.name, message, remedy))
        parts.append((other, np.array([one.path])))
    if faults:
        raise InputError(faults)
    return Histories(tuple(parts))


def _of(orders: Floats, span: slice) -> Floats:
    """Return the orders of some histories; those that are alike in all have no axis for them."""
    alike = orders.ndim == 2 or orders.shape[2] == 1  # noqa: PLR2004 - axes
    return orders if alike else orders[..., span]
