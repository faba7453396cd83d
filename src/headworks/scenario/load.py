"""Loading: a scenario by name or path, with its base, its overrides and the caller's own."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from headworks.errors import Fault, InputError, ScenarioError
from headworks.scenario.aliases import resolve_chips, resolver
from headworks.scenario.bases import change, locate, overrides_of, read_chain, scenario_folder
from headworks.scenario.catalogue import Catalogue, catalogue
from headworks.scenario.check import examine
from headworks.scenario.model import Record
from headworks.scenario.overrides import Change
from headworks.scenario.yaml_file import Document, Place, number_places, parse_yaml, read_yaml

if TYPE_CHECKING:
    from headworks.scenario.scenario import Scenario

COMMAND_LINE = "command-line"
"""Name of the override that holds what the caller set."""


def load(
    name_or_path: str | Path,
    *,
    set_: Mapping[str, object] | None = None,
    catalogue: Catalogue | None = None,
) -> Scenario:
    """Return a scenario that holds everything a forecast needs, checked.

    Chips are named by id throughout, and `chips` and `sources` hold all that are used.

    Args:
        name_or_path: Name of a packaged scenario, such as `h200-2026`, or path of a YAML file.
        set_: Last overrides, by dotted key such as `gates.customs.opening`; words are read as YAML,
            and None removes a key.
        catalogue: Chips, instruments and sources to refer to; the packaged ones if None.

    Raises:
        UnknownName: No scenario and no file is called that.
        ScenarioError: It has faults; all of them are listed.
    """
    scenario, faults = _read(name_or_path, {} if set_ is None else set_, catalogue)
    if scenario is None or faults:
        raise ScenarioError(faults)
    return scenario


def validate(
    name_or_path: str | Path,
    *,
    set_: Mapping[str, object] | None = None,
    catalogue: Catalogue | None = None,
) -> list[Fault]:
    """Return all faults of a scenario file, sorted by place; empty if it can be used.

    Args:
        name_or_path: As for `load`.
        set_: As for `load`.
        catalogue: As for `load`.
    """
    try:
        return _read(name_or_path, {} if set_ is None else set_, catalogue)[1]
    except InputError as error:
        return list(error.faults)


def scenario_names() -> dict[str, str]:
    """Return the titles of the packaged scenarios by name.

    Raises:
        ScenarioError: One of the files is not YAML.
    """
    titles: dict[str, str] = {}
    for path in sorted(scenario_folder().glob("*.yaml")):
        tree = read_yaml(path).tree
        titles[path.stem] = str(tree.get("title", "")) if isinstance(tree, dict) else ""
    return titles


def _read(
    name_or_path: str | Path, given: object, known: Catalogue | None
) -> tuple[Scenario | None, list[Fault]]:
    if not isinstance(given, Mapping):
        message = f"{given!r} is no mapping of dotted keys to values"
        raise InputError([Fault("set_", 0, "", message, "give one, such as {'periods': 9}")])
    set_ = {
        str(key): value.model_dump(by_alias=True, exclude_defaults=True)
        if isinstance(value, Record)
        else value
        for key, value in given.items()
    }
    packaged = known is None
    known = catalogue() if known is None else known
    document = read_chain(locate(name_or_path, Path()), known, ())
    if isinstance(document.tree, dict):
        change(document, _changes(document, set_), known)
        if set_:
            made = {"reason": "set on the command line", "set": set_}
            document.tree["overrides"] = {**overrides_of(document), COMMAND_LINE: made}
        resolve_chips(document, resolver(document, known))
    scenario = examine(document, known)
    if scenario is not None:  # whose private attributes are the reader's, which this is
        scenario._files = tuple(document.files)  # noqa: SLF001
        scenario._read_from = str(name_or_path) if packaged else None  # noqa: SLF001
    return scenario, sorted(set(document.faults))


def _changes(document: Document, set_: Mapping[str, object]) -> list[Change]:
    """Return the changes that the caller sets; faults in their text are added to the document."""
    changes: list[Change] = []
    for key, given in set_.items():
        value = copy.deepcopy(given)
        if isinstance(given, str):
            try:
                parsed = parse_yaml(given, "--set")
            except ScenarioError as error:
                parsed = Document("--set", faults=list(error.faults))
            document.faults += [Fault("--set", 0, key, f.message, f.remedy) for f in parsed.faults]
            if parsed.faults:
                continue
            value = parsed.tree
        places = number_places(value, Place("--set", 0))
        changes.append(Change(key, value, places, "set on the command line", key))
    return changes
