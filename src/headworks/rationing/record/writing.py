"""What a record of one shared pool holds."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from headworks.errors import Fault, InputError
from headworks.rationing.exact import written
from headworks.rationing.record.seal import FORMAT, digest
from headworks.rationing.whole import method

if TYPE_CHECKING:
    from headworks.rationing.result import Ration

TEXT_MAX = 200_000_000
"""Digits of all awards that are written; a record of more could hardly be read again."""


def record(result: Ration) -> dict[str, Any]:
    """Return the record of a rationing as plain values, exact numbers as text.

    `inputs_sha256` is the hash of pool, unit, claimants and parameters; `sha256` that of all other
    keys. Both are taken over canonical JSON: UTF-8, keys sorted, no blanks. Awards are exact,
    however long; what was given has at most `DIGITS_MAX` digits, so that it can be read again.

    Raises:
        InputError: Exact awards have more digits in all than anybody could use.
    """
    if reason := too_long(result):
        remedy = "ask for whole units (largest_remainder), which are counted from the exact awards"
        raise InputError([Fault("record", 0, "", reason, remedy)])
    inputs = {
        "pool": written(result.pool),
        "unit": result.unit,
        "claimants": [one.to_json() for one in result.people],
        "parameters": result.parameters.to_json(),
    }
    found: dict[str, Any] = {
        "format": FORMAT,
        "software": f"headworks {version('headworks')}",
        "inputs": inputs,
        "inputs_sha256": digest(inputs),
        "rule": {"name": result.rule.name, "version": result.rule.version},
        "steps": [step.to_json() for step in result.steps],
        "ballot": None if result.ballot is None else result.ballot.to_json(),
        "whole": _whole(result),
        "coefficient": written(result.coefficient),
        "lambda": None if result.level is None else written(result.level),
        "margin": result.margin,
        "cut_off": _cut_offs(result),
        "awards": [one.to_json() for one in result.awards],
        "standard_errors": result.errors_to_json(),
        "left": written(result.left),
        "withheld": {name: written(amount) for name, amount in result.withheld.items()},
        "warnings": list(result.warnings),
    }
    return {**found, "sha256": digest(found)}


def too_long(result: Ration) -> str:
    """Return why awards are too long to be written, or nothing if they can be."""
    bits = sum(
        one.award.numerator.bit_length() + one.award.denominator.bit_length()
        for one in result.awards
    )
    digits = bits * 3 // 10  # one of two has 3.3 bits for each
    if digits <= TEXT_MAX:
        return ""
    return f"the exact awards have some {digits:,} digits in all, too many to write"


def _cut_offs(result: Ration) -> dict[str, Any] | None:
    """Return who stood where the pool ended, by reserve or `open`; None where nothing says so."""
    names = [one.name for one in result.awards]
    return {
        stage: {
            "last": [names[n] for n in cut.last],
            "following": [names[n] for n in cut.following],
            "margin": None if cut.margin is None else written(cut.margin),
        }
        for stage, cut in result.cut_offs.items()
    } or None


def _whole(result: Ration) -> dict[str, Any] | None:
    if result.whole is None or result.parameters.whole is None:
        return None
    chosen = method(result.parameters.whole)
    ties = result.whole.to_json(result.rows)["ties"]
    return {"method": chosen.name, "version": chosen.version, "ties": ties}
