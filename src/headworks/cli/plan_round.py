"""`headworks plan-round`: whom to award how much of a round, for most compute."""

from __future__ import annotations

from headworks.cli import plan_options as options
from headworks.cli.messages import tell_remarks
from headworks.cli.options import settings


def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    scenario: options.Scenario,
    round_: options.Round,
    pool: options.Pool = None,
    domestic_share: options.DomesticShare = 0.0,
    probability: options.Probability = None,
    share_of: options.ShareOf = "applicants",
    floor: options.Floor = 0.0,
    floor_rule: options.FloorRule = "proportional",
    by: options.By = None,
    measure: options.Measure = "h100e_tpp",
    whole: options.Whole = "largest_remainder",
    paths: options.RoundPaths = 200,
    seed: options.Seed = 1,
    set_: options.Set = None,
    record: options.Record = None,
    report: options.Report = None,
    executor: options.RoundExecutor = "auto",
    as_json: options.AsJson = False,
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
