"""Standard streams: what becomes of a run whose output nobody reads, or that has none."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

BROKEN_PIPE = 141
"""Exit code when nobody reads the output any more: what shells show of a program that is ended by
the signal for it, as 130 is what they show of an interrupt."""


@contextmanager
def quiet_streams() -> Iterator[None]:
    """End without a word when the reader of the output has gone, as `| head` does.

    A full disk ends in a message; streams that the caller has closed, and signs that the encoding
    of the output does not have, do no harm.
    """
    _open_closed()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except (BrokenPipeError, SystemExit) as end:
        # Typer and Rich end with 1 on a broken pipe, which nobody could tell from a failure.
        if not any(isinstance(one, BrokenPipeError) for one in (end, end.__context__)):
            raise
        _forget(sys.stdout, sys.stderr)
        raise SystemExit(BROKEN_PIPE) from None
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _forget(sys.stdout)
        print(f"error: the output cannot be written: {error.strerror}", file=sys.stderr)  # noqa: T201 - typer may be what failed
        raise SystemExit(1) from None


def _forget(*streams: TextIO) -> None:
    """Send nowhere what streams still hold: it would be written at exit, and fail again."""
    for stream in streams:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _open_closed() -> None:
    """Open the standard streams that the caller has closed, so that no other file takes a place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123, SIM115 - stays open
            setattr(sys, name, nowhere)
