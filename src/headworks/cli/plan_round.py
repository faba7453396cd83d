"""`headworks plan-round`: whom to award how much of a round, for most compute."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headworks.cli.messages import tell_remarks
from headworks.cli.options import settings


def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    scenario: Annotated[
        str, typer.Argument(help="Name of a scenario, or path of a file.", show_default=False)
    ],
    round_: Annotated[
        str, typer.Argument(metavar="ROUND", help="Name of the round.", show_default=False)
    ],
    pool: Annotated[
        str | None, typer.Option("--pool", help="Its pool, where several have such a round.")
    ] = None,
    domestic_share: Annotated[
        float, typer.Option("--domestic-share", help="Least domestic share of compute, 0 to 1.")
    ] = 0.0,
    probability: Annotated[
        float | None,
        typer.Option("--probability", help="Least share of paths that meet it; else the means."),
    ] = None,
    share_of: Annotated[
        str, typer.Option("--share-of", help="Whose share: applicants, all or each.")
    ] = "applicants",
    floor: Annotated[
        float, typer.Option("--floor", help="Least part of what the floor's rule would award.")
    ] = 0.0,
    floor_rule: Annotated[
        str, typer.Option("--floor-rule", help="That rule, one of `ration --rules`.")
    ] = "proportional",
    by: Annotated[
        str | None, typer.Option("--by", help="Day at whose end compute is counted, YYYY-MM-DD.")
    ] = None,
    measure: Annotated[
        str, typer.Option("--measure", help="Measure of compute, such as h100e_bandwidth.")
    ] = "h100e_tpp",
    whole: Annotated[
        str, typer.Option("--whole", help="Method of whole units.")
    ] = "largest_remainder",
    paths: Annotated[int, typer.Option("--paths", help="Number of random histories.")] = 200,
    seed: Annotated[int, typer.Option("--seed", help="Seed: the same seed is the same luck.")] = 1,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="Change the scenario: KEY=VALUE; again for more."),
    ] = None,
    record: Annotated[
        Path | None, typer.Option("--record", help="Write the record of the awards.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="Write a page that opens offline.")
    ] = None,
    executor: Annotated[
        str, typer.Option("--executor", help="serial, joblib or auto; results are the same.")
    ] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Plan what to award of a round: most compute under a domestic share and a fairness floor.

    Compute is what is installed by a day, as the flow makes it of each award.

    Examples:
      headworks plan-round h200-2026 first --domestic-share 0.84 --floor 0.5

      headworks plan-round h200-2026 first --share-of each --domestic-share 0.6 --json
    """
    from headworks.cli.plan_round_tables import run_round
    from headworks.scenario.load import load

    loaded = load(scenario, set_=settings(set_ or []))
    tell_remarks(scenario, loaded, set_)
    run_round(
        loaded, round_, record=record, report=report, as_json=as_json, pool=pool,
        domestic_share=domestic_share, probability=probability, share_of=share_of, floor=floor,
        floor_rule=floor_rule, by=by, measure=measure, whole=whole, paths=paths, seed=seed,
        executor=executor,
    )  # fmt: skip
