"""A `config.json` as it lies on disk: read with care, its keys asked for by all their names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from headworks.errors import Fault, InputError, in_file

if TYPE_CHECKING:
    from pathlib import Path

BYTES_MAX = 2_000_000
"""Files above this are refused unread: a configuration has a few thousand bytes."""
COUNT_MAX = 10_000_000
"""Counts above this are a slip."""
NAME = "config.json"
SHOWN = 40
"""Letters of a wrong value that a message shows."""


def read_config(path: Path) -> tuple[Path, dict[str, Any]]:
    """Return the file that a path stands for and the mapping it holds.

    Args:
        path: A `config.json`, or the folder that holds it.

    Raises:
        InputError: The file cannot be read, or holds no mapping in JSON.
    """
    try:
        if path.is_dir():
            path /= NAME
        with path.open("rb") as file:
            content = file.read(BYTES_MAX + 1)  # a device has no size, and perhaps no end
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        message = f"the file cannot be read: {reason.lower()}"
        raise _refused(path, message, "check the path") from None
    if len(content) > BYTES_MAX:
        message = f"the file has more than the {BYTES_MAX:,} bytes that are read"
        raise _refused(path, message, f"give the {NAME} of a model, not its weights")
    try:
        tree = json.loads(content)
    except (ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0] if isinstance(error, ValueError) else "nested too deep"
        raise _refused(path, f"not JSON: {reason}", f"give the {NAME} of a model") from None
    if not isinstance(tree, dict):
        message = f"the file holds a {type(tree).__name__}, not a mapping of keys"
        raise _refused(path, message, f"give the {NAME} of a model")
    return path, tree


def _refused(path: Path, message: str, remedy: str) -> InputError:
    return InputError([in_file(path, message, remedy=remedy)])


Item = TypeVar("Item", str, int)
KINDS = {str: "words", int: "whole numbers"}


class Keys:
    """The keys of a configuration; what is wrong with them is gathered in `faults`.

    A key is asked for by all the names that architectures give it, the commonest first. A key whose
    value is `null` counts as absent, and one whose value is of a wrong type is a fault.

    Args:
        file: Where the keys stand.
        tree: The keys with their values.
        within: Dotted path of the section that they are of, ending in a dot.
        faults: Where faults are gathered; a list of its own if None.
    """

    def __init__(
        self,
        file: Path,
        tree: dict[str, Any],
        *,
        within: str = "",
        faults: list[Fault] | None = None,
    ) -> None:
        self.file = file
        self.tree = tree
        self.within = within
        self.faults: list[Fault] = [] if faults is None else faults
        self.layers: int | None = None
        """Layers of the model, once they are known: so many equal values stand for one."""

    def get(self, *names: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return the first of these keys that is there, or None."""
        return next((self.tree[name] for name in names if self.tree.get(name) is not None), None)

    def count(self, *names: str, most: int = COUNT_MAX) -> int:
        """Return a count from 1 to `most`; add a fault and return 1 where there is none."""
        found = self.count_or_none(*names, most=most)
        if found:
            return found
        if self.get(*names) is None or found == 0:
            absent = "is missing" if found is None else "is 0"
            message = f"the key {absent}, and the size of the model cannot be told without it"
            others = f" (or {', '.join(names[1:])})" if names[1:] else ""
            self.fault(names[0] + others, message, "add it, or give the file of the whole model")
        return 1

    def count_or_none(self, *names: str, most: int = COUNT_MAX) -> int | None:
        """Return a count from 0 to `most`, or None; add a fault where it is no such number.

        A list that repeats one count for each layer stands for that count.
        """
        found = self.get(*names)
        if found is None:
            return None
        if isinstance(found, list) and len(found) == self.layers and _all_alike(found):
            found = found[0]
        if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= most:
            self._wrong(names, found, f"a whole number from 0 to {most:,}")
            return None
        return found

    def flag(self, name: str, *, otherwise: bool = False) -> bool:
        """Return whether something is so; `otherwise` where the key is absent."""
        found = self.get(name)
        if found is not None and not isinstance(found, bool):
            self._wrong((name,), found, "true or false")
        return found if isinstance(found, bool) else otherwise

    def text(self, *names: str) -> str:
        """Return a word, empty where there is none."""
        found = self.get(*names)
        if found is not None and not isinstance(found, str):
            self._wrong(names, found, "a word")
        return found if isinstance(found, str) else ""

    def items(self, kind: type[Item], *names: str) -> list[Item]:
        """Return a list of words or whole numbers, empty where there is none."""
        found = self.get(*names)
        if found is None:
            return []
        if not isinstance(found, list) or not all(isinstance(item, kind) for item in found):
            self._wrong(names, found, f"a list of {KINDS[kind]}")
            return []
        return found

    def by_layer(self, kind: type[Item], name: str, layers: int) -> list[Item]:
        """Return a list with one item for each layer, empty where there is none.

        What is beyond the layers is of those that only predict further tokens.
        """
        found = self.items(kind, name)
        if found and len(found) < layers:
            message = f"the list has {len(found)} items, but there are {layers} layers"
            self.fault(name, message, "give one for each layer")
        return found[:layers]

    def section(self, name: str) -> Keys:
        """Return the keys of a section, none where it is absent."""
        found = self.get(name)
        if found is not None and not isinstance(found, dict):
            self._wrong((name,), found, "a mapping of keys")
        tree = found if isinstance(found, dict) else {}
        return Keys(self.file, tree, within=f"{self.within}{name}.", faults=self.faults)

    def fault(self, key: str, message: str, remedy: str = "") -> None:
        """Add a fault, once."""
        fault = Fault(str(self.file), 0, self.within + key, message, remedy)
        if fault not in self.faults:
            self.faults.append(fault)

    def _wrong(self, names: tuple[str, ...], found: object, wanted: str) -> None:
        """Add the fault that a value is not of the type that is wanted."""
        name = next(name for name in names if self.tree.get(name) is not None)
        self.fault(name, f"this must be {wanted}, not {repr(found)[:SHOWN]}")


def _all_alike(values: list[Any]) -> bool:
    return all(type(value) is type(values[0]) and value == values[0] for value in values)
