"""How a record is sealed: its format, its hash, and the envelope of all kinds but the first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

FORMAT = 2
"""Raised when a record of the same rationing is written in another way."""


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
