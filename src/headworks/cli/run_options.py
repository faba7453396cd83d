"""Options of the verbs that run a scenario; each says what it does, for `--help`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Scenario = Annotated[
    str, typer.Argument(help="Name of a scenario, or path of a file.", show_default=False)
]
Paths = Annotated[int, typer.Option("--paths", help="Number of random histories.")]
Seed = Annotated[int, typer.Option("--seed", help="Seed: the same seed is the same luck.")]
At = Annotated[
    list[str] | None,
    typer.Option("--at", help="Date of the table, YYYY-MM-DD; again for more."),
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", help="Change the scenario: KEY=VALUE; again for more."),
]
Report = Annotated[Path | None, typer.Option("--report", help="Write a page that opens offline.")]
Samples = Annotated[
    Path | None, typer.Option("--samples", help="Write every sample to a Parquet file.")
]
FromLedger = Annotated[
    str | None,
    typer.Option("--from-ledger", help="Begin with the balances of this ledger."),
]
NoBinding = Annotated[
    bool, typer.Option("--no-binding", help="Leave out what each gate holds back (faster).")
]
Executor = Annotated[
    str, typer.Option("--executor", help="serial, joblib or auto; results are the same.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

Base = Annotated[
    str, typer.Argument(help="Scenario compared with: name or path.", show_default=False)
]
Other = Annotated[str | None, typer.Argument(help="Scenario compared; leave it out with --set.")]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", help="Compare the base with itself changed: KEY=VALUE."),
]
SharedSeed = Annotated[int, typer.Option("--seed", help="Seed, shared by both.")]
Dates = Annotated[list[str] | None, typer.Option("--at", help="Date, YYYY-MM-DD; again for more.")]
ComparedReport = Annotated[
    Path | None,
    typer.Option("--report", help="Write a page on the scenario compared."),
]
