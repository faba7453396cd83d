"""Ratios as people read them: one table, then where the ratio of the peaks holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.throughput.cards import model
from headworks.throughput.intervals import interval
from headworks.throughput.ratio_works import ratio_works
from headworks.throughput.ratios import BY_WORK
from headworks.throughput.text import counted, number, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headworks.throughput.draws import Draws
    from headworks.throughput.ratio_values import Value
    from headworks.throughput.ratios import Ratios, Row

BESIDE = 2
"""Chips that are shown beside the first in one table."""
QUANTILES = ("p5", "med", "p95")


def ratio_lines(result: Ratios) -> list[str]:
    """Return the table of values and ratios, and the sentences under it."""
    name = result.names[result.chip]
    if not result.against:
        return [
            f"One {name}, {result.work}.",
            *_table(result, ()),
            *_models(result),
            *_notes(result),
        ]
    work = f", {BY_WORK}," if result.work == BY_WORK else f" ({result.work})"
    head = f"One {name}{work} and how many times one of another it is."
    lines = wrapped(head)
    for start in range(0, len(result.against), BESIDE):
        lines += _table(result, result.against[start : start + BESIDE])
    lines += _models(result)
    for other in result.against:
        said = result.sentence(other)
        lines += ["", *wrapped(said)] if said else []
    return [*lines, *_notes(result)]


def _table(result: Ratios, others: Sequence[str]) -> list[str]:
    """Return one table: the work, its unit, the chip's value, the ratio to each of the others."""
    titles = ["", *(row.title for row in result.rows)]
    units = ["", *(row.unit for row in result.rows)]
    groups = [
        _group(result.names[result.chip], [row.values[result.chip].draws for row in result.rows])
    ]
    groups += [
        _group(f"x {result.names[other]}", [row.ratio(result.chip, other) for row in result.rows])
        for other in others
    ]
    width, unit_width = max(map(len, titles)), max(map(len, units))
    blanks = " " * (width + unit_width + 3)
    lines = [blanks + "  ".join(["", *(group[0] for group in groups)])]
    for place, (title, unit) in enumerate(zip(titles, units, strict=True)):
        cells = [group[place + 1] for group in groups]
        lines.append("  ".join([f" {title.ljust(width)}", unit.ljust(unit_width), *cells]))
    return [line.rstrip() for line in lines]


def _group(name: str, draws: Sequence[Draws | None]) -> list[str]:
    """Return three columns of quantiles under a name, in lines of equal length."""
    found = [None if one is None else interval(one) for one in draws]
    rows = [list(QUANTILES)]
    rows += [
        ["", "–", ""] if one is None else [number(one.p5), number(one.med), number(one.p95)]
        for one in found
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(QUANTILES))]
    lines = [
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    width = max(len(name), len(lines[0]))
    return [name.rjust(width), *(line.rjust(width) for line in lines)]


def _set_up(value: Value) -> str:
    """Return how a chip is put to work, or why it cannot be."""
    if value.draws is None:
        return value.why_not
    said = [counted(value.chips, "chip"), value.set_up, f"bound by {value.bound_by}"]
    return "; ".join([", ".join(said), *(f"assumed {one}" for one in value.assumptions)])


def _runs(result: Ratios, row: Row) -> list[str]:
    """Return the measured runs that a row rests on; nothing where no chip has a value."""
    found = {
        chip: value.rests_on
        for chip in (result.chip, *result.against)
        if (value := row.values[chip]).rests_on is not None
    }
    on_chips = [f"{one.chip_runs} on {result.names[chip]}" for chip, one in found.items()]
    of_family = [f"{one.family_runs} of {one.family}" for one in found.values() if one.family]
    runs = ", ".join([*on_chips, *of_family[:1]])
    return [f"runs that measured {row.title}: {runs}"] if found else []


def _models(result: Ratios) -> list[str]:
    """Return which models stand for which kind, where the rows are the packaged works."""
    works = ratio_works()
    named = dict.fromkeys(
        work.model
        for row in result.rows
        if (work := works.get(row.work)) is not None and work.model is not None
    )
    if not named:
        return []
    cards = [model(name) for name in named]
    kinds = [f"{'MoE' if card.experts else 'dense'} is {card.name}" for card in cards]
    return [f"{', '.join(kinds)}; --json has each set-up and its runs"]


def _notes(result: Ratios) -> list[str]:
    """Return what there is no value for, where numbers of chips differ, what stands in for what."""
    every = (result.chip, *result.against)
    if result.work != BY_WORK:
        first = result.rows[0]
        said = [f"{result.names[chip]}: {_set_up(first.values[chip])}" for chip in every]
        said += [line for row in result.rows for line in _runs(result, row)]
        return [line for one in said for line in wrapped(one, indent="  ")]
    missing, uneven, stands_in = [], [], []
    for row in result.rows:
        values = {chip: row.values[chip] for chip in every}
        missing += [
            f"{row.title}, {result.names[chip]}: {value.why_not}"
            for chip, value in values.items()
            if value.draws is None
        ]
        used = {chip: value.chips for chip, value in values.items() if value.draws is not None}
        if len(set(used.values())) > 1:
            each = ", ".join(f"{result.names[chip]} {chips:,}" for chip, chips in used.items())
            uneven.append(f"{row.title}, chips that work together: {each}")
        stands_in += [
            said
            for chip, value in values.items()
            for said in value.assumptions
            if result.names[chip] in said
        ]
    notes = dict.fromkeys([*missing, *uneven, *stands_in])
    return [line for one in notes for line in wrapped(f"note: {one}", indent="  ")]
