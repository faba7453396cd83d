"""What is worth finding out before ordering: the value of knowing each gate, from the trials made.

What could be done with the knowledge is to choose among orders that were tried on the same fresh
paths: those of the policies, and those that would be best if one outlook were certain. More options
could only raise the values, so that they are values from below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.answers.fixing import decided_now, with_now
from headworks.planning.information import PATHS_MIN, information
from headworks.planning.unknowns import unknowns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from headworks.planning.answers.trial import Ground, Trial
    from headworks.planning.answers.values import Values
    from headworks.planning.information import Information
    from headworks.planning.problem import Problem
    from headworks.planning.solve.solution import Decisions, Solution
    from headworks.scenario.scenario import Scenario

    Solve = Callable[[Problem], Solution]

KNOWING = 6
"""Outlooks of which the orders that would be best for each alone are tried."""


@dataclass(frozen=True, slots=True)
class GateValue:
    """What it would be worth to know beforehand what one gate will do."""

    gate: str
    title: str
    value: float
    """In the objective's unit."""
    standard_error: float


def gate_values(scenario: Scenario, found: Information) -> tuple[GateValue, ...]:
    """Return what it is worth to know each gate or pool, the highest first, with its title."""
    return tuple(
        GateValue(one.name, _title(scenario, one.name), max(one.value, 0.0), one.standard_error)
        for one in found.unknowns
    )


def _title(scenario: Scenario, name: str) -> str:
    record = scenario.gates.get(name) or scenario.pools.get(name) or scenario.drivers.get(name)
    return (record.title if record is not None else None) or ""


def worth_knowing(
    ground: Ground,
    trials: Sequence[Trial],
    values: Values,
    solve: Solve,
    tell: Callable[[int, int], None],
) -> Information | None:
    """Return what it is worth to know each gate; None where too few paths were tried.

    Args:
        ground: The fresh paths.
        trials: Policies that were tried on them.
        values: What would be decided if an outlook were certain.
        solve: Solves a problem.
        tell: Told how many options are tried.
    """
    if len(ground.paths) < PATHS_MIN or not trials:
        return None
    outcomes = [trial.outcome for trial in trials]
    for number, decisions in enumerate(_options(ground.problem, values, solve)):
        tell(number, KNOWING)
        outcomes.append(ground.trial(f"knowing {number}", decisions).outcome)
    world = ground.prospect.world
    company = world.companies[0] if len(world.companies) == 1 else None
    benefits = -np.stack(outcomes, axis=1)
    return information(benefits, unknowns(world.net, world.draws(ground.paths), company))


def _options(problem: Problem, values: Values, solve: Solve) -> Iterator[Decisions]:
    """Yield the orders that would be best if each of the likeliest outlooks were certain."""
    chance = np.array([outlook.probability for outlook in problem.outlooks])
    for number in np.argsort(-chance, kind="stable")[:KNOWING]:
        now = values.knowing[number]
        fixed, _ = decided_now(problem, now)
        yield with_now(now, solve(fixed).decisions)
