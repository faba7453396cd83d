"""Records of other kinds than a rationing of one pool: one envelope, and how each is run again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

from headworks.errors import Fault, InputError, UnknownName


def enveloped(kind: str, inputs: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return a sealed record: inputs with their hash, the answer to them, and a hash of it all.

    Args:
        kind: One of `KINDS`.
        inputs: What it takes to run it again, as plain values.
        answer: What came out, as plain values; `awards` is a list of mappings with an `award`.
    """
    from headworks.rationing.record import FORMAT, digest

    found: dict[str, Any] = {
        "format": FORMAT,
        "kind": kind,
        "software": f"headworks {version('headworks')}",
        "inputs": dict(inputs),
        "inputs_sha256": digest(inputs),
        **answer,
    }
    return {**found, "sha256": digest(found)}


def _pools(inputs: Mapping[str, Any]) -> dict[str, Any]:
    from headworks.rationing.pools import again

    return again(inputs).to_record()


def _resources(inputs: Mapping[str, Any]) -> dict[str, Any]:
    from headworks.rationing.resources import again

    return again(inputs).to_record()


def _auction(inputs: Mapping[str, Any]) -> dict[str, Any]:
    from headworks.rationing.selling import again

    return again(inputs).to_record()


KINDS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "pools": _pools, "resources": _resources, "auction": _auction,
}  # fmt: skip
"""Kinds of records, each with what runs its inputs again and records that."""


def record_again(kind: object, inputs: Any) -> dict[str, Any]:  # noqa: ANN401 - what a file holds
    """Run the inputs of a record again, and return the record of that.

    Raises:
        InputError: The kind is unknown, or the inputs cannot be run.
    """
    if not isinstance(kind, str) or kind not in KINDS:
        raise UnknownName("kind of record", str(kind), KINDS)
    try:
        return KINDS[kind](inputs)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"its inputs are incomplete: {error}"
        raise InputError([Fault("record", 0, "inputs", message)]) from None
