"""Trials: what decisions come to on paths that they were not made from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.answers.fixing import month_by_month
from headworks.planning.response.following import as_flown, orders_of
from headworks.planning.response.tree import observed
from headworks.planning.solve.fixed import recourse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headworks.planning.problem import Floats, Integers, Outlook, Problem
    from headworks.planning.response.prospect import Prospect
    from headworks.planning.response.world import Paths, World
    from headworks.planning.solve.solution import Course, Decisions


@dataclass(frozen=True, slots=True)
class Trial:
    """A policy on fresh paths, which are the same for all policies."""

    name: str
    decisions: Decisions | None
    """What is decided on all paths alike until they part; None where each path has its own."""
    cost_usd: Floats
    """Discounted cost, shortfall at its price, shape (path,)."""
    outcome: Floats
    """What the objective counts, shape (path,)."""
    served: Floats
    """Work served in H100-equivalent months, by own chips or rented, shape (path,); NaN where what
    is ordered cannot be paid for."""
    wanted: Floats
    """Work wanted, likewise."""
    courses: tuple[Course, ...]
    """What followed on each path."""

    @property
    def served_share(self) -> Floats:
        """Share of the work wanted that was served, shape (path,).

        It is 1 where none was wanted, and NaN where what was served is unknown.
        """
        some = (self.wanted > 0) | np.isnan(self.served)
        return np.where(some, self.served / np.where(self.wanted > 0, self.wanted, 1.0), 1.0)


@dataclass(frozen=True)
class Ground:
    """Fresh paths on which policies are tried, with what does not depend on the policy."""

    problem: Problem
    prospect: Prospect
    world: World
    """The world that the paths are of: the plan's own, or that of a named scenario."""
    paths: Integers
    node: Integers
    """Node of each path at each information date, shape (path, date)."""
    work: Floats
    """Work wanted, shape (company, work, month, path)."""
    held: Floats
    """What is in service though nothing is ordered, shape (line, month, path)."""

    def orders(self, decisions: Decisions) -> Floats:
        """Return what a policy orders on each path, shape (line, month, path)."""
        return orders_of(self.problem, decisions, self.node)

    def arrivals(self, orders: Floats) -> Floats:
        """Return what is in service with orders, in the flow, both of shape (line, month, path)."""
        return self.world.arrivals([orders], self.paths, lifted=False)[0]

    def trial(self, name: str, decisions: Decisions) -> Trial:
        """Return what decisions come to: the flow says what arrives, the programme what follows."""
        arrived = self.arrivals(self.orders(decisions))
        outlooks = [self.outlook(number, arrived[..., number]) for number in range(len(self.paths))]
        return self._trial(name, decisions, tuple(recourse(self._free, decisions, outlooks)))

    def trial_of_each(self, name: str, decisions: Sequence[Decisions]) -> Trial:
        """Return what decisions come to that differ from path to path.

        Args:
            name: Name of the policy.
            decisions: Of each path, with orders and building of every month, none at dates.
        """
        order = np.stack([one.order for one in decisions], axis=2)
        arrived = self.arrivals(order + self.problem.goods.committed[:, :, None])
        free = month_by_month(self._free)
        courses: list[Course] = []
        for number, one in enumerate(decisions):
            outlook = self.outlook(number, arrived[..., number])
            courses.extend(recourse(free, one, [replace(outlook, node=np.zeros(0, np.int64))]))
        return self._trial(name, None, tuple(courses))

    @property
    def _free(self) -> Problem:
        """The problem without a least share of work: what is not served has its price here."""
        return replace(self.problem, served_min=0.0)

    def _trial(self, name: str, decisions: Decisions | None, courses: tuple[Course, ...]) -> Trial:
        return Trial(
            name=name,
            decisions=decisions,
            cost_usd=np.array([course.cost for course in courses]),
            outcome=np.array([course.outcome for course in courses]),
            served=np.array([course.served.sum() for course in courses]),
            wanted=self.work.sum(axis=(0, 1, 2)),
            courses=courses,
        )

    def outlook(self, number: int, arrived: Floats) -> Outlook:
        """Return what a path comes to in which so much is in service, whatever is ordered."""
        like = replace(
            self.problem.outlooks[0],
            name=str(int(self.paths[number])),
            probability=1.0 / len(self.paths),
            wanted=self.work[..., number],
            node=self.node[number],
            held=self.held[..., number],
        )
        return as_flown(like, arrived)


def ground(
    problem: Problem, prospect: Prospect, paths: Paths, work: Floats, world: World | None = None
) -> Ground:
    """Return the ground on which policies are tried.

    Args:
        problem: The problem of the plan.
        prospect: What it was made from, whose tree says what a path looks like at each date.
        paths: Indices of fresh paths: none of those that the outlooks were chosen from.
        work: Work wanted on them, shape (company, work, month, path).
        world: The world of the paths; the plan's own if None.
    """
    numbers, of = np.asarray(paths, np.int64), prospect.world if world is None else world
    history = observed(of, prospect.base, numbers, prospect.dates)
    held = of.held(numbers, lifted=False)
    return Ground(problem, prospect, of, numbers, prospect.tree.node_of(history), work, held)
