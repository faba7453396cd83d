"""The search of the L-shaped method: a box around the best decisions, and a bound without it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.programme.risk import chances, scenarios, weighed, weights
from headworks.planning.solve.clash import explain
from headworks.planning.solve.master import Master
from headworks.planning.solve.outcome import Outcome
from headworks.planning.solve.recourse import prepayment_limits
from headworks.planning.solve.solution import (
    Solution,
    course_of,
    decisions_of,
    prices_of,
    relative_gap,
    values_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from headworks.planning.problem import Floats
    from headworks.planning.programme.programme import Programme
    from headworks.planning.solve.lines import Line
    from headworks.planning.solve.master import Proposal
    from headworks.planning.solve.recourse import Answer, OutlookRows
    from headworks.planning.solve.solution import Decisions
    from headworks.planning.solve.workers import Workers

RADIUS_NEAR = 1 / 4
"""Size of the first box, in steps of about a month's need, around decisions that are given."""
BOUND_EVERY = 10
"""Iterations after which the bound is computed anew at the latest."""
IDLE_MAX = 50
"""Iterations without a better plan or bound after which a search ends with the gap it has."""
RADIUS_MAX = 1e9
"""Size of the box at which costs are taken to have no lower limit."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a solve has come."""

    iteration: int
    objective: float
    bound: float
    seconds: float
    alone: tuple[int, int] | None = None
    """Companies that are planned alone by now, and all of them; None while all are together."""


