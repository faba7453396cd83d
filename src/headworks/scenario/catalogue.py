"""The catalogue: chips, instruments and sources of a data folder, checked against each other."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from headworks.errors import Fault, ScenarioError, UnknownName
from headworks.scenario.chip import Chip, ChipFile
from headworks.scenario.faults import describe
from headworks.scenario.instrument import InstrumentFile, InstrumentValue
from headworks.scenario.quantity import Evidence
from headworks.scenario.source import Source
from headworks.scenario.yaml_file import Document, read_yaml

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from headworks.scenario.dated import Dated

M = TypeVar("M", bound=BaseModel)

SEE_CHIPS = "`headworks classify --list`"
SEE_INSTRUMENTS = "`headworks.catalogue().instruments` in Python"
SEE_SOURCES = "`headworks.catalogue().sources` in Python"
"""What shows all chips, instruments and sources, for messages."""
HOLDERS = (BaseModel, dict, list)
"""What may hold values with evidence."""


def data_folder() -> Path:
    """Return the folder of the data that comes with the package."""
    return Path(str(files("headworks") / "data"))


@dataclass(slots=True)
class Catalogue:
    """Chips, instruments and sources by id."""

    sources: dict[str, Source] = field(default_factory=dict)
    chips: dict[str, Chip] = field(default_factory=dict)
    designers: dict[str, str] = field(default_factory=dict)
    """Designer of each chip, by chip id."""
    instruments: dict[str, InstrumentFile] = field(default_factory=dict)
    _aliases: dict[str, str] = field(default_factory=dict)

    def chip_id(self, name: str) -> str:
        """Return the id of a chip given by id or alias.

        Raises:
            UnknownName: No chip is called that.
        """
        found = self._aliases.get(_plain(str(name)))
        if found is None:
            raise UnknownName("chip", name, self.chips, spelled=self._aliases, see=SEE_CHIPS)
        return found

    def chip(self, name: str) -> Chip:
        """Return a chip by id or alias.

        Raises:
            UnknownName: No chip is called that.
        """
        return self.chips[self.chip_id(name)]

    def instrument(self, name: str) -> Dated[InstrumentValue]:
        """Return an instrument's values with both clocks.

        Raises:
            UnknownName: No instrument is called that.
        """
        if name not in self.instruments:
            raise UnknownName("instrument", name, self.instruments, see=SEE_INSTRUMENTS)
        return self.instruments[name].dated(name, self.sources)

    def value(
        self, name: str, day: dt.date, *, known_by: dt.date | None = None
    ) -> InstrumentValue | None:
        """Return what an instrument says on `day`; None where it has ended.

        Raises:
            UnknownName: No instrument is called that.
            NotInForce: It has no value on that day.
        """
        return self.instrument(name).on(day, known_by=known_by)

    def add_chip(self, chip_id: str, chip: Chip, designer: str) -> str | None:
        """Add a chip; return the id that already holds one of its names, or None if all went in."""
        for name in (chip_id, chip.name, *chip.aliases):
            other = self._aliases.setdefault(_plain(name), chip_id)
            if other != chip_id:
                return other
        self.chips[chip_id] = chip
        self.designers[chip_id] = designer
        return None


def catalogue(folder: Path | None = None) -> Catalogue:
    """Return the catalogue of a data folder, read and checked once; of the packaged data if None.

    Raises:
        ScenarioError: Files of the folder have faults; all of them are listed.
    """
    return _catalogue(folder or data_folder())


@cache
def _catalogue(root: Path) -> Catalogue:
    """Read and check the catalogue of a data folder."""
    faults: list[Fault] = []
    result = Catalogue()
    for path in sorted((root / "sources").glob("*.yaml")):
        source = _read(path, Source, faults)
        if source is not None:
            result.sources[path.stem] = source
    for path in sorted((root / "chips").glob("*.yaml")):
        chip_file = _read(path, ChipFile, faults, result)
        for chip_id, chip in chip_file.chips.items() if chip_file else ():
            other = result.add_chip(chip_id, chip, chip_file.designer if chip_file else "")
            if other is not None:
                message = f"a name of chip {chip_id!r} already belongs to {other!r}"
                faults.append(Fault(str(path), 0, f"chips.{chip_id}", message, "rename one"))
    for path in sorted((root / "policy").rglob("*.yaml")):
        instrument = _read(path, InstrumentFile, faults, result)
        if instrument is not None:
            name = path.relative_to(root / "policy").with_suffix("").as_posix()
            result.instruments[name] = instrument
    if faults:
        raise ScenarioError(sorted(faults))
    return result


def _read(
    path: Path, model: type[M], faults: list[Fault], known: Catalogue | None = None
) -> M | None:
    """Return the record in a file, or None after adding its faults."""
    try:
        document = read_yaml(path)
    except ScenarioError as error:
        faults.extend(error.faults)
        return None
    faults.extend(document.faults)
    try:
        record = model.model_validate(document.tree)
    except ValidationError as error:
        faults.extend(describe(error, document, model=model))
        return None
    if known is not None:
        faults.extend(missing_sources(record, document, known))
    return record


def missing_sources(record: BaseModel, document: Document, known: Catalogue) -> Iterator[Fault]:
    """Yield a fault for every value of a record that names a source which does not exist."""
    for path, evidence in evidence_in(record):
        if evidence.source is not None and evidence.source not in known.sources:
            unknown = UnknownName("source", evidence.source, known.sources, see=SEE_SOURCES)
            remedy = f"add sources/{evidence.source}.yaml, or correct the name"
            yield document.fault((*path, "source"), str(unknown), remedy)


def evidence_in(
    value: object, path: tuple[str | int | dt.date, ...] = ()
) -> Iterator[tuple[tuple[str | int | dt.date, ...], Evidence]]:
    """Yield every value with evidence inside a record, with its key path."""
    if isinstance(value, Evidence):
        yield path, value
    items: Iterable[tuple[str | int | dt.date, object]] = ()
    if isinstance(value, BaseModel):
        items = ((name, getattr(value, name)) for name in type(value).model_fields)
    elif isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, item in items:
        if isinstance(item, HOLDERS):  # most items are words and numbers
            yield from evidence_in(item, (*path, key))


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).lower()
