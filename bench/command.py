"""Whole commands: how long they take, and how much memory they and their children hold."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

PROC = Path("/proc")
SAMPLED_EVERY_S = 0.01
MB = 1e6


def headworks(*arguments: str) -> list[str]:
    """Return the installed command beside this Python."""
    return [str(Path(sys.executable).with_name("headworks")), *arguments]


def seconds(command: Sequence[str], repeat: int) -> tuple[float, ...]:
    """Return the wall time of a command in each repetition, after one that is not counted."""
    found = []
    for _ in range(repeat + 1):
        begin = time.perf_counter()
        _finish(_started(command), command)
        found.append(time.perf_counter() - begin)
    return tuple(found[1:])


def peak_megabytes(command: Sequence[str]) -> float | None:
    """Return the most memory that a command and all its descendants held at one moment.

    What counts is resident memory (`VmRSS`), sampled a hundred times a second and added up over the
    processes, so that a page which several of them share counts once for each. None where there is
    no /proc to read.
    """
    if not (PROC / "self" / "status").exists():
        return None
    process = _started(command)
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(resident_bytes(pid) for pid in family(process.pid)))
        time.sleep(SAMPLED_EVERY_S)
    _finish(process, command)
    return peak / MB


def family(pid: int) -> set[int]:
    """Return a process and all its descendants."""
    children: dict[int, list[int]] = {}
    for child, parent in _parents():
        children.setdefault(parent, []).append(child)
    found, next_ones = set[int](), [pid]
    while next_ones:
        one = next_ones.pop()
        found.add(one)
        next_ones.extend(children.get(one, ()))
    return found


def resident_bytes(pid: int) -> int:
    """Return the resident memory of a process; 0 if it has ended."""
    with contextlib.suppress(OSError):
        for line in (PROC / str(pid) / "status").read_text("utf-8").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
    return 0


def _parents() -> Iterator[tuple[int, int]]:
    """Yield all processes with their parents."""
    for folder in PROC.iterdir():
        if folder.name.isdecimal():
            # It may end while it is read.
            with contextlib.suppress(OSError):
                stat = (folder / "stat").read_text("utf-8", errors="replace")
                # The name stands in brackets and may hold anything; state and parent follow it.
                yield int(folder.name), int(stat.rpartition(")")[2].split()[1])


def _started(command: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own commands
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tempfile.gettempdir()
    )


def _finish(process: subprocess.Popen[bytes], command: Sequence[str]) -> None:
    if process.wait() != 0:
        raise RuntimeError(f"{' '.join(command)} ended with exit code {process.returncode}")
