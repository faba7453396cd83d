"""Tables of `headworks ration --compare`: awards, inequality and properties, rule by rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.cli.ration import LARGE, number

if TYPE_CHECKING:
    from fractions import Fraction

    from rich.console import Console

    from headworks.rationing.comparison import Compared, Comparison

COLUMNS_MAX = 6
"""Claimants up to which each has a column of awards."""
LEVELS = "▁▂▃▄▅▆▇█"
MARKS = {True: "yes", False: "no", None: "·"}


def show_comparison(found: Comparison, chosen: str, console: Console) -> None:
    """Print what every rule would award, how unequal that is, and which properties it keeps."""
    _show_awards(found, console)
    console.print()
    _show_properties(found, console)
    for row in found.rows:
        if row.rule.name == chosen and row.findings.broken:
            console.print(f"\n{row.rule.title} breaks here:", markup=False)
            for one in row.findings.broken:
                text = f"  {one.property.title.lower()}: {one.counterexample}"
                console.print(text, markup=False)
    for name, reason in found.left_out.items():
        console.print(f"{name} is left out: {reason}", markup=False, style="dim")


def _show_awards(found: Comparison, console: Console) -> None:
    from rich.markup import escape
    from rich.table import Table

    first = found.rows[0].result
    names = [one.name for one in first.awards]
    table = Table(box=None, header_style="bold", title_justify="left")
    table.title = f"{number(first.pool)} {first.unit}, by every rule"
    table.add_column("rule")
    few = len(names) <= COLUMNS_MAX
    for name in names if few else ["least award", "median", "largest"]:
        table.add_column(escape(name), justify="right")
    for title in ("Gini", "award ÷ claim", ""):
        table.add_column(title, justify="left" if not title else "right")
    for row in found.rows:
        awards = [one.award for one in row.result.awards]
        ranked = sorted(awards)
        shown = awards if few else [ranked[0], ranked[len(ranked) // 2], ranked[-1]]
        table.add_row(
            row.rule.name, *(_short(award) for award in shown), f"{float(row.gini):.2f}",
            _span(row), _bars(row) if few else "",
        )  # fmt: skip
    console.print(table)
    if few:
        console.print("bars: award ÷ claim of each claimant, full where all is met", style="dim")


def _show_properties(found: Comparison, console: Console) -> None:
    from rich.table import Table

    table = Table(box=None, header_style="bold", title_justify="left")
    table.title = "Properties, checked on these claims (· nothing to try)"
    table.add_column("")
    for row in found.rows:
        table.add_column(row.rule.aliases[0] if row.rule.aliases else row.rule.name)
    properties = found.rows[0].findings.by_property
    for name, one in properties.items():
        marks = (MARKS[row.findings.by_property[name].kept] for row in found.rows)
        table.add_row(one.property.title.lower(), *marks)
    console.print(table)
    if found.rows[0].findings.limits:
        console.print(found.rows[0].findings.limits, markup=False, style="dim")


def _short(amount: Fraction) -> str:
    whole = amount.denominator == 1 or abs(amount) >= LARGE
    return f"{int(amount):,}" if whole else f"{float(amount):,.2f}"


def _span(row: Compared) -> str:
    shares = row.coefficients
    return f"{float(min(shares)):.0%} to {float(max(shares)):.0%}" if shares else ""


def _bars(row: Compared) -> str:
    """Return one sign for each claimant, the higher the more of its claim is met."""
    top = len(LEVELS) - 1
    return "".join(
        LEVELS[min(top, int(one.award / one.claim * top))] if one.claim else " "
        for one in row.result.awards
    )
