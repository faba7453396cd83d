"""YAML files read strictly: unknown types, duplicate keys, anchors and oversized files are faults.

The reader keeps file and line of every key, so that a fault found later, even after files were
merged, can still say where it stands.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import yaml

from headworks.errors import Fault, ScenarioError

if TYPE_CHECKING:
    from pathlib import Path

Key: TypeAlias = str | int | dt.date
KeyPath: TypeAlias = tuple[Key, ...]

BYTES_MAX = 2_000_000
"""Files above this are refused unread: the largest scenario we ship has a fiftieth of it."""
DEPTH_MAX = 40
"""Nesting above this is refused; the deepest record has a quarter of it."""
FAULTS_MAX = 100
"""A file with more reading faults than this is no scenario, and the rest are not listed."""
SPECIAL = "~nN0123456789"
"""What scalars begin with that may be nothing or a day."""
LARGEST = 1e30
"""Numbers beyond this are a slip: nothing that is counted here comes near, and products of them
would overflow."""


class Place(NamedTuple):
    """Where a key stands."""

    file: str
    line: int


@dataclass(slots=True)
class Document:
    """Plain values read from one YAML file, or merged from several, with the place of every key."""

    file: str
    tree: Any = None
    places: dict[KeyPath, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    """Files that it was read from; of a merged one its own first, and last the base of all."""

    def place(self, path: KeyPath) -> Place:
        """Return the place of the key at `path`, or of the nearest key above it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(self.file, 0))

    def fault(self, path: KeyPath, message: str, remedy: str = "") -> Fault:
        """Return a fault at `path`."""
        return Fault(*self.place(path), dotted(path), message, remedy)


def dotted(path: KeyPath) -> str:
    """Return a key path as people write it: `gates.customs.opening`."""
    return ".".join(str(part) for part in path)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader with YAML 1.2's booleans: `on`, `off`, `yes` and `no` are words."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if not tag.endswith(("bool", "merge"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(path: Path) -> Document:
    """Read one YAML file; reading faults are collected in the document.

    Raises:
        ScenarioError: The file is missing, too large, not UTF-8 or not YAML at all.
    """
    name = str(path)
    try:
        with path.open("rb") as file:
            content = file.read(BYTES_MAX + 1)  # a device has no size, and perhaps no end
        if len(content) > BYTES_MAX:
            message = f"the file has more than the {BYTES_MAX:,} bytes that are read"
            raise ScenarioError([Fault(name, 0, "", message, "split it, or check that it is YAML")])
        text = content.decode()
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 text (byte {error.start})"
        raise ScenarioError([Fault(name, 0, "", message, "save it as UTF-8")]) from None
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        message = f"the file cannot be read: {reason.lower()}"
        raise ScenarioError([Fault(name, 0, "", message, "check the path")]) from None
    document = parse_yaml(text, name)
    document.files.append(path)
    return document


