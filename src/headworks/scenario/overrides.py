"""Overrides: changes to a scenario's tree by dotted key, each with its reason.

A changed number keeps an honest pedigree: whatever the base had it from, it is now assumed, for the
reason that the override gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headworks.errors import Fault, did_you_mean, nearest
from headworks.scenario.quantity import Evidence, Quantity
from headworks.scenario.scenario import Scenario
from headworks.scenario.shape import fields_at, is_mapping_at, types_at
from headworks.scenario.yaml_file import Document, Key, KeyPath, Place, dotted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from headworks.scenario.aliases import Resolve

PROTECTED = frozenset({"scenario", "base", "overrides"})
PERCENTILE_SHAPES = frozenset({"lognormal", "normal", "beta", "uniform", "triangular"})
SHOWN = 60
"""Longer values are cut in a message."""
INDEX_DIGITS = 6
"""Positions with more digits than this lie beyond every list that is read."""
NUMBERS = frozenset(
    {"value", "dist", "p5", "med", "p95", "mode", "low", "high", "values", "probabilities"}
    | {"shares"}
)
"""Keys of a value with evidence that hold the value and not the evidence."""


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of an override's `set`."""

    key: str
    """Dotted key in the scenario."""
    value: Any
    """New value; None removes the key."""
    places: dict[KeyPath, Place]
    """Places of the value and of what it holds, by path within it."""
    reason: str
    """Why it is changed."""
    stands_at: str
    """Dotted key under which the change itself stands, for faults."""
    by: str = "--set"
    """Who makes the change, for faults: an override by name, or the option."""


def apply_all(
    document: Document, changes: Iterable[Change], resolver: Callable[[], Resolve]
) -> None:
    """Make changes that are made together, in order; one that undoes another is a fault.

    A later change may set a part of what an earlier one has set, but neither the same key to
    another value, nor as a whole what an earlier one has set a part of.

    Args:
        document: The merged scenario so far; changed in place.
        changes: The overrides of one file, or what the caller sets.
        resolver: Returns what finds a chip's id, for the document as it then is.
    """
    made: list[tuple[KeyPath, Change]] = []
    for change in changes:
        path = apply(document, change, resolver())
        if path is None:
            continue
        for earlier, other in made:
            if earlier[: len(path)] == path and not _agree(change, other, earlier[len(path) :]):
                _fault(document, change, *_clash(change, other))
        made.append((path, change))


def _agree(change: Change, other: Change, below: KeyPath) -> bool:
    """Return whether a change leaves in force what another had set at `below` its own key."""
    value = change.value
    for part in below:
        if not isinstance(value, dict) or part not in value:
            return False
        value = value[part]
    return bool(value == other.value)


def _clash(change: Change, other: Change) -> tuple[str, str]:
    """Return in words which two changes clash, and the way out."""
    key = "it" if change.key == other.key else change.key
    first, second = _does(other, other.key), _does(change, key)
    both = f"{other.by} {first}, and then {change.by} {second}"
    remedy = "keep one"
    if change.by != "--set":
        remedy += ", or put the later one into a file whose `base` is this one"
    return both, remedy


def _does(change: Change, key: str) -> str:
    if change.value is None:
        return f"removes {key}"
    shown = repr(change.value)
    return f"sets {key} to {shown if len(shown) <= SHOWN else shown[:SHOWN] + '…'}"


def apply(document: Document, change: Change, resolve: Resolve) -> KeyPath | None:
    """Change the document's tree; what cannot be changed is added to its faults.

    Args:
        document: The merged scenario so far; changed in place.
        change: What to set or remove.
        resolve: Returns the id of a chip, so that keys may name chips by alias.

    Returns:
        Path of the key that was set or removed; None where it cannot be.
    """
    parts = change.key.split(".")
    if parts[0] in PROTECTED:
        _fault(
            document, change, f"{parts[0]!r} cannot be overridden", "write it in the file itself"
        )
        return None
    node: Any = document.tree
    path: KeyPath = ()
    for part in parts[:-1]:
        step = _step(node, part, resolve)
        if step is None and isinstance(node, dict) and is_mapping_at(Scenario, (*path, part)):
            node[part], step = {}, part
        if step is None:
            _no_such_key(document, change, node, (*path, part))
            return None
        node, path = node[step], (*path, step)
    last = _step(node, parts[-1], resolve)
    if change.value is None and last is not None:
        _remove(document, node, path, last)
        if not node:  # that nothing is left is this change's doing, not that of the file below
            document.places[path] = change.places[()]
    elif change.value is not None and (last is not None or isinstance(node, dict)):
        last = parts[-1] if last is None else last
        _put(document, change, node, (*path, last))
    else:
        _no_such_key(document, change, node, (*path, parts[-1]))
        return None
    return (*path, last)


