"""`headworks classify`: a chip's control number and how its export would be reviewed on a day."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Annotated

import typer

from headworks.errors import Fault, InputError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from headworks.scenario.classification import Classification
    from headworks.scenario.us_export import Reason

ANSWERS = {
    "case_by_case": "would be reviewed case by case",
    "presumption_of_denial": "would be reviewed with a presumption of denial",
    "no_licence_required": "needs no licence from the United States",
}


def command(
    chip: Annotated[str, typer.Argument(help="Chip by id or alias.", show_default=False)],
    to: Annotated[str, typer.Option("--to", help="Destination: CN, HK, MO or US.")] = "CN",
    on: Annotated[
        str | None, typer.Option("--on", help="Day of the export, YYYY-MM-DD; today if omitted.")
    ] = None,
    origin: Annotated[
        str, typer.Option("--from", help="US, or abroad for re-exports and exports from abroad.")
    ] = "US",
    known_by: Annotated[
        str | None, typer.Option("--known-by", help="Use only what was public by this day.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Say which control number a chip has and how its export would be reviewed on a day.

    Every reason names the rule, what it says, and the source.

    Two examples:

      headworks classify H200 --to CN --on 2026-01-15

      headworks classify H200 --from abroad --on 2026-01-20 --known-by 2026-01-10 --json
    """
    from headworks.scenario.classification import classify

    answer = classify(
        chip,
        to=to,
        on=_day("--on", on) or dt.datetime.now(tz=dt.UTC).date(),
        from_=origin,
        known_by=_day("--known-by", known_by),
    )
    if as_json:
        typer.echo(json.dumps(answer.to_json(), indent=2, ensure_ascii=False, allow_nan=False))
    else:
        from rich.console import Console

        _show(answer, Console(highlight=False))


def _day(option: str, text: str | None) -> dt.date | None:
    """Return the day that an option names, or None where it was not given."""
    try:
        return None if text is None else dt.date.fromisoformat(text.strip())
    except ValueError:
        fault = Fault(option, 0, "", f"{text!r} is not a day", "write it as YYYY-MM-DD")
        raise InputError([fault]) from None


def sentence(answer: Classification) -> str:
    """Return the answer in one sentence, without the reasons."""
    from headworks.scenario.catalogue import catalogue

    name = catalogue().chip(answer.chip).name
    origin = "the US" if answer.origin == "US" else answer.origin
    knowing = f", as known by {answer.known_by}," if answer.known_by else ""
    figures = [answer.eccn or "not 3A090"]
    if answer.tpp is None:
        figures.append("TPP not disclosed")
    else:
        figures.append(f"TPP {answer.tpp:,.6g} by {answer.precision}")
    if answer.performance_density is not None:
        figures.append(f"{answer.performance_density:.3g} per mm²")
    return (
        f"{name} from {origin} to {answer.to} on {answer.on}{knowing} "
        f"{ANSWERS[answer.review]} ({', '.join(figures)})."
    )


def _show(answer: Classification, console: Console) -> None:
    """Print the answer, the readings that differ, the reasons, the conditions and the notes."""
    console.print(sentence(answer), style="bold", markup=False)
    if answer.readings:
        table = _table("Where a figure is in doubt", "TPP", "Set by", "ECCN", "Review")
        for reading in answer.readings:
            review = reading.review.replace("_", " ")
            tpp = f"{reading.tpp:,.6g}"
            table.add_row(reading.assumption, tpp, reading.precision, reading.eccn or "–", review)
        console.print(table)
    _show_reasons("Why", answer.reasons, console)
    if answer.conditions:
        _show_reasons("The exporter must also show", answer.conditions, console)
    for note in answer.notes:
        console.print(f"Note: {note}", markup=False)


def _show_reasons(heading: str, reasons: tuple[Reason, ...], console: Console) -> None:
    from rich.text import Text

    table = _table(heading, "Instrument", "Source")
    for reason in reasons:
        # A comparison shows both sides in its text; a condition has only the instrument's.
        bare = reason.holds is None and isinstance(reason.limit, int | float | str)
        says = f": {reason.limit}" if bare and not isinstance(reason.limit, bool) else ""
        cells = (reason.text + says, reason.instrument, _source(reason))
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)


def _table(*headings: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold", no_wrap=heading == "Instrument")
    return table


def _source(reason: Reason) -> str:
    """Return who said it and when, with the pinpoint."""
    from headworks.scenario.catalogue import catalogue

    source = catalogue().sources.get(reason.source or "")
    if source is None:
        return reason.source or "–"
    said = f"{source.producer.partition(' (')[0]} {source.published}"
    return f"{said}, {reason.at}" if reason.at else said
