"""The plan: what to order now, under gates that may not open."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from headworks.planning import checks
from headworks.planning.answers import policies
from headworks.planning.answers.fixing import decided_now
from headworks.planning.answers.gap import OptimalityGap, optimality_gap
from headworks.planning.answers.knowing import worth_knowing
from headworks.planning.answers.prices import WorthOfMore, worth_of_more
from headworks.planning.answers.trial import Ground, Trial, ground
from headworks.planning.answers.values import values
from headworks.planning.assembly import assemble, base_orders
from headworks.planning.means.means import Means, means
from headworks.planning.means.wanted import wanted
from headworks.planning.problem import Risk
from headworks.planning.response.agreement import Agreement, agree
from headworks.planning.response.prospect import OUTLOOKS, PATHS, Prospect, prospect
from headworks.planning.response.world import World
from headworks.planning.result import Plan, gate_values
from headworks.planning.solve.fixed import recourse
from headworks.planning.solve.method import solve
from headworks.scenario.load import load
from headworks.scenario.scenario import Scenario
from headworks.throughput import Realised, Throughput

if TYPE_CHECKING:
    from pathlib import Path

    from headworks.flow.executor import Executor
    from headworks.planning.problem import Problem
    from headworks.planning.solve.solution import Course, Decisions, Solution

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""

GAP = 0.005
FRESH = 200
"""Fresh paths on which plan and policies are tried by default."""
REPLICATIONS = 5
REPLICATED = 20
"""Outlooks of a replication."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is run for an answer; no more than these numbers decide how exact it is."""

    paths: int = PATHS
    """Forecast paths that outlooks are chosen from."""
    outlooks: int = OUTLOOKS
    """Outlooks that the plan is made for."""
    fresh: int = FRESH
    """Fresh paths on which it is tried, 0 for no trials."""
    replications: int = 0
    """Replications for the interval of the gap, 0 for none, otherwise at least 2."""
    gap: float = GAP
    """Share of the objective that the plan may be above the best for its outlooks."""
    prices: bool = True
    """Whether to tell what more of each limit is worth, which takes a solution for each."""
    time_limit_s: float = np.inf
    """Seconds for each solution of the programme."""


def plan(  # noqa: PLR0913 - all but scenario and companies are options by name
    scenario: Scenario | str | Path,
    company: str | Sequence[str],
    *,
    window_months: int | None = None,
    objective: str = "cost",
    risk: Risk | None = None,
    served_min: float = 0.0,
    integers: bool = False,
    effort: Effort | None = None,
    seed: int = 1,
    throughput: Throughput | None = None,
    executor: str | Executor = "serial",
    progress: Progress | None = None,
) -> Plan:
    """Return what a company, or several that share pools, should order now.

    Args:
        scenario: The scenario, its name, or the path of its file; it must say what plans assume.
        company: The company, or the companies that are planned together.
        window_months: Months whose orders are decided now; the scenario's if None.
        objective: `cost` for the expected discounted cost, work not served at its price; `served`
            for the work not served alone, under the budgets.
        risk: How outcomes are weighed; by their expectation if None.
        served_min: Least share of the work wanted that must be served in every outlook and month.
        integers: Whether orders are whole numbers of the lots of offers.
        effort: How much is run for the answer.
        seed: Seed of all streams.
        throughput: Model of what chips compute; realised efficiencies if None.
        executor: `serial`, `joblib`, or an executor, on which outlooks are solved.
        progress: Told what is being done.

    Raises:
        InputError: An argument cannot be used, the scenario says nothing of plans, or constraints
            clash; the faults of all are listed.
        UnknownName: There is no such company.
    """
    began = time.perf_counter()
    asked = Effort() if effort is None else effort
    companies = (company,) if isinstance(company, str) else tuple(company)
    loaded = scenario if isinstance(scenario, Scenario) else load(scenario)
    weighed = Risk() if risk is None else risk
    checks.check(
        loaded, companies, asked, weighed, window_months=window_months, objective=objective,
        served_min=served_min, seed=seed,
    )  # fmt: skip
    tell = (lambda *_: None) if progress is None else progress
    world = World(loaded, companies, seed)
    have = means(world, throughput or Realised(), window_months)
    checks.check_power_and_budget(world, have)
    tell("prospect", 0, 1)
    coming = _prospect(world, have, asked.paths, asked.outlooks, 0)
    checks.check_arrivals(world, coming)
    problem = assemble(
        world, have, coming, risk=weighed, objective=objective, served_min=served_min
    )
    solver = partial(
        solve, integers=integers, gap=asked.gap, time_limit_s=asked.time_limit_s,
        executor=executor,
    )  # fmt: skip
    maker = _Maker(solver, tell)
    agreed = agree(coming, problem, maker.promised, cost=_cost)
    solution = maker.solution_of(agreed)
    problem = agreed.plan.problem
    found, mean_now = None, None
    if asked.fresh:
        mean = policies.mean_problem(problem, coming)
        found, mean_now = values(
            problem, solution, mean, solver, partial(tell, "perfect information")
        )
    trials: tuple[Trial, ...] = ()
    known = None
    if found is not None and mean_now is not None:
        field = _field(world, have, coming, problem, asked)
        trials = _trials(field, solution, mean_now, solver, tell)
        known = worth_knowing(field, trials, found, solver, partial(tell, "what to find out"))
    return Plan(
        scenario=loaded,
        companies=companies,
        seed=seed,
        problem=problem,
        prospect=coming,
        solution=solution,
        residual=agreed.plan.residual,
        prices=_prices(problem, coming, solution, asked, solver, tell),
        values=found,
        information=() if known is None else gate_values(loaded, known),
        trials=trials,
        gap_interval=_replicated(world, have, problem, solution, asked, solver, tell),
        remarks=have.remarks,
        seconds=time.perf_counter() - began,
        gap_asked=asked.gap,
    )