def _step(node: object, part: str, resolve: Resolve) -> Key | None:
    """Return the key or index that `part` names in a node, or None if it holds no such key."""
    if isinstance(node, list):
        index = (
            int(part)
            if part.isascii() and part.isdigit() and len(part) <= INDEX_DIGITS
            else len(node)
        )
        return index if index < len(node) else None
    if not isinstance(node, dict):
        return None
    return next((name for name in (part, resolve(part)) if name in node), None)


def _put(
    document: Document, change: Change, node: dict[Any, Any] | list[Any], path: KeyPath
) -> None:
    holder: dict[Any, Any] = dict(enumerate(node)) if isinstance(node, list) else node
    holder[path[-1]] = _with_evidence(change, holder.get(path[-1]), path)
    if isinstance(node, list):
        node[:] = holder.values()
    _forget(document, path)
    document.places |= {(*path, *below): place for below, place in change.places.items()}
    _reattribute(document, change, path)


def _remove(document: Document, node: dict[Any, Any] | list[Any], path: KeyPath, last: Key) -> None:
    if isinstance(node, list):
        node[:] = [item for index, item in enumerate(node) if index != last]
    else:
        del node[last]
    _forget(document, (*path, last))
    if isinstance(last, int):
        _close_gap(document, path, last)


def _with_evidence(change: Change, old: object, path: KeyPath) -> Any:  # noqa: ANN401
    """Return the new value, as a quantity where a bare number or bare percentiles stand for one."""
    value = change.value
    if Quantity not in types_at(Scenario, path):
        return value
    before = old if isinstance(old, dict) else {}
    assumed = {"kind": "assumed", "reason": change.reason}
    kept = {"unit": before["unit"]} if "unit" in before else {}
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {"value": value, "dist": "fixed", **assumed, **kept}
    if isinstance(value, dict) and {"p5", "p95"} <= value.keys() and "kind" not in value:
        kept |= {key: before[key] for key in ("drivers", "dist") if key in before}
        if kept.get("dist") not in PERCENTILE_SHAPES:
            kept["dist"] = "lognormal"
        if kept["dist"] == "beta":  # whose bounds are part of the shape
            kept |= {key: before[key] for key in ("low", "high") if key in before}
        return {**kept, **assumed, **value}
    return value


def _reattribute(document: Document, change: Change, path: KeyPath) -> None:
    """Make the value assumed whose number the change has set from within."""
    above = [n for n in range(1, len(path)) if path[n] in NUMBERS and _is_evidence(path[:n])]
    if not above:
        return
    node = document.tree
    for part in path[: above[-1]]:
        node = node[part]
    for key in ("source", "at", "formula", "method"):
        node.pop(key, None)
    node |= {"kind": "assumed", "reason": change.reason}
    if "value" in node:
        node["dist"] = "fixed"


def _is_evidence(path: KeyPath) -> bool:
    return any(
        isinstance(kind, type) and issubclass(kind, Evidence) for kind in types_at(Scenario, path)
    )


def _forget(document: Document, path: KeyPath) -> None:
    for known in [known for known in document.places if known[: len(path)] == path]:
        del document.places[known]


def _close_gap(document: Document, path: KeyPath, removed: int) -> None:
    """Renumber the places of the items that follow one removed from a list."""
    depth = len(path)
    moved: dict[KeyPath, Place] = {}
    for known in list(document.places):
        index = known[depth] if known[:depth] == path and len(known) > depth else None
        if isinstance(index, int) and index > removed:
            moved[(*path, index - 1, *known[depth + 1 :])] = document.places.pop(known)
    document.places |= moved


def _no_such_key(document: Document, change: Change, node: object, path: KeyPath) -> None:
    name, holder = str(path[-1]), dotted(path[:-1]) or "the scenario"
    remedy = "name a key that the base has, or add its parent first"
    if isinstance(node, dict) and change.value is None and name in fields_at(Scenario, path[:-1]):
        message, remedy = f"{holder} has no {name!r} to remove", "leave it out, or give a value"
    elif isinstance(node, dict):
        keys = {str(key) for key in node} | fields_at(Scenario, path[:-1])
        message = f"{holder} has no key {name!r}{did_you_mean(nearest(name, keys))}"
    elif isinstance(node, list):
        message = f"{holder} is a list of {len(node)}, and {name!r} is not one of its positions"
        message += " (counted from 0)"
    else:
        message = f"{holder} is {node!r}, which holds no key {name!r}"
    _fault(document, change, message, remedy)


def _fault(document: Document, change: Change, message: str, remedy: str) -> None:
    document.faults.append(Fault(*change.places[()], change.stands_at, message, remedy))
