"""Options of `headworks plan` and `headworks plan-round`, each with its help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Company = Annotated[
    list[str],
    typer.Option("--company", help="Who plans; again for several.", show_default=False),
]
Also = Annotated[
    list[str] | None,
    typer.Option(
        "--also",
        help="Hold it against this scenario too: a name, a file, or KEY=VALUE; again for more.",
    ),
]
FromLedger = Annotated[
    str | None,
    typer.Option("--from-ledger", help="Count what this ledger says that they have."),
]
Window = Annotated[
    int | None,
    typer.Option("--window", help="Months whose orders are decided now; the scenario's if none."),
]
Objective = Annotated[
    str, typer.Option("--objective", help="cost, or served for work not served alone.")
]
Risk = Annotated[float, typer.Option("--risk", help="Weight of the worst outcomes (CVaR), 0 to 1.")]
RiskLevel = Annotated[
    float, typer.Option("--risk-level", help="Level beyond which outcomes are the worst.")
]
WorstCase = Annotated[
    bool,
    typer.Option("--worst-case", help="Count the dearest scenario alone; without --also, outlook."),
]
ServedMin = Annotated[
    float, typer.Option("--served-min", help="Least share of work to serve, always, 0 to 1.")
]
Lots = Annotated[bool, typer.Option("--lots", help="Order whole lots, where offers have them.")]
Paths = Annotated[
    int, typer.Option("--paths", help="Random histories that outlooks are chosen from.")
]
Outlooks = Annotated[int, typer.Option("--outlooks", help="Outlooks that the plan is made for.")]
Reduction = Annotated[
    str, typer.Option("--reduction", help="How outlooks are chosen: k-medoids or fast-forward.")
]
Fresh = Annotated[
    int,
    typer.Option("--fresh", help="Fresh histories to try plan and policies on; 0 for none."),
]
Replications = Annotated[
    int, typer.Option("--replications", help="Plans made afresh for the interval of the gap.")
]
Gap = Annotated[
    float, typer.Option("--gap", help="How far from the best for its outlooks, as a share.")
]
NoPrices = Annotated[
    bool, typer.Option("--no-prices", help="Leave out what more of each limit is worth (faster).")
]
NoRolling = Annotated[
    bool,
    typer.Option("--no-rolling", help="Leave out the policy that plans each quarter (faster)."),
]
NoInformation = Annotated[
    bool,
    typer.Option("--no-information", help="Leave out what is worth finding out (faster)."),
]
Export = Annotated[
    Path | None,
    typer.Option("--export", help="Write the programme into this folder, as MPS files."),
]
Executor = Annotated[str, typer.Option("--executor", help="serial, joblib or auto.")]
Round = Annotated[
    str | None, typer.Argument(metavar="ROUND", help="Name of the round.", show_default=False)
]
Pool = Annotated[
    str | None, typer.Option("--pool", help="Its pool, where several have such a round.")
]
DomesticShare = Annotated[
    float, typer.Option("--domestic-share", help="Least domestic share of compute, 0 to 1.")
]
Probability = Annotated[
    float | None,
    typer.Option("--probability", help="Least share of paths that meet it; else the means."),
]
ShareOf = Annotated[str, typer.Option("--share-of", help="Whose share: applicants, all or each.")]
Floor = Annotated[
    float, typer.Option("--floor", help="Least part of what the floor's rule would award.")
]
FloorRule = Annotated[str, typer.Option("--floor-rule", help="That rule, one of `ration --rules`.")]
By = Annotated[
    str | None, typer.Option("--by", help="Day at whose end compute is counted, YYYY-MM-DD.")
]
Measure = Annotated[
    str, typer.Option("--measure", help="Measure of compute, such as h100e_bandwidth.")
]
Whole = Annotated[str, typer.Option("--whole", help="Method of whole units.")]
Record = Annotated[Path | None, typer.Option("--record", help="Write the record of the awards.")]
VerifyRound = Annotated[
    Path | None, typer.Option("--verify", help="Make the plan of this record again: yes, or where.")
]
