"""Files of an export: their names, and how those of an earlier one are known."""

from __future__ import annotations

import json
import re
from os.path import lexists
from typing import TYPE_CHECKING

from headworks.planning.programme.mps import FIRST_LINE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WHOLE, SCENARIOS = "plan.mps", "mpi-sppy"
NAME = re.compile(r"(scen\d+)(\.mps|_nonants\.json)")
"""Names of the files of scenarios."""


def own_files(folder: Path) -> Iterator[Path]:
    """Yield the files of an earlier export into a folder."""
    if is_own(folder / WHOLE):
        yield folder / WHOLE
    scenarios = folder / SCENARIOS
    if scenarios.is_dir() and not scenarios.is_symlink():
        yield from (path for path in sorted(scenarios.iterdir()) if is_own_scenario(path))


def is_own_scenario(path: Path) -> bool:
    """Return whether a file of a scenario is one that an export wrote, by its name and content."""
    found = NAME.fullmatch(path.name)
    if found is None:
        return False
    if path.suffix == ".mps":
        return is_own(path)
    return _says_what_is_shared(path) and is_own(path.with_name(f"{found[1]}.mps"))


def is_own(path: Path) -> bool:
    """Return whether a programme is one that an export wrote; a link to one is not."""
    if not is_plain(path):
        return False
    try:
        with path.open("rb") as file:
            first = file.readline(len(FIRST_LINE) + 2)
    except OSError:  # of what cannot be read nothing is known
        return False
    return first.rstrip(b"\r\n") == FIRST_LINE.encode()


def _says_what_is_shared(path: Path) -> bool:
    """Return whether a file says of a scenario what mpi-sppy wants to know of it."""
    if not is_plain(path):
        return False
    try:
        said = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(said, dict) and {*said} == {"scenarioData", "treeData"}


def is_plain(path: Path) -> bool:
    """Return whether a file stands there that is no link."""
    return path.is_file() and not path.is_symlink()


def is_there(path: Path) -> bool:
    """Return whether anything stands there, a link that leads nowhere included."""
    return lexists(path)
