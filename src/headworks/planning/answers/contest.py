"""The contest: the plan and simple policies, tried on the same fresh paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.planning.answers import policies
from headworks.planning.answers.rolling import rolling
from headworks.planning.answers.trial import ground
from headworks.planning.means.wanted import wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from headworks.planning.answers.trial import Ground, Trial
    from headworks.planning.making import Made, Solve
    from headworks.planning.response.world import Paths
    from headworks.planning.solve.solution import Decisions


def contest(
    made: Made,
    mean_now: Decisions,
    paths: Paths,
    solve: Solve,
    tell: Callable[[int, int], None] = lambda _done, _whole: None,
) -> tuple[Trial, ...]:
    """Return what the plan and simple policies come to, the plan first.

    Args:
        made: The plan.
        mean_now: The decisions of the plan for the mean.
        paths: Fresh paths.
        solve: Solves a problem.
        tell: Told how many policies are done.
    """
    world, problem, coming = made.world, made.problem, made.prospect
    planning = world.scenario.planning
    assert planning is not None  # noqa: S101 - the plan was made from it
    field = ground(problem, coming, paths, wanted(world, planning, made.means.rates, paths))
    makers: dict[str, Callable[[], Decisions]] = {
        policies.PLAN.name: lambda: made.solution.decisions,
        policies.MEAN.name: lambda: mean_now,
        policies.EVERYTHING.name: lambda: policies.everything(
            problem, policies.stated(world, paths)
        ),
        policies.DOMESTIC.name: lambda: solve(policies.domestic_only(problem, coming)).decisions,
        policies.WAIT.name: lambda: solve(policies.waiting(problem)).decisions,
    }
    found: list[Trial] = []
    for name, decide in makers.items():
        tell(len(found), len(makers) + 1)
        found.append(field.trial(name, decide()))
    tell(len(found), len(makers) + 1)
    found.append(_rolling(field, solve))
    return tuple(found)


def _rolling(field: Ground, solve: Solve) -> Trial:
    return field.trial_of_each(policies.ROLLING.name, rolling(field, solve))
