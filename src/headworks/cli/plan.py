"""`headworks plan`: what a company should order now, under gates that may not open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from headworks.cli import plan_options as options
from headworks.cli import run_options
from headworks.cli.messages import as_text
from headworks.cli.options import progress_steps, terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headworks.planning.result import Plan


def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    scenario: run_options.Scenario,
    company: options.Company,
    also: options.Also = None,
    from_ledger: options.FromLedger = None,
    window: options.Window = None,
    objective: options.Objective = "cost",
    risk: options.Risk = 0.0,
    risk_level: options.RiskLevel = 0.9,
    worst_case: options.WorstCase = False,
    served_min: options.ServedMin = 0.0,
    lots: options.Lots = False,
    paths: options.Paths = 400,
    outlooks: options.Outlooks = 40,
    reduction: options.Reduction = "k-medoids",
    fresh: options.Fresh = 200,
    replications: options.Replications = 0,
    gap: options.Gap = 0.005,
    no_prices: options.NoPrices = False,
    no_rolling: options.NoRolling = False,
    no_information: options.NoInformation = False,
    seed: run_options.Seed = 1,
    set_: run_options.Set = None,
    report: run_options.Report = None,
    export: options.Export = None,
    executor: options.Executor = "auto",
    as_json: run_options.AsJson = False,
) -> None:
    """Plan what to order now, and what to wait with, under gates that may not open.

    Orders of the first months are decided now, the same whatever happens; later ones at the
    beginnings of quarters, by what can be known then. What arrives of an order is what the
    scenario's gates let through of it.

    Four examples:

      headworks plan h200-2026 --company bytedance

      headworks plan h200-2026 --company bytedance --risk 0.5 --report plan.html

      headworks plan open-gates --company large --also closed --worst-case

      headworks plan h200-2026 --company bytedance --no-rolling --no-prices

    With `--also` the plan is held against other scenarios; what is `--set` holds in all of them.
    With `--from-ledger` it counts what a ledger says at the end of the scenario's first day.
    What `--export` writes is the whole programme, plan.mps, and in the folder mpi-sppy each outlook
    as that reads it, where outcomes are weighed by their mean. Whom an authority should award how
    much is another verb: headworks plan-round.
    """
    from headworks.cli.plan_checks import ready
    from headworks.planning.effort import Effort
    from headworks.planning.plan import plan
    from headworks.planning.problem import Risk

    effort = Effort(
        paths, outlooks, fresh, replications, gap, prices=not no_prices, rolling=not no_rolling,
        information=not no_information, reduction=reduction,
    )  # fmt: skip
    weighed = Risk(risk, risk_level, worst_case)
    loaded, others, balances = ready(
        scenario, companies=company, also=also or [], pairs=set_ or [], from_ledger=from_ledger,
        effort=effort, risk=weighed, window=window, objective=objective, served_min=served_min,
        seed=seed, report=report, export=export, executor=executor,
    )  # fmt: skip
    with progress_steps() as tell:
        found = plan(
            loaded, company, also=others, balances=balances, window_months=window,
            objective=objective, risk=weighed, served_min=served_min,
            integers=lots, effort=effort, seed=seed, executor=executor, progress=tell,
        )  # fmt: skip
    _write(found, report, export)
    _show(found, [report, export], as_json=as_json)


def _show(found: Plan, written: Sequence[Path | None], *, as_json: bool) -> None:
    """Print a plan: as JSON alone, or as tables with what was written of it."""
    if as_json:
        typer.echo(as_text(found.to_json()))
        return
    from headworks.cli.plan_tables import show

    console = terminal()
    show(found, console)
    for path in written:
        if path is not None:
            console.print(f"written: {path}", markup=False)


def _write(found: Plan, report: Path | None, export: Path | None) -> None:
    """Write what is asked for of a page and a programme."""
    if report is not None:
        from headworks.report.plan.writing import write_report

        write_report(found, report)
    if export is not None:
        from headworks.planning.programme.folder import export as write_programme

        write_programme(found.problem, export, integers=found.integers, option="--export")
