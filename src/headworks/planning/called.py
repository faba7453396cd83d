"""What companies and chips of a plan are called where people read of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headworks.planning.problem import Problem
    from headworks.scenario.scenario import Scenario


def called(scenario: Scenario, problem: Problem) -> dict[str, str]:
    """Return companies and chips as people read them, by id; no name stands for two."""
    names = {line.chip: scenario.chip_name(line.chip) for line in problem.lines}
    names |= {company: scenario.company_name(company) for company in problem.companies}
    often = Counter(names.values())
    return {known: name for known, name in names.items() if often[name] == 1}
