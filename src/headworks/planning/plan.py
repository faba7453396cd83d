"""The plan: what to order now, under gates that may not open."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from headworks.errors import Door
from headworks.flow.arguments import starting_balances
from headworks.flow.executor import check_called
from headworks.flow.network import network
from headworks.planning import checks
from headworks.planning.answers import policies
from headworks.planning.answers.contest import contest, contest_again, field_of
from headworks.planning.answers.gap import difference, optimality_gap
from headworks.planning.answers.knowing import options_of, worth_knowing
from headworks.planning.answers.prices import worth_of_more
from headworks.planning.answers.scenarios import in_scenarios
from headworks.planning.answers.tried import Tried
from headworks.planning.answers.values import values
from headworks.planning.called import called
from headworks.planning.effort import Effort
from headworks.planning.making import make, sample_of
from headworks.planning.means.means import means
from headworks.planning.named import check_lines, check_named, named_scenarios
from headworks.planning.problem import Risk
from headworks.planning.response.world import World
from headworks.planning.result import Plan
from headworks.planning.solve.many import AUTO
from headworks.planning.solve.method import solve
from headworks.scenario.load import load
from headworks.scenario.scenario import Scenario
from headworks.throughput import Realised, Throughput

if TYPE_CHECKING:
    from pathlib import Path

    from headworks.flow.balances import Balance
    from headworks.flow.executor import Executor
    from headworks.planning.answers.gap import OptimalityGap
    from headworks.planning.answers.knowing import GateValue
    from headworks.planning.answers.prices import WorthOfMore
    from headworks.planning.answers.trial import Ground, Trial
    from headworks.planning.answers.values import Values
    from headworks.planning.making import Made, Progress, Solve
    from headworks.planning.means.means import Means
    from headworks.planning.named import Also
    from headworks.planning.response.histories import Named

__all__ = ["Effort", "plan"]

REPLICATED = 20
"""Outlooks of a replication, all equally likely."""
TOLD = "what is being done, how much of it is done, and how much is in all"
"""What a plan tells of its progress."""


def plan(  # noqa: PLR0913 - all but scenario and companies are options by name
    scenario: Scenario | str | Path,
    company: str | Sequence[str],
    *,
    also: Also = (),
    balances: Iterable[Balance] = (),
    window_months: int | None = None,
    objective: str = "cost",
    risk: Risk | None = None,
    served_min: float = 0.0,
    integers: bool = False,
    effort: Effort | None = None,
    seed: int = 1,
    throughput: Throughput | None = None,
    executor: str | Executor = AUTO,
    progress: Progress | None = None,
) -> Plan:
    """Return what a company, or several that share pools, should order now.

    Args:
        scenario: The scenario, its name, or the path of its file; it must say what plans assume.
        company: The company, or the companies that are planned together.
        also: Scenarios that might come about instead, such as one in which a gate stays shut: a
            list of any of the same, or a mapping to them from names of their own. With a risk of
            the worst case the plan is made for the dearest of all scenarios; else for its own, and
            what it comes to in the others is told beside. It is feasible in all.
        balances: What lines have when it begins, as from a ledger: it serves work, counts in
            pairings and caps, and is taken to be paid for.
        window_months: Months whose orders are decided now; the scenario's if None.
        objective: `cost` for the expected discounted cost, work not served at its price; `served`
            for the work not served alone, under the budgets.
        risk: How outcomes are weighed; by their expectation if None.
        served_min: Least share of the work wanted that must be served in every outlook and month.
        integers: Whether orders are whole numbers of the lots of offers.
        effort: How much is run for the answer.
        seed: Seed of all streams.
        throughput: Model of what chips compute; realised efficiencies if None.
        executor: `serial`, `joblib`, or an executor, on which outlooks are solved; `auto` solves
            problems side by side that do not depend on each other, and each by itself serially.
        progress: Told what is being done.

    Raises:
        InputError: An argument cannot be used, the scenario says nothing of plans, another one is
            of other companies, months or prices, or constraints clash; the faults of all are
            listed.
        UnknownName: There is no such company.
    """
    began = time.perf_counter()
    asked, weighed = Effort() if effort is None else effort, Risk() if risk is None else risk
    door = Door()
    with door.checking():
        checks.check_terms(
            asked, weighed, window_months=window_months, objective=objective,
            served_min=served_min, seed=seed,
        )  # fmt: skip
    with door.checking():
        check_called(executor, throughput, progress, TOLD)
    world, named = _read(door, scenario, company, also, balances, weighed, seed)
    model, tell = throughput or Realised(), progress or _untold
    have = _means(world, named, model, window_months)
    solver = _solver(asked, executor, integers=integers)
    made = make(
        world, have, effort=asked, risk=weighed, objective=objective, served_min=served_min,
        solve=solver, tell=tell, named=named,
    )  # fmt: skip
    return replace(
        _answered(made, asked, solver, tell, executor), integers=integers, throughput=model.name,
        seconds=time.perf_counter() - began,
    )  # fmt: skip


def _solver(asked: Effort, executor: str | Executor, *, integers: bool) -> Solve:
    """Return what solves a problem as is asked for; each by itself serially by `auto`."""
    return partial(
        solve, integers=integers, gap=asked.gap, time_limit_s=asked.time_limit_s,
        executor="serial" if executor == AUTO else executor,
    )  # fmt: skip


def _read(
    door: Door, scenario: Scenario | str | Path, company: str | Sequence[str], also: Also,
    balances: Iterable[Balance], risk: object, seed: int,
) -> tuple[World, tuple[Named, ...]]:  # fmt: skip
    """Return the world of a plan and the scenarios besides its own, and close a door.

    Raises:
        InputError: One cannot be used, or the door has kept other faults; all are listed.
    """
    companies: tuple[str, ...] = ()
    unsaid = {"companies"}
    loaded: Scenario | None = None
    named: tuple[Named, ...] = ()
    rows: tuple[Balance, ...] = ()
    with door.checking():
        companies = checks.company_names(company)
        unsaid.clear()
    with door.checking():
        loaded = scenario if isinstance(scenario, Scenario) else load(scenario)
    worst_case = isinstance(risk, Risk) and risk.worst_case
    with door.checking():
        named = named_scenarios(loaded, also, worst_case=worst_case)
    if loaded is not None:
        with door.checking():
            checks.check_scenario(loaded, companies, unsaid)
        with door.checking():
            rows = starting_balances(balances, network(loaded))
        if door.is_shut:
            with door.checking():
                check_lines(loaded, companies, named)
    door.close()
    assert loaded is not None  # noqa: S101 - or the door has raised
    return World(loaded, companies, seed, balances=rows), named


def _means(
    world: World, named: Sequence[Named], model: Throughput, window_months: int | None
) -> Means:  # fmt: skip
    """Return what the companies have and may do, with which a plan can be made in all scenarios."""
    have = means(world, model, window_months)
    door = Door()
    with door.checking():
        checks.check_power_and_budget(world, have)
    with door.checking():
        check_named(world, have, named, model)
    door.close()
    return have


def _untold(_what: str, _done: int, _whole: int) -> None:
    """Tell nobody what is being done."""


def _answered(
    made: Made, asked: Effort, solver: Solve, tell: Progress, executor: str | Executor
) -> Plan:
    """Return the plan with all that is asked about it."""
    found, tried = _tried(made, asked, solver, tell, executor)
    return Plan(
        scenario=made.world.scenario,
        companies=made.world.companies,
        seed=made.world.seed,
        problem=made.problem,
        prospect=made.prospect,
        solution=made.solution,
        residual=made.residual,
        prices=_prices(made, asked, solver, tell, executor),
        values=found,
        tried=tried,
        scenarios=in_scenarios(made.problem, made.solution),
        gap_interval=_replicated(made, asked, solver, tell),
        remarks=made.means.remarks,
        effort=asked,
    )


def _tried(
    made: Made, asked: Effort, solver: Solve, tell: Progress, executor: str | Executor
) -> tuple[Values | None, tuple[Tried, ...]]:
    """Return what planning for chance is worth, and policies on fresh paths of each scenario."""
    if not asked.fresh:
        return None, ()
    mean = policies.mean_problem(made.problem, made.prospect)
    found, mean_now = values(
        made.problem, made.solution, mean, solver, partial(tell, "perfect information")
    )
    paths = np.arange(asked.paths, asked.paths + asked.fresh)
    field = field_of(made, paths)
    trials = contest(
        field, made.solution, mean_now, solver, partial(tell, "policies"),
        again=asked.rolling, executor=executor,
    )  # fmt: skip
    told = partial(tell, "what to find out")
    options = options_of(made.problem, found, solver, told) if asked.information else []

    def known(field: Ground, trials: tuple[Trial, ...]) -> tuple[GateValue, ...] | None:
        return worth_knowing(field, trials, options, told) if asked.information else None

    tried = [Tried(made.world.scenario.scenario, trials, known(field, trials))]
    for one, (world, _) in zip(made.prospect.named, made.prospect.histories.parts[1:], strict=True):
        other = field_of(made, paths, world)
        again = contest_again(
            other, trials, solver, partial(tell, f"policies, {one.name}"), executor
        )
        tried.append(Tried(one.name, again, known(other, again)))
    return found, tuple(tried)


def _prices(
    made: Made, asked: Effort, solver: Solve, tell: Progress, executor: str | Executor
) -> tuple[WorthOfMore, ...]:
    """Return what a block more of each limit is worth."""
    if not asked.prices:
        return ()
    sizes = made.prospect.base.sum(axis=1)
    told = partial(tell, "prices")
    names = called(made.world.scenario, made.problem)
    return tuple(worth_of_more(made.problem, made.solution, sizes, solver, told, executor, names))


def _replicated(made: Made, asked: Effort, solver: Solve, tell: Progress) -> OptimalityGap | None:
    """Return the interval of the gap from replications, each on paths of its own."""
    if not asked.replications:
        return None
    differences: list[float] = []
    first = asked.paths + asked.fresh
    for number in range(asked.replications):
        tell("optimality gap", number, asked.replications)
        own = sample_of(made, REPLICATED, first + number * REPLICATED)
        differences.append(difference(own, made.solution.decisions, solver))
    return optimality_gap(differences)
