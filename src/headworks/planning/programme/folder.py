"""The folder of an export: what may stand in it, and how new files take the place of earlier ones.

A folder holds `plan.mps`, and in `mpi-sppy` the scenarios. The reader of mpi-sppy takes every file
there that ends like a programme for a scenario, so that none but those of this plan may stand
there. Files of an earlier export are known by what stands in them: no others are replaced.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from headworks.errors import Fault, InputError
from headworks.planning.programme.export import write_extensive, write_scenarios
from headworks.planning.programme.moving import put
from headworks.planning.programme.owned import (
    NAME,
    SCENARIOS,
    WHOLE,
    is_own,
    is_own_scenario,
    is_plain,
    is_there,
)
from headworks.planning.programme.risk import neutral

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from headworks.planning.problem import Problem

__all__ = ["SCENARIOS", "WHOLE", "check_folder", "export"]

READ = (".mps", ".lp")
"""Endings of what mpi-sppy reads as scenarios."""
SHOWN = 3
"""Files that are named at most."""
OTHER = "name another folder"


def check_folder(folder: Path, *, option: str = "folder", apart: Iterable[Path] = ()) -> None:
    """Check that a programme can be written into a folder, as far as can be told beforehand.

    Args:
        folder: The folder; one that is not there is made.
        option: What names it, for the message.
        apart: Files that the run reads, or writes by other options: none may lie where an export
            writes or removes, or where mpi-sppy would read it.

    Raises:
        InputError: It cannot; all faults are listed.
    """
    try:
        found = [*_hindrances(folder), *_clashes(folder, apart)]
    except (OSError, ValueError, RuntimeError) as error:  # too long, a null character, a loop
        found = [(f"{folder} cannot be looked at: {_reason(error)}", OTHER)]
    if found:
        raise InputError([Fault(option, 0, "", message, remedy) for message, remedy in found])


def _hindrances(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield why nothing can be written into a folder, each with the way out."""
    if not folder.exists():
        if is_there(folder):
            yield f"{folder} is a link that leads nowhere", OTHER
            return
        parent = folder.resolve().parent
        if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
            yield f"{folder} is no folder that can be made in {parent}", "name one that can be"
        return
    if not folder.is_dir():
        yield f"{folder} is no folder: a file or a device stands there", OTHER
        return
    whole, scenarios = folder / WHOLE, folder / SCENARIOS
    if is_there(whole) and not is_plain(whole):
        yield f"{whole} is a folder, a link or a device, where the programme is written", OTHER
    elif is_there(whole) and not is_own(whole):
        message = f"{folder} holds {WHOLE}, which is of no earlier export and would be replaced"
        yield message, "take it out of it, or name another folder"
    if is_there(scenarios) and (scenarios.is_symlink() or not scenarios.is_dir()):
        yield f"{scenarios} is no folder, where the scenarios are written", OTHER
    for one in (folder, scenarios):
        if one.is_dir() and not os.access(one, os.R_OK | os.W_OK | os.X_OK):
            yield f"nothing may be written into {one}", OTHER
            return
    yield from _strangers(scenarios)


def _strangers(scenarios: Path) -> Iterator[tuple[str, str]]:
    """Yield that files of no export stand where one writes, or where they would be read as one."""
    if scenarios.is_symlink() or not scenarios.is_dir():
        return
    others = [path for path in sorted(scenarios.iterdir()) if not is_own_scenario(path)]
    names = [path.name for path in others if NAME.fullmatch(path.name)]
    if names:
        message = f"{scenarios} holds {_some(names)}, of no earlier export, which would be replaced"
        yield message, "take them out of it, or name another folder"
    read = [path.name for path in others if path.name.endswith(READ) and path.name not in names]
    if read:
        message = f"{scenarios} holds {_some(read)}, which mpi-sppy would take for scenarios of the"
        yield f"{message} plan", "take them out of it, or name another folder"


def _clashes(folder: Path, apart: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Yield which files are to be kept apart from an export, and would not be."""
    home = folder.resolve()
    scenarios = home / SCENARIOS
    remedy = "name another folder, or another file"
    for path in dict.fromkeys(apart):
        for place in _places(path):
            inside = place.parent == scenarios
            if place in {home, home / WHOLE, scenarios} or (inside and NAME.fullmatch(place.name)):
                yield f"{path} lies where the export into {folder} writes", remedy
                break
            if inside and place.name.endswith(READ):
                yield f"{path} lies where mpi-sppy would take it for a scenario of the plan", remedy
                break


def _places(path: Path) -> tuple[Path, ...]:
    """Return where a file lies and, if it is a link, where it leads; nowhere if that is unknown."""
    try:
        found = (path.parent.resolve() / path.name, path.resolve())
    except (OSError, ValueError, RuntimeError):  # told where the file is read or written
        return ()
    return tuple(dict.fromkeys(found))


def _some(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (" and more" if len(names) > SHOWN else "")


def export(
    problem: Problem, folder: Path, *, integers: bool = False, option: str = "folder"
) -> None:  # fmt: skip
    """Write a programme whole, and its outlooks for mpi-sppy where it weighs by the mean.

    Files of an earlier export are replaced or removed, once all new ones are written; others stay.
    Where something fails all stays as it was.

    Args:
        problem: The problem.
        folder: Where the files go; made if it is not there.
        integers: Whether orders are whole numbers of lots.
        option: What names the folder, for a message.

    Raises:
        InputError: The folder cannot be written to, or holds what an export may not replace, or
            what would be read as a scenario.
    """
    check_folder(folder, option=option)
    made = not folder.exists()
    try:
        folder.mkdir(exist_ok=True)
        _write(problem, folder, integers=integers)
    except BaseException as error:
        if made:
            with contextlib.suppress(OSError):  # what is in it by now shall not be lost
                folder.rmdir()
        if not isinstance(error, OSError):
            raise
        message = f"the programme cannot be written into {folder}: {_reason(error)}"
        raise InputError([Fault(option, 0, "", message, OTHER)]) from None


def _write(problem: Problem, folder: Path, *, integers: bool) -> None:
    """Write all files beside the place they go to, and then put them there."""
    part = Path(mkdtemp(dir=folder, prefix=".plan."))
    new, aside = part / "new", part / "earlier"
    try:
        for one in (new, aside, aside / SCENARIOS):
            one.mkdir()
        write_extensive(problem, new / WHOLE, integers=integers)
        if neutral(problem.risk):
            write_scenarios(problem, new / SCENARIOS, integers=integers)
        put(new, folder, aside)
    except BaseException:
        if not any(path.is_file() for path in aside.rglob("*")):  # or it is what stood there
            rmtree(part, ignore_errors=True)
        raise
    rmtree(part, ignore_errors=True)


def _reason(error: Exception) -> str:
    text = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return f"{text[:1].lower()}{text[1:]}"
