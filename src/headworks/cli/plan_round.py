"""`headworks plan-round`: whom to award how much of a round, for most compute."""

from __future__ import annotations

from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headworks.cli import plan_options as options
from headworks.cli import run_options
from headworks.cli.options import check_outputs
from headworks.errors import Door, Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headworks.scenario.scenario import Scenario


def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    scenario: run_options.Scenario,
    round_: options.Round = None,
    pool: options.Pool = None,
    domestic_share: options.DomesticShare = 0.0,
    probability: options.Probability = None,
    share_of: options.ShareOf = "applicants",
    floor: options.Floor = 0.0,
    floor_rule: options.FloorRule = "proportional",
    by: options.By = None,
    measure: options.Measure = "h100e_tpp",
    whole: options.Whole = "largest_remainder",
    paths: run_options.Paths = 200,
    seed: run_options.Seed = 1,
    set_: run_options.Set = None,
    record: options.Record = None,
    verify: options.VerifyRound = None,
    report: run_options.Report = None,
    executor: run_options.Executor = "auto",
    as_json: run_options.AsJson = False,
) -> None:
    """Plan what to award of a round: most compute under a domestic share and a fairness floor.

    Compute is what is installed by a day, as the flow makes it of each award.

    Examples:
      headworks plan-round h200-2026 first --domestic-share 0.84 --floor 0.5

      headworks plan-round h200-2026 first --share-of each --domestic-share 0.6 --json

      headworks plan-round h200-2026 --verify awards.json

    With `--verify` the round and all terms are those of the record.
    """
    from headworks.cli.plan_round_tables import run_round, verify_record

    terms: dict[str, Any] = {
        "pool": pool, "domestic_share": domestic_share, "probability": probability,
        "share_of": share_of, "floor": floor, "floor_rule": floor_rule, "by": by,
        "measure": measure, "whole": whole, "paths": paths, "seed": seed,
    }  # fmt: skip
    loaded = _ready(
        scenario, set_ or [], round_, verify, terms, {"--record": record, "--report": report},
        executor,
    )  # fmt: skip
    if verify is not None:
        verify_record(verify, loaded, executor=executor, as_json=as_json)
        return
    run_round(
        loaded, round_ or "", record=record, report=report, as_json=as_json, executor=executor,
        **terms,
    )  # fmt: skip


def _ready(
    base: str, pairs: Sequence[str], round_: str | None, verify: Path | None,
    terms: Mapping[str, Any], outputs: Mapping[str, Path | None], executor: str,
) -> Scenario:  # fmt: skip
    """Return the scenario of a round, once all that is asked for can be.

    Raises:
        InputError: Something that the command line says cannot be used; all faults are listed.
    """
    from headworks.cli.loading import load_one
    from headworks.cli.messages import tell_remarks
    from headworks.planning.authority.plan import check_round
    from headworks.planning.authority.verification import check_kind
    from headworks.rationing.record import read_record

    found = load_one(base, pairs)
    door = Door()
    with door.checking():
        found.check()
    with door.checking():
        _check_named(verify, round_, terms, outputs)
    with door.checking():
        check_outputs(found.files, outputs)
    with door.checking():
        if verify is not None:
            check_kind(read_record(verify, verb="plan-round"), str(verify))
    with door.checking():
        # Whether there is such a round is not known where a setting may be about it.
        known = found.settled if round_ is not None else None
        check_round(known, round_ or "", **terms, executor=executor)
    door.close()
    loaded = found.scenario()
    tell_remarks(base, loaded, pairs)
    return loaded


def _check_named(
    verify: Path | None,
    round_: str | None,
    terms: Mapping[str, object],
    outputs: Mapping[str, Path | None],
) -> None:
    """Check that a round is named, or a record that says all.

    Raises:
        InputError: Neither is, or something stands beside a record that it says itself.
    """
    if verify is None:
        if round_ is None:
            remedy = "name one, as in `headworks plan-round h200-2026 first`"
            raise InputError([Fault("ROUND", 0, "", "no round is named", remedy)])
        return
    usual = signature(command).parameters
    beside = [name for name, value in terms.items() if value != usual[name].default]
    given = ["ROUND"] * (round_ is not None) + [f"--{name.replace('_', '-')}" for name in beside]
    given += [option for option, path in outputs.items() if path is not None]
    if given:
        message = f"{', '.join(given)} say what the record says itself, or what is not made again"
        raise InputError([Fault("--verify", 0, "", message, "leave them out")])
