"""Calls of `headworks ration` and `headworks auction`: what goes together, and how they answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import typer

from headworks.cli.messages import as_text, write_text
from headworks.cli.options import terminal
from headworks.errors import Fault, InputError

Given: TypeAlias = Mapping[str, Any]
"""What a call gives, by the name of the parameter; what it leaves out is not there."""


def as_given(parameters: Given) -> dict[str, Any]:
    """Return what a call says, without what it leaves out."""
    return {
        name: value
        for name, value in parameters.items()
        if value is not None and value is not False and value != []
    }


def option(name: str) -> str:
    """Return how the option of a parameter is written."""
    known = {"as_json": "--json", "file": "FILE", "format_": "--format"}
    return known.get(name, f"--{name.replace('_', '-')}")


def check_together(
    given: Given,
    taken: Collection[str],
    what: str,
    answers: Collection[str] = (),
    elsewhere: Mapping[str, str] | None = None,
) -> None:
    """Raise if an option says nothing beside another, or asks for a second answer.

    Args:
        given: What a call gives.
        taken: Parameters that say something.
        what: The option, or the kind of call, beside which the others stand.
        answers: Parameters that each ask for an answer of their own.
        elsewhere: Parameters that say something beside another option only, and which.
    """
    faults: list[Fault] = []
    for name in (name for name in given if name not in taken):
        message, remedy = f"it says nothing with {what}", "leave it out"
        if name in answers:
            message, remedy = f"{option(name)} and {what} are two answers", "ask for one of them"
        elif elsewhere and name in elsewhere:
            other = elsewhere[name]
            message, remedy = f"it says something only with {other}", f"add {other}"
        faults.append(Fault(option(name), 0, "", message, remedy))
    if faults:
        raise InputError(faults)


def answer(
    given: Given, to_json: Callable[[], Any], to_record: Callable[[], Any], show: Callable[[], None]
) -> None:
    """Write the record if one is wanted, and print the answer."""
    record: Path | None = given.get("record")
    if record is not None:
        write_text(record, as_text(to_record()) + "\n")
    if "as_json" in given:
        typer.echo(as_text(to_json()))
        return
    show()
    if record is not None:
        terminal().print(f"written: {record}", markup=False)
