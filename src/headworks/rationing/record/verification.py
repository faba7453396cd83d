"""Records run again: yes, or where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from headworks.errors import Fault, InputError
from headworks.rationing.intake.claimant import claimants
from headworks.rationing.intake.parameters import parameters
from headworks.rationing.record.kinds import record_again
from headworks.rationing.record.seal import FORMAT, FORMATS, as_format, digest
from headworks.rationing.record.writing import record

if TYPE_CHECKING:
    from headworks.rationing.result import Ration

SAID_MAX = 200
"""Letters of a value that a difference repeats."""


def verify(kept: Mapping[str, Any]) -> list[str]:
    """Run a record again; return where it differs, nothing if it is what it says.

    The name of the software is not compared, since another release may well give the same awards;
    like everything else it is sealed by `sha256`. A record of an older format is compared with what
    that format would have held.

    Raises:
        InputError: What it says of its inputs cannot be run; where the seal is broken, that is told
            too.
    """
    if not isinstance(kept["format"], int) or kept["format"] not in FORMATS:
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
    there = as_format(rerun, kept["format"])
    again = {key: value for key, value in there.items() if key not in sealed}
    return [*found, *differences("", mine, again)]


def _run_again(inputs: Any) -> Ration:  # noqa: ANN401 - whatever the file holds
    """Return the rationing of a record's inputs.

    Raises:
        InputError: They cannot be run.
    """
    from headworks.rationing.intake.asking import amount_of, unit_text
    from headworks.rationing.ration import shared

    try:
        people = claimants([dict(row) for row in inputs["claimants"]], file="record")
        pool, chosen = amount_of("pool", inputs["pool"]), parameters(inputs["parameters"])
        return shared(pool, unit_text(inputs["unit"]), people, chosen)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"its inputs are incomplete: {error}"
        raise InputError([Fault("record", 0, "inputs", message)]) from None


def differences(key: str, kept: object, rerun: object) -> list[str]:
    """Return where two plain values differ, down to the innermost ones.

    Args:
        key: Dotted path of both; empty for the whole.
        kept: What a record says.
        rerun: What running it again gives.
    """
    if isinstance(kept, dict) and isinstance(rerun, dict):
        return _by_key(key, kept, rerun)
    if isinstance(kept, list) and isinstance(rerun, list):
        if len(kept) != len(rerun):
            return [f"{key}: the record lists {len(kept)}, running it again gives {len(rerun)}"]
        return [
            text
            for n, (one, other) in enumerate(zip(kept, rerun, strict=True))
            for text in differences(f"{key}.{_called(other, n)}", one, other)
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
            found.extend(differences(inner, kept[name], rerun[name]))
    return found


def _said(value: object) -> str:
    text = repr(value)
    return text if len(text) <= SAID_MAX else f"{text[:SAID_MAX]}…"


def _called(value: object, number: int) -> str:
    """Return how a member of a list is called in a message: by its name if it has one."""
    return str(value["name"]) if isinstance(value, dict) and "name" in value else str(number)
