"""`headworks forecast`: how many chips work where and when, and which gate binds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer

from headworks.cli import run_options as options
from headworks.cli.from_ledger import balances_as_known, ledger_files
from headworks.cli.loading import load_one
from headworks.cli.messages import tell_remarks
from headworks.cli.options import check_outputs, check_run, progress_bar
from headworks.errors import Door

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rich.console import Console

    from headworks.cli.loading import Loaded
    from headworks.flow.balances import Balance
    from headworks.flow.result import Forecast
    from headworks.scenario.scenario import Scenario

COMPANIES_SHOWN = 8
GATES_SHOWN = 6


def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    scenario: options.Scenario,
    paths: options.Paths = 2000,
    seed: options.Seed = 1,
    at: options.At = None,
    set_: options.Set = None,
    report: options.Report = None,
    samples: options.Samples = None,
    from_ledger: options.FromLedger = None,
    no_binding: options.NoBinding = False,
    executor: options.Executor = "auto",
    as_json: options.AsJson = False,
) -> None:
    """Forecast how many chips pass every gate, when, and which gate holds the rest.

    Stocks are cumulative counts at the end of the day named; p5 and p95 bound nine paths in ten.

    Three examples:

      headworks forecast h200-2026 --report h200-2026.html

      headworks forecast h200-2026 --at 2026-06-30 --at 2026-12-31 --json

      headworks forecast h200-2026 --set gates.customs.opening=open

    With `--from-ledger` it begins with what a ledger says at the end of the scenario's first day.
    """
    from headworks.flow.forecast import forecast

    door = Door()
    with door.checking():
        check_run(paths=paths, seed=seed, executor=executor)
    loaded, balances = _ready(
        door, load_one(scenario, set_ or []), at or (), from_ledger,
        {"--report": report, "--samples": samples},
    )  # fmt: skip
    tell_remarks(scenario, loaded, set_)
    with progress_bar(f"forecast {loaded.scenario}") as tell:
        result = forecast(
            loaded, balances=balances, paths=paths, seed=seed, at=at or (), binding=not no_binding,
            executor=executor, progress=tell,
        )  # fmt: skip
    if samples is not None:
        result.to_parquet(samples)
    if report is not None:
        from headworks.report.page import write_report

        write_report(result, report)
    if as_json:
        typer.echo(json.dumps(result.to_json(), ensure_ascii=False, allow_nan=False))
        return
    from headworks.cli.options import terminal

    console = terminal()
    _show(result, console)
    for path in (report, samples):
        if path is not None:
            console.print(f"written: {path}", markup=False)


def _ready(
    door: Door, found: Loaded, at: Sequence[str], from_ledger: str | None,
    outputs: Mapping[str, Path | None],
) -> tuple[Scenario, list[Balance]]:  # fmt: skip
    """Return the scenario and what a ledger says that lines have, once all asked for can be.

    Raises:
        InputError: Something that the command line says cannot be used; all faults are listed.
    """
    from headworks.flow.arguments import days

    balances: list[Balance] = []
    with door.checking():
        found.check()
    with door.checking():
        days(at, found.settled)
    with door.checking():
        check_outputs([*found.files, *ledger_files(from_ledger)], outputs)
    if from_ledger is not None:
        with door.checking():
            balances = balances_as_known(from_ledger, found.settled)
    door.close()
    return found.scenario(), balances


def _show(result: Forecast, console: Console) -> None:
    """Print the answer, the stocks of the chip in focus, the companies, and the gates."""
    from headworks.report.focus import focus
    from headworks.report.numbers import paths
    from headworks.report.text import answer

    console.print(answer(result), markup=False)
    console.print()
    _stocks(result, console, focus(result))
    _companies(result, console, focus(result))
    _gates(result, console)
    scenario = result.scenario
    console.print(
        f"{scenario.scenario}, as known on {scenario.as_of}; {paths(result.paths)}, "
        f"seed {result.seed}"
    )


def _stocks(result: Forecast, console: Console, chip: str) -> None:
    from rich.table import Table

    from headworks.report.names import chip_name
    from headworks.report.text import last_day, stock_rows

    table = Table(
        title=f"{chip_name(result, chip)} by {last_day(result)}, units",
        title_justify="left", box=None,
    )  # fmt: skip
    for column in ("", "p5", "med", "p95"):
        table.add_column(column, justify="left" if not column else "right")
    for row in stock_rows(result, chip=chip):
        table.add_row(row["stock"], *(f"{row[f'units_{q}']:,.0f}" for q in ("p5", "med", "p95")))
    console.print(table)
    console.print()


def _companies(result: Forecast, console: Console, chip: str) -> None:
    from rich.markup import escape
    from rich.table import Table

    from headworks.flow.statistics import summary
    from headworks.report.focus import outsiders
    from headworks.report.names import chip_name, company_name

    owners = {g.company for g in result.asked.groups if g.chip == chip} - outsiders(result)
    rows = [(name, summary("units", result.samples(company=name, chip=chip))) for name in owners]
    rows.sort(key=lambda row: (-(row[1]["units_mean"] or 0.0), row[0]))
    if len(rows) < 2:  # noqa: PLR2004 - one company is its own total
        return
    table = Table(
        title=f"{chip_name(result, chip)} installed by {result.asked.dates[-1]}, units",
        title_justify="left", box=None,
    )  # fmt: skip
    for column in ("", "p5", "med", "p95"):
        table.add_column(column, justify="left" if not column else "right")
    for name, units in rows[:COMPANIES_SHOWN]:
        numbers = (units[f"units_{q}"] or 0.0 for q in ("p5", "med", "p95"))
        table.add_row(escape(company_name(result, name)), *(f"{number:,.0f}" for number in numbers))
    console.print(table)
    if len(rows) > COMPANIES_SHOWN:
        console.print(f"and {len(rows) - COMPANIES_SHOWN} more (all of them with --json)")
    console.print()


def _gates(result: Forecast, console: Console) -> None:
    from rich.table import Table

    from headworks.report.focus import focus
    from headworks.report.numbers import whole
    from headworks.report.text import gate_sentence, openness_sentence, rule_sentence

    table = Table(title="Which gate binds", title_justify="left", box=None)
    table.add_column("")
    for column in ("held back, mean", "p5", "p95", "unit-days waiting, med"):
        table.add_column(column, justify="right")
    rows = result.binding_rows()
    for row in rows[: GATES_SHOWN + 1]:
        held = [row[f"held_back_units_{key}"] for key in ("mean", "p5", "p95")]
        cells = [whole(value) for value in held]
        table.add_row(row["gate"], *cells, f"{row['waiting_unit_days_med']:,.0f}")
    console.print(table)
    console.print(gate_sentence(result, way_of=focus(result)), markup=False)
    for more in (rule_sentence(result, way_of=focus(result)), openness_sentence(result)):
        if more:
            console.print(more, markup=False)
    console.print()
