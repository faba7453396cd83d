"""What `headworks ration --compare` prints: all rules side by side, and what each keeps here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headworks.cli.ration_tables import number, percent
from headworks.rationing.common import ascending, total
from headworks.rationing.exact import HUGE, rounded

if TYPE_CHECKING:
    from fractions import Fraction

    from rich.console import Console

    from headworks.rationing.comparison import Compared, Comparison

FEW = 6
"""Claimants up to which each has a column of awards."""
ROWS = 30
"""Claimants up to which each has a row of them; beyond, the largest claims have."""
LARGEST = 20
COARSE = 100_000
"""Amounts from which a table of many awards leaves out what comes after the point."""
LEVELS = "▁▂▃▄▅▆▇█"
MARKS = {True: "yes", False: "no", None: "·"}
GAP = 2
"""Blanks between two columns."""
NAME = 30
"""Letters of a claimant's name that stand in one line."""
TITLE = 24
"""Letters of a property's title that stand in one line."""


def show_comparison(found: Comparison, chosen: str, console: Console) -> None:
    """Print what every rule would award, how unequal that is, and which properties it keeps."""
    _show_rules(found, console)
    if len(found.rows[0].result.awards) > FEW:
        console.print()
        _show_many(found, console)
    for option, rules in found.ignored.items():
        takers = [row.rule.name for row in found.rows if row.rule.name not in rules]
        by = f"count under {', '.join(takers)} alone" if takers else "count under no rule"
        console.print(f"{option} {by}; the other {len(rules)} rules do not look at them")
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


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of a table that may be too wide for one block."""

    head: str
    cells: list[str]
    most: int = 1_000
    """Letters from which a cell is broken into lines."""

    @property
    def width(self) -> int:
        return min(max(len(self.head), *map(len, self.cells)), self.most) + GAP


def _show_blocks(
    title: str, labels: Sequence[_Column], columns: Sequence[_Column], console: Console,
    *, right: bool,
) -> None:  # fmt: skip
    """Print a table in as many blocks as its columns need, each with the labels of the rows."""
    from rich.markup import escape
    from rich.table import Table

    room = console.width - sum(label.width for label in labels)
    for number_of_block, block in enumerate(_blocks(columns, room)):
        table = Table(box=None, header_style="bold", title_justify="left")
        table.title = None if number_of_block else title
        for n, label in enumerate(labels):
            table.add_column(
                escape(label.head), justify="right" if n else "left", width=label.width - GAP
            )
        for column in block:
            table.add_column(
                escape(column.head), justify="right" if right else "left", no_wrap=True
            )
        for cells in zip(*(one.cells for one in (*labels, *block)), strict=True):
            table.add_row(*map(escape, cells))
        if number_of_block:
            console.print()
        console.print(table)


def _blocks(columns: Sequence[_Column], room: int) -> Iterator[list[_Column]]:
    """Yield columns that fit beside each other, at least one at a time."""
    block: list[_Column] = []
    for column in columns:
        if block and sum(one.width for one in block) + column.width > room:
            yield block
            block = []
        block.append(column)
    if block:
        yield block


def _show_rules(found: Comparison, console: Console) -> None:
    """Print a row for each rule: the awards of a few, or the spread of many."""
    first = found.rows[0].result
    names = [one.name for one in first.awards]
    few = len(names) <= FEW
    titles = names if few else ["least award", "median", "largest"]
    columns: list[list[str]] = [[] for _ in (*titles, "Gini", "award ÷ claim", "")]
    for row in found.rows:
        awards = [one.award for one in row.result.awards]
        if not few:
            order = ascending(awards)
            awards = [awards[order[n]] for n in (0, len(order) // 2, -1)]
        cells = [*map(_short, awards), rounded(row.gini, fixed=True), _span(row)]
        for column, cell in zip(columns, [*cells, _bars(row) if few else ""], strict=True):
            column.append(cell)
    heads = [*titles, "Gini", "award ÷ claim", ""]
    title = f"{number(first.pool)} {first.unit}, by every rule"
    label = _Column("rule", [row.rule.name for row in found.rows])
    parts = [_Column(head, cells) for head, cells in zip(heads, columns, strict=True)]
    _show_blocks(title, [label], parts if few else parts[:-1], console, right=True)
    if few:
        console.print("bars: award ÷ claim of each claimant, full where all is met", style="dim")


def _show_many(found: Comparison, console: Console) -> None:
    """Print a row for each claimant and a column for each rule: all, or those who claim most."""
    first = found.rows[0].result
    claims = [one.claim for one in first.awards]
    many = len(claims) > ROWS
    shown = ascending(claims)[::-1][:LARGEST] if many else list(range(len(claims)))
    others = sorted(set(range(len(claims))) - set(shown))
    largest = max(*claims, first.pool)

    def cells(amounts: Sequence[Fraction]) -> list[str]:
        wanted = [amounts[n] for n in shown]
        wanted += [total([amounts[n] for n in others])] if others else []
        return [_short(amount, coarse=largest >= COARSE) for amount in wanted]

    names = [first.awards[n].name for n in shown]
    names += [f"{len(others):,} others"] if others else []
    columns = [
        _Column(_alias(row), cells([one.award for one in row.result.awards])) for row in found.rows
    ]
    title = f"Awards of the {LARGEST} who claim most" if many else "Awards"
    labels = [_Column("", names, NAME), _Column("claim", cells(claims))]
    _show_blocks(title, labels, columns, console, right=True)
    notes = ["rounded to whole units; exact with --json"] if largest >= COARSE else []
    notes += ["awards of every claimant with --json"] if many else []
    if notes:
        console.print("; ".join(notes), style="dim")


def _show_properties(found: Comparison, console: Console) -> None:
    """Print a row for each property and a column for each rule, and what was left out."""
    properties = found.rows[0].findings.by_property
    columns = [
        _Column(_alias(row), [MARKS[row.findings.by_property[name].kept] for name in properties])
        for row in found.rows
    ]
    labels = [_Column("", [one.property.title.lower() for one in properties.values()], TITLE)]
    title = "Properties, checked on these claims (· nothing to try)"
    _show_blocks(title, labels, columns, console, right=False)
    by_limit: dict[str, list[str]] = {}
    for row in found.rows:
        if row.findings.limits:
            by_limit.setdefault(row.findings.limits, []).append(_alias(row))
    for limit, rules in by_limit.items():
        of = "" if len(rules) == len(found.rows) else f"{', '.join(rules)}: "
        console.print(f"{of}{limit}", markup=False, style="dim")


def _alias(row: Compared) -> str:
    return row.rule.aliases[0] if row.rule.aliases else row.rule.name


def _short(amount: Fraction, *, coarse: bool = False) -> str:
    """Return an amount in a table of many; one that is cut has the mark `≈` if it is huge."""
    mark = "≈ " if abs(amount) >= HUGE else ""
    return f"{mark}{rounded(amount, 0 if coarse else 2)}"


def _span(row: Compared) -> str:
    ends = row.coefficients
    return " to ".join(percent(end, 0) for end in ends) if ends else ""


def _bars(row: Compared) -> str:
    """Return one sign for each claimant, the higher the more of its claim is met."""
    top = len(LEVELS) - 1
    return "".join(
        LEVELS[min(top, int(one.award / one.claim * top))] if one.claim else " "
        for one in row.result.awards
    )
