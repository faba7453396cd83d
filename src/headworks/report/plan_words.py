"""The words of a plan: its answer in a sentence, for the terminal and the page alike."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from headworks.planning.result import objective_unit
from headworks.report.names import chip_name, company_name

if TYPE_CHECKING:
    from headworks.planning.answers.trial import Trial
    from headworks.planning.result import Plan

LINES_SHOWN = 4
MILLION = 1e6


def answer(found: Plan) -> str:
    """Return what to order this quarter, what to wait with, and what it comes to."""
    who = " and ".join(company_name(found, company) for company in found.companies)
    totals: dict[str, float] = {}
    for row in found.order_rows():
        totals[row["chip"]] = totals.get(row["chip"], 0.0) + row["units"]
    ranked = sorted(totals.items(), key=lambda pair: -pair[1])[:LINES_SHOWN]
    units_of = (f"{units:,.0f} {chip_name(found, chip)}" for chip, units in ranked)
    orders = ", ".join(units_of) or "nothing"
    months = found.problem.window
    left_out = sorted({line.chip for line in found.problem.lines} - set(totals))
    text = f"{who}: within {months} months order {orders}"
    if left_out and totals:
        text += f", and no {' or '.join(chip_name(found, chip) for chip in left_out)}"
    text += "."
    trial = found.trials[0] if found.trials else None
    if trial is not None:
        text += f" {_on_fresh(found, trial)}"
    return f"{text}{_scenarios(found)}"


def _on_fresh(found: Plan, trial: Trial) -> str:
    """Return what the plan comes to on fresh paths, if that can be told."""
    share, cost = float(trial.served_share.mean()), float(trial.cost_usd.mean())
    if not isfinite(share):
        return f"What it orders cannot be paid for on some of the {_fresh(found)}."
    text = f"It serves {share:.0%} of the work wanted"
    if objective_unit(found.problem) == "usd" and isfinite(cost):
        text += f" for {cost / MILLION:,.0f} million USD, shortfall at its price"
    return f"{text}, in the mean of {_fresh(found)}."


def _fresh(found: Plan) -> str:
    """Return which fresh paths the plan is tried on."""
    return f"fresh paths of {found.scenario.scenario}" if found.scenarios else "fresh paths"


def _scenarios(found: Plan) -> str:
    """Return in which scenario the plan comes to most; nothing where it looks at none besides."""
    worst = found.worst_scenarios
    if not worst:
        return ""
    comes_to = amount(found, max(one.outcome for one in found.scenarios))
    names, number = " and ".join(worst), len(found.scenarios)
    if found.problem.risk.worst_case:
        return f" At worst of {number} scenarios, in {names}, it comes to {comes_to}, the least."
    if worst[0] == found.scenario.scenario:
        return f" In no other scenario does it come to more than in its own, {comes_to}."
    return f" If {names} comes about, the dearest scenario for it, it comes to {comes_to}."


def amount(found: Plan, value: float) -> str:
    """Return an amount of the objective for a sentence."""
    if objective_unit(found.problem) == "usd":
        return f"{value / MILLION:,.0f} million USD" if isfinite(value) else "more than can be paid"
    return f"{value:,.0f} H100-equivalent months of work not served"


def gap_sentence(found: Plan) -> str:
    """Return how far the plan may be from the best for all that may happen; empty if not asked."""
    interval = found.gap_interval
    if interval is None:
        return ""
    share = interval.upper / max(abs(found.solution.objective), 1e-9)
    return (
        f"By {len(interval.differences)} replications the plan is {amount(found, interval.mean)} "
        f"above the best for all that may happen, and with {interval.level:.0%} confidence no more "
        f"than {amount(found, interval.upper)} ({share:.1%} of what it comes to)."
    )
