"""The exception tree: every error that headworks raises on purpose.

HeadworksError
├── InputError            what the caller gave cannot be used; carries all faults at once
│   ├── ScenarioError     a scenario, chip, policy or source file has faults
│   ├── UnknownName       a name that nothing is called by; offers the near names, or what there is
│   ├── NotInForce        a dated value was asked for on a day on which it has none
│   └── LedgerError       a ledger cannot be opened, or refuses what it was told; nothing is written
└── ConservationError     a conservation law failed: a defect in headworks, never in the input

A command turns every `InputError` into a message and exit code 2. Endings that are not faults
(refused, withdrawn, postponed) are values of a result and never exceptions.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

__all__ = [
    "ConservationError",
    "Door",
    "Fault",
    "HeadworksError",
    "InputError",
    "LedgerError",
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
    """A name that nothing is called by; the message offers the near names, or what there is.

    Args:
        thing: What is asked for, such as `chip`.
        name: The name that was given.
        known: The names that there are.
        spelled: Other spellings, each with the known name that it stands for.
        see: What shows all names, where there are too many to list.
        remedy: Another way out, as an instruction.
    """

    def __init__(
        self,
        thing: str,
        name: str,
        known: Iterable[str],
        *,
        spelled: Mapping[str, str] | None = None,
        see: str = "",
        remedy: str = "",
    ) -> None:
        names = sorted(known)
        self.name = name
        self.nearest: tuple[str, ...] = nearest(name, names, spelled=spelled)
        offer = did_you_mean(self.nearest) or there_are(names, see=see)
        super().__init__([Fault("", 0, "", f"there is no {thing} {name!r}{offer}", remedy)])


class NotInForce(InputError):
    """A dated value was asked for on a day on which it has none."""


class LedgerError(InputError):
    """A ledger cannot be opened, or refuses what it was told; nothing of it is written."""


class ConservationError(HeadworksError):
    """A conservation law failed: a defect in headworks, never in the input."""


class Door:
    """Lets no call in before all its arguments were looked at."""

    def __init__(self) -> None:
        self._errors: list[InputError] = []

    @property
    def is_shut(self) -> bool:
        """Whether something is wrong so far."""
        return bool(self._errors)

    @contextmanager
    def checking(self) -> Iterator[None]:
        """Keep what is wrong with one argument, and go on with the next."""
        try:
            yield
        except InputError as error:
            self._errors.append(error)

    def close(self) -> None:
        """End the checks.

        Raises:
            InputError: Some arguments cannot be used: the error itself where there is one, or one
                with the faults of all.
        """
        if len(self._errors) == 1:
            raise self._errors[0]
        if self._errors:
            raise InputError([fault for error in self._errors for fault in error.faults])


NEAREST_MAX = 3
SIMILAR = 0.75
"""Share of letters in common, in order, from which names are spelled almost alike: one letter of
four may be another one."""
BEGINNING_LETTERS = 3
"""Letters that a name must have for it to be the beginning of another."""
HALF = 0.5
"""Share of a name from which its beginning may be the name that was meant."""
LISTED_LETTERS = 200
"""Letters up to which all names are listed."""


def nearest(
    name: str, known: Iterable[str], *, spelled: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Return at most three known names that `name` may well stand for, the likeliest first.

    Names are compared without case, blanks, dashes and underscores. Near is what begins with
    `name`, or what `name` begins with for half of its length; where nothing is, what is spelled
    almost alike.

    Args:
        name: The name that was given.
        known: The names that there are.
        spelled: Other spellings, each with the known name that it stands for.
    """
    given = _bare(str(name))  # a caller may give anything
    spellings = [*((one, one) for one in known), *(spelled or {}).items()]
    for likeness in (_shares_beginning, _spelled_alike):
        found: dict[str, float] = {}
        for spelling, meant in spellings:
            found[meant] = max(likeness(given, _bare(spelling)), found.get(meant, 0.0))
        near = sorted((-likely, one) for one, likely in found.items() if likely > 0)
        if near:
            return tuple(one for _, one in near[:NEAREST_MAX])
    return ()


def _shares_beginning(name: str, other: str) -> float:
    """Return how much of the longer of two names the shorter one is the beginning of, or 0.

    A name that `name` begins counts 1 more than a name that it begins with.
    """
    if min(len(name), len(other)) < BEGINNING_LETTERS:
        return float(name == other)
    if other.startswith(name):
        return 1 + len(name) / len(other)
    share = len(other) / len(name)
    return share if name.startswith(other) and share >= HALF else 0.0


def _spelled_alike(name: str, other: str) -> float:
    """Return how alike two names are spelled; 0 where that is too little for a guess."""
    if sorted(name) == sorted(other):  # letters that changed places
        return 1.0
    ratio = SequenceMatcher(None, name, other, autojunk=False).ratio()
    return ratio if ratio >= SIMILAR else 0.0


def _bare(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).lower()


def did_you_mean(names: Sequence[str]) -> str:
    """Return the half sentence that offers `names`, or nothing where there is none."""
    return f"; did you mean {' or '.join(names)}?" if names else ""


def there_are(names: Sequence[str], *, see: str = "") -> str:
    """Return the half sentence that lists `names`, as many as are read at a glance.

    Args:
        names: All names, in order.
        see: What shows all of them, such as `headworks classify --list`.
    """
    if not names:
        return "; there are none"
    shown = list(names)
    while len(", ".join(shown)) > LISTED_LETTERS and len(shown) > 1:
        shown.pop()
    if len(shown) == len(names):
        return f"; there {'are' if len(names) > 1 else 'is'} {_joined(shown)}"
    ending = f"; {see} shows all" if see else ""
    return f"; there are {', '.join(shown)} and {len(names) - len(shown)} more{ending}"


def _joined(names: Sequence[str]) -> str:
    """Return names as a sentence lists them: a, b and c."""
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def in_file(path: Path | str, message: str, *, remedy: str = "") -> Fault:
    """Return a fault about a file as a whole."""
    return Fault(str(path), 0, "", message, remedy)
