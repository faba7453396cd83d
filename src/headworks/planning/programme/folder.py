"""The folder of an export: what may stand in it, and how new files take the place of earlier ones.

A folder holds `plan.mps`, and in `mpi-sppy` the scenarios. The reader of mpi-sppy takes every file
there that ends like a programme for a scenario, so that none but those of this plan may stand
there.
"""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from headworks.errors import Fault, InputError
from headworks.planning.programme.export import write_extensive, write_scenarios
from headworks.planning.programme.risk import neutral

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.planning.problem import Problem

WHOLE, SCENARIOS = "plan.mps", "mpi-sppy"
OWN = re.compile(r"scen\d+(\.mps|_nonants\.json)")
"""Files of an earlier export, which the next one removes."""
READ = (".mps", ".lp")
"""Endings of what mpi-sppy reads as scenarios."""
SHOWN = 3
"""Files that are named at most."""


def check_folder(folder: Path, *, option: str = "folder") -> None:
    """Check that a programme can be written into a folder, as far as can be told beforehand.

    Args:
        folder: The folder; one that is not there is made.
        option: What names it, for the message.

    Raises:
        InputError: It cannot; all faults are listed.
    """
    try:
        found = list(_hindrances(folder))
    except (OSError, ValueError, RuntimeError) as error:  # too long, a null character, a loop
        found = [(f"{folder} cannot be looked at: {_reason(error)}", "name another folder")]
    if found:
        raise InputError([Fault(option, 0, "", message, remedy) for message, remedy in found])


def _hindrances(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield why nothing can be written into a folder, each with the way out."""
    other = "name another folder"
    if not folder.exists():
        parent = folder.resolve().parent
        if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
            yield f"{folder} is no folder that can be made in {parent}", "name one that can be"
        return
    if not folder.is_dir():
        yield f"{folder} is no folder: a file or a device stands there", other
        return
    scenarios = folder / SCENARIOS
    if (folder / WHOLE).exists() and not (folder / WHOLE).is_file():
        yield f"{folder / WHOLE} is a folder or a device, where the programme is written", other
    if scenarios.exists() and not scenarios.is_dir():
        yield f"{scenarios} is no folder, where the scenarios are written", other
    for one in (folder, scenarios):
        if one.is_dir() and not os.access(one, os.R_OK | os.W_OK | os.X_OK):
            yield f"nothing may be written into {one}", other
            return
    foreign = list(_foreign(scenarios))
    if foreign:
        shown = ", ".join(foreign[:SHOWN]) + (" and more" if len(foreign) > SHOWN else "")
        message = f"{scenarios} holds {shown}, which mpi-sppy would take for scenarios of the plan"
        yield message, "take them out of it, or name another folder"


def _foreign(scenarios: Path) -> Iterator[str]:
    """Yield the names of what is no file of an export, and would be read as one."""
    if scenarios.is_dir():
        for path in sorted(scenarios.iterdir()):
            own = OWN.fullmatch(path.name)
            if (own and not path.is_file()) or (not own and path.suffix in READ):
                yield path.name


def export(problem: Problem, folder: Path, *, integers: bool = False) -> None:
    """Write a programme whole, and its outlooks for mpi-sppy where it weighs by the mean.

    Files of an earlier export are replaced or removed, once all new ones are written; others stay.

    Args:
        problem: The problem.
        folder: Where the files go; made if it is not there.
        integers: Whether orders are whole numbers of lots.

    Raises:
        InputError: The folder cannot be written to, or holds what would be read as a scenario.
    """
    check_folder(folder)
    made = not folder.exists()
    try:
        folder.mkdir(exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=".plan.") as name:
            part = Path(name)
            write_extensive(problem, part / WHOLE, integers=integers)
            if neutral(problem.risk):
                write_scenarios(problem, part / SCENARIOS, integers=integers)
            _put(part, folder)
    except OSError as error:
        if made:
            with contextlib.suppress(OSError):  # what is in it by now shall not be lost
                folder.rmdir()
        message = f"the programme cannot be written: {_reason(error)}"
        raise InputError([Fault(str(folder), 0, "", message, "name another folder")]) from None


def _put(part: Path, folder: Path) -> None:
    """Move new files to where earlier ones stood."""
    scenarios = folder / SCENARIOS
    if scenarios.is_dir():
        for path in scenarios.iterdir():
            if OWN.fullmatch(path.name):
                path.unlink()
    (part / WHOLE).replace(folder / WHOLE)
    if (part / SCENARIOS).is_dir():
        scenarios.mkdir(exist_ok=True)
        for path in (part / SCENARIOS).iterdir():
            path.replace(scenarios / path.name)
    elif scenarios.is_dir() and not any(scenarios.iterdir()):
        scenarios.rmdir()


def _reason(error: Exception) -> str:
    return ((error.strerror if isinstance(error, OSError) else None) or str(error)).lower()
