"""Files and folders written whole or not at all: beside their place first, then moved there."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def exists(path: Path | str) -> bool:
    """Return whether something stands there; nothing does under a name that is too long."""
    return os.path.exists(path)  # noqa: PTH110 - `Path.exists` raises where a name is too long


def is_file(path: Path | str) -> bool:
    """Return whether a file stands there, or what a link leads to it."""
    return exists(path) and Path(path).is_file()


@contextmanager
def whole_file(path: Path | str) -> Iterator[Path]:
    """Give a file to write that takes the place of `path` once the block ends without an error.

    What a link points to is replaced, not the link. No reader ever sees half a file, and an error
    leaves what stood there. So does a process that is killed, but nobody tidies up after it: what
    it had written stays under a hidden name, `.NAME.` and eight letters, and may be deleted.

    Raises:
        OSError: A folder or a device stands there, or the folder cannot be written to.
        ValueError: The path holds a null character.
    """
    target = Path(path).resolve()
    if target.exists() and not target.is_file():
        raise OSError(0, "it is a folder or a device, not a file")
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.")
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(0o666 & ~_umask())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path | str) -> Iterator[Path]:
    """Give a folder to fill that appears as `path` once the block ends without an error.

    A folder of files cannot be exchanged for another in one step, so none may stand there, or an
    empty one. A process that is killed leaves a hidden folder as with `whole_file`.

    Raises:
        OSError: Something stands there, or the folder around it cannot be written to.
        ValueError: The path holds a null character.
    """
    target = Path(path).resolve()
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise OSError(0, "something stands there already")
    part = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name[:100]}."))
    try:
        yield part
        part.chmod(0o777 & ~_umask())
        part.replace(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _umask() -> int:
    """Return the process's mask for new files, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
