"""Pools that planned companies share, as rows over all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.pools import unit_size
from headworks.planning.problem import Ceiling

if TYPE_CHECKING:
    from headworks.planning.response.world import World

Floats: TypeAlias = NDArray[np.float64]


def shared_pools(world: World, together: Floats) -> tuple[tuple[Ceiling, ...], Floats]:
    """Return the pools from which more than one planned company takes, as rows.

    A curve tells what a line gets when all planned lines are scaled together. A plan that moves
    orders from one company to another would be promised what one gives up and more, but for this:
    all of them together get no more of a pool than arrived with everything at the highest level.

    Args:
        world: The world.
        together: Arrivals with everything at the highest level, shape (line, month, path).

    Returns:
        The rows, by name of the pool, and their amounts in the pool's unit by the end of each
        month, shape (pool, month, path).
    """
    scenario = world.scenario
    rows: list[Ceiling] = []
    for name in sorted(scenario.pools):
        weight = np.zeros(len(world.lines))
        for gate in world.net.places.values():
            if gate.gate.pool != name:
                continue
            for row, number in enumerate(world.rows):
                if number in gate.rows.lines:
                    chip = world.lines[row].chip
                    weight[row] = unit_size(scenario, scenario.pools[name].unit, chip)
        if len(np.unique(world.company[weight > 0])) > 1:
            rows.append(Ceiling(name, weight))
    amounts = [np.einsum("l,lmp->mp", row.weight, together) for row in rows]
    shape = (0, *together.shape[1:])
    return tuple(rows), np.stack(amounts) if amounts else np.zeros(shape)
