"""Ratios: what one chip is worth against others, by work, on the same luck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headworks.errors import Door, Fault, InputError
from headworks.scenario.catalogue import catalogue as packaged
from headworks.throughput.best import RATE
from headworks.throughput.chip_names import chip_named
from headworks.throughput.intervals import as_json, interval
from headworks.throughput.machine import lacks
from headworks.throughput.ratio_values import Value, value_on
from headworks.throughput.ratio_works import UNITS, ratio_works
from headworks.throughput.worth import FIGURES, Worth

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from headworks.scenario.catalogue import Catalogue
    from headworks.throughput.best import Best
    from headworks.throughput.draws import Draws
    from headworks.throughput.query import Query
    from headworks.throughput.search import Progress

NOMINAL = "peak"
"""The row that others are held against."""
BY_WORK = "by work"
TRUE_WITHIN = 0.1
"""Distance of a work's ratio from that of the peaks up to which the latter counts as true of it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One work, with what each chip is worth for it."""

    work: str
    """Id of the work, or name of a figure."""
    title: str
    phrase: str
    """What the work is called in a sentence."""
    unit: str
    values: Mapping[str, Value]
    """What one chip computes, by chip."""
    reason: str = ""
    """Why the work is set up as it is."""

    def ratio(self, chip: str, other: str) -> Draws | None:
        """Return one chip over the other, draw by draw; None where one of them has no value."""
        one, two = self.values[chip].draws, self.values[other].draws
        return None if one is None or two is None else one / two


