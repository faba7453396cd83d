"""The plan: its programme built and solved beside linopy and the extensive form, in one run.

`python -m bench.plan` measures at full size, which takes an hour or more; `--quick` at a small one.
The extensive form is given a limit, and where it does not finish, the ratio is what is proven: at
least limit ÷ time. Ratios are of processor seconds, which others on the machine change less than
those of the clock.
"""

from __future__ import annotations

import argparse
import resource
import time
import warnings
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from bench.figures import Figure, text_table
from bench.plan_instance import Size, instance
from bench.plan_linopy import linopy_model
from headworks.planning.programme.extensive import extensive_form
from headworks.planning.solve.fixed import recourse
from headworks.planning.solve.highs import Model
from headworks.planning.solve.l_shaped import solve_l_shaped
from headworks.planning.solve.solution import relative_gap

if TYPE_CHECKING:
    from collections.abc import Callable

    from headworks.planning.problem import Problem
    from headworks.planning.solve.search import Progress
    from headworks.planning.solve.solution import Solution

T = TypeVar("T")

FULL = Size()
QUICK = Size(companies=3, imported=2, domestic=2, months=24, outlooks=20)
SCARCE = Size(companies=4, months=24, outlooks=10, means=10.0)
ONE = Size(companies=1, imported=2, domestic=1, months=24, outlooks=200)


@dataclass(frozen=True)
class Took:
    """What something took."""

    clock_s: float
    processor_s: float


