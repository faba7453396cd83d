"""How a record is sealed: its format, its hash, and the envelope of all kinds but the first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

FORMAT = 3
"""Raised when a record of the same rationing is written in another way."""
SINCE = {"standard_errors": 3}
"""Keys that records had not from the first format that is still read, with the one that began."""
FORMATS = (2, FORMAT)
"""Formats that are read and run again."""


def as_format(found: Mapping[str, Any], number: int) -> dict[str, Any]:
    """Return a record as an older format writes it, without its hash.

    Args:
        found: A record of the present format.
        number: One of `FORMATS`.
    """
    kept = {
        key: value
        for key, value in found.items()
        if key != "sha256" and SINCE.get(key, 0) <= number
    }
    if isinstance(kept.get("pools"), list):
        kept["pools"] = [as_format(one, number) for one in kept["pools"]]
    return {**kept, "format": number} if "format" in kept else kept


def digest(value: object) -> str:
    """Return the SHA-256 of plain values, as canonical JSON."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def enveloped(kind: str, inputs: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return a sealed record: inputs with their hash, the answer to them, and a hash of it all.

    Args:
        kind: One of those that `verification` runs again.
        inputs: What it takes to run it again, as plain values.
        answer: What came out, as plain values; `awards` is a list of mappings with an `award`.
    """
    found: dict[str, Any] = {
        "format": FORMAT,
        "kind": kind,
        "software": f"headworks {version('headworks')}",
        "inputs": dict(inputs),
        "inputs_sha256": digest(inputs),
        **answer,
    }
    return {**found, "sha256": digest(found)}
