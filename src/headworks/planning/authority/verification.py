"""The record of a round's plan run again: yes, or where it differs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from headworks.errors import Fault, InputError
from headworks.planning.authority.case import until
from headworks.planning.authority.plan import plan_round
from headworks.planning.authority.result import RECORD_FORMAT, RECORD_KIND
from headworks.rationing.record.seal import digest
from headworks.rationing.record.verification import differences

if TYPE_CHECKING:
    from headworks.flow.executor import Executor
    from headworks.planning.authority.plan import Progress
    from headworks.scenario.scenario import Scenario

TERMS = {
    "pool": "pool", "by": "by", "measure": "measure", "paths": "paths", "seed": "seed",
    "domestic_share": "target", "probability": "target_probability", "share_of": "share_of",
    "floor": "floor", "floor_rule": "floor_rule", "whole": "whole",
}  # fmt: skip
"""Arguments of the plan, each with its key among the inputs of a record."""
NAMES = ("round", "pool", "measure", "share_of", "floor_rule", "whole")
"""Inputs that are names; a pool need not be named."""
SEALED = {"software", "sha256"}
ONE_POOL = ("a rationing of one pool", "ration")
OTHERS = {
    "pools": ("a rationing of several pools", "ration"),
    "resources": ("a division of several resources", "ration"),
    "auction": ("an auction", "auction"),
}
"""What records of other kinds are of, and the verb that makes them and runs them again."""


def verify_round(
    kept: Mapping[str, Any],
    scenario: Scenario,
    *,
    executor: str | Executor = "auto",
    progress: Progress | None = None,
) -> list[str]:
    """Run the plan of a record again; return where it differs, nothing if it is what it says.

    The name of the software is not compared, since another release may well give the same awards.
    Where the scenario is not the one that was planned, nothing is run.

    Args:
        kept: The record.
        scenario: The scenario that it was made from, which the record holds the hash of.
        executor: Where to run; no result depends on it.
        progress: Called with the path-runs done and in all, as far as is known.

    Raises:
        InputError: It is no record of a round's plan, or what it says of its inputs cannot be run.
    """
    check_kind(kept)
    body = {key: value for key, value in kept.items() if key != "sha256"}
    found: list[str] = []
    if digest(body) != kept["sha256"]:
        found.append(f"sha256: the record says {kept['sha256']!r}, its text gives {digest(body)!r}")
    other = _other_scenario(kept["inputs"], scenario)
    if other:
        return [*found, other]
    again = _again(kept["inputs"], scenario, executor, progress)
    mine, theirs = (
        {key: value for key, value in one.items() if key not in SEALED} for one in (body, again)
    )
    return [*found, *differences("", mine, theirs)]


def check_kind(kept: Mapping[str, Any], place: str = "record") -> None:
    """Check that a record is of a round's plan, and of the format that is run again.

    Args:
        kept: The record.
        place: Where it stands, for the message.

    Raises:
        InputError: It is another one; what it is of, and which verb makes it, is told.
    """
    if kept.get("kind") == RECORD_KIND:
        if kept.get("format") == RECORD_FORMAT:
            return
        what = f"format {kept.get('format')!r}, and this verb runs format {RECORD_FORMAT} again"
        remedy = "give a file that `headworks plan-round --record` of this version wrote"
    else:
        what, verb = _other_kind(kept)
        what += ", not of the plan of a round"
        remedy = "give a file that `headworks plan-round --record` wrote"
        if verb:
            what += f"; `headworks {verb}` makes such records"
            remedy = f"headworks {verb} --verify {'FILE' if place == 'record' else place}"
    raise InputError([Fault(place, 0, "kind", f"the record is of {what}", remedy)])


def _other_kind(kept: Mapping[str, Any]) -> tuple[str, str]:
    """Return what a record of another kind is of, and the verb that makes it, if one does."""
    if "kind" not in kept:
        return ONE_POOL
    kind = kept["kind"]
    if not isinstance(kind, str) or kind not in OTHERS:
        return f"kind {kind!r}", ""
    thing, verb = OTHERS[kind]
    return f"kind {kind!r}, {thing}", verb


def _other_scenario(inputs: Mapping[str, Any], scenario: Scenario) -> str:
    """Return how the scenario differs from that of the record; empty if it does not."""
    try:
        short = until(scenario, dt.date.fromisoformat(inputs["by"]))
    except (KeyError, TypeError, ValueError) as error:
        raise _incomplete(error) from None
    sha256 = digest(short.model_dump(mode="json", by_alias=True))
    if sha256 == inputs.get("scenario_sha256"):
        return ""
    return (
        f"inputs.scenario_sha256: the record says {inputs.get('scenario_sha256')!r} of "
        f"{inputs.get('scenario')!r}, the scenario given, {scenario.scenario!r}, has {sha256!r}"
    )


def _again(
    inputs: Mapping[str, Any], scenario: Scenario, executor: str | Executor,
    progress: Progress | None,
) -> dict[str, Any]:  # fmt: skip
    """Return the record of the plan made again from the inputs of one."""
    try:
        terms = {name: inputs[key] for name, key in TERMS.items()}
        name = inputs["round"]
    except (KeyError, TypeError) as error:
        raise _incomplete(error) from None
    faults = [
        Fault("record", 0, f"inputs.{key}", f"{inputs[key]!r} is no name")
        for key in NAMES
        if not isinstance(inputs[key], str) and (key != "pool" or inputs[key] is not None)
    ]
    if faults:
        raise InputError(faults)
    return plan_round(scenario, name, executor=executor, progress=progress, **terms).record()


def _incomplete(error: Exception) -> InputError:
    return InputError([Fault("record", 0, "inputs", f"its inputs are incomplete: {error}")])
