"""The words of a plan: its answer in a sentence, for the terminal and the page alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.planning.result import objective_unit

if TYPE_CHECKING:
    from headworks.planning.result import Plan

LINES_SHOWN = 4
MILLION = 1e6


def answer(found: Plan) -> str:
    """Return what to order this quarter, what to wait with, and what it comes to."""
    who = " and ".join(found.companies)
    totals: dict[str, float] = {}
    for row in found.order_rows():
        totals[row["chip"]] = totals.get(row["chip"], 0.0) + row["units"]
    ranked = sorted(totals.items(), key=lambda pair: -pair[1])[:LINES_SHOWN]
    orders = ", ".join(f"{units:,.0f} {chip}" for chip, units in ranked) or "nothing"
    months = found.problem.window
    left_out = sorted({line.chip for line in found.problem.lines} - set(totals))
    text = f"{who}: within {months} months order {orders}"
    if left_out and totals:
        text += f", and no {' or '.join(left_out)}"
    text += "."
    trial = found.trials[0] if found.trials else None
    if trial is not None:
        share = trial.served_share
        text += f" It serves {share.mean():.0%} of the work wanted"
        if objective_unit(found.problem) == "usd":
            text += (
                f" for {trial.cost_usd.mean() / MILLION:,.0f} million USD, shortfall at its price"
            )
        text += ", in the mean of fresh paths."
    return text
