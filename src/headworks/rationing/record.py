"""The record of a rationing: all that anybody needs to run it again, sealed by a hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headworks.errors import Fault, InputError, in_file
from headworks.rationing.claimant import claimants
from headworks.rationing.envelope import record_again
from headworks.rationing.exact import DIGITS_MAX, is_long, written
from headworks.rationing.parameters import parameters
from headworks.rationing.whole import method

if TYPE_CHECKING:
    from headworks.rationing.result import Ration

FORMAT = 2
"""Raised when a record of the same rationing is written in another way."""
BYTES_MAX = 500_000_000
"""Size from which a file is no record: 10,000 awards of thousands of digits each take 90 MB."""
SAID_MAX = 200
"""Letters of a value that a difference repeats."""


def record(result: Ration) -> dict[str, Any]:
    """Return the record of a rationing as plain values, exact numbers as text.

    `inputs_sha256` is the hash of pool, unit, claimants and parameters; `sha256` that of all other
    keys. Both are taken over canonical JSON: UTF-8, keys sorted, no blanks. Awards are exact,
    however long.

    Raises:
        InputError: The pool or what a claimant says is a number too long to be read again.
    """
    _check_lengths(result)
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
        "left": written(result.left),
        "withheld": {name: written(amount) for name, amount in result.withheld.items()},
        "warnings": list(result.warnings),
    }
    return {**found, "sha256": digest(found)}


def _check_lengths(result: Ration) -> None:
    """Raise if a record could not be read again."""
    remedy = "write it as a shorter fraction"
    message = f"a number of more than {DIGITS_MAX:,} digits cannot be recorded"
    faults = [
        Fault(place, 0, key, message, remedy)
        for place, key, number in _inputs(result)
        if is_long(number)
    ]
    if faults:
        raise InputError(faults)


def _inputs(result: Ration) -> Iterator[tuple[str, str, Fraction]]:
    """Yield the numbers that a record is run again with, and where each was given."""
    yield "pool", "", result.pool
    for one in result.people:
        for field in fields(one):
            value = getattr(one, field.name)
            if isinstance(value, Fraction):
                yield "claims", f"{one.name}.{field.name}", value
    chosen = result.parameters
    for field in fields(chosen):
        value = getattr(chosen, field.name)
        if isinstance(value, Fraction):
            yield field.name, "", value
    yield from (("tranches", str(n + 1), part) for n, part in enumerate(chosen.tranches))
    yield from (("reserves", reserve.name, reserve.units) for reserve in chosen.reserves)


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


def digest(value: object) -> str:
    """Return the SHA-256 of plain values, as canonical JSON."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


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
    awards, inputs, rule = (kept.get(key) for key in ("awards", "inputs", "rule"))
    rows = (
        [row if isinstance(row, dict) else {} for row in awards] if isinstance(awards, list) else []
    )
    given = inputs if isinstance(inputs, dict) else {}
    meant = {
        "rule": rule.get("name") if isinstance(rule, dict) else None,
        "pool": given.get("pool"),
        "unit": given.get("unit"),
        "names": [row.get("name") for row in rows],
        "claims": [row.get("claim") for row in rows],
        "awards": [row.get("award") for row in rows],
        **{key: kept.get(key) for key in ("left", "withheld", "coefficient", "lambda", "warnings")},
    }
    if "kind" in kept:  # other answers say other things around their records
        meant = {key: meant[key] for key in ("awards", "left") if key in found}
    faults = [
        Fault(str(place), 0, key, "the file says something else than the record in it")
        for key, value in meant.items()
        if found.get(key) != value
    ]
    if faults:
        raise InputError(faults)


def verify(kept: Mapping[str, Any]) -> list[str]:
    """Run a record again; return where it differs, nothing if it is what it says.

    The name of the software is not compared, since another release may well give the same awards;
    like everything else it is sealed by `sha256`.

    Raises:
        InputError: What it says of its inputs cannot be run; where the seal is broken, that is told
            too.
    """
    if kept["format"] != FORMAT:
        message = f"the record is of format {kept['format']}, and this is format {FORMAT}"
        raise InputError([Fault("record", 0, "format", message, "use the software that it names")])
    body = {key: value for key, value in kept.items() if key != "sha256"}
    found: list[str] = []
    if digest(body) != kept["sha256"]:
        says = _said(kept["sha256"])
        found.append(f"sha256: the record says {says}, its text gives {digest(body)!r}")
    try:
        inputs = kept["inputs"]
        rerun = record_again(kept["kind"], inputs) if "kind" in kept else record(_run_again(inputs))
    except InputError as error:
        broken = [Fault("record", 0, "sha256", text.removeprefix("sha256: ")) for text in found]
        raise InputError([*broken, *error.faults]) from None
    sealed = {"software", "sha256"}
    mine = {key: value for key, value in body.items() if key not in sealed}
    again = {key: value for key, value in rerun.items() if key not in sealed}
    return [*found, *_differences("", mine, again)]


def _run_again(inputs: Any) -> Ration:  # noqa: ANN401 - whatever the file holds
    """Return the rationing of a record's inputs.

    Raises:
        InputError: They cannot be run.
    """
    from headworks.rationing.asking import amount_of
    from headworks.rationing.ration import shared

    try:
        people = claimants([dict(row) for row in inputs["claimants"]], file="record")
        pool, chosen = amount_of("pool", inputs["pool"]), parameters(inputs["parameters"])
        return shared(pool, str(inputs["unit"]), people, chosen)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"its inputs are incomplete: {error}"
        raise InputError([Fault("record", 0, "inputs", message)]) from None


def _differences(key: str, kept: object, rerun: object) -> list[str]:
    """Return where two values differ, down to the innermost ones."""
    if isinstance(kept, dict) and isinstance(rerun, dict):
        return _by_key(key, kept, rerun)
    if isinstance(kept, list) and isinstance(rerun, list):
        if len(kept) != len(rerun):
            return [f"{key}: the record lists {len(kept)}, running it again gives {len(rerun)}"]
        return [
            text
            for n, (one, other) in enumerate(zip(kept, rerun, strict=True))
            for text in _differences(f"{key}.{_called(other, n)}", one, other)
        ]
    if kept == rerun and type(kept) is type(rerun):  # 1 is not true, though it equals it
        return []
    return [f"{key}: the record says {_said(kept)}, running it again gives {_said(rerun)}"]


def _by_key(key: str, kept: Mapping[str, object], rerun: Mapping[str, object]) -> list[str]:
    found: list[str] = []
    for name in [*rerun, *(name for name in kept if name not in rerun)]:
        inner = f"{key}.{name}" if key else name
        if name not in kept:
            found.append(f"{inner}: missing in the record, running it again gives it")
        elif name not in rerun:
            found.append(f"{inner}: the record has it, running it again does not give it")
        else:
            found.extend(_differences(inner, kept[name], rerun[name]))
    return found


def _said(value: object) -> str:
    text = repr(value)
    return text if len(text) <= SAID_MAX else f"{text[:SAID_MAX]}…"


def _called(value: object, number: int) -> str:
    """Return how a member of a list is called in a message: by its name if it has one."""
    return str(value["name"]) if isinstance(value, dict) and "name" in value else str(number)