@dataclass(frozen=True, slots=True)
class Ratios:
    """What a chip is worth against others."""

    chip: str
    against: tuple[str, ...]
    names: Mapping[str, str]
    """Name of each chip, by id."""
    work: str
    """What they are compared at: `by work`, or a model and what is done with it."""
    rows: tuple[Row, ...]

    def sentence(self, other: str) -> str:
        """Return of which works the ratio of the peaks is true, and what the ratio is elsewhere.

        It is true of a work whose own ratio is within `TRUE_WITHIN` of it, and not ruled out where
        it lies within the interval of the work's ratio. Empty without a row of peaks.
        """
        found = [(row, row.ratio(self.chip, other)) for row in self.rows]
        known = [(row, interval(draws)) for row, draws in found if draws is not None]
        nominal = next((one.med for row, one in known if row.work == NOMINAL), None)
        if nominal is None:
            return ""
        near = [row.phrase for row, one in known if abs(one.med / nominal - 1) <= TRUE_WITHIN]
        apart = [(row, one) for row, one in known if row.phrase not in near]
        apart.sort(key=lambda item: item[1].med, reverse=nominal > 1)
        inside = [
            f"{row.phrase} ({_short(one.med)})"
            for row, one in apart
            if one.p5 <= nominal <= one.p95
        ]
        outside = [
            f"{_short(one.med)} for {row.phrase}"
            for row, one in apart
            if not one.p5 <= nominal <= one.p95
        ]
        said = f"{_short(nominal)} times the {self.names[other]} is true of {_joined(near)}"
        if inside:
            said += f", and not ruled out for {_joined(inside)}"
        return f"{said}. It is {_joined(outside)}." if outside else f"{said}."

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain values that `json.dumps` takes."""
        return {
            "chip": self.chip,
            "against": list(self.against),
            "work": self.work,
            "rows": [self._row(row) for row in self.rows],
            "sentences": {other: self.sentence(other) for other in self.against},
        }

    def _row(self, row: Row) -> dict[str, Any]:
        ratios = {other: row.ratio(self.chip, other) for other in self.against}
        return {
            "work": row.work,
            "title": row.title,
            "unit": row.unit,
            "reason": row.reason,
            "values": {chip: value.to_json() for chip, value in row.values.items()},
            "ratios": {
                other: None if draws is None else as_json(interval(draws))
                for other, draws in ratios.items()
            },
        }

    def __str__(self) -> str:
        """Return the table, and the sentences under it, as people read them."""
        from headworks.throughput.shown_ratios import ratio_lines

        return "\n".join(ratio_lines(self))


def ratios(
    chip: str,
    against: Iterable[str] | str = (),
    *,
    catalogue: Catalogue | None = None,
    progress: Progress | None = None,
) -> Ratios:
    """Return what one chip computes by work, and how many times that is what others compute.

    The works are defined in `data/works/ratios.yaml`: peak and bandwidth as stated, a large
    product, prefill, decoding a few and many requests, and training, of a dense model and of one
    of experts. Draws are divided one by one, so that constants that two chips share cancel, and a
    ratio is as sure as what is different about them.

    Args:
        chip: Id or alias of the chip.
        against: Those of the other chips; one, or several.
        catalogue: Chips; the packaged ones if None.
        progress: Told the works that are done and all of them.

    Raises:
        InputError: A chip is not known, named twice, or lacks the figures to be estimated; all
            faults are listed.
    """
    held = catalogue or packaged()
    given = [against] if isinstance(against, str) else list(against)
    chip_id, *others = chip_ids([chip, *given], held)
    chips = {one: held.chips[one] for one in (chip_id, *others)}
    works = ratio_works()
    rows = []
    for done, (name, work) in enumerate(works.items()):
        if progress is not None:
            progress(done, len(works))
        values = {one: value_on(one, record, work) for one, record in chips.items()}
        rows.append(Row(name, work.title, work.phrase, UNITS[work.measure], values, work.reason))
    names = {one: record.name for one, record in chips.items()}
    return Ratios(chip_id, tuple(others), names, BY_WORK, tuple(rows))


def ratios_of(first: Worth | Best, *others: Worth | Best) -> Ratios:
    """Return one answer's rates against those of other chips on the same work.

    Of the best within limits, the best of each chip is compared. Times are left out: the ratio of a
    time is the inverse of that of its rate.

    Raises:
        InputError: A chip stands twice.
    """
    every = (first, *others)
    found = {_asked(one).chip_id: _worth_of(one) for one in every}
    if len(found) < len(every):
        fault = Fault("against", 0, "", "a chip is compared with itself", "name each chip once")
        raise InputError([fault])
    names = {_asked(one).chip_id: _asked(one).chip.name for one in every}
    figures = next((list(one.figures) for one in found.values() if one is not None), [RATE])
    rows = tuple(
        Row(
            name,
            FIGURES[name],
            FIGURES[name],
            "",
            {
                chip_id: Value(None, why_not="no layout keeps within the limits")
                if one is None
                else Value.of(one.answer, name)
                for chip_id, one in found.items()
            },
        )
        for name in figures
        if "_per_s_" in name
    )
    chip_id, *against = found
    asked = _asked(first)
    limits = "" if isinstance(first, Worth) else f" {first.limits}"
    work = f"{asked.card.name}, {asked.phase}{limits}"
    return Ratios(chip_id, tuple(against), names, work, rows)


def _asked(one: Worth | Best) -> Query:
    return one.query if isinstance(one, Worth) else one.first.query


def _worth_of(one: Worth | Best) -> Worth | None:
    return one if isinstance(one, Worth) else one.found


def chip_ids(given: Sequence[str], held: Catalogue) -> list[str]:
    """Return the ids of chips that can be compared.

    Raises:
        InputError: One is not known, stands twice, or lacks figures; all faults are listed.
    """
    door = Door()
    found: list[str] = []
    for name in given:
        with door.checking():
            chip_id = chip_named(name, held)
            missing = lacks(held.chips[chip_id])
            if missing:
                bare = " and no ".join(one.removeprefix("a ") for one in missing)
                message = f"{held.chips[chip_id].name} has no known {bare}"
                raise InputError([Fault("chip", 0, "", message)])
            if chip_id in found:
                message = f"{name!r} is {chip_id}, which stands there already"
                raise InputError([Fault("against", 0, "", message, "name each chip once")])
            found.append(chip_id)
    door.close()
    return found


def _short(ratio: float) -> str:
    """Return a ratio with two digits."""
    return f"{ratio:#.2g}".rstrip(".")


def _joined(parts: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)
