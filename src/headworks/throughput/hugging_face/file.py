"""A `config.json` as it lies on disk: read with care, its keys asked for by all their names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

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


class Keys:
    """The keys of a configuration; what is wrong with them is gathered in `faults`.

    A key is asked for by all the names that architectures give it, the commonest first. A key whose
    value is `null` counts as absent.
    """

    def __init__(self, file: Path, tree: dict[str, Any]) -> None:
        self.file = file
        self.tree = tree
        self.faults: list[Fault] = []

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
        """Return a count from 0 to `most`, or None; add a fault where it is no such number."""
        found = self.get(*names)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= most:
            name = next(name for name in names if self.tree.get(name) is not None)
            shown = repr(found)[:SHOWN]
            self.fault(name, f"this must be a whole number from 0 to {most:,}, not {shown}")
            return None
        return found

    def items(self, name: str) -> list[Any]:
        """Return a list, empty where there is none."""
        found = self.get(name)
        return found if isinstance(found, list) else []

    def section(self, *names: str) -> dict[str, Any]:
        """Return a mapping, empty where there is none."""
        found = self.get(*names)
        return found if isinstance(found, dict) else {}

    def fault(self, key: str, message: str, remedy: str = "") -> None:
        """Add a fault."""
        self.faults.append(Fault(str(self.file), 0, key, message, remedy))
