"""Records read from files, and nothing taken for one that is none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from headworks.errors import Fault, InputError, in_file

BYTES_MAX = 500_000_000
"""Size from which a file is no record: 10,000 awards of thousands of digits each take 90 MB."""


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
