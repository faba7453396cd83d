"""Records read from files, and nothing taken for one that is none."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from headworks.errors import Fault, InputError, in_file

BYTES_MAX = 500_000_000
"""Size from which a file is no record: 10,000 awards of thousands of digits each take 90 MB."""

COLUMNS = {
    "names": "name", "claims": "claim", "awards": "award", "wanted": "wanted",
    "payments": "payment", "shares": "share", "dominant": "dominant", "held_by": "held_by",
}  # fmt: skip
"""Lists that are printed, each with the key that every award has of it in a record."""
ALWAYS = {"rule", "pool", "unit", "names", "claims", "awards", "left", "withheld", "coefficient",
          "lambda", "warnings"}  # fmt: skip
"""What is printed of one pool, whatever was asked for."""


def read_record(path: Path | str, *, verb: str = "ration") -> dict[str, Any]:
    """Return a record from a JSON file; one inside the output of `headworks ration --json` too.

    Args:
        path: The file.
        verb: The verb whose record is asked for, for the message.

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
        remedy = f"give a file that `headworks {verb} --record` wrote"
        raise InputError([in_file(place, "the file holds no record of awards", remedy=remedy)])
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a mapping; a key that stands twice could say two things."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _check_around(printed: Mapping[str, Any], place: Path) -> None:
    """Raise if what was printed around a record says something else than the record."""
    kept = printed["record"]
    inputs = kept.get("inputs")
    said = _said_again(kept, inputs if isinstance(inputs, dict) else {})
    needed = set() if "kind" in kept else ALWAYS
    faults = [
        Fault(str(place), 0, key, "the file says something else than the record in it")
        for key in said
        if (key in printed or key in needed) and printed.get(key) != said[key]
    ]
    parts = printed.get("pools")
    if isinstance(parts, list) and not _pools_agree(parts, kept):
        message = "the file says something else than the record in it"
        faults.append(Fault(str(place), 0, "pools", message))
    if faults:
        raise InputError(faults)


def _said_again(kept: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is printed beside a record, by key, as the record has it."""
    awards, rule, pools = kept.get("awards"), kept.get("rule"), kept.get("pools")
    rows = awards if isinstance(awards, list) else []
    rows = [row if isinstance(row, dict) else {} for row in rows]
    said = {**kept, **inputs, **{key: [row.get(c) for row in rows] for key, c in COLUMNS.items()}}
    if isinstance(pools, list) and pools and isinstance(pools[0], dict):
        rule = pools[0].get("rule")  # one for all of them
    units = [row["units"] for row in rows if isinstance(row.get("units"), dict)]
    if units:
        said["units"] = {name: count for one in units for name, count in one.items()}
    said["rule"] = rule.get("name") if isinstance(rule, dict) else None
    return {key: value for key, value in said.items() if key not in {"pools", "record"}}


def _pools_agree(printed: Sequence[Any], kept: Mapping[str, Any]) -> bool:
    """Return whether what is printed of each of several pools is what the record has of it."""
    parts, inputs = kept.get("pools"), kept.get("inputs")
    if not isinstance(parts, list) or not isinstance(inputs, dict):
        return False
    amounts = inputs.get("pools")
    if not isinstance(amounts, list) or not len(printed) == len(parts) == len(amounts):
        return False
    for one, part, amount in zip(printed, parts, amounts, strict=True):
        if not all(isinstance(value, dict) for value in (one, part, amount)):
            return False
        said = _said_again(part, {"unit": inputs.get("unit"), "pool": amount.get("pool")})
        if any(one[key] != said[key] for key in one.keys() & said.keys()):
            return False
    return True
