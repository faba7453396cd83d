"""Scripts: lists of actions in a YAML file or on JSON lines, each with its place in the file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from headworks.errors import Fault, InputError, UnknownName
from headworks.ledger.actions.customs import ImportUsage
from headworks.ledger.actions.registry import actions
from headworks.ledger.customs.reading import text_of
from headworks.ledger.journal.view import refuse
from headworks.scenario.faults import describe
from headworks.scenario.yaml_file import Document, Place, parse_yaml

if TYPE_CHECKING:
    from headworks.ledger.actions.action import Action

YAML = {".yaml", ".yml"}
FAULTS_MAX = 100


def read_script(path: Path) -> list[tuple[Place, Action]]:
    """Return the actions of a script, each with its place.

    Raises:
        InputError: Some cannot be read; the faults of all are listed.
    """
    name, text = str(path), text_of(path)
    if path.suffix.lower() in YAML:
        documents = list(_items(parse_yaml(text, name)))
    else:
        documents = list(_lines(text, name))
    if not documents:
        refuse([Fault(name, 0, "", "the script holds no action", "list one at least")])
    faults: list[Fault] = []
    found: list[tuple[Place, Action]] = []
    for number, document in enumerate(documents, start=1):
        faults += document.faults
        if len(faults) >= FAULTS_MAX:
            break
        if not document.faults:
            made = _action(document, number, path, faults)
            if made is not None:
                found.append((document.place(()), made))
    refuse(faults)
    return found


def _items(document: Document) -> Iterator[Document]:
    """Yield each item of a YAML list as a document of its own.

    Raises:
        LedgerError: It is no list.
    """
    refuse(document.faults)
    if not isinstance(document.tree, list):
        refuse([document.fault((), "a script is a list of actions", "begin each with a dash")])
    places: dict[int, dict[Any, Place]] = {}
    for keys, place in document.places.items():
        if keys and isinstance(keys[0], int):
            places.setdefault(keys[0], {})[keys[1:]] = place
    for number, item in enumerate(document.tree):
        yield Document(document.file, item, places.get(number, {}))


def _lines(text: str, name: str) -> Iterator[Document]:
    """Yield each line of JSON lines as a document of its own."""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        place = Place(name, number)
        document = Document(name, None, {(): place})
        try:
            document.tree = json.loads(line, object_pairs_hook=_once_each)
        except (ValueError, RecursionError) as error:
            message = f"the line is no JSON: {error}"
            document.faults.append(document.fault((), message, "write one object a line"))
        yield document


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON, each of whose keys is given once.

    Raises:
        ValueError: One is given twice.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        message = f"{twice!r} is given twice"
        raise ValueError(message)
    return found


def _action(document: Document, number: int, path: Path, faults: list[Fault]) -> Action | None:
    """Return the action of a document; what is wrong with it is added to the faults."""
    plain = document.tree
    if not isinstance(plain, dict):
        faults.append(document.fault((), f"item {number} is no action", "give its fields by name"))
        return None
    kind = actions().get(str(plain.get("action")))
    if kind is None:
        unknown = UnknownName("action", str(plain.get("action")), actions())
        faults.append(document.fault(("action",), unknown.faults[0].message))
        return None
    if kind is ImportUsage and "file" in plain and "content" not in plain:
        try:
            plain = {**plain, "content": text_of(path.parent / str(plain["file"]))}
        except InputError as error:
            faults += [document.fault(("file",), one.message, one.remedy) for one in error.faults]
            return None
    try:
        return kind.model_validate_json(json.dumps(plain, default=str))
    except ValidationError as error:
        faults += describe(error, document, model=kind)
        return None
