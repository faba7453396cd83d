"""What `headworks ration` prints of several pools."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from headworks.cli.ration_tables import number, step_text
from headworks.rationing.common import total
from headworks.rationing.exact import significant
from headworks.rationing.intake.names import listed
from headworks.rationing.rule import rule

if TYPE_CHECKING:
    from rich.console import Console

    from headworks.rationing.pools.result import PooledRation

FAINT = Fraction(1, 100)
"""Below it two decimals would say nothing."""


def show_pools(result: PooledRation, console: Console) -> None:
    """Print what everybody gets of each pool, and what went on from one pool to the next."""
    from rich.markup import escape
    from rich.table import Table

    console.print(_headline(result), markup=False)
    table = Table(box=None, header_style="bold")
    sized = any(one.units is not None for one in result.awards)
    headings = ["request", "claim", *map(escape, result.pools), "award"]
    for heading in ("", *headings, "share of claim", *(["units"] if sized else []), ""):
        table.add_column(heading, justify="right" if heading else "left")
    for one in result.awards:
        parts = [number(one.by_pool[name]) if name in one.by_pool else "·" for name in result.pools]
        share = f"{float(one.award / one.claim):.1%}" if one.claim else ""
        related = f"with {listed(one.members)}" if one.members else ""
        units = [number(one.units)] if one.units is not None else []
        table.add_row(
            escape(one.name), number(one.request), number(one.claim), *parts, number(one.award),
            share, *units, escape(related),
        )  # fmt: skip
    console.print(table)
    console.print("· not served from this pool", style="dim")
    for step in result.steps:
        console.print(step_text(step), markup=False, style="dim")
    for name, ration in result.pools.items():
        for step in ration.steps:
            console.print(f"{name}: {step_text(step)}", markup=False, style="dim")
    chosen = rule(result.parameters.rule)
    console.print(f"rule: {chosen.formula}, in each pool for what is still claimed", markup=False)
    for text in result.warnings:
        console.print(f"warning: {text}", markup=False)


def _headline(result: PooledRation) -> str:
    """Return the answer in one sentence."""
    claimed = total([one.claim for one in result.awards])

    def told(amount: Fraction, name: str) -> str:
        unit = f" {result.pools[name].unit}" if result.measures else ""
        said = f"≈ {significant(amount)}" if 0 < amount < FAINT else number(amount)
        return f"{said}{unit} of {name}"

    shared = " and ".join(told(one.pool, name) for name, one in result.pools.items())
    left = [told(one.left, name) for name, one in result.pools.items() if one.left]
    rest = f"; {' and '.join(left)} are left" if left else ""
    title = rule(result.parameters.rule).title
    said = shared if result.measures else f"{shared} ({result.unit})"
    counted = f" {result.unit}" if result.measures else ""
    return (
        f"{said} for claims of {number(claimed)}{counted} from {len(result.awards)}: "
        f"by {title}{rest}."
    )
