"""The section of what the result rests on: kinds of numbers, judgements, sources, the recipe."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from headworks.flow.settings import as_yaml
from headworks.report.command import command
from headworks.report.content import Cell, Column, Content, Link, Table
from headworks.report.evidence import KINDS, Basis, bases, counts, sources_used, weightiest
from headworks.report.numbers import day, paths, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.flow.result import Forecast
    from headworks.report.content import Material

LISTED = 25
MEANING = {
    "stated": "the source says it",
    "derived": "computed from stated numbers by a named formula",
    "estimated": "a named judgement or method",
    "assumed": "the scenario’s own choice, with a reason",
}


def build(material: Material) -> Content:
    """Return counts by kind, the softest numbers, the sources, and how to reproduce the result."""
    forecast = material.forecast
    found = bases(forecast)
    tables = [_kinds(found), _soft(forecast, found), _changes(forecast), _sources(forecast)]
    again = command(forecast, material.comparison)
    repeats = " This command on the same files gives the same numbers:" if again else ""
    return Content(
        paragraphs=(_finding(found), *_remarks(forecast), _recipe(forecast) + repeats),
        tables=tuple(table for table in tables if table is not None and table.rows),
        command=again,
    )


def _finding(found: list[Basis]) -> str:
    own = [basis for basis in found if not basis.is_chip]
    number = counts(own)
    soft = number["assumed"] + number["estimated"]
    share = soft / len(own) if own else 0.0
    return (
        f"Of the {len(own)} numbers of the scenario itself, {percent(share)} are assumed or "
        f"estimated ({number['assumed']} assumed, {number['estimated']} estimated), "
        f"{number['derived']} are derived and {number['stated']} stated by a source. Numbers "
        "marked assumed are just that: change them and run again."
    )


def _remarks(forecast: Forecast) -> Iterator[str]:
    """Yield what is no fault of the scenario, but can hardly be meant."""
    for remark in forecast.scenario.remarks:
        yield f"Remark: {remark.message}."


def _recipe(forecast: Forecast) -> str:
    scenario = forecast.scenario
    made = f"{paths(forecast.paths)}, seed {forecast.seed}; headworks {version('headworks')}"
    balances = " It began from balances of a ledger." if forecast.balances else ""
    return f"Scenario {scenario.scenario}, as known on {day(scenario.as_of)}; {made}.{balances}"


def _kinds(found: list[Basis]) -> Table:
    own = counts([basis for basis in found if not basis.is_chip])
    chip = counts([basis for basis in found if basis.is_chip])
    whole = sum(own.values())
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (kind, MEANING[kind], own[kind], own[kind] / whole if whole else None, chip[kind])
        for kind in KINDS
    )
    columns = (
        Column("kind", "Kind", "text"),
        Column("meaning", "Meaning", "text"),
        Column("scenario", "In the scenario"),
        Column("share", "Share", "share"),
        Column("chips", "In chip data"),
    )
    return Table("Numbers by kind", columns, rows)


def _soft(forecast: Forecast, found: list[Basis]) -> Table:
    sources = forecast.scenario.catalogue.sources
    rows: list[tuple[Cell, ...]] = []
    for basis, *others in weightiest(found, LISTED):
        source = sources.get(basis.source)
        why = basis.why or (f"{source.producer}: {source.title}" if source is not None else "")
        more = f" and {len(others)} alike" if others else ""
        value = f"{basis.value} {basis.unit}".strip()
        rows.append((f"{basis.key}{more}", value, basis.kind, why))
    columns = (
        Column("key", "Number", "text"),
        Column("value", "Value (5–95 %)", "text"),
        Column("kind", "Kind", "text"),
        Column("why", "Reason or method", "text"),
    )
    return Table("The softest numbers: assumed or estimated, widest range first", columns,
                 tuple(rows))  # fmt: skip


def _changes(forecast: Forecast) -> Table | None:
    """Return the named changes to the base scenario, where there are any."""
    scenario = forecast.scenario
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            name,
            ", ".join(f"{key}: {as_yaml(value)}" for key, value in change.set.items()),
            change.reason,
        )
        for name, change in scenario.overrides.items()
    )
    columns = (
        Column("change", "Change", "text"),
        Column("set", "What it sets", "text"),
        Column("reason", "Reason", "text"),
    )
    return Table(f"Changes to the base scenario {scenario.base or ''}".strip(), columns, rows)


def _sources(forecast: Forecast) -> Table:
    known = forecast.scenario.catalogue.sources
    used = sources_used(forecast)
    rows: list[tuple[Cell, ...]] = []
    for name in sorted(used, key=lambda name: (-used[name], name)):
        source = known.get(name)
        if source is None:
            continue
        relay = source.relay
        seen: Link | str = Link("original", source.url)
        if relay is not None:
            dated = f", {relay.published.isoformat()}" if relay.published else ""
            seen = Link(f"relayed ({relay.accessed}{dated})", relay.url)
        elif source.url is None:
            seen = source.note or ""
        cells = (source.producer, source.title, source.published, source.confidence)
        rows.append((*cells, seen, used[name]))
    columns = (
        Column("producer", "Publisher", "text"),
        Column("title", "Title", "text"),
        Column("published", "Published", "date"),
        Column("confidence", "Confidence", "text"),
        Column("seen", "Where it was read", "link"),
        Column("used", "Numbers"),
    )
    return Table("Sources", columns, tuple(rows))
