"""From a plan, as its JSON and plain arrays, to what its page shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from headworks.planning.response.following import orders_of
from headworks.report.plan.shown import (
    Arrivals,
    GateWorth,
    LimitWorth,
    Order,
    PlanShown,
    PolicyShown,
    Proof,
    ScenarioShown,
    TriedShown,
    weighted_bands,
)

if TYPE_CHECKING:
    from headworks.planning.problem import Problem
    from headworks.report.plan.shown import Floats


@dataclass(frozen=True)
class Run:
    """What follows from a plan in each of its outlooks, as plain arrays."""

    order: Floats
    """Units ordered in the window, shape (line, window)."""
    later: Floats
    """Units ordered at each node, shape (node, line)."""
    arrived: Floats
    """Units that have arrived by each month, shape (outlook, line, month)."""
    served: Floats
    """Work served, H100-equivalents of all companies and works, shape (outlook, month); NaN where
    the plan cannot be paid for, as what is rented and what is not served."""
    rented: Floats
    """What of it is rented, likewise."""
    short: Floats
    """Work that is wanted and not served, likewise."""


def shown(  # noqa: PLR0913 - all but the first three are words by name
    told: Mapping[str, Any], problem: Problem, run: Run, *, title: str, answer: str,
    called: Mapping[str, str] | None = None, about: str = "",
    titles: Mapping[str, str] | None = None, fresh: int = 0, command: str = "",
) -> PlanShown:  # fmt: skip
    """Return what the page of a plan shows.

    Args:
        told: The plan as JSON.
        problem: The problem that it solves.
        run: What follows from it.
        title: Title of the scenario.
        answer: The plan in a sentence or two.
        called: Companies and chips as people read them, by id.
        about: What the scenario says of itself.
        titles: Policies as people read them, by name.
        fresh: Fresh paths that policies were tried on.
        command: The command that gives the page again.
    """
    interval, names, known = told["gap_interval"], titles or {}, called or {}
    return PlanShown(
        scenario=told["scenario"], title=title, about=about,
        as_of=dt.date.fromisoformat(told["as_of"]),
        companies=tuple(known.get(one, one) for one in told["companies"]),
        answer=answer, money=told["objective_unit"] == "usd", months=problem.months,
        window=problem.window, orders=tuple(_orders(told, known)),
        power=tuple(
            (_site(row, known), _month(row["month"]), row["power_mw"]) for row in told["power"]
        ),
        arrivals=_arrivals(problem, run, known), work=_work(problem, run),
        prices=tuple(_price(row) for row in told["prices"]),
        tried=tuple(_tried(told, names)),
        at_worst=tuple(
            (names.get(row["name"], row["name"]), row["mean"], row["scenario"], row["regret_mean"],
             row["regret_scenario"])
            for row in told["policies_at_worst"]
        ),
        proof=Proof(
            status=told["status"], objective=told["objective"], gap=told["gap"],
            residual=told["residual"], outlooks=told["outlooks"], seed=told["seed"],
            reduction=told["reduction"], fresh=fresh,
            gap_upper=None if interval is None else interval["upper"], vss=told["vss"],
            evpi=told["evpi"],
        ),
        scenarios=tuple(
            ScenarioShown(
                row["name"], row["outcome"], row["served_share"], row["outlooks"], row["worst"]
            )
            for row in told["scenarios"]
        ),
        worst_case=told["worst_case"], remarks=tuple(told["remarks"]), command=command,
    )  # fmt: skip


def _month(text: str) -> dt.date:
    return dt.date.fromisoformat(f"{text}-01")


def _site(row: Mapping[str, Any], called: Mapping[str, str]) -> str:
    return f"{called.get(row['company'], row['company'])}: {row['site']}"


def _orders(told: Mapping[str, Any], called: Mapping[str, str]) -> Iterator[Order]:
    def line(row: Mapping[str, Any]) -> str:
        company, chip = (called.get(row[key], row[key]) for key in ("company", "chip"))
        who = f"{company}: " if len(told["companies"]) > 1 else ""
        return f"{who}{chip} ({row['route']})"

    for row in told["orders"]:
        month, units = _month(row["month"]), row["units"]
        yield Order(line(row), row["chip"], month, units, units, units, now=True)
    for row in told["later_orders"]:
        yield Order(
            line(row), row["chip"], _month(row["month"]), row["units_mean"], row["units_least"],
            row["units_most"], now=False,
        )  # fmt: skip


def _chances(problem: Problem) -> Floats:
    return np.array([outlook.probability for outlook in problem.outlooks])


def _ordered(problem: Problem, run: Run) -> Floats:
    """Return the units ordered by the end of each month, shape (outlook, line, month)."""
    return np.moveaxis(orders_of(problem, run).cumsum(axis=1), 2, 0)


def _arrivals(problem: Problem, run: Run, called: Mapping[str, str]) -> dict[str, Arrivals]:
    """Return the arrivals of each chip, those of which most is ordered first."""
    chances, ordered = _chances(problem), _ordered(problem, run)
    found: dict[str, Arrivals] = {}
    for chip in dict.fromkeys(line.chip for line in problem.lines):
        rows = [number for number, line in enumerate(problem.lines) if line.chip == chip]
        mean = chances @ ordered[:, rows].sum(axis=1)
        found[called.get(chip, chip)] = Arrivals(
            mean, weighted_bands(run.arrived[:, rows].sum(axis=1), chances)
        )
    return dict(sorted(found.items(), key=lambda pair: -pair[1].ordered[-1]))


def _work(problem: Problem, run: Run) -> dict[str, Floats]:
    """Return the mean work of each month by what serves it; none where it is unknown."""
    chances = _chances(problem)
    counts = chances > 0
    own = np.maximum(run.served - run.rented, 0.0)
    parts = {"own chips": own, "rented": run.rented, "not served": run.short}
    means = {part: chances[counts] @ values[counts] for part, values in parts.items()}
    return means if all(np.isfinite(mean).all() for mean in means.values()) else {}


def _price(row: dict[str, Any]) -> LimitWorth:
    return LimitWorth(row["constraint"], row["where"], row["when"], row["value"], row["sentence"])


def _tried(told: Mapping[str, Any], titles: Mapping[str, str]) -> Iterator[TriedShown]:
    """Yield what was tried in each scenario, or in the plan's own where it looks at no other."""
    known = {
        one["scenario"]: one["value_of_information"] or ()
        for one in told["value_of_information_by_scenario"]
    } or {told["scenario"]: told["value_of_information"]}
    tried = {one["scenario"]: one["policies"] for one in told["policies_by_scenario"]}
    if not tried and told["policies"]:
        tried = {told["scenario"]: told["policies"]}
    for scenario, rows in tried.items():
        gates = tuple(
            GateWorth(row["title"] or row["gate"], row["value"], row["standard_error"])
            for row in known[scenario]
        )
        yield TriedShown(scenario, tuple(_policy(row, titles) for row in rows), gates)


def _policy(row: dict[str, Any], titles: Mapping[str, str]) -> PolicyShown:
    served = tuple(row[f"served_share_{key}"] for key in ("mean", "p5", "p95"))
    return PolicyShown(
        titles.get(row["name"], row["name"]), row["mean"], row["p5"], row["med"], row["p95"],
        row["regret_mean"], (served[0], served[1], served[2]),
    )  # fmt: skip
