"""Making a plan: its problem, solved and brought to agree with the flow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from headworks.planning import checks
from headworks.planning.assembly import assemble, base_orders, work_wanted
from headworks.planning.means.means import planning_of
from headworks.planning.programme.risk import weighed
from headworks.planning.response.agreement import agree, redrawn
from headworks.planning.response.following import orders_of
from headworks.planning.response.prospect import Prospect, prospect
from headworks.planning.response.selection import K_MEDOIDS
from headworks.planning.solve.fixed import recourse
from headworks.planning.worst import followed, settled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headworks.planning.effort import Effort
    from headworks.planning.means.means import Means
    from headworks.planning.problem import Floats, Problem, Risk
    from headworks.planning.response.agreement import Agreement, Residual
    from headworks.planning.response.histories import Named
    from headworks.planning.response.world import World
    from headworks.planning.solve.search import Progress as Search
    from headworks.planning.solve.solution import Course, Decisions, Solution

    Solve = Callable[..., Solution]

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Made:
    """A plan that has been made, with what it was made of."""

    world: World
    means: Means
    prospect: Prospect
    problem: Problem
    """The problem that was solved last, whose curves are drawn around the plan."""
    solution: Solution
    residual: Residual


def make(  # noqa: PLR0913 - all but the world and its means are options by name
    world: World,
    means: Means,
    *,
    effort: Effort,
    risk: Risk,
    objective: str,
    served_min: float,
    solve: Solve,
    tell: Progress,
    named: Sequence[Named] = (),
) -> Made:
    """Return a plan whose promises agree with the flow.

    Args:
        world: The world that it is made in.
        means: What the companies have, pay and may do.
        effort: How much is run.
        risk: How outcomes are weighed.
        objective: `cost` or `served`.
        served_min: Least share of the work wanted that must be served.
        solve: Solves a problem; takes `start` and `progress` by name.
        tell: Told what is being done.
        named: Scenarios that it looks at besides that of the world.

    Raises:
        InputError: Nothing that is ordered can arrive, or constraints clash.
    """
    tell("prospect", 0, 1)
    coming = coming_of(
        world, means, effort.paths, effort.outlooks, 0, named, effort.reduction
    )  # fmt: skip
    checks.check_arrivals(world, coming)
    problem = assemble(world, means, coming, risk=risk, objective=objective, served_min=served_min)
    maker = _Maker(solve, tell, effort.gap)
    agreed = agree(coming, problem, maker.promised, cost=_cost)
    plan = agreed.plan
    return Made(world, means, coming, plan.problem, maker.solution_of(agreed), plan.residual)


def coming_of(
    world: World, means: Means, paths: int, outlooks: int, first: int,
    named: Sequence[Named] = (), reduction: str = K_MEDOIDS,
) -> Prospect:  # fmt: skip
    """Return what may happen, by outlooks chosen from some paths of each scenario.

    Args:
        world: The world.
        means: What the companies have.
        paths: Number of paths.
        outlooks: Outlooks that are chosen from them.
        first: Index of the first of them.
        named: Scenarios that are looked at besides that of the world.
        reduction: Method by which outlooks are chosen.
    """
    everyone = np.arange(first, first + paths)
    return prospect(
        world,
        base_orders(world, means.window, everyone),
        value=_work_of_a_unit(world, means),
        wanted=lambda of, some: work_wanted(of, means, some),
        dates=means.dates,
        named=named,
        paths=paths,
        first_path=first,
        count=min(outlooks, paths),
        reduction=reduction,
    )


def _work_of_a_unit(world: World, means: Means) -> Floats:
    """Return the work that a unit of each line does, split over works as wants are, (line,)."""
    works = planning_of(world.scenario).works
    return np.array(
        [
            sum(
                work.share.median * means.rates.per_chip[name].get(line.chip, 0.0)
                for name, work in works.items()
            )
            for line in world.lines
        ]
    )


def sample_of(made: Made, outlooks: int, first: int) -> Problem:
    """Return the plan's problem with a sample of other outlooks, all equally likely.

    Their curves are drawn around the plan's orders as its own were, those of later dates by their
    means.

    Args:
        made: The plan.
        outlooks: How many, each a path of its own.
        first: Index of the first path.
    """
    problem = made.problem
    coming = coming_of(
        made.world, made.means, outlooks, outlooks, first, made.prospect.named
    )  # fmt: skip
    own = assemble(
        made.world, made.means, coming, risk=problem.risk, objective=problem.objective,
        served_min=problem.served_min,
    )  # fmt: skip
    chance = np.array([outlook.probability for outlook in problem.outlooks])
    profile = orders_of(problem, made.solution.decisions) @ chance
    return redrawn(coming, own, np.repeat(profile[..., None], len(own.outlooks), axis=2))


class _Maker:
    """Makes the plans of the rounds in which plan and flow are brought together, and keeps them."""

    def __init__(self, solve: Solve, tell: Progress, gap: float) -> None:
        self._solve, self._tell, self._gap = solve, tell, gap
        self._made: list[Solution] = []

    def promised(self, problem: Problem) -> tuple[Decisions, Sequence[Course]]:
        """Return decisions and courses of a problem, begun from the last decisions."""
        self._tell("plan and flow", len(self._made), len(self._made) + 1)
        start = self._made[-1] if self._made else None
        solved = self._solve(problem, start=start, progress=self._told)
        if problem.risk.worst_case:
            self._made.append(settled(problem, solved, self._solve, self._gap))
        else:
            self._made.append(followed(problem, solved))
        return self._made[-1].decisions, self._made[-1].courses

    def _told(self, progress: Search) -> None:
        """Tell how far a solve has come: by company while each is planned alone."""
        if progress.alone is not None:
            self._tell("each company alone", *progress.alone)
        else:
            self._tell("plan and flow", len(self._made), len(self._made) + 1)

    def solution_of(self, agreed: Agreement[Decisions]) -> Solution:
        """Return the solution of the round to go by."""
        return self._made[agreed.best]


def _cost(problem: Problem, decisions: Decisions) -> float:
    courses = recourse(problem, decisions, problem.outlooks)
    return weighed(problem, np.array([course.outcome for course in courses]))
