"""The authority's plan of a round: measured, optimised, and measured again until both agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from headworks.errors import Door
from headworks.flow.arguments import check_progress, number_of_paths, whole_number
from headworks.flow.executor import Executor, JoblibExecutor, check_executor, executor
from headworks.planning.authority.case import Case, case, placed
from headworks.planning.authority.outcome import Flow
from headworks.planning.authority.picture import FRONTIER_POINTS, picture
from headworks.planning.authority.programme import programme
from headworks.planning.authority.response import measured, runs
from headworks.planning.authority.result import RoundPlan
from headworks.planning.authority.rules import by_rule, every_rule
from headworks.planning.authority.search import Tangent, agree, kept, mean_target
from headworks.planning.authority.terms import Terms
from headworks.rationing.whole import whole_units
from headworks.rationing.whole.method import method
from headworks.scenario.load import load
from headworks.scenario.scenario import Scenario

if TYPE_CHECKING:
    from pathlib import Path

    from headworks.planning.problem import Floats

Progress: TypeAlias = Callable[[int, int], None]

PASSES_MAX = 3
"""Most often that the curves are measured."""
PRICE_STEP = 0.01
"""What limits are moved by for their price."""


def plan_round(  # noqa: PLR0913 - all but scenario and round are options by name
    scenario: Scenario | str | Path,
    round_: str,
    *,
    pool: str | None = None,
    domestic_share: float = 0.0,
    probability: float | None = None,
    share_of: str = "applicants",
    floor: float = 0.0,
    floor_rule: str = "proportional",
    by: dt.date | str | None = None,
    measure: str = "h100e_tpp",
    whole: str = "largest_remainder",
    paths: int = 200,
    seed: int = 1,
    executor: str | Executor = "auto",
    progress: Progress | None = None,
) -> RoundPlan:
    """Return whom to award how much of a round, for most compute under a target and a floor.

    Args:
        scenario: The scenario, its name, or the path of its file.
        round_: Name of the round.
        pool: Its pool, where several have a round of that name.
        domestic_share: Least domestic share of the compute installed by the day.
        probability: Least share of the paths on which that holds; in the means if None.
        share_of: Whose share: of the `applicants` together, of `all` in the story, or of `each`
            applicant.
        floor: Least share of what a rule would award that every applicant gets.
        floor_rule: That rule, which looks at claims alone.
        by: Day at whose end compute is counted; the last of the scenario if None.
        measure: Measure of compute.
        whole: Method of whole units.
        paths: Number of paths; each split is run on all of them.
        seed: Seed of all streams.
        executor: `serial`, `joblib`, an executor, or `auto`. No result depends on it.
        progress: Called with the path-runs done and in all, as far as is known.

    Raises:
        InputError: An argument cannot be used, the round is not one that can be awarded, or no
            awards meet target and floor; the largest share that can be met is told.
    """
    loaded: Scenario | None = None
    door = Door()
    with door.checking():
        loaded = scenario if isinstance(scenario, Scenario) else load(scenario)
    with door.checking():
        check_round(
            loaded, round_, pool=pool, domestic_share=domestic_share, probability=probability,
            share_of=share_of, floor=floor, floor_rule=floor_rule, by=by, measure=measure,
            whole=whole, paths=paths, seed=seed, executor=executor,
        )  # fmt: skip
    with door.checking():
        check_progress(progress)
    door.close()
    assert loaded is not None  # noqa: S101 - or the door has raised
    terms = Terms(domestic_share, probability, share_of, floor, floor_rule)
    found = case(loaded, round_, pool=pool, by=by, measure=measure, paths=paths, seed=seed)
    return _planned(found, terms, whole, _engine(executor), progress)


def check_round(  # noqa: PLR0913 - what a plan is asked for, all by name
    scenario: Scenario | None,
    round_: str,
    *,
    pool: str | None,
    domestic_share: float,
    probability: float | None,
    share_of: str,
    floor: float,
    floor_rule: str,
    by: dt.date | str | None,
    measure: str,
    whole: str,
    paths: int,
    seed: int,
    executor: str | Executor,
) -> None:
    """Check what the plan of a round is asked for, as far as it needs no run.

    Arguments are those of `plan_round`. Where there is no scenario, as it cannot be read, what it
    would tell is left out.

    Raises:
        InputError: Something cannot be used; all faults are listed.
    """
    door = Door()
    if scenario is not None:
        with door.checking():
            placed(scenario, round_, pool=pool, by=by, measure=measure)
    with door.checking():
        number_of_paths(paths)
    with door.checking():
        whole_number("seed", seed, low=0)
    with door.checking():
        Terms(domestic_share, probability, share_of, floor, floor_rule).check()
    with door.checking():
        method(whole)
    with door.checking():
        check_executor(executor)
    door.close()


@dataclass(slots=True)
class _Meter:
    """Counts path-runs; what there is to do grows where curves are measured again."""

    progress: Progress | None
    whole: int
    done: int = 0

    def add(self, paths: int) -> None:
        self.done += paths
        if self.progress is not None:
            self.progress(self.done, max(self.whole, self.done))


def _engine(name: str | Executor) -> Executor:
    # Even the smallest plan runs some thirty variants, so that processes pay.
    return JoblibExecutor() if name == "auto" else executor(name)


def _planned(
    found: Case, terms: Terms, whole: str, engine: Executor, progress: Progress | None
) -> RoundPlan:
    rules = list(every_rule(found))
    rule = by_rule(found, terms.floor_rule).shares
    floors = terms.floor * rule
    more = FRONTIER_POINTS + len(rules)
    held = int(found.held.sum())
    meter = _Meter(progress, found.paths - held + held * (2 * (runs(found) + 1) + more))
    run = Flow(found, engine, meter.add).outcomes
    around = rule
    for passes in range(1, PASSES_MAX + 1):
        response = measured(found, around, run)
        tangent = Tangent(terms, floors, response, programme(response, terms.share_of, rule))
        best, target = kept(tangent, mean_target(tangent), run)
        if agree(best) or passes == PASSES_MAX:
            break
        around = best.shares
    frontier, points = picture(tangent, rules, run)
    return RoundPlan(
        case=found, terms=terms, response=response, plan=best,
        units=_whole(found, best.shares, whole), floors=floors, frontier=frontier, rules=points,
        prices=_prices(tangent, found, target), passes=passes, whole=whole,
    )  # fmt: skip


def _whole(found: Case, shares: Floats, whole: str) -> tuple[float, ...]:
    """Return awards in the pool's unit, whole where that is a chip; larger claims come first."""
    if found.unit != "units":
        return tuple(float(share * found.size) for share in shares)
    claims = [int(np.floor(units)) for units in found.claims]
    awards = [
        min(Fraction(round(float(share * found.size) * 1e6), 10**6), Fraction(claim))
        for share, claim in zip(shares, claims, strict=True)
    ]
    order = sorted(range(len(claims)), key=lambda n: (-claims[n], found.applicants[n]))
    given = whole_units(awards, claims, by=whole, order=order, names=list(found.applicants))
    return tuple(float(units) for units in given.awards)


def _prices(tangent: Tangent, found: Case, target: float) -> dict[str, float | None]:
    """Return what each limit costs by the curves: differences of the programme solved again."""
    one, floors = tangent.programme, tangent.floors

    def compute(target: float, floors: Floats, total: float = 1.0) -> float | None:
        solved = one.solve(target, floors, total)
        return None if solved is None else solved.compute

    here = compute(target, floors)

    def gain(other: float | None, by: float = 1.0) -> float | None:
        return None if here is None or other is None else max(other - here, 0.0) / by

    return {
        "unit": gain(compute(target, floors, 1.0 + PRICE_STEP), PRICE_STEP * found.size),
        "point": gain(compute(max(target - PRICE_STEP, 0.0), floors)),
        "floor": gain(compute(target, np.zeros_like(floors))),
    }
