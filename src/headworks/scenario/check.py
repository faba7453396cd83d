"""The examination of a scenario: its records first, then what clashes between them, all at once."""

from __future__ import annotations

import copy
import datetime as dt
from typing import TYPE_CHECKING, Any, get_origin

from pydantic import ValidationError

from headworks.scenario.checks import conditions, dates, names, planning, pools, routes
from headworks.scenario.checks.context import Context
from headworks.scenario.completion import complete, extended
from headworks.scenario.faults import describe, path_of
from headworks.scenario.remarks import remarks
from headworks.scenario.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from headworks.errors import Fault
    from headworks.scenario.catalogue import Catalogue
    from headworks.scenario.yaml_file import Document, KeyPath

CHECKS: tuple[Callable[[Context], Iterator[Fault]], ...] = (
    *names.CHECKS,
    *routes.CHECKS,
    *pools.CHECKS,
    *dates.CHECKS,
    *conditions.CHECKS,
    *planning.CHECKS,
)
SECTIONS = frozenset(
    name for name, field in Scenario.model_fields.items() if get_origin(field.annotation) is dict
)
SOME_DAY = dt.date(2000, 1, 1)
STAND_INS: dict[str, Any] = {
    "scenario": "unnamed", "title": "Untitled", "as_of": SOME_DAY, "start": SOME_DAY, "periods": 1,
}  # fmt: skip
"""What stands in for a required key that has a fault, so that the rest can still be checked."""


def examine(document: Document, known: Catalogue) -> Scenario | None:
    """Return a scenario that is self-contained and has no fault, or None.

    Args:
        document: The merged tree; the faults found are added to its own.
        known: Chips, instruments and sources to refer to.
    """
    tree = document.tree
    if not isinstance(tree, dict):
        what = "is empty" if tree is None else f"holds a {_name_of(tree)}, not a mapping of keys"
        remedy = "start one with `headworks new`"
        if not document.faults:
            document.faults.append(document.fault((), f"the file {what}", remedy))
        return None
    left_out: dict[str, dict[str, object]] = {}
    rest = tree
    try:
        scenario = Scenario.model_validate(tree)
    except ValidationError as error:
        said = {(fault.file, fault.line, fault.key) for fault in document.faults}
        document.faults += [
            fault
            for fault in describe(error, document, model=Scenario)
            if (fault.file, fault.line, fault.key) not in said
        ]
        rest, left_out = _without_faulty(tree, error)
        try:
            scenario = Scenario.model_validate(rest)
        except ValidationError:
            return None
    dates_known = all(rest.get(key) == tree.get(key) for key in ("start", "as_of", "periods"))
    whole, clashes = extended(known, scenario)
    for chip, other in clashes.items():
        message = f"a name of the chip {chip!r} already belongs to {other!r}"
        document.faults.append(document.fault(("chips", chip), message, "rename one of them"))
    context = Context(scenario, document, whole, left_out, dates_known)
    document.faults += [fault for check in CHECKS for fault in check(context)]
    return None if document.faults else complete(scenario, whole, remarks(scenario, document))


def _name_of(tree: object) -> str:
    return {list: "list", str: "text", dt.date: "day"}.get(type(tree), "number")


def _without_faulty(
    tree: dict[Any, Any], error: ValidationError
) -> tuple[dict[Any, Any], dict[str, dict[str, object]]]:
    """Return the tree without the entries that have faults, and those entries by section."""
    rest = copy.copy(tree)
    left_out: dict[str, dict[str, object]] = {}
    for item in error.errors(include_url=False, include_context=False):
        path = path_of(tree, item)
        if not path:  # what the scenario as a whole says of its dates
            rest |= {"start": SOME_DAY, "periods": 1}
            continue
        section = str(path[0])
        if section in SECTIONS and isinstance(tree.get(section), dict) and len(path) > 1:
            _leave_out(rest, left_out, path)
        elif section in SECTIONS:
            left_out.setdefault(section, {})
            rest[section] = {}
        elif section in STAND_INS:
            rest[section] = STAND_INS[section]
        else:
            left_out.setdefault("scenario", {})[section] = tree.get(path[0])
            rest.pop(path[0], None)
    return rest, left_out


def _leave_out(rest: dict[Any, Any], left_out: dict[str, dict[str, object]], path: KeyPath) -> None:
    section, entry = path[0], path[1]
    if entry in rest[section]:
        left_out.setdefault(str(section), {})[str(entry)] = rest[section][entry]
        rest[section] = {key: value for key, value in rest[section].items() if key != entry}