class Search:
    """The state of a search.

    Args:
        programme: The programme.
        workers: Its outlooks.
        bound: What no plan can be below, as far as that is known before.
    """

    def __init__(self, programme: Programme, workers: Workers, bound: float = -np.inf) -> None:
        self._began = time.perf_counter()
        self._programme, self._workers = programme, workers
        self._steps = step_sizes(programme)
        self._radius = 1.0
        self._iterations = 0
        self._bound = bound
        self._best = np.inf
        self._state = (np.inf, -np.inf)
        self._idle = 0
        self._duals: Floats = np.zeros((0, 0))

    def begin(self, start: Decisions | None, lines: Callable[[OutlookRows], list[Line]]) -> None:
        """Evaluate decisions, or the least ones that are feasible.

        Args:
            start: The decisions; None for no orders.
            lines: Gives lines below the cost of outlooks that are known before.
        """
        decided = self._programme.decided
        values = np.zeros(decided.columns.count)
        if start is not None:
            values = values_of(decided, start)
            self._radius = RADIUS_NEAR
        points = [(values, self._workers.answers(values))]
        nearest = self._new_master(1.0, floor=0.0)
        while not _feasible(points[-1][1]):
            nearest.add(*points[-1])
            proposal = nearest.solve()
            if proposal.outcome is not Outcome.OPTIMAL:
                raise explain(self._programme.problem, proposal.outcome)
            values = proposal.decided
            points.append((values, self._workers.answers(values)))
        self._keep(*points[-1])
        self._master = self._new_master(max(abs(self._best), 1.0) / 1_000)
        for point in points:
            self._master.add(*point)
        self._master.take(lines(self._workers.rows[0]))

    def _new_master(self, scale: float, *, floor: float = -np.inf) -> Master:
        """Return a master that knows what decisions alone must keep."""
        master = Master(self._programme, self._workers.rows, scale=scale, floor=floor)
        known: dict[tuple[int, ...], int] = {}  # outlooks of the same nodes have the same limits
        for number, rows in enumerate(self._workers.rows):
            known.setdefault(tuple(rows.part.stage.outlook.node.tolist()), number)
        for number in known.values():
            limits = prepayment_limits(self._workers.rows[number])
            master.cut_off([(number, limit) for limit in limits])
        return master

    @property
    def gap(self) -> float:
        """Share of the best objective that it may be above the least."""
        return relative_gap(self._best, self._bound)

    def goes_on(self, gap: float, time_limit_s: float) -> bool:
        """Return whether there is something to gain, and time for it.

        Where neither the plan nor the bound has moved for long, numbers are as exact as they get.
        """
        state = (self._best, self._bound)
        self._idle = self._idle + 1 if state == self._state else 0
        self._state = state
        return self.gap > gap and self.seconds < time_limit_s and self._idle < IDLE_MAX

    @property
    def seconds(self) -> float:
        """Seconds since the search began."""
        return time.perf_counter() - self._began

    @property
    def progress(self) -> Progress:
        """How far it has come."""
        return Progress(self._iterations, self._best, self._bound, self.seconds)

    def step(self, gap: float) -> None:
        """Try what the master proposes near the best decisions, and adapt how far that is."""
        self._iterations += 1
        proposal, held = self._propose()
        promised = self._best - proposal.bound
        if not held:
            self._raise_bound(proposal)
        elif promised < gap * abs(self._best) or self._iterations % BOUND_EVERY == 0:
            self._bound_anew()
        if promised <= 0 and held:
            self._radius *= 4
            return
        answers = self._workers.answers(proposal.decided)
        self._master.add(proposal.decided, answers)
        objective = self._objective(proposal.decided, answers)
        gained = self._best - objective
        if gained > 0:
            self._keep(proposal.decided, answers)
        if gained > promised / 2:
            self._radius *= 2
        elif _feasible(answers) and gained < -promised / 4:
            self._radius /= 2
        self._master.drop_idle()

    def forget(self, gap: float) -> None:
        """Go on with whole numbers: what was best need not be one of them."""
        self._best = np.inf
        self._idle = 0
        self._master.box(*self._limits())
        self._master.whole(gap / 4)

    def whole_step(self) -> None:
        """Try what the master proposes in whole numbers; its bound holds everywhere."""
        self._iterations += 1
        proposal = self._master.solve()
        if not len(proposal.decided):
            raise explain(self._programme.problem, proposal.outcome)
        self._bound = max(self._bound, proposal.bound)
        answers = self._workers.answers(proposal.decided)
        self._master.add(proposal.decided, answers)
        if self._objective(proposal.decided, answers) < self._best:
            self._keep(proposal.decided, answers)

    def solution(self) -> Solution:
        """Return the best decisions with their courses and prices."""
        programme, parts = self._programme, [rows.part for rows in self._workers.rows]
        courses = tuple(
            course_of(part, programme.cost_now, self._decided, answer.columns)
            for part, answer in zip(parts, self._answers, strict=True)
        )
        return Solution(
            decisions=decisions_of(programme.decided, self._decided),
            courses=courses,
            prices=prices_of(parts, self._all_duals()),
            objective=self._best,
            bound=min(self._bound, self._best),
            iterations=self._iterations,
            seconds=self.seconds,
        )

    def lines(self) -> tuple[list[Line], float]:
        """Return the lines that the bound rests on, and the cost in each that nothing changes."""
        return self._master.held(), self._workers.rows[0].part.costs.constant

    def _all_duals(self) -> list[Floats]:
        """Return the prices of each outlook's rows: those of the bound, or of the plan if none."""
        if len(self._duals):
            return list(self._duals)
        problem = self._programme.problem
        outcomes = np.array([answer.cost for answer in self._answers])
        counted = weights(problem.risk, outcomes, chances(problem), scenarios(problem))
        return [weight * answer.rows for weight, answer in zip(counted, self._answers, strict=True)]

    def _propose(self) -> tuple[Proposal, bool]:
        """Return the best within the box, and whether the box held it."""
        lower, upper = self._limits()
        reach = self._radius * self._steps
        least = np.maximum(self._decided - reach, lower)
        most = np.maximum(np.minimum(self._decided + reach, upper), least)
        self._master.box(least, most)
        proposal = self._master.solve()
        if not len(proposal.decided):
            raise explain(self._programme.problem, proposal.outcome)
        free = np.flatnonzero(np.isfinite(reach))  # the others are running totals
        found, slack = proposal.decided[free], 1e-6 * reach[free]
        low = (found < least[free] + slack) & (least[free] > lower[free])
        high = (found > most[free] - slack) & (most[free] < upper[free])
        return proposal, bool(np.any(low | high))

    def _bound_anew(self) -> None:
        """Let the master go anywhere: what it finds, no plan can be below."""
        self._master.box(*self._limits())
        proposal = self._master.solve()
        if proposal.outcome is Outcome.OPTIMAL:
            self._raise_bound(proposal)
        elif self._radius > RADIUS_MAX:
            raise explain(self._programme.problem, proposal.outcome)

    def _raise_bound(self, proposal: Proposal) -> None:
        """Keep a better bound, with the prices that prove it."""
        if proposal.bound > self._bound:
            self._bound = proposal.bound
            self._duals = self._master.duals(len(self._answers[0].rows))

    def _limits(self) -> tuple[Floats, Floats]:
        columns = self._programme.decided.columns
        return columns.lower, columns.upper

    def _keep(self, decided: Floats, answers: list[Answer]) -> None:
        self._decided, self._answers = decided, answers
        self._best = self._objective(decided, answers)

    def _objective(self, decided: Floats, answers: list[Answer]) -> float:
        if not _feasible(answers):
            return np.inf
        outcomes = np.array([answer.cost for answer in answers])
        return float(self._programme.cost_now @ decided) + weighed(
            self._programme.problem, outcomes
        )


def _feasible(answers: list[Answer]) -> bool:
    return all(np.isfinite(answer.cost) for answer in answers)


def step_sizes(programme: Programme) -> Floats:
    """Return how far decided columns go at first: about what serves the work wanted in a month.

    Running totals follow, and go anywhere.
    """
    problem, decided = programme.problem, programme.decided
    wanted = np.stack([outlook.wanted.sum(axis=1).max(axis=1) for outlook in problem.outlooks])
    rate = np.zeros(len(problem.lines))
    np.maximum.at(rate, problem.berths.line, problem.berths.rate)
    units = wanted.max(axis=0)[problem.company] / np.maximum(rate, 1e-9)
    units = np.where(rate > 0, units, 1.0) / len(problem.months)
    steps = np.full(decided.columns.count, np.inf)
    steps[decided["order"].number] = units[:, np.newaxis]
    steps[decided["later"].number] = units
    most = problem.sites.build_max_mw[:, : problem.window]
    steps[decided["build"].number] = np.where(np.isfinite(most), most, 1.0)
    found: Floats = np.maximum(steps, 1e-3)
    return found