def _prospect(world: World, have: Means, paths: int, outlooks: int, first: int) -> Prospect:
    everyone = np.arange(first, first + paths)
    return prospect(
        world,
        base_orders(world, have.window, everyone),
        value=have.goods.price_usd,
        dates=have.dates,
        paths=paths,
        first_path=first,
        count=min(outlooks, paths),
    )


class _Maker:
    """Makes the plans of the rounds in which plan and flow are brought together, and keeps them."""

    def __init__(
        self, solver: Callable[..., Solution], tell: Callable[[str, int, int], None]
    ) -> None:
        self._solver, self._tell = solver, tell
        self._made: list[Solution] = []

    def promised(self, problem: Problem) -> tuple[Decisions, Sequence[Course]]:
        """Return decisions and courses of a problem, begun from the last decisions."""
        self._tell("plan and flow", len(self._made), len(self._made) + 1)
        start = self._made[-1].decisions if self._made else None
        self._made.append(self._solver(problem, start=start))
        return self._made[-1].decisions, self._made[-1].courses

    def solution_of(self, agreed: Agreement[Decisions]) -> Solution:
        """Return the solution of the round to go by."""
        return self._made[agreed.best]


def _cost(problem: Problem, decisions: Decisions) -> float:
    chance = np.array([outlook.probability for outlook in problem.outlooks])
    courses = recourse(problem, decisions, problem.outlooks)
    return float(chance @ [course.outcome for course in courses])


def _prices(
    problem: Problem, coming: Prospect, solution: Solution, asked: Effort,
    solver: Callable[..., Solution], tell: Callable[[str, int, int], None],
) -> tuple[WorthOfMore, ...]:  # fmt: skip
    """Return what a block more of each limit is worth."""
    if not asked.prices:
        return ()
    sizes = coming.base.sum(axis=1)
    return tuple(worth_of_more(problem, solution, sizes, solver, partial(tell, "prices")))


def _field(world: World, have: Means, coming: Prospect, problem: Problem, asked: Effort) -> Ground:
    """Return the fresh paths that policies are tried on."""
    paths = np.arange(asked.paths, asked.paths + asked.fresh)
    planning = world.scenario.planning
    assert planning is not None  # noqa: S101 - checked
    return ground(problem, coming, paths, wanted(world, planning, have.rates, paths))


def _trials(
    field: Ground, solution: Solution, mean_now: Decisions,
    solver: Callable[..., Solution], tell: Callable[[str, int, int], None],
) -> tuple[Trial, ...]:  # fmt: skip
    """Return the plan and simple policies on fresh paths."""
    problem, coming = field.problem, field.prospect
    makers: dict[str, Callable[[], Decisions]] = {
        policies.PLAN.name: lambda: solution.decisions,
        policies.MEAN.name: lambda: mean_now,
        policies.EVERYTHING.name: lambda: policies.everything(
            problem, policies.stated(coming.world, field.paths)
        ),
        policies.DOMESTIC.name: lambda: solver(policies.domestic_only(problem, coming)).decisions,
        policies.WAIT.name: lambda: solver(policies.waiting(problem)).decisions,
    }
    found: list[Trial] = []
    for name, decide in makers.items():
        tell("policies", len(found), len(makers))
        found.append(field.trial(name, decide()))
    return tuple(found)


def _replicated(
    world: World, have: Means, problem: Problem, solution: Solution, asked: Effort,
    solver: Callable[..., Solution], tell: Callable[[str, int, int], None],
) -> OptimalityGap | None:  # fmt: skip
    """Return the interval of the gap from replications, each on paths of its own."""
    if not asked.replications:
        return None
    differences: list[float] = []
    first = asked.paths + asked.fresh
    for number in range(asked.replications):
        tell("optimality gap", number, asked.replications)
        sample = _prospect(world, have, REPLICATED, REPLICATED, first + number * REPLICATED)
        own = assemble(
            world, have, sample, risk=problem.risk, objective=problem.objective,
            served_min=problem.served_min,
        )  # fmt: skip
        best = solver(own)
        fixed, missing = decided_now(own, replace(solution.decisions))
        differences.append(solver(fixed).objective + missing - best.bound)
    return optimality_gap(differences)
