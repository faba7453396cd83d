"""Kinds of records beside that of one pool, each with what runs it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from headworks.errors import Fault, InputError, UnknownName


def _pools(inputs: Mapping[str, Any]) -> dict[str, Any]:
    from headworks.rationing.pools.sharing import again

    return again(inputs).to_record()


def _resources(inputs: Mapping[str, Any]) -> dict[str, Any]:
    from headworks.rationing.resources.sharing import again

    return again(inputs).to_record()


def _auction(inputs: Mapping[str, Any]) -> dict[str, Any]:
    from headworks.rationing.auctions.selling import again

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
