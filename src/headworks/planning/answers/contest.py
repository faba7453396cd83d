"""The contest: the plan and simple policies, tried on the same fresh paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.planning.answers import policies
from headworks.planning.answers.rolling import rolling
from headworks.planning.answers.trial import ground
from headworks.planning.means.means import planning_of
from headworks.planning.means.wanted import wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from headworks.planning.answers.trial import Ground, Trial
    from headworks.planning.making import Made, Solve
    from headworks.planning.response.world import Paths
    from headworks.planning.solve.solution import Decisions


def field_of(made: Made, paths: Paths) -> Ground:
    """Return the ground of fresh paths that a plan and policies are tried on."""
    planning = planning_of(made.world.scenario)
    work = wanted(made.world, planning, made.means.rates, paths)
    return ground(made.problem, made.prospect, paths, work)


def contest(
    field: Ground,
    plan: Decisions,
    mean_now: Decisions,
    solve: Solve,
    tell: Callable[[int, int], None] = lambda _done, _whole: None,
    *,
    again: bool = True,
) -> tuple[Trial, ...]:
    """Return what the plan and simple policies come to, the plan first.

    Args:
        field: The fresh paths.
        plan: What the plan decides.
        mean_now: What the plan for the mean decides.
        solve: Solves a problem.
        tell: Told how many policies are done.
        again: Whether the policy that plans again each quarter takes part.
    """
    problem, coming = field.problem, field.prospect
    makers: dict[str, Callable[[], Decisions]] = {
        policies.PLAN.name: lambda: plan,
        policies.MEAN.name: lambda: mean_now,
        policies.EVERYTHING.name: lambda: policies.everything(
            problem, policies.stated(coming.world, field.paths)
        ),
        policies.DOMESTIC.name: lambda: solve(policies.domestic_only(problem, coming)).decisions,
        policies.WAIT.name: lambda: solve(policies.waiting(problem)).decisions,
    }
    found: list[Trial] = []
    for name, decide in makers.items():
        tell(len(found), len(makers) + 1)
        found.append(field.trial(name, decide()))
    if again:
        tell(len(found), len(makers) + 1)
        found.append(field.trial_of_each(policies.ROLLING.name, rolling(field, solve)))
    return tuple(found)
