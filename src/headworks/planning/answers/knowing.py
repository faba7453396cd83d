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
    from collections.abc import Callable, Sequence

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
    options: Sequence[Decisions],
    tell: Callable[[int, int], None] = lambda _done, _whole: None,
) -> tuple[GateValue, ...] | None:
    """Return what it is worth to know each gate or pool of a scenario, the highest first.

    Options that come to no end on some path are left out.

    Args:
        ground: The fresh paths.
        trials: Policies that were tried on them.
        options: Decisions that are tried besides.
        tell: Told how many options are tried.

    Returns:
        None where too few paths were tried, or every option is left out.
    """
    if len(ground.paths) < PATHS_MIN or not trials:
        return None
    outcomes = [trial.outcome for trial in trials]
    for number, decisions in enumerate(options):
        tell(number, len(options))
        outcomes.append(ground.trial(f"knowing {number}", decisions).outcome)
    possible = [outcome for outcome in outcomes if np.isfinite(outcome).all()]
    if not possible:
        return None
    world = ground.world
    company = world.companies[0] if len(world.companies) == 1 else None
    features = unknowns(world.net, world.draws(ground.paths), company)
    return gate_values(world.scenario, information(-np.stack(possible, axis=1), features))


def options_of(
    problem: Problem, values: Values, solve: Solve,
    tell: Callable[[int, int], None] = lambda _done, _whole: None,
) -> list[Decisions]:  # fmt: skip
    """Return the orders that would be best if each of the likeliest outlooks were certain.

    Args:
        problem: The problem of the plan.
        values: What would be decided if an outlook were certain.
        solve: Solves a problem.
        tell: Told how many are done.
    """
    chance = np.array([outlook.probability for outlook in problem.outlooks])
    chosen = np.argsort(-chance, kind="stable")[:KNOWING]
    found: list[Decisions] = []
    for number in chosen:
        tell(len(found), len(chosen))
        now = values.knowing[number]
        fixed, _ = decided_now(problem, now)
        found.append(with_now(now, solve(fixed).decisions))
    return found
