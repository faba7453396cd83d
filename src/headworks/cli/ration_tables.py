"""What `headworks ration` prints: the awards with their reasons, and all rules side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fractions import Fraction

    from rich.console import Console

    from headworks.rationing.comparison import Compared, Comparison
    from headworks.rationing.result import Ration

SHORT = 1_000
"""Denominators below this are shown as fractions too."""
LARGE = 10**15
"""From here on nothing after the point is shown."""
COLUMNS_MAX = 6
"""Claimants up to which each has a column of awards."""
LEVELS = "▁▂▃▄▅▆▇█"
MARKS = {True: "yes", False: "no", None: "·"}


def show_awards(result: Ration, console: Console) -> None:
    """Print the awards, what the steps changed, and where the rule cut."""
    from rich.markup import escape
    from rich.table import Table

    console.print(_headline(result), markup=False)
    table = Table(box=None, header_style="bold")
    for column in ("", "request", "claim", "award", "share of claim", ""):
        table.add_column(column, justify="left" if not column else "right")
    for one in result.awards:
        part = one.award / one.claim if one.claim else None
        notes = [one.bound_by, f"with {', '.join(one.members)}" if one.members else ""]
        table.add_row(
            escape(one.name), _number(one.request), _number(one.claim), _number(one.award),
            "" if part is None else f"{float(part):.1%}",
            "; ".join(escape(note) for note in notes if note),
        )  # fmt: skip
    console.print(table)
    for step in result.steps:
        changed = f"; changed: {', '.join(step.changed)}" if step.changed else "; changed nothing"
        console.print(f"{step.name}: {step.what}{changed}", markup=False, style="dim")
    for line in (*_reasons(result), *(f"warning: {text}" for text in result.warnings)):
        console.print(line, markup=False)


def _headline(result: Ration) -> str:
    """Return the answer in one sentence."""
    claimed = sum(one.claim for one in result.awards)
    met = all(one.award == one.claim for one in result.awards)
    said = "all claims in full" if met else f"by {result.rule.title}"
    left = f"; {_number(result.left)} are left" if result.left else ""
    return (
        f"{_number(result.pool)} {result.unit} for claims of {_number(claimed)} "
        f"from {len(result.awards)}: {said}{left}."
    )


def _reasons(result: Ration) -> list[str]:
    """Return how the rule cut, as sentences."""
    found = [
        f"rule: {result.rule.formula}; the pool is {float(result.coefficient):.4%} of the claims"
    ]
    if result.level is not None:
        found[0] += f"; λ = {_number(result.level)}"
    if result.margin is not None:
        found.append(_last_unit(result.margin))
    if result.ballot is not None:
        found.append(f"ballot ({result.ballot.method}): {', '.join(result.ballot.drawn)}")
    return found


def _last_unit(margin: dict[str, Any]) -> str:
    """Return who got the last unit, and who would have got the next one."""
    won = ", ".join(margin["won"])
    if not margin["next_in_line"]:
        return f"last unit to {won}; nobody is next in line"
    following = ", ".join(margin["next_in_line"])
    by = {"0": "as they stood equal, by order", None: "by order"}.get(
        margin["margin"], f"by {margin['margin']}"
    )
    return f"last unit to {won}, before {following}, {by}"


def _number(value: Any) -> str:  # noqa: ANN401 - an int or a fraction
    """Return an exact number: whole ones with thousands, others as fraction and decimal."""
    if value.denominator == 1:
        return f"{int(value):,}"
    rounded = f"{int(value):,}" if abs(value) >= LARGE else f"{float(value):,.2f}"
    return f"{value} ≈ {rounded}" if value.denominator < SHORT else f"≈ {rounded}"


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
    table.title = f"{_number(first.pool)} {first.unit}, by every rule"
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
