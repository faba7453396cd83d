"""The result of a plan: what to order now, what it comes to, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from headworks.planning.answers.tried import at_worst, finite

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from headworks.planning.answers.gap import OptimalityGap
    from headworks.planning.answers.knowing import GateValue
    from headworks.planning.answers.prices import WorthOfMore
    from headworks.planning.answers.scenarios import InScenario
    from headworks.planning.answers.trial import Trial
    from headworks.planning.answers.tried import Tried
    from headworks.planning.answers.values import Values
    from headworks.planning.effort import Effort
    from headworks.planning.problem import Problem
    from headworks.planning.response.agreement import Residual
    from headworks.planning.response.prospect import Prospect
    from headworks.planning.solve.solution import Solution
    from headworks.scenario.scenario import Scenario

LEAST_UNITS = 0.5
"""Orders below this are solvers' dust."""


@dataclass(frozen=True)
class Plan:
    """What to order, with its proof, its prices and how it does against simple policies."""

    scenario: Scenario
    companies: tuple[str, ...]
    seed: int
    problem: Problem
    """The problem that was solved last, whose curves are drawn around the plan."""
    prospect: Prospect
    solution: Solution
    residual: Residual
    """How far the arrivals that the programme promises are from those of the flow."""
    prices: tuple[WorthOfMore, ...]
    values: Values | None
    """None where they were not asked for."""
    tried: tuple[Tried, ...]
    """The plan and simple policies on fresh paths of its own scenario, then of each other that it
    looks at; none where they were not asked for."""
    scenarios: tuple[InScenario, ...]
    """What the plan comes to in each named scenario, its own first; none if it looks at no other.
    """
    gap_interval: OptimalityGap | None
    """How far from the best the plan may be, by replication; None where it was not asked for."""
    remarks: tuple[str, ...]
    effort: Effort
    """How much was asked for."""
    integers: bool = False
    """Whether orders are whole lots, where offers have them."""
    throughput: str = ""
    """Name of the model of what chips compute."""
    seconds: float = 0.0

    @property
    def status(self) -> str:
        """`optimal` within the gap asked for, or `stopped` with the gap it has."""
        return "optimal" if self.solution.gap <= self.effort.gap else "stopped"

    @property
    def trials(self) -> tuple[Trial, ...]:
        """The plan and simple policies on the same fresh paths of its own scenario, plan first."""
        return self.tried[0].trials if self.tried else ()

    @property
    def information(self) -> tuple[GateValue, ...]:
        """Value of knowing each gate beforehand in its own scenario, the highest first."""
        return (self.tried[0].information or ()) if self.tried else ()

    @property
    def by_scenario(self) -> tuple[Tried, ...]:
        """The same in each scenario, its own first; none where it looks at no other."""
        return self.tried if len(self.tried) > 1 else ()

    @property
    def worst_scenarios(self) -> tuple[str, ...]:
        """The scenarios in which the plan comes to most, several where they come to the same."""
        return tuple(one.name for one in self.scenarios if one.is_worst)

    def order_rows(self) -> Iterator[dict[str, Any]]:
        """Yield what to order now: company, chip, route, month and units."""
        problem, order = self.problem, self.solution.decisions.order
        for number, line in enumerate(problem.lines):
            for month in range(problem.window):
                if order[number, month] >= LEAST_UNITS:
                    yield {
                        "company": line.company,
                        "chip": line.chip,
                        "route": line.route,
                        "month": f"{problem.months[month]:%Y-%m}",
                        "units": float(order[number, month]),
                    }

    def later_rows(self) -> Iterator[dict[str, Any]]:
        """Yield what is ordered later, at information dates: mean, and over which range."""
        problem, later = self.problem, self.solution.decisions.later
        chance = np.array([outlook.probability for outlook in problem.outlooks])
        for date, month in enumerate(problem.dates):
            node = [int(outlook.node[date]) for outlook in problem.outlooks]
            for number, line in enumerate(problem.lines):
                units = later[node, number]
                if units.max() >= LEAST_UNITS:
                    yield {
                        "company": line.company,
                        "chip": line.chip,
                        "route": line.route,
                        "month": f"{problem.months[month]:%Y-%m}",
                        "units_mean": float(chance @ units),
                        "units_least": float(units.min()),
                        "units_most": float(units.max()),
                    }

    def power_rows(self) -> Iterator[dict[str, Any]]:
        """Yield the power to begin to build now: company, site, month and MW."""
        problem, build = self.problem, self.solution.decisions.build
        for number, name in enumerate(problem.sites.names):
            for month in range(problem.window):
                if build[number, month] > LEAST_UNITS / 1000:
                    yield {
                        "company": problem.companies[int(problem.sites.company[number])],
                        "site": name,
                        "month": f"{problem.months[month]:%Y-%m}",
                        "power_mw": float(build[number, month]),
                    }

    def policy_rows(self) -> Iterator[dict[str, Any]]:
        """Yield how each policy does on the same fresh paths: cost, regret and work served."""
        for one in self.tried[:1]:
            yield from one.policy_rows()

    def held_rows(self) -> Iterator[dict[str, Any]]:
        """Yield what lines have when it begins: units, and the mean in service at the end."""
        world = self.prospect.world
        chance = np.array([outlook.probability for outlook in self.problem.outlooks])
        for number, line in enumerate(self.problem.lines):
            if world.before[number] > 0:
                yield {
                    "company": line.company,
                    "chip": line.chip,
                    "route": line.route,
                    "units": float(world.before[number]),
                    "installed_mean": float(self.prospect.measured.held[number, -1] @ chance),
                }

    def scenario_rows(self) -> Iterator[dict[str, Any]]:
        """Yield what the plan comes to in each named scenario, its own first."""
        for one in self.scenarios:
            yield {
                "name": one.name,
                "outcome": finite(one.outcome),
                "cost_usd": finite(one.cost_usd),
                "served_share": finite(one.served_share),
                "outlooks": one.outlooks,
                "worst": one.is_worst,
            }

    def price_rows(self) -> Iterator[dict[str, Any]]:
        """Yield what a block more of each limit is worth by unit, with a sentence."""
        for one in self.prices:
            yield {
                "constraint": one.constraint,
                "where": one.where,
                "when": one.when,
                "unit": one.unit,
                "block": one.block,
                "value": one.value,
                "value_most": one.value_most,
                "sentence": one.sentence,
            }

    def information_rows(self) -> Iterator[dict[str, Any]]:
        """Yield what knowing each gate beforehand is worth, the highest first."""
        for one in self.tried[:1]:
            yield from one.information_rows()

    def orders(self) -> pd.DataFrame:
        """Return what to order now as a data frame."""
        import pandas as pd

        columns = ["company", "chip", "route", "month", "units"]
        return pd.DataFrame(list(self.order_rows()), columns=columns)

    def to_json(self) -> dict[str, Any]:
        """Return the plan as plain values; what was not asked for is null."""
        interval = self.gap_interval
        return {
            **self._told_of_making(),
            "held": list(self.held_rows()),
            "orders": list(self.order_rows()),
            "later_orders": list(self.later_rows()),
            "power": list(self.power_rows()),
            "scenarios": list(self.scenario_rows()),
            "worst_scenarios": list(self.worst_scenarios),
            **self._told_of_worth(),
            "policies": list(self.policy_rows()),
            **self._told_by_scenario(),
            "gap_interval": None
            if interval is None
            else {"mean": interval.mean, "upper": interval.upper, "level": interval.level},
            "remarks": list(self.remarks),
        }

    def _told_of_making(self) -> dict[str, Any]:
        """Return what the plan was made from and how good it is for that, as plain values."""
        return {
            "scenario": self.scenario.scenario,
            "as_of": self.scenario.as_of.isoformat(),
            "companies": list(self.companies),
            "status": self.status,
            "objective": self.solution.objective,
            "objective_unit": objective_unit(self.problem),
            "bound": self.solution.bound,
            "worst_case": self.problem.risk.worst_case,
            "gap": self.solution.gap,
            "residual": self.residual.expected,
            "outlooks": len(self.problem.outlooks),
            "reduction": self.effort.reduction,
            "seed": self.seed,
        }

    def _told_of_worth(self) -> dict[str, Any]:
        """Return what limits, planning and knowing are worth as plain values."""
        values = self.values
        return {
            "prices": list(self.price_rows()),
            "vss": None if values is None else finite(values.vss),
            "evpi": None if values is None else finite(values.evpi),
            "value_of_information": list(self.information_rows()),
        }

    def _told_by_scenario(self) -> dict[str, Any]:
        """Return what was tried in each scenario as plain values."""
        return {
            "policies_by_scenario": [
                {"scenario": one.scenario, "policies": list(one.policy_rows())}
                for one in self.by_scenario
            ],
            "policies_at_worst": list(at_worst(self.by_scenario)),
            "value_of_information_by_scenario": [
                {
                    "scenario": one.scenario,
                    "value_of_information": None
                    if one.information is None
                    else list(one.information_rows()),
                }
                for one in self.by_scenario
            ],
        }


def objective_unit(problem: Problem) -> str:
    """Return the unit of the objective."""
    return "usd" if problem.objective == "cost" else "h100e_months"
