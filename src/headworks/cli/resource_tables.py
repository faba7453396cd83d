"""What `headworks ration` prints of several resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.cli.ration_tables import number
from headworks.rationing.intake.names import listed

if TYPE_CHECKING:
    from rich.console import Console

    from headworks.rationing.resources.result import ResourceRation


def show_resources(result: ResourceRation, console: Console) -> None:
    """Print what everybody gets and uses, and which resource holds whom."""
    from rich.markup import escape
    from rich.table import Table

    names = " and ".join(f"{number(a)} {name}" for name, a in result.available.items())
    console.print(f"{names} for {len(result.awards)}: by dominant-resource fairness.", markup=False)
    table = Table(box=None, header_style="bold")
    award = "units" if result.counted else "part of request"
    claim = ["claim"] if result.counted else []
    for heading in ("", *claim, award, *map(escape, result.available), "dominant share"):
        table.add_column(heading, justify="right" if heading else "left")
    table.add_column("")
    table.add_column("held by")
    for one in result.awards:
        asked = ["no bound" if one.claim is None else number(one.claim)] if claim else []
        given = number(one.award) if result.counted else f"{float(one.award):.1%}"
        uses = [number(one.uses[name]) for name in result.available]
        table.add_row(
            escape(one.name), *asked, given, *uses, f"{float(one.share):.1%}",
            escape(f"of {one.dominant}" if one.dominant else ""),
            escape(one.held_by or "its claim"),
        )  # fmt: skip
    console.print(table)
    for text in result.reasons():
        console.print(text, markup=False)
    console.print(
        "rule: dominant shares per weight rise together; who needs a full resource, or has its "
        "claim, stays",
        markup=False,
    )
    if result.ballot is not None:
        drawn = listed(result.ballot.drawn, 10)
        console.print(f"ballot ({result.ballot.method}): {drawn}", markup=False)
    for text in result.warnings:
        console.print(f"warning: {text}", markup=False)
