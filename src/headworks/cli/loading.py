"""Reading a scenario with what is set on the command line, and keeping all that is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from headworks.cli.options import Settings, read_settings
from headworks.errors import Fault, InputError
from headworks.scenario.load import load
from headworks.scenario.scenario import Scenario
from headworks.scenario.whole_file import is_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


@dataclass
class Loaded:
    """A scenario and those that stand beside it, as far as they can be read."""

    unread: frozenset[str]
    """Records that settings without a meaning may be about: nothing is said of them."""
    given: list[str]
    """What all scenarios were called: names, paths of files, or changes of another."""
    own: Scenario | None = None
    others: dict[str, Scenario] = field(default_factory=dict)
    """Scenarios besides, by the name to show."""
    faults: list[Fault] = field(default_factory=list)
    """All that is wrong, each told once."""

    @property
    def unsaid(self) -> frozenset[str]:
        """Sections of the scenario that may yet become others than they are."""
        return frozenset(key.partition(".")[0] for key in self.unread)

    @property
    def is_settled(self) -> bool:
        """Whether no section of the scenario may yet become another than it is."""
        return not self.unsaid & set(Scenario.model_fields)

    @property
    def settled(self) -> Scenario | None:
        """The scenario, unless it could not be read or may yet become another."""
        return self.own if self.is_settled else None

    @property
    def files(self) -> list[Path]:
        """Files that are read, those that have faults too."""
        scenarios = [one for one in (self.own, *self.others.values()) if one is not None]
        read = [Path(one) for one in self.given if is_file(one)]
        return read + [Path(file) for one in scenarios for file in one.files]

    def check(self) -> None:
        """Check that all could be read.

        Raises:
            InputError: Something could not; all faults are listed.
        """
        if self.faults:
            raise InputError(self.faults)

    def scenario(self) -> Scenario:
        """Return the scenario, where nothing is wrong.

        Raises:
            InputError: Something is; all faults are listed.
        """
        self.check()
        assert self.own is not None  # noqa: S101 - what could not be read has left a fault
        return self.own

    def add(self, faults: Iterable[Fault]) -> None:
        """Add faults that are not there yet."""
        self.faults += [fault for fault in faults if fault not in self.faults]


def load_one(base: str, pairs: Sequence[str]) -> Loaded:
    """Return a scenario with all that is wrong.

    A setting that cannot be read hides no other fault, and what might follow from it alone is not
    told.

    Args:
        base: Its name or path.
        pairs: What is set in it, as `KEY=VALUE`.
    """
    return load_with(base, read_settings(pairs))


def load_with(base: str, given: Settings) -> Loaded:
    """Return a scenario with what is set in it, as `load_one` does."""
    found = Loaded(given.unread, [base])
    found.add(given.faults)
    try:
        found.own = load(base, set_=given.values)
    except InputError as error:
        found.add(certain(error.faults, given))
    return found


def certain(faults: Iterable[Fault], given: Settings) -> Iterator[Fault]:
    """Yield the faults that are there whatever settings were meant that cannot be read.

    A fault of a record that such a setting may be about might be mended by it.
    """
    maybe = [key for key in given.unread if key.partition(".")[0] in Scenario.model_fields]
    for fault in faults:
        if not any(f"{fault.key}.".startswith(f"{record}.") for record in maybe):
            yield fault