def parse_yaml(text: str, file: str) -> Document:
    """Parse YAML text; `file` is the name used in faults.

    Raises:
        ScenarioError: The text is not YAML, or nested too deeply.
    """
    try:
        loader = _Loader(text)
        try:
            return _Builder(Document(file), loader).document_read()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        problem = error.problem or error.context
        raise ScenarioError([Fault(file, line, "", f"not YAML: {problem}")]) from None
    except (yaml.YAMLError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ScenarioError([Fault(file, 0, "", f"not YAML: {reason}")]) from None


def number_places(tree: object, place: Place, path: KeyPath = ()) -> dict[KeyPath, Place]:
    """Return the same place for every key of a tree, for values that stand in no file."""
    places = {path: place}
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            places |= number_places(value, place, (*path, key))
    elif isinstance(tree, list):
        for number, value in enumerate(tree):
            places |= number_places(value, place, (*path, number))
    return places


class _Builder:
    """Turns parsing events into plain values and notes what a plain mapping would have hidden.

    It works on events and not on composed nodes, because composing deep nesting overflows the
    stack of the C parser, which no exception tells of.
    """

    def __init__(self, document: Document, loader: Any) -> None:  # noqa: ANN401 - C or Python
        self.document = document
        self.loader = loader

    def document_read(self) -> Document:
        """Return the document with the tree of the one YAML document in the stream."""
        self.loader.get_event()  # the start of the stream
        if not self.loader.check_event(yaml.StreamEndEvent):
            self.loader.get_event()  # the start of the document
            self.document.tree = self._value(())
            self.loader.get_event()  # its end
        if not self.loader.check_event(yaml.StreamEndEvent):
            line = self.loader.peek_event().start_mark.line + 1
            message = "a second document begins here, after a line with ---"
            self._add(Fault(self.document.file, line, "", message, "keep one to a file"))
        return self.document

    def _value(self, path: KeyPath) -> Any:  # noqa: ANN401 - any YAML value
        event = self.loader.get_event()
        line = event.start_mark.line + 1
        if path not in self.document.places:
            self.document.places[path] = Place(self.document.file, line)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            self._fault(path, "anchors and aliases are not read", "write the value out")
        if isinstance(event, yaml.AliasEvent):
            return None
        if len(path) > DEPTH_MAX:
            message = f"nested more than {DEPTH_MAX} levels deep"
            raise ScenarioError([Fault(self.document.file, line, "", message)])
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._scalar(event, path)

    def _sequence(self, path: KeyPath) -> list[Any]:
        items: list[Any] = []
        while not self.loader.check_event(yaml.SequenceEndEvent):
            items.append(self._value((*path, len(items))))
        self.loader.get_event()
        return items

    def _mapping(self, path: KeyPath) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        places = self.document.places
        while not self.loader.check_event(yaml.MappingEndEvent):
            line = self.loader.peek_event().start_mark.line + 1
            key = self._key(path)
            here = (*path, key)
            if key in result:
                message = f"duplicate key {key}: first on line {places[here].line}, again on {line}"
                self._add(Fault(self.document.file, line, dotted(here), message, "keep one"))
                self._discard(here)
                continue
            places[here] = Place(self.document.file, line)
            result[key] = self._value(here)
        self.loader.get_event()
        return result

    def _key(self, path: KeyPath) -> Any:  # noqa: ANN401 - any scalar
        if self.loader.check_event(yaml.ScalarEvent):
            key = self._scalar(self.loader.get_event(), path)
            return "null" if key is None else key
        line = self.loader.peek_event().start_mark.line + 1
        key = f"line {line}"
        self._fault((*path, key), "a key must be a word, a number or a date")
        self._discard((*path, key))
        return key

    def _discard(self, path: KeyPath) -> None:
        """Read past a value, leaving no trace of its keys and none of its faults."""
        places, faults = dict(self.document.places), list(self.document.faults)
        self._value(path)
        self.document.places, self.document.faults = places, faults

    def _scalar(self, event: yaml.ScalarEvent, path: KeyPath) -> Any:  # noqa: ANN401
        text = event.value
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            if tag != "!!str":
                self._fault(path, f"values tagged {tag} are not read", "write a plain value")
            return text
        if event.style not in {None, ""}:
            return text
        if text and text[0] not in SPECIAL:
            return self._plain(text, path)
        tag = self.loader.resolve(yaml.ScalarNode, text, event.implicit).rpartition(":")[2]
        if tag == "null":
            return None
        return self._day(text, path) if tag == "timestamp" else self._plain(text, path)

    def _plain(self, text: str, path: KeyPath) -> str | bool | float:
        if text in {"true", "false"}:
            return text == "true"
        number = _number(text)
        if number is not None and not abs(number) <= LARGEST:
            self._fault(path, f"{text:.20} is not a finite number", "give a finite value")
            return math.nan
        return text if number is None else number

    def _day(self, text: str, path: KeyPath) -> dt.date | None:
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            self._fault(path, f"{text} is not a day", "write days as YYYY-MM-DD")
            return None

    def _fault(self, path: KeyPath, message: str, remedy: str = "") -> None:
        self._add(self.document.fault(path, message, remedy))

    def _add(self, fault: Fault) -> None:
        self.document.faults.append(fault)
        if len(self.document.faults) >= FAULTS_MAX:
            message = f"{FAULTS_MAX} faults, and the rest of the file was not read"
            last = Fault(fault.file, fault.line, "", message, "check that it is a scenario")
            raise ScenarioError([*self.document.faults, last])


def _number(text: str) -> int | float | None:
    """Return a number written as 12, 1_000, 1.5, 1e6, .inf or .nan; None for anything else.

    YAML 1.1 reads `1e6` as a word and `0777` as octal; both would be silent wrong answers.
    """
    if text.lower() in {".inf", "+.inf", "-.inf", ".nan"}:
        return float(text.replace(".", "", 1))
    if not text or text[0] not in "+-.0123456789" or text.strip("+-.0123456789_eE"):
        return None
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:  # among them: more digits than int() reads
            continue
    return None
