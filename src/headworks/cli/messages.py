"""Messages: faults as text for people and as plain data for programs."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from headworks.errors import Fault, InputError
from headworks.scenario.whole_file import whole_file

if TYPE_CHECKING:
    from headworks.scenario.scenario import Scenario


def faults_text(faults: Sequence[Fault]) -> str:
    """Return the faults grouped by file, each with its line, its key and the way out."""
    if not faults:
        return "error: the input cannot be used"
    if len(faults) == 1 and not faults[0].file:
        return f"error: {_body(faults[0], indent=2)}"
    return "\n".join([*_blocks(faults), _number(len(faults), "fault")])


def remarks_text(remarks: Sequence[Fault]) -> str:
    """Return what is no fault as faults are shown; empty where there is nothing to remark."""
    return "\n".join([*_blocks(remarks), _number(len(remarks), "remark")]) if remarks else ""


def tell_remarks(given: str, scenario: Scenario, pairs: Sequence[str] | None = None) -> None:
    """Say on stderr that there are remarks on a scenario, if there are, and what shows them.

    Args:
        given: What the scenario was called.
        scenario: The scenario.
        pairs: What was set on top of it, as `KEY=VALUE`.
    """
    if scenario.remarks:
        words = ["headworks", "validate", given]
        words += [word for pair in pairs or () for word in ("--set", pair)]
        number = _number(len(scenario.remarks), "remark")
        typer.echo(f"{number} on {given}; to see: {shlex.join(words)}", err=True)


def _number(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _blocks(faults: Sequence[Fault]) -> Iterator[str]:
    """Yield each file's name and its faults."""
    for file, group in groupby(faults, key=lambda fault: fault.file):
        yield file or "the command"
        yield from (_entry(fault) for fault in group)


def faults_data(faults: Iterable[Fault]) -> list[dict[str, object]]:
    """Return the faults as plain mappings with the keys file, line, key, message and remedy."""
    return [asdict(fault) for fault in faults]


def as_text(data: object) -> str:
    """Return plain data as the JSON that every verb prints with `--json`."""
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)


def _entry(fault: Fault) -> str:
    line = f"line {fault.line}" if fault.line else ""
    head = "  ".join(part for part in (line, fault.key) if part)
    return f"  {head}\n    {_body(fault, indent=4)}" if head else f"  {_body(fault, indent=2)}"


def _body(fault: Fault, *, indent: int) -> str:
    remedy = f"\n{' ' * indent}→ {fault.remedy}" if fault.remedy else ""
    return fault.message + remedy


def write_text(path: Path, text: str) -> None:
    """Write a file as UTF-8, whole or not at all.

    Raises:
        InputError: The path cannot be written.
    """
    try:
        with whole_file(path) as part:
            part.write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        message = f"the file cannot be written: {reason.lower()}"
        raise InputError([Fault(str(path), 0, "", message, "choose another path")]) from None
