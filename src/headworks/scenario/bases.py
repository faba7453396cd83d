"""Bases: a scenario file merged into the one it changes, that into its own, and so on down."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from headworks.errors import Fault, InputError, ScenarioError, UnknownName, in_file
from headworks.scenario.aliases import resolve_chips, resolver
from headworks.scenario.catalogue import Catalogue, data_folder
from headworks.scenario.faults import describe
from headworks.scenario.overrides import Change, apply_all
from headworks.scenario.scenario import DerivedScenario, Scenario
from headworks.scenario.whole_file import exists, is_file
from headworks.scenario.yaml_file import Document, KeyPath, read_yaml


def scenario_folder() -> Path:
    """Return the folder of the packaged scenarios."""
    return data_folder() / "scenarios"


def _packaged(name: str) -> Path:
    """Return the file that a packaged scenario of this name has, if there is one."""
    return scenario_folder() / f"{name}.yaml"


def locate(name_or_path: object, folder: Path) -> Path:
    """Return the file of a scenario; a path is taken relative to `folder`.

    Raises:
        UnknownName: A bare name that neither a packaged scenario nor a file has.
        ScenarioError: There is no file, but a packaged scenario of that name.
        InputError: It is neither a name nor a path.
    """
    if not isinstance(name_or_path, str | Path):
        message = f"{name_or_path!r} is neither a scenario nor the name or the path of one"
        raise InputError([Fault("scenario", 0, "", message, "give a name, or the path of a file")])
    path = folder / name_or_path
    name = str(name_or_path)
    if isinstance(name_or_path, Path) or "/" in name or "\\" in name or Path(name).suffix:
        bare = path.parent == folder and path.suffix
        if bare and not exists(path) and is_file(_packaged(path.stem)):
            message = "the file cannot be read: no such file or directory"
            remedy = f"name the packaged scenario without a suffix: {path.stem}"
            raise ScenarioError([in_file(path, message, remedy=remedy)])
        return path
    if is_file(_packaged(name)):
        return _packaged(name)
    if name and exists(path):
        return path
    known = {file.stem for file in scenario_folder().glob("*.yaml")}
    remedy = f"name a file by its path, such as {name.strip() or 'mine'}.yaml"
    if name and exists(folder / f"{name}.yaml"):
        remedy = f"there is a file {name}.yaml: name it with its suffix"
    raise UnknownName("scenario", name, known, remedy=remedy)


def read_chain(path: Path, known: Catalogue, above: tuple[Path, ...]) -> Document:
    """Return a scenario file merged into its base, and that into its own, chips named by id.

    Raises:
        ScenarioError: A file of the chain cannot be read at all, or the chain is circular.
    """
    document = read_yaml(path)
    tree = document.tree
    if isinstance(tree, dict) and "base" in tree:
        return _derive(document, path, known, above)
    if isinstance(tree, dict) and "overrides" in tree:
        message = "`overrides` change a base, and this file names none"
        remedy = "add `base:`, or write the changes into the file itself"
        document.faults.append(document.fault(("overrides",), message, remedy))
        del tree["overrides"]
    resolve_chips(document, resolver(document, known))
    return document


def _derive(document: Document, path: Path, known: Catalogue, above: tuple[Path, ...]) -> Document:
    _check_derived(document)
    try:
        merged = read_chain(_next_base(document, path, above), known, (*above, path))
    except ScenarioError as error:
        raise ScenarioError([*document.faults, *error.faults]) from None
    if not isinstance(merged.tree, dict):
        return merged
    merged.file = document.file
    merged.files = [*document.files, *merged.files]
    merged.faults += document.faults
    _take_over(merged, document)
    change(merged, _changes(document), known)
    resolve_chips(merged, resolver(merged, known))
    return merged


def _next_base(document: Document, path: Path, above: tuple[Path, ...]) -> Path:
    """Return the file of the base that a derived file names.

    Raises:
        ScenarioError: There is none, or it is one of the files that led here.
    """
    base = document.tree["base"]
    if not isinstance(base, str) or not base:
        raise ScenarioError([])  # the derived file's own faults say so
    try:
        following = locate(base, path.parent)
    except (ScenarioError, UnknownName) as error:
        (fault,) = error.faults
        raise ScenarioError([document.fault(("base",), fault.message, fault.remedy)]) from None
    chain = (*above, path)
    if following.resolve() in {file.resolve() for file in chain}:
        names = " → ".join(file.name for file in (*chain, following))
        message = f"the bases go round in a circle: {names}"
        raise ScenarioError([document.fault(("base",), message, "let one of them stand alone")])
    return following


def _check_derived(document: Document) -> None:
    """Add the faults of a derived file's own keys, and take out those that belong in a base."""
    tree = document.tree
    for key in [key for key in tree if key not in DerivedScenario.model_fields]:
        if key in Scenario.model_fields:
            message = f"a file with `base` cannot hold {key!r} itself"
            remedy = f"set it by an override, or remove `base` (this one changes {tree['base']!r})"
            document.faults.append(document.fault((key,), message, remedy))
            del tree[key]
    try:
        DerivedScenario.model_validate(tree)
    except ValidationError as error:
        document.faults += describe(error, document, model=DerivedScenario)


def _take_over(merged: Document, document: Document) -> None:
    """Put the derived file's own keys into the merged tree; sources and chips are added."""
    for key, value in document.tree.items():
        if key in {"sources", "chips", "overrides"} and isinstance(value, dict):
            there = merged.tree.get(key)
            there = there if isinstance(there, dict) else {}
            own_entries = value
            if key == "overrides":
                _refuse_same_names(merged, document, there)
                own_entries = {name: one for name, one in value.items() if _well_formed(one)}
            merged.tree[key] = {**there, **own_entries}
        elif key in {"scenario", "title", "description", "base"}:
            merged.tree[key] = value
    own = {path: place for path, place in document.places.items() if path}
    replaced = {path[:2] for path in own if path[1:]}
    kept = {at: place for at, place in merged.places.items() if at[:2] not in replaced}
    merged.places = kept | own | {(): document.place(())}


def _refuse_same_names(merged: Document, document: Document, there: dict[Any, Any]) -> None:
    for name in there.keys() & document.tree["overrides"].keys():
        message = f"the base already has an override {name!r}"
        document_fault = document.fault(("overrides", name), message, "choose another name")
        merged.faults.append(document_fault)


def _well_formed(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("reason"), str)
        and isinstance(entry.get("set"), dict)
    )


def overrides_of(document: Document) -> dict[str, Any]:
    """Return the overrides of a document as far as they are a mapping."""
    overrides = document.tree.get("overrides")
    return overrides if isinstance(overrides, dict) else {}


def change(document: Document, changes: list[Change], known: Catalogue) -> None:
    """Make changes to a document, in which they may name chips of the catalogue by alias."""
    apply_all(document, changes, lambda: resolver(document, known))


def _changes(document: Document) -> list[Change]:
    """Return the changes that a derived file's overrides make, in the order written."""
    changes: list[Change] = []
    for name, override in overrides_of(document).items():
        settings = override.get("set") if isinstance(override, dict) else None
        for key, value in settings.items() if isinstance(settings, dict) else ():
            path: KeyPath = ("overrides", name, "set", key)
            size = len(path)
            places = {
                at[size:]: place for at, place in document.places.items() if at[:size] == path
            }
            reason = override.get("reason")
            reason = reason if isinstance(reason, str) and reason else f"override {name}"
            stands_at = f"overrides.{name}.set.{key}"
            by = f"the override {name!r}"
            changes.append(Change(str(key), value, places, reason, stands_at, by))
    return changes
