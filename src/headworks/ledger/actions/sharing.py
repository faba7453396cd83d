"""Sharing: a round's claims go through its rule of rationing, and come back as awards (L13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from headworks.errors import Fault, InputError
from headworks.ledger.journal.view import refuse

WHOLE = "whole"
GIVEN = frozenset({
    "claims", "pool", "rule", "unit", "parties", "chips", "sizes", "per_chip", "needs",
})  # fmt: skip
"""What the ledger itself says of a rationing: claims are verified needs in the pool's unit, and an
award is its party's own."""
METHOD = "largest_remainder"
"""How awards are made whole where a round does not say it."""


def misfits(round_: str, rule: str, parameters: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what no claims could make right in a round's rule and parameters.

    What depends on the claimants, such as a weight of each, is seen when awards are computed.

    Args:
        round_: Id of the round.
        rule: Name of the rule.
        parameters: Parameters of the rationing, by name.
    """
    for name in sorted(GIVEN & set(parameters)):
        message = f"parameter {name}: the ledger itself says it, by applications and pool"
        yield Fault("round", 0, round_, message, "leave it out")
    if WHOLE in parameters and parameters[WHOLE] is None:
        message = "parameter whole: awards are whole numbers (L17)"
        yield Fault("round", 0, round_, message, "name a method, or leave it out")
    # Rationing loads arrays, which most actions do not need.
    from headworks.rationing.intake.asking import OPTIONS, TAKEN
    from headworks.rationing.intake.parameters import parameters as read
    from headworks.rationing.rule import rule as named

    steps = {
        name: one for name, one in parameters.items() if name not in GIVEN and name not in OPTIONS
    }
    try:
        known = named(rule)
        for name in sorted((set(TAKEN) - set(known.takes)) & set(parameters)):
            message = f"parameter {name}: {known.title} takes none"
            remedy = "leave it out, or choose a rule that takes it"
            yield Fault("round", 0, round_, message, remedy)
    except InputError as error:
        yield from of_round(round_, error)
        rule = "proportional"
    try:
        read({"rule": rule, **steps})
    except InputError as error:
        yield from of_round(round_, error)


def rationed(
    round_: str,
    claims: list[dict[str, Any]],
    volume: int,
    unit: str,
    rule: str,
    parameters: Mapping[str, Any],
) -> tuple[dict[str, int], dict[str, Any]]:
    """Return the award of each party that has one, and the record that proves them (L13).

    Args:
        round_: Id of the round.
        claims: Party and claim of each, in the pool's unit.
        volume: What is shared.
        unit: The pool's unit.
        rule: Name of the rule.
        parameters: Parameters of the rationing, by name.

    Raises:
        LedgerError: The parameters do not fit the claims.
    """
    from headworks.rationing.ration import ration
    from headworks.rationing.record import record
    from headworks.rationing.rule import rule as named

    if named(rule).beyond_claims:
        # Such a rule would share out all of it, and nobody is awarded more than is needed.
        volume = min(volume, int(sum(one["claim"] for one in claims)))
    try:
        found = ration(claims, volume, rule, unit=unit, **{WHOLE: METHOD, **parameters})
    except InputError as error:
        refuse(of_round(round_, error))
        raise AssertionError from error
    return {one.name: int(one.award) for one in found.awards if one.award > 0}, record(found)


def of_round(round_: str, error: InputError) -> Iterator[Fault]:
    """Yield the faults of a rationing as those of a round."""
    for one in error.faults:
        about = f"{one.key or one.file}: " if one.key or one.file else ""
        yield replace(one, file="round", line=0, key=round_, message=f"{about}{one.message}")
