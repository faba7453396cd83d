"""What several verbs share: settings from the command line, and a progress bar on long work."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from headworks.errors import Door, Fault, InputError
from headworks.scenario.whole_file import exists

if TYPE_CHECKING:
    from rich.console import Console


TABLE_WIDTH_MIN = 100
NAME_BYTES_MAX = 255
"""Bytes of a file's name on the file systems in use."""
PATIENCE_S = 1.0
"""Work that takes less shows no progress bar."""


@dataclass(frozen=True)
class Settings:
    """What is set on the command line, and what of it cannot be read."""

    values: dict[str, object]
    """Values by key; none of a key that is set to two."""
    faults: tuple[Fault, ...]
    unread: frozenset[str]
    """Records, such as `gates.customs`, that what cannot be read may be about."""


def read_settings(pairs: Sequence[str]) -> Settings:
    """Return `KEY=VALUE` settings by key, with what is wrong with the others."""
    found: dict[str, object] = {}
    faults: list[Fault] = []
    clashing: set[str] = set()
    unread: set[str] = set()
    for pair in pairs:
        name, sign, text = pair.partition("=")
        key, value = name.strip(), text.strip()
        if not sign or not key:
            message = f"{pair!r} is not a setting"
            faults.append(Fault("--set", 0, "", message, "write it as gates.customs.opening=open"))
            unread.add(record_of(re.split(r"[^\w.-]", pair.strip())[0]))
            continue
        if found.get(key, value) != value:
            message = f"set to {found[key]!r}, and then to {value!r}"
            faults.append(Fault("--set", 0, key, message, "keep one"))
            clashing.add(key)
        found[key] = value
    unread |= {record_of(key) for key in clashing}
    values = {key: value for key, value in found.items() if key not in clashing}
    return Settings(values, tuple(faults), frozenset(unread))


def record_of(key: str) -> str:
    """Return the first two parts of a dotted key: the record of a scenario that it belongs to."""
    return ".".join(key.split(".")[:2])


def settings(pairs: Sequence[str]) -> dict[str, object]:
    """Return `KEY=VALUE` settings by key.

    Raises:
        InputError: A setting has no `=`, or a key is set to two values.
    """
    found = read_settings(pairs)
    if found.faults:
        raise InputError(found.faults)
    return found.values


def check_outputs(inputs: Iterable[Path | str | None], outputs: Mapping[str, Path | None]) -> None:
    """Check before long work that outputs can be written, and over nothing that is read.

    Args:
        inputs: Files that are read; what is no file counts as none.
        outputs: Files that are to be written, by option.

    Raises:
        InputError: An output is one of the inputs, or another output, or its place cannot be
            written to; the faults of all are listed.
    """
    taken = {Path(one).resolve() for one in inputs if one is not None}
    faults: list[Fault] = []
    for option, path in outputs.items():
        if path is None:
            continue
        message = _hindrance(path)
        if path.resolve() in taken:
            message = f"{path} is read, or written by another option"
        if message:
            faults.append(Fault(option, 0, "", message, "choose another path"))
        taken.add(path.resolve())
    if faults:
        raise InputError(faults)


def check_run(*, paths: int, seed: int, executor: str = "auto") -> None:
    """Check before long work how a run is to be made.

    Raises:
        InputError: Something cannot be used; all faults are listed.
    """
    from headworks.flow.arguments import number_of_paths, whole_number
    from headworks.flow.executor import check_executor

    door = Door()
    with door.checking():
        number_of_paths(paths)
    with door.checking():
        whole_number("seed", seed, low=0)
    with door.checking():
        check_executor(executor)
    door.close()


def _hindrance(path: Path) -> str:
    """Return why a file cannot be written, as far as can be told beforehand, or nothing."""
    target = path.resolve()
    if not exists(target.parent) or not target.parent.is_dir():
        return f"{path} cannot be written: there is no folder {path.parent}"
    if len(os.fsencode(target.name)) > NAME_BYTES_MAX:
        return f"{path} cannot be written: the name is too long"
    if exists(target) and not target.is_file():
        return f"{path} cannot be written: it is a folder or a device, not a file"
    if not os.access(target.parent, os.W_OK):
        return f"{path} cannot be written: nothing may be written into {target.parent}"
    return ""


def terminal() -> Console:
    """Return the console for tables, at least so wide that no number loses a digit."""
    from rich.console import Console

    console = Console(highlight=False)
    console.width = max(console.width, TABLE_WIDTH_MIN)
    return console


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that is told how much is done; a bar appears on stderr after a second.

    Where stderr is no terminal nothing is shown, so that logs stay clean.
    """
    with progress_steps() as tell:
        yield lambda done, whole: tell(what, done, whole)


@contextmanager
def progress_steps() -> Iterator[Callable[[str, int, int], None]]:
    """Give a function that is told what is being done, and how much of it; as `progress_bar`."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _whole: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=None)
    began = time.monotonic()

    def tell(what: str, done: int, whole: int) -> None:
        if not bar.live.is_started and time.monotonic() - began > PATIENCE_S:
            bar.start()
        bar.update(task, description=what, completed=done, total=whole)

    try:
        yield tell
    finally:
        if bar.live.is_started:
            bar.stop()
