"""`headworks plan`: what a company should order now, under gates that may not open."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from headworks.cli import plan_options as options
from headworks.cli.messages import as_text, tell_remarks
from headworks.cli.options import check_outputs, progress_steps, settings, terminal
from headworks.errors import Door, Fault, InputError

if TYPE_CHECKING:
    from headworks.planning.result import Plan


def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    scenario: options.Scenario,
    company: options.Company,
    window: options.Window = None,
    objective: options.Objective = "cost",
    risk: options.Risk = 0.0,
    risk_level: options.RiskLevel = 0.9,
    worst_case: options.WorstCase = False,
    served_min: options.ServedMin = 0.0,
    lots: options.Lots = False,
    paths: options.Paths = 400,
    outlooks: options.Outlooks = 40,
    fresh: options.Fresh = 200,
    replications: options.Replications = 0,
    gap: options.Gap = 0.005,
    seed: options.Seed = 1,
    set_: options.Set = None,
    report: options.Report = None,
    export: options.Export = None,
    executor: options.Executor = "serial",
    as_json: options.AsJson = False,
) -> None:
    """Plan what to order now, and what to wait with, under gates that may not open.

    Orders of the first months are decided now, the same whatever happens; later ones at the
    beginnings of quarters, by what can be known then. What arrives of an order is what the
    scenario's gates let through of it.

    Three examples:

      headworks plan h200-2026 --company bytedance

      headworks plan h200-2026 --company bytedance --risk 0.5 --report plan.html

      headworks plan open-gates --company large --company medium --json

    What `--export` writes is the whole programme, plan.mps, and each outlook with what mpi-sppy
    reads beside it. Whom an authority should award how much is another verb: headworks plan-round.
    """
    from headworks.cli.plan_tables import show
    from headworks.planning.plan import Effort, plan
    from headworks.planning.problem import Risk
    from headworks.scenario.load import load

    loaded = load(scenario, set_=settings(set_ or []))
    door = Door()
    with door.checking():
        check_outputs(loaded.files, {"--report": report})
    with door.checking():
        _check_folder(export)
    door.close()
    tell_remarks(scenario, loaded, set_)
    effort = Effort(paths, outlooks, fresh, replications, gap)
    weighed = Risk(risk, risk_level, worst_case)
    with progress_steps() as tell:
        found = plan(
            loaded, company, window_months=window, objective=objective, risk=weighed,
            served_min=served_min, integers=lots, effort=effort, seed=seed, executor=executor,
            progress=tell,
        )  # fmt: skip
    if report is not None:
        from headworks.report.plan.writing import write_report

        write_report(found, report)
    if export is not None:
        _export(found, export, lots=lots)
    if as_json:
        typer.echo(as_text(found.to_json()))
        return
    console = terminal()
    show(found, console)
    for path in (report, export):
        if path is not None:
            console.print(f"written: {path}", markup=False)


def _check_folder(folder: Path | None) -> None:
    """Check before long work that a folder is there, or can be made.

    Raises:
        InputError: It cannot hold what is to be written.
    """
    if folder is None or (folder.is_dir() and os.access(folder, os.W_OK)):
        return
    parent = folder.resolve().parent
    if folder.exists() or not parent.is_dir() or not os.access(parent, os.W_OK):
        message = f"{folder} is no folder that files can be written into"
        raise InputError([Fault("--export", 0, "", message, "name a folder that can be made")])


def _export(found: Plan, folder: Path, *, lots: bool) -> None:
    """Write the programme, and its outlooks as mpi-sppy reads them where it weighs by the mean."""
    from headworks.planning.programme.export import write_extensive, write_scenarios
    from headworks.planning.programme.risk import neutral

    folder.mkdir(exist_ok=True)
    write_extensive(found.problem, folder / "plan.mps", integers=lots)
    if neutral(found.problem.risk):
        write_scenarios(found.problem, folder, integers=lots)
