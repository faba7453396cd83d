"""The exception tree: every error that headworks raises on purpose.

HeadworksError
├── InputError            what the caller gave cannot be used; carries all faults at once
│   ├── ScenarioError     a scenario, chip, policy or source file has faults
│   ├── UnknownName       a name that nothing is called by; carries the nearest names
│   └── NotInForce        a dated value was asked for on a day on which it has none
└── ConservationError     a conservation law failed: a defect in headworks, never in the input

A command turns every `InputError` into a message and exit code 2. Endings that are not faults
(refused, withdrawn, postponed) are values of a result and never exceptions.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

__all__ = [
    "ConservationError",
    "Fault",
    "HeadworksError",
    "InputError",
    "NotInForce",
    "ScenarioError",
    "UnknownName",
]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong with an input: where it stands, what clashes, how to go on."""

    file: str
    """File that holds the fault, or the name of the argument."""
    line: int
    """Line in that file, from 1; 0 where there is no line."""
    key: str
    """Dotted path of the key, empty for the file as a whole."""
    message: str
    """What clashed, both sides shown."""
    remedy: str = ""
    """The way out, as an instruction; empty where the message already is one."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        key = f" {self.key}:" if self.key else ""
        remedy = f"\n    → {self.remedy}" if self.remedy else ""
        return f"{place}:{key} {self.message}{remedy}"


class HeadworksError(Exception):
    """Base of all errors that headworks raises on purpose."""


class InputError(HeadworksError):
    """What the caller gave cannot be used; `faults` lists everything that is wrong with it."""

    def __init__(self, faults: Iterable[Fault] | str) -> None:
        if isinstance(faults, str):
            faults = [Fault("", 0, "", faults)]
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(str(fault).removeprefix(": ") for fault in self.faults))


class ScenarioError(InputError):
    """A scenario, chip, policy or source file has faults."""


class UnknownName(InputError):
    """A name that nothing is called by; the message names the nearest known ones."""

    def __init__(self, thing: str, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.nearest: tuple[str, ...] = nearest(name, known)
        super().__init__(f"there is no {thing} {name!r}{did_you_mean(self.nearest)}")


class NotInForce(InputError):
    """A dated value was asked for on a day on which it has none."""


class ConservationError(HeadworksError):
    """A conservation law failed: a defect in headworks, never in the input."""


def nearest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return at most three of the known names that are spelled most like `name`."""
    return tuple(get_close_matches(name, sorted(known), n=3, cutoff=0.5))


def did_you_mean(names: Sequence[str]) -> str:
    """Return the half sentence that offers `names`, or nothing where there is none."""
    return f"; did you mean {' or '.join(names)}?" if names else ""


def in_file(path: Path | str, message: str, *, remedy: str = "") -> Fault:
    """Return a fault about a file as a whole."""
    return Fault(str(path), 0, "", message, remedy)