def main() -> None:
    """Measure what is asked for, and print it."""
    parser = argparse.ArgumentParser(prog="python -m bench.plan", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small size, in minutes")
    parser.add_argument("--limit", type=float, default=1_200, help="seconds of the extensive form")
    parser.add_argument("--executor", default="serial", help="serial, or joblib for two cores")
    names = ["build", "one", "fresh", "scarce", "solve", "many"]
    parser.add_argument("--only", nargs="*", default=names, choices=names, help="what to measure")
    options = parser.parse_args()
    size = QUICK if options.quick else FULL
    figures: list[Figure] = []
    measures: dict[str, Callable[[], list[Figure]]] = {
        "build": lambda: build_figures(size, judged=not options.quick),
        "one": lambda: one_company(options.executor),
        "fresh": fresh_outlooks,
        "scarce": lambda: solve_figures(
            SCARCE, options.limit, options.executor, judged=False, what="scarce pools, "
        ),
        "solve": lambda: solve_figures(
            size, options.limit, options.executor, judged=not options.quick
        ),
        "many": lambda: many_outlooks(size, options.executor, judged=not options.quick),
    }
    for name in options.only:
        print(f"… {name}", flush=True)
        figures += measures[name]()
    print(text_table(figures))


def _tell(progress: Progress) -> None:
    gap = relative_gap(progress.objective, progress.bound)
    print(f"  {progress.iteration:4} {progress.seconds:7.0f} s  gap {gap:.2%}", flush=True)


def plan_figures(repeat: int) -> list[Figure]:
    """Measure at the small size, beside other figures."""
    what = f"plan, {QUICK.companies} companies, "
    return [
        *build_figures(QUICK, judged=False, repeat=repeat, what=what),
        *solve_figures(QUICK, 600.0, "serial", judged=False, what=what, tell=None),
    ]


def build_figures(size: Size, *, judged: bool, repeat: int = 3, what: str = "") -> list[Figure]:
    """Build the extensive form and hand it to HiGHS, in turn with linopy."""
    problem = instance(size)
    ratios, fastest = [], []
    for _ in range(repeat):
        ours, _ = _timed(partial(_ours, problem))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # linopy on its own changes
            theirs, _ = _timed(partial(_theirs, problem))
        ratios.append(theirs.processor_s / ours.processor_s)
        fastest.append((theirs.processor_s, ours.processor_s))
    best = min(one for one, _ in fastest) / min(one for _, one in fastest)
    built = f"{what}linopy / building {size.outlooks} outlooks and handing them over"
    target = 4.0 if judged else None
    own = Figure(f"{what}building and handing over", tuple(one for _, one in fastest), "s")
    return [Figure(built, tuple(ratios), "x", target, at_least=True, fastest=best), own]


def _ours(problem: Problem) -> None:
    Model(extensive_form(problem).linear)


def _theirs(problem: Problem) -> None:
    linopy_model(problem)[0].to_highspy()


def one_company(executor: str) -> list[Figure]:
    """Solve one company, 3 chips, 24 months and 200 outlooks to a gap of 0.5 %."""
    took, plan = _solved(ONE, executor)
    what = f"one company, {ONE.outlooks} outlooks, to {plan.gap:.2%}"
    return [
        Figure(what, (took.clock_s,), "s", 20.0),
        Figure("the same, of the processor", (took.processor_s,), "s"),
    ]


def fresh_outlooks(count: int = 300) -> list[Figure]:
    """Evaluate decisions of one company in fresh outlooks."""
    problem = instance(replace(ONE, outlooks=8))
    decisions = solve_l_shaped(problem).decisions
    fresh = instance(replace(ONE, outlooks=count), seed=2).outlooks
    known = problem.outlooks[0].node
    took, _ = _timed(
        lambda: sum(
            course.cost
            for course in recourse(
                problem, decisions, (replace(outlook, node=known) for outlook in fresh)
            )
        )
    )
    return [Figure("fresh outlooks a minute, one company", (60 * count / took.processor_s,), "")]


def solve_figures(
    size: Size,
    limit_s: float,
    executor: str,
    *,
    judged: bool,
    what: str = "",
    tell: Callable[[Progress], None] | None = _tell,
) -> list[Figure]:
    """Solve outlook by outlook to 0.5 %, and the extensive form by IPX within a limit."""
    took, plan = _solved(size, executor, tell=tell)
    form = extensive_form(instance(size))
    ipx, solved = _timed(lambda: Model(form.linear, method="ipx", time_limit_s=limit_s).solve())
    done = solved.outcome.value
    at_least = "" if done == "optimal" else f", which ended by {done}: at least"
    compared = f"{what}extensive form by IPX / {size.outlooks} outlooks to {plan.gap:.2%}"
    ratio = (ipx.processor_s / took.processor_s,)
    return [
        Figure(f"{compared}{at_least}", ratio, "x", 3.0 if judged else None, at_least=True),
        Figure(f"{what}outlook by outlook, of the clock", (took.clock_s,), "s"),
        Figure(f"{what}outlook by outlook, of the processor", (took.processor_s,), "s"),
        Figure(f"{what}extensive form by IPX, of the clock", (ipx.clock_s,), "s"),
        Figure(f"{what}extensive form by IPX, of the processor", (ipx.processor_s,), "s"),
    ]


def many_outlooks(size: Size, executor: str, *, judged: bool) -> list[Figure]:
    """Solve ten times as many outlooks, and look at the most memory that this process held."""
    many = replace(size, outlooks=10 * size.outlooks)
    took, plan = _solved(many, executor, time_limit_s=1_800.0)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    what = f"{many.outlooks} outlooks to {plan.gap:.2%}"
    return [
        Figure(f"{what}, memory", (peak,), "MB", 4_000.0 if judged else None),
        Figure(f"{what}, of the clock", (took.clock_s,), "s"),
        Figure(f"{what}, of the processor", (took.processor_s,), "s"),
    ]


def _solved(
    size: Size,
    executor: str,
    *,
    time_limit_s: float = 3_600.0,
    tell: Callable[[Progress], None] | None = _tell,
) -> tuple[Took, Solution]:
    problem = instance(size)
    return _timed(
        lambda: solve_l_shaped(problem, executor=executor, time_limit_s=time_limit_s, progress=tell)
    )


def _timed(run: Callable[[], T]) -> tuple[Took, T]:
    clock, processor = time.perf_counter(), time.process_time()
    found = run()
    return Took(time.perf_counter() - clock, time.process_time() - processor), found


if __name__ == "__main__":
    main()
