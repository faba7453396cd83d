"""Agreement of plan and flow: a plan is run in the flow, and its curves are drawn anew around it.

A plan promises arrivals by its curves and rows; the flow, with all its conditions, tells what would
have arrived of the plan's own orders on the same luck. What they differ by is the residual. Curves
measured around the plan's own timing bring them together: plan, flow, curves, and plan again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from headworks.planning.response.around import NEAR, around
from headworks.planning.response.following import Decided, Promised, flown, orders_of
from headworks.planning.response.measure import measure
from headworks.planning.response.readiness import ready
from headworks.planning.response.sharing import shared_pools

if TYPE_CHECKING:
    from headworks.planning.problem import Problem
    from headworks.planning.response.prospect import Prospect

Floats: TypeAlias = NDArray[np.float64]

ROUNDS = 5
"""Plans that are made at most."""
CLOSE = 0.01
"""Residual, as a share of what is promised, at which plan and flow agree."""
SETTLED = 1e-3
"""Share of the cost by which a plan must be better than those before it to be worth another one."""
KEPT = 0.5
"""Share of the last profile that is kept in the next one, from the second round on: a plan that
jumps between two timings would never meet the curves of either."""


D = TypeVar("D", bound=Decided)
Solver: TypeAlias = Callable[["Problem"], tuple[D, Sequence[Promised]]]
"""Makes a plan: decisions, and what they promise in each outlook of the problem."""
Coster: TypeAlias = Callable[["Problem", D], float]
"""Tells what decisions that stand come to in a problem."""


@dataclass(frozen=True, slots=True)
class Residual:
    """How far the arrivals that a plan promises are from those of the flow."""

    promised: Floats
    """Units arrived by each month, shape (line, month, outlook)."""
    arrived: Floats
    """The same as the flow has them, with all conditions at the gates, beyond what was held."""
    bound: Floats
    """The most that the curves would have let the plan promise; a plan need not take it all."""
    probability: Floats
    """Shape (outlook,)."""
    total: Floats
    """All that the flow has in service, with what was held before."""

    @property
    def missing(self) -> Floats:
        """Units promised that do not arrive, shape (line, month, outlook)."""
        return np.maximum(self.promised - self.arrived, 0.0)

    @property
    def by_line(self) -> Floats:
        """Expected units missing at the end, shape (line,)."""
        expected: Floats = self.missing[:, -1] @ self.probability
        return expected

    @property
    def expected(self) -> float:
        """Unit-months missing as a share of those promised, expected over the outlooks."""
        return _share(self.missing @ self.probability, self.promised @ self.probability)

    @property
    def denied(self) -> float:
        """Unit-months that arrive although no curve would let the plan promise them, as a share."""
        more = np.maximum(self.arrived - self.bound, 0.0)
        return _share(more @ self.probability, self.arrived @ self.probability)

    @property
    def worst(self) -> float:
        """The largest share missing of any outlook, of what is promised in the mean outlook.

        An outlook that promises next to nothing could miss all of it and say nothing.
        """
        mean = float((self.promised @ self.probability).sum())
        return float(self.missing.sum(axis=(0, 1)).max()) / mean if mean > 0 else 0.0


def _share(part: Floats, whole: Floats) -> float:
    total = float(whole.sum())
    return float(part.sum()) / total if total > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Round(Generic[D]):
    """One plan and what the flow says of it."""

    problem: Problem
    decisions: D
    courses: Sequence[Promised]
    residual: Residual
    cost: float | None
    """What the decisions come to where arrivals are those of the flow; None if not asked for."""


@dataclass(frozen=True, slots=True)
class Agreement(Generic[D]):
    """The rounds of a plan, and the one to go by."""

    rounds: tuple[Round[D], ...]
    best: int
    """Number of the round whose decisions cost least in the flow; without costs to go by, of
    the last one that agrees, or else the one that is nearest to it."""

    @property
    def plan(self) -> Round[D]:
        """The round to go by."""
        return self.rounds[self.best]


def resimulate(prospect: Prospect, problem: Problem, courses: Sequence[Promised],
    orders: Floats) -> Residual:  # fmt: skip
    """Return the residual of a plan.

    Args:
        prospect: Whose histories are the outlooks of the problem, in their order.
        problem: The problem.
        courses: What the plan promises in each outlook.
        orders: What it orders in each, shape (line, month, outlook).
    """
    total = prospect.histories.arrivals([orders], lifted=False)[0]
    arrived = np.maximum(total - prospect.measured.held, 0.0)
    promised = np.stack([course.arrived for course in courses], axis=2)
    probability = np.array([outlook.probability for outlook in problem.outlooks])
    slope, offset = (
        np.stack([getattr(outlook, part) for outlook in problem.outlooks], axis=3)
        for part in ("slope", "offset")
    )
    bound = (offset + slope * ready(orders, prospect.ready)).min(axis=0)
    return Residual(promised, arrived, bound, probability, total)


def redrawn(prospect: Prospect, problem: Problem, profile: Floats) -> Problem:
    """Return the problem with curves and pools measured around a profile.

    Args:
        prospect: The prospect, whose base the curves go on from.
        problem: The problem.
        profile: Orders, shape (line, month, outlook).
    """
    near = measure(prospect.histories, profile, prospect.ready, NEAR)
    found = around(prospect.measured.points, near, ready(profile, prospect.ready))
    pool = np.maximum(shared_pools(prospect.world, near.together)[1], prospect.pool)
    outlooks = [
        replace(
            outlook,
            slope=found.slope[..., number],
            offset=found.offset[..., number],
            pool=pool[..., number],
        )
        for number, outlook in enumerate(problem.outlooks)
    ]
    return replace(problem, outlooks=tuple(outlooks))


def agree(
    prospect: Prospect,
    problem: Problem,
    solve: Solver[D],
    *,
    cost: Coster[D] | None = None,
    rounds: int = ROUNDS,
    close: float = CLOSE,
) -> Agreement[D]:
    """Plan, run the plan in the flow, draw its curves anew, and plan again until both agree.

    Args:
        prospect: The prospect.
        problem: The problem with its outlooks.
        solve: Makes a plan.
        cost: Tells what decisions come to in a problem in which they stand.
        rounds: Plans that are made at most.
        close: Share of what is promised that may be missing, of what arrives that may be denied,
            for plan and flow to agree. They are done when besides no more than this share of the
            orders lies elsewhere than where the curves were measured, or costs fall no more.
    """
    done: list[Round[D]] = []
    profile: Floats | None = None
    while True:
        decisions, courses = solve(problem)
        orders = orders_of(problem, decisions)
        residual = resimulate(prospect, problem, courses, orders)
        comes_to = None if cost is None else cost(flown(problem, residual.total), decisions)
        done.append(Round(problem, decisions, courses, residual, comes_to))
        near = profile is not None and _moved(orders, profile) <= close
        agrees = max(residual.expected, residual.denied) <= close
        if len(done) >= rounds or (agrees and (near or _settled(done))):
            break
        profile = orders if profile is None else KEPT * profile + (1.0 - KEPT) * orders
        problem = redrawn(prospect, problem, profile)
    return Agreement(tuple(done), min(range(len(done)), key=lambda n: (_merit(done[n], close), -n)))


def _settled(done: Sequence[Round[D]]) -> bool:
    """Return whether the last plan costs hardly less in the flow than the best before it."""
    costs = [one.cost for one in done if one.cost is not None]
    if len(costs) < 2:  # noqa: PLR2004 - one and another
        return False
    before = min(costs[:-1])
    return costs[-1] >= before - SETTLED * abs(before)


def _moved(orders: Floats, profile: Floats) -> float:
    """Return the share of orders that lie in other months than where curves were measured."""
    total = float(orders.sum())
    return float(np.abs(orders - profile).sum()) / 2.0 / total if total > 0 else 0.0


def _merit(one: Round[D], close: float) -> float:
    """Return what to choose a round by; rounds that agree are as good as each other."""
    if one.cost is not None:
        return one.cost
    return max(one.residual.expected, one.residual.denied, close)
