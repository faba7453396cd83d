"""Moving files: new ones take the place of earlier ones, all of them or none."""

from __future__ import annotations

import contextlib
import errno
import os
from typing import TYPE_CHECKING

from headworks.planning.programme.owned import SCENARIOS, WHOLE, is_there, own_files

if TYPE_CHECKING:
    from pathlib import Path


class NotPutBackError(OSError):
    """New files could not take their places, nor earlier ones be put back to theirs."""


class _Moves:
    """Moves of files, which can be undone."""

    def __init__(self) -> None:
        self._made: list[tuple[Path, Path]] = []

    def move(self, source: Path, target: Path) -> None:
        """Move a file to where nothing stands.

        Raises:
            OSError: Something does, or it cannot be moved.
        """
        if is_there(target):
            raise FileExistsError(errno.EEXIST, f"{target} stands there by now")
        # Noted first: an interrupt may come as soon as it is done.
        self._made.append((source, target))
        source.replace(target)

    def undo(self) -> bool:
        """Move back what was moved, the last first; return whether all of it was.

        A second interrupt ends nothing half-way: what could still be moved back is.
        """
        back = True
        for source, target in reversed(self._made):
            if is_there(source):  # it had not been moved yet
                continue
            try:
                target.replace(source)
            except (OSError, KeyboardInterrupt):
                back = back and is_there(source)
        return back


def put(new: Path, folder: Path, aside: Path) -> None:
    """Move new files to where those of an earlier export stood.

    Args:
        new: Folder of the new files, named as in an export.
        folder: The folder of the export.
        aside: Where those of an earlier export go.

    Raises:
        NotPutBackError: They cannot be moved, and all that stood there before lies aside or in its
            place.
        OSError: They cannot be moved, and all is as it was.
    """
    moves, scenarios = _Moves(), folder / SCENARIOS
    made = False
    try:
        earlier = list(own_files(folder))
        for path in earlier:
            moves.move(path, aside / path.relative_to(folder))
        moves.move(new / WHOLE, folder / WHOLE)
        if (new / SCENARIOS).is_dir():
            if not is_there(scenarios):
                scenarios.mkdir()
                made = True
            for path in sorted((new / SCENARIOS).iterdir()):
                moves.move(path, scenarios / path.name)
    except BaseException as error:
        back = moves.undo()
        if made:
            with contextlib.suppress(OSError):
                scenarios.rmdir()
        if back:
            raise
        message = f"{_reason(error)}, and what stood there before is kept in {aside}"
        raise NotPutBackError(errno.EIO, message) from error
    if any(path.parent == scenarios for path in earlier):
        with contextlib.suppress(OSError):  # what else stands in it stays
            scenarios.rmdir()


def _reason(error: BaseException) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or os.strerror(errno.EINTR)
