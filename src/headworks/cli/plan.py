"""`headworks plan`: what a company should order now, under gates that may not open."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headworks.cli.messages import as_text, tell_remarks
from headworks.cli.options import check_outputs, progress_steps, settings, terminal
from headworks.errors import Door, Fault, InputError

if TYPE_CHECKING:
    from headworks.planning.result import Plan


def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    scenario: Annotated[
        str, typer.Argument(help="Name of a scenario, or path of a file.", show_default=False)
    ],
    company: Annotated[
        list[str],
        typer.Option("--company", help="Who plans; again for several.", show_default=False),
    ],
    window: Annotated[
        int | None,
        typer.Option(
            "--window", help="Months whose orders are decided now; the scenario's if none."
        ),
    ] = None,
    objective: Annotated[
        str, typer.Option("--objective", help="cost, or served for work not served alone.")
    ] = "cost",
    risk: Annotated[
        float, typer.Option("--risk", help="Weight of the worst outcomes (CVaR), 0 to 1.")
    ] = 0.0,
    risk_level: Annotated[
        float, typer.Option("--risk-level", help="Level beyond which outcomes are the worst.")
    ] = 0.9,
    worst_case: Annotated[
        bool, typer.Option("--worst-case", help="Count the dearest outlook alone.")
    ] = False,
    served_min: Annotated[
        float, typer.Option("--served-min", help="Least share of work to serve, always, 0 to 1.")
    ] = 0.0,
    lots: Annotated[
        bool, typer.Option("--lots", help="Order whole lots, where offers have them.")
    ] = False,
    paths: Annotated[
        int, typer.Option("--paths", help="Random histories that outlooks are chosen from.")
    ] = 400,
    outlooks: Annotated[
        int, typer.Option("--outlooks", help="Outlooks that the plan is made for.")
    ] = 40,
    fresh: Annotated[
        int,
        typer.Option("--fresh", help="Fresh histories to try plan and policies on; 0 for none."),
    ] = 200,
    replications: Annotated[
        int, typer.Option("--replications", help="Plans made afresh for the interval of the gap.")
    ] = 0,
    gap: Annotated[
        float, typer.Option("--gap", help="How far from the best for its outlooks, as a share.")
    ] = 0.005,
    seed: Annotated[int, typer.Option("--seed", help="Seed: the same seed is the same luck.")] = 1,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="Change the scenario: KEY=VALUE; again for more."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="Write a page that opens offline.")
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option("--export", help="Write the programme into this folder, as MPS files."),
    ] = None,
    executor: Annotated[
        str, typer.Option("--executor", help="serial or joblib; results are the same.")
    ] = "serial",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
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
