"""The record of a rationing: all that anybody needs to run it again, sealed by a hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headworks.errors import Fault, InputError, in_file
from headworks.rationing.claimant import claimants
from headworks.rationing.exact import exact, written
from headworks.rationing.parameters import parameters
from headworks.rationing.whole import method

if TYPE_CHECKING:
    from headworks.rationing.result import Ration

FORMAT = 1
"""Raised when a record of the same rationing is written in another way."""
BYTES_MAX = 200_000_000


def record(result: Ration) -> dict[str, Any]:
    """Return the record of a rationing as plain values, exact numbers as text.

    `inputs_sha256` is the hash of pool, unit, claimants and parameters; `sha256` that of all other
    keys. Both are taken over canonical JSON: UTF-8, keys sorted, no blanks.
    """
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
        "awards": [
            {"name": one.name, "claim": written(one.claim), "award": written(one.award)}
            for one in result.awards
        ],
        "left": written(result.left),
        "warnings": list(result.warnings),
    }
    return {**found, "sha256": digest(found)}


def _whole(result: Ration) -> dict[str, Any] | None:
    if result.whole is None or result.parameters.whole is None:
        return None
    chosen = method(result.parameters.whole)
    ties = result.whole.to_json([one.name for one in result.awards])["ties"]
    return {"method": chosen.name, "version": chosen.version, "ties": ties}


def digest(value: object) -> str:
    """Return the SHA-256 of plain values, as canonical JSON."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def read_record(path: Path | str) -> dict[str, Any]:
    """Return a record from a JSON file; one inside the output of `headworks ration --json` too.

    Raises:
        InputError: The file cannot be read or holds no record.
    """
    place = Path(path)
    try:
        with place.open("rb") as stream:
            data = stream.read(BYTES_MAX + 1)
        found = json.loads(data[:BYTES_MAX], object_pairs_hook=_once)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError([in_file(place, f"the file cannot be read: {reason}")]) from None
    except (ValueError, RecursionError):
        raise InputError([in_file(place, "the file is not JSON")]) from None
    if isinstance(found, dict) and isinstance(found.get("record"), dict):
        _check_around(found, place)
        found = found["record"]
    if not isinstance(found, dict) or not {"format", "inputs", "awards", "sha256"} <= found.keys():
        remedy = "give a file that `headworks ration --record` wrote"
        raise InputError([in_file(place, "the file holds no record of a rationing", remedy=remedy)])
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a mapping; a key that stands twice could say two things."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _check_around(found: Mapping[str, Any], place: Path) -> None:
    """Raise if what was printed around a record says something else than the record."""
    kept = found["record"]
    said = {"awards": found.get("awards"), "left": found.get("left")}
    awards = kept.get("awards")
    rows = awards if isinstance(awards, list) else []
    meant = {
        "awards": [row.get("award") if isinstance(row, dict) else None for row in rows],
        "left": kept.get("left"),
    }
    faults = [
        Fault(str(place), 0, key, "the file says something else than the record in it")
        for key in said
        if said[key] != meant[key]
    ]
    if faults:
        raise InputError(faults)


def verify(kept: Mapping[str, Any]) -> list[str]:
    """Run a record again; return where it differs, nothing if it is what it says.

    Raises:
        InputError: What it says of its inputs cannot be run.
    """
    from headworks.rationing.ration import shared

    found: list[str] = []
    if kept["format"] != FORMAT:
        message = f"the record is of format {kept['format']}, and this is format {FORMAT}"
        raise InputError([Fault("record", 0, "format", message, "use the software that it names")])
    body = {key: value for key, value in kept.items() if key != "sha256"}
    if digest(body) != kept["sha256"]:
        found.append(f"sha256: the record says {kept['sha256']}, its text gives {digest(body)}")
    inputs = kept["inputs"]
    try:
        people = claimants([dict(row) for row in inputs["claimants"]], file="record")
        again = shared(
            exact(inputs["pool"]), str(inputs["unit"]), people, parameters(inputs["parameters"])
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"its inputs are incomplete: {error}"
        raise InputError([Fault("record", 0, "inputs", message)]) from None
    rerun = record(again)
    for key in rerun:
        if key in {"software", "sha256"}:
            continue  # another release may well give the same awards
        found.extend(_differences(key, kept.get(key), rerun[key]))
    found.extend(
        f"{key}: the record has it, a record has not" for key in body.keys() - rerun.keys()
    )
    return found


def _differences(key: str, kept: object, rerun: object) -> list[str]:
    """Return where two values differ, down to the innermost ones."""
    if isinstance(kept, dict) and isinstance(rerun, dict) and kept.keys() == rerun.keys():
        return [
            text
            for name in rerun
            for text in _differences(f"{key}.{name}", kept[name], rerun[name])
        ]
    if isinstance(kept, list) and isinstance(rerun, list) and len(kept) == len(rerun):
        pairs = zip(kept, rerun, strict=True)
        return [
            text
            for n, (one, other) in enumerate(pairs)
            for text in _differences(f"{key}.{_called(other, n)}", one, other)
        ]
    if kept == rerun:
        return []
    return [f"{key}: the record says {kept!r}, running it again gives {rerun!r}"]


def _called(value: object, number: int) -> str:
    """Return how a member of a list is called in a message: by its name if it has one."""
    return str(value["name"]) if isinstance(value, dict) and "name" in value else str(number)
