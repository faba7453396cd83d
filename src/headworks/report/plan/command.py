"""The command line that makes a plan again, where one does."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import numpy as np

from headworks.flow.settings import as_yaml, settings
from headworks.planning.effort import Effort
from headworks.planning.problem import Risk
from headworks.throughput import Realised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.planning.response.histories import Named
    from headworks.planning.result import Plan

SEPARATOR = ";"
"""Stands between settings of one scenario that is the plan's own changed."""


def command(found: Plan) -> str:
    """Return the command that gives the same page; empty where none does.

    None does where a scenario was made or changed in code or has a name of the caller's own, where
    it began from balances, where time was short, or where another model says what chips compute.
    """
    if not _can_be_named(found):
        return ""
    parts = ["headworks", "plan", found.scenario.read_from or ""]
    for company in found.companies:
        parts += ["--company", company]
    for one in found.prospect.named:
        parts += ["--also", _also(one, found)]
    parts += _asked(found)
    effort = found.effort
    for name in ("paths", "outlooks", "fresh"):
        parts += [f"--{name}", str(getattr(effort, name))]
    parts += _effort(effort)
    parts += ["--seed", str(found.seed)]
    for key, value in settings(found.scenario).items():
        parts += ["--set", f"{key}={as_yaml(value)}"]
    return shlex.join([*parts, "--report", "plan.html"])


def _can_be_named(found: Plan) -> bool:
    """Whether names, paths and options stand for all that a plan rests on."""
    name = found.scenario.read_from
    usual = found.throughput == Realised.name and np.isinf(found.effort.time_limit_s)
    usual = usual and not found.prospect.world.balances
    others = all(_also(one, found) for one in found.prospect.named)
    return usual and others and name is not None and name.isprintable()


def _also(one: Named, found: Plan) -> str:
    """Return how the command line names a scenario besides the plan's own; empty if it cannot.

    It takes what is set for the plan's own to be set for all.
    """
    read_from, made = one.scenario.read_from, settings(one.scenario)
    base = settings(found.scenario)
    if read_from is None or not read_from.isprintable():
        return ""
    if not base.keys() <= made.keys():
        return ""
    more = [key for key, value in made.items() if key not in base or base[key] != value]
    if more:
        said = [pair.partition("=")[0].strip() for pair in one.name.split(SEPARATOR)]
        return (
            one.name
            if read_from == found.scenario.read_from and sorted(said) == sorted(more)
            else ""
        )
    return read_from if one.name == one.scenario.scenario else ""


def _asked(found: Plan) -> Iterator[str]:
    """Yield the options of what is planned that are not the usual ones."""
    problem, planning = found.problem, found.scenario.planning
    if planning is not None and problem.window != planning.window_months:
        yield from ("--window", str(problem.window))
    if problem.objective != "cost":
        yield from ("--objective", problem.objective)
    risk, usual = problem.risk, Risk()
    if risk.weight != usual.weight:
        yield from ("--risk", str(risk.weight))
    if risk.level != usual.level:
        yield from ("--risk-level", str(risk.level))
    if risk.worst_case:
        yield "--worst-case"
    if problem.served_min:
        yield from ("--served-min", str(problem.served_min))
    if found.integers:
        yield "--lots"


def _effort(effort: Effort) -> Iterator[str]:
    """Yield the options of how much is run that are not the usual ones."""
    usual = Effort()
    if effort.replications:
        yield from ("--replications", str(effort.replications))
    if effort.reduction != usual.reduction:
        yield from ("--reduction", effort.reduction)
    if effort.gap != usual.gap:
        yield from ("--gap", str(effort.gap))
    for name in ("prices", "rolling", "information"):
        if not getattr(effort, name):
            yield f"--no-{name}"
