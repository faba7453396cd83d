"""The contest: the plan and simple policies, tried on the same fresh paths."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from headworks.planning.answers import policies
from headworks.planning.answers.rolling import quarters, rolling
from headworks.planning.answers.trial import ground
from headworks.planning.means.means import planning_of
from headworks.planning.means.wanted import wanted
from headworks.planning.solve.many import AUTO

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from headworks.flow.executor import Executor
    from headworks.planning.answers.trial import Ground, Trial
    from headworks.planning.making import Made, Solve
    from headworks.planning.response.world import Paths, World
    from headworks.planning.solve.solution import Decisions, Solution


def field_of(made: Made, paths: Paths, world: World | None = None) -> Ground:
    """Return the ground of fresh paths that a plan and policies are tried on.

    Args:
        made: The plan.
        paths: Indices of the paths.
        world: The world that they are of; the plan's own if None.
    """
    of = made.world if world is None else world
    work = wanted(of, planning_of(of.scenario), made.means.rates, paths)
    return ground(made.problem, made.prospect, paths, work, of)


def contest(
    field: Ground,
    solution: Solution,
    mean_now: Decisions,
    solve: Solve,
    tell: Callable[[int, int], None] = lambda _done, _whole: None,
    *,
    again: bool = True,
    executor: str | Executor = AUTO,
) -> tuple[Trial, ...]:
    """Return what the plan and simple policies come to, the plan first.

    Args:
        field: The fresh paths.
        solution: The plan.
        mean_now: What the plan for the mean decides.
        solve: Solves a problem.
        tell: Told how many policies are done, and how many quarters of the last.
        again: Whether the policy that plans again each quarter takes part.
        executor: On which its problems are solved.
    """
    problem, coming = field.problem, field.prospect
    makers: dict[str, Callable[[], Decisions]] = {
        policies.PLAN.name: lambda: solution.decisions,
        policies.MEAN.name: lambda: mean_now,
        policies.EVERYTHING.name: lambda: policies.everything(
            problem, policies.stated(coming.world, field.paths)
        ),
        policies.DOMESTIC.name: lambda: (
            solve(policies.domestic_only(problem, coming), start=solution).decisions
        ),
        policies.WAIT.name: lambda: solve(policies.waiting(problem)).decisions,
    }
    whole = len(makers) + (len(quarters(problem)) if again else 0)
    found: list[Trial] = []
    for name, decide in makers.items():
        tell(len(found), whole)
        found.append(field.trial(name, decide()))
    if again:
        before = len(found)
        each = rolling(field, solve, partial(_further, tell, before, whole), executor)
        found.append(field.trial_of_each(policies.ROLLING.name, each))
    return tuple(found)


def contest_again(
    field: Ground,
    trials: Sequence[Trial],
    solve: Solve,
    tell: Callable[[int, int], None] = lambda _done, _whole: None,
    executor: str | Executor = AUTO,
) -> tuple[Trial, ...]:
    """Return what policies that were tried come to on other fresh paths, decided as they were.

    The policy that plans again each quarter does so on the new paths, as it sees them.

    Args:
        field: The fresh paths.
        trials: What was tried.
        solve: Solves a problem.
        tell: Told how many policies are done, and how many quarters of the last.
        executor: On which problems of a quarter are solved.
    """
    steps = len(quarters(field.problem))
    whole = sum(steps if one.decisions is None else 1 for one in trials)
    found: list[Trial] = []
    for before, one in enumerate(trials):
        tell(before, whole)
        if one.decisions is not None:
            found.append(field.trial(one.name, one.decisions))
        else:
            told = partial(_further, tell, before, whole)
            found.append(field.trial_of_each(one.name, rolling(field, solve, told, executor)))
    return tuple(found)


def _further(
    tell: Callable[[int, int], None], before: int, whole: int, done: int, _whole: int
) -> None:
    """Tell how much is done of the whole."""
    tell(before + done, whole)
