"""Writing the page of a plan: from the result of planning to one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.answers.policies import TITLES
from headworks.planning.called import called
from headworks.report.plan.command import command
from headworks.report.plan.page import write_plan_report
from headworks.report.plan.reading import Run, shown
from headworks.report.plan_words import answer

if TYPE_CHECKING:
    from headworks.planning.result import Plan
    from headworks.report.plan.shown import PlanShown


def write_report(found: Plan, path: Path | str) -> Path:
    """Write the page of a plan, whole or not at all, and return its path.

    Raises:
        InputError: The file cannot be written there.
    """
    return write_plan_report(as_shown(found), path)


def as_shown(found: Plan) -> PlanShown:
    """Return what the page of a plan shows."""
    courses, decisions = found.solution.courses, found.solution.decisions
    run = Run(
        order=decisions.order,
        later=decisions.later,
        arrived=np.stack([course.arrived for course in courses]),
        served=np.stack([course.served.sum(axis=(0, 1)) for course in courses]),
        rented=np.stack([course.rented.sum(axis=(0, 1)) for course in courses]),
        short=np.stack([course.short.sum(axis=(0, 1)) for course in courses]),
    )
    return shown(
        found.to_json(),
        found.problem,
        run,
        title=found.scenario.title,
        answer=answer(found),
        called=called(found.scenario, found.problem),
        about=found.scenario.description or "",
        titles=TITLES,
        fresh=len(found.trials[0].outcome) if found.trials else 0,
        command=command(found),
    )
