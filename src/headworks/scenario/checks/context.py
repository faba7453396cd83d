"""The context of a check: what is left of a scenario, and what is known of the rest."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from headworks.errors import Fault, UnknownName, nearest
from headworks.scenario.catalogue import SEE_CHIPS, SEE_INSTRUMENTS, SEE_SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from headworks.scenario.catalogue import Catalogue
    from headworks.scenario.chip import Chip
    from headworks.scenario.company import Want
    from headworks.scenario.scenario import Scenario
    from headworks.scenario.yaml_file import Document, KeyPath


SEE = {"chip": SEE_CHIPS, "instrument": SEE_INSTRUMENTS, "source": SEE_SOURCES}
"""What shows all of the things that the catalogue has."""


class Line(NamedTuple):
    """One company's chips of one type on one route."""

    company: str
    chip: str
    route: str


@dataclass(frozen=True)
class Context:
    """What a check sees."""

    scenario: Scenario
    """The scenario without the entries that have faults of their own."""
    document: Document
    """The file, for the places of faults."""
    catalogue: Catalogue
    """Catalogue with the scenario's own chips and sources."""
    left_out: dict[str, dict[str, object]]
    """Entries with faults of their own, by section and id, as they stand in the file: they count as
    known, and what they name counts as used, so that one fault does not bring others."""
    dates_known: bool
    """Whether the scenario's own dates are without faults."""

    def known(self, section: str) -> set[str]:
        """Return the ids of a section, those of faulty entries included."""
        return {*getattr(self.scenario, section), *self.left_out.get(section, ())}

    @cached_property
    def chips_known(self) -> set[str]:
        """Ids of all chips."""
        return {*self.catalogue.chips, *self.known("chips")}

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """Every word that the faulty entries hold."""
        return frozenset(_words(self.left_out))

    def meant(self, names: Iterable[str], section: str) -> set[str]:
        """Return the names, and for those that the section does not hold, the nearest it holds."""
        known = self.known(section)
        return {
            meant
            for name in names
            for meant in ((name,) if name in known else nearest(name, known))
        }

    def unknown(
        self, path: KeyPath, thing: str, name: str, known: Iterable[str], remedy: str = ""
    ) -> Iterator[Fault]:
        """Yield a fault if `name` is not among the known names."""
        names = set(known)
        if name not in names:
            remedy = remedy or f"correct the name, or add the {thing}"
            found = UnknownName(thing, name, names, see=SEE.get(thing, ""))
            yield self.document.fault(path, str(found), remedy)

    def unknowns(
        self, path: KeyPath, thing: str, names: Iterable[str] | None, section: str
    ) -> Iterator[Fault]:
        """Yield a fault for each name in a list that the section does not hold."""
        for number, name in enumerate(names or ()):
            yield from self.unknown((*path, number), thing, name, self.known(section))

    def fault(self, path: KeyPath, message: str, remedy: str = "") -> Fault:
        """Return a fault at `path`."""
        return self.document.fault(path, message, remedy)

    @cached_property
    def wants(self) -> dict[tuple[str, str], Want]:
        """Every want by company and chip."""
        companies = self.scenario.companies.items()
        return {(name, chip): want for name, one in companies for chip, want in one.wants.items()}

    @cached_property
    def lines(self) -> list[Line]:
        """Every line with a share above zero, on routes that are left."""
        return [
            Line(company, chip, route)
            for (company, chip), want in self.wants.items()
            for route, share in want.routes.shares.items()
            if share > 0 and route in self.scenario.routes
        ]

    def gates_of(self, route: str) -> list[str]:
        """Return the goods gates of a route that are left, in order."""
        return [gate for gate in self.scenario.routes[route].gates if gate in self.scenario.gates]

    def papers_of(self, route: str) -> list[tuple[str, str]]:
        """Return each paper drawn on a route with the goods gate that draws it, in order."""
        gates = self.scenario.gates
        return [
            (paper, gate)
            for gate in self.gates_of(route)
            for paper in gates[gate].requires
            if paper in gates
        ]

    @cached_property
    def lines_through(self) -> dict[str, list[Line]]:
        """Lines by gate: those whose goods pass it, or whose goods draw its papers."""
        through: dict[str, list[Line]] = {gate: [] for gate in self.scenario.gates}
        for line in self.lines:
            papers = [paper for paper, _ in self.papers_of(line.route)]
            for gate in dict.fromkeys([*self.gates_of(line.route), *papers]):
                through[gate].append(line)
        return through

    def chips_through(self, gate: str) -> dict[str, Chip]:
        """Return the chips of the lines through a gate, by id."""
        names = sorted({line.chip for line in self.lines_through[gate]})
        return {name: self.catalogue.chips[name] for name in names if name in self.catalogue.chips}


def _words(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from _words(item)
    elif isinstance(value, list):
        for item in value:
            yield from _words(item)
