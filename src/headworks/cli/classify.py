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
    from headworks.scenario.law import Reason
    from headworks.scenario.us_export import Review

ANSWERS = {
    "case_by_case": "would be reviewed case by case",
    "presumption_of_denial": "would be reviewed with a presumption of denial",
    "no_licence_required": "needs no licence from the United States",
}


def command(
    chip: Annotated[
        str | None, typer.Argument(help="Chip by id or alias.", show_default=False)
    ] = None,
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
    list_: Annotated[
        bool,
        typer.Option("--list", help="List the chips, or those that CHIP is part of a name of."),
    ] = False,
) -> None:
    """Say which control number a chip has and how its export would be reviewed on a day.

    Every reason names the rule, what it says, and the source.

    Two examples:

      headworks classify H200 --to CN --on 2026-01-15

      headworks classify H200 --from abroad --on 2026-01-20 --known-by 2026-01-10 --json
    """
    if list_:
        _list(chip, as_json=as_json)
        return
    if chip is None:
        fault = Fault("classify", 0, "", "no chip is named", "name one; --list shows all")
        raise InputError([fault])
    from headworks.scenario.classification import classify

    answer = classify(
        chip,
        to=to,
        on=dt.datetime.now(tz=dt.UTC).date() if on is None else on,
        from_=origin,
        known_by=known_by,
    )
    if as_json:
        typer.echo(json.dumps(answer.to_json(), indent=2, ensure_ascii=False, allow_nan=False))
    else:
        from rich.console import Console

        _show(answer, Console(highlight=False))


def _list(part: str | None, *, as_json: bool) -> None:
    """Print every chip, or those that `part` is part of a name of, with their other spellings."""
    from headworks.scenario.aliases import plain
    from headworks.scenario.catalogue import catalogue

    known = catalogue()
    spelled = {
        chip_id: list(dict.fromkeys([chip.name, *chip.aliases]))
        for chip_id, chip in known.chips.items()
        if part is None or any(plain(part) in plain(n) for n in (chip_id, chip.name, *chip.aliases))
    }
    if not spelled:
        known.chip_id(part or "")  # meets it with the near names
    if as_json:
        rows = [
            {"chip": chip, "designer": known.designers[chip], "name": name, "aliases": aliases}
            for chip, (name, *aliases) in spelled.items()
        ]
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    width = max(map(len, spelled))
    for chip_id, names in spelled.items():
        typer.echo(f"{chip_id:<{width}}  {', '.join(names)}")


def sentence(answer: Classification) -> str:
    """Return the answer without the reasons, and what it rests on where that is not stated."""
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
    against = _against(answer.review, answer.stated_policy)
    return (
        f"{name} from {origin} to {answer.to} on {answer.on}{knowing} "
        f"{ANSWERS[answer.review]}{against} ({', '.join(figures)}).{_rests_on(answer)}"
    )


def _against(review: Review, stated_policy: str | None) -> str:
    """Return what a posture needs beside it where a policy that is stated goes further."""
    against = stated_policy is not None and review == "case_by_case"
    return ", though a stated policy is against it" if against else ""


def _rests_on(answer: Classification) -> str:
    """Return the sentence that says which parts of the answer are judged; empty if none is."""
    from headworks.scenario.law import JUDGED

    if answer.rests_on not in JUDGED:
        return ""
    judged = [reason.instrument for reason in answer.reasons if reason.kind in JUDGED]
    if any(reason.value_kind in JUDGED for reason in answer.reasons):
        judged.append("figures of the chip")
    return f" It rests on what is {answer.rests_on}, not stated: {', '.join(judged)}."


def _show(answer: Classification, console: Console) -> None:
    """Print the answer, the readings that differ, the reasons, the conditions and the notes."""
    console.print(sentence(answer), style="bold", markup=False)
    if answer.readings:
        table = _table("Where a figure is in doubt", "TPP", "Set by", "ECCN", "Review")
        for reading in answer.readings:
            review = reading.review.replace("_", " ")
            review += _against(reading.review, reading.stated_policy)
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
