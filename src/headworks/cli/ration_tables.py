"""What `headworks ration` prints: the awards with their reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headworks.rationing.common import total
from headworks.rationing.exact import HUGE, rounded, shortened
from headworks.rationing.intake.names import listed

if TYPE_CHECKING:
    from fractions import Fraction

    from rich.console import Console

    from headworks.rationing.result import Ration
    from headworks.rationing.rules.division import CutOff
    from headworks.rationing.steps.step import Step

ROWS = 100
"""Claimants up to which each has a row; of more, those who are listed first and last have."""
FIRST, LAST = 40, 10
SHORT = 1_000
"""Denominators below this are shown as fractions too."""


def show_awards(result: Ration, console: Console) -> None:
    """Print the awards, what the steps changed, and where the rule cut."""
    from rich.markup import escape
    from rich.table import Table

    console.print(_headline(result), markup=False)
    table = Table(box=None, header_style="bold")
    units = ["units"] if any(one.units for one in result.awards) else []
    for column in ("", "request", "claim", "award", "share of claim", *units, ""):
        table.add_column(column, justify="left" if not column else "right")
    many = len(result.awards) > ROWS
    shown = [*result.awards[:FIRST], *result.awards[-LAST:]] if many else result.awards
    for number_of_row, one in enumerate(shown):
        if many and number_of_row == FIRST:
            table.add_row(*_others(result), *("" for _ in (*units, "")))
        part = one.award / one.claim if one.claim else None
        alone = [number(x) for x in one.units.values()] if len(one.units) == 1 else [""]
        related = f"with {listed(one.members)}" if one.members and len(one.units) < 2 else ""  # noqa: PLR2004 - else each has a row
        table.add_row(
            escape(one.name), number(one.request), number(one.claim), number(one.award),
            "" if part is None else percent(part), *(alone if units else ()),
            escape("; ".join(note for note in (one.bound_by, related) if note)),
        )  # fmt: skip
        for member, x in one.units.items() if len(one.units) > 1 else ():
            table.add_row(f"  {escape(member)}", "", "", "", "", number(x), "")
    console.print(table)
    if many:
        text = f"the first {FIRST} and the last {LAST}; all of them with --json or --record FILE"
        console.print(text, style="dim")
    for step in result.steps:
        console.print(step_text(step), markup=False, style="dim")
    for line in (*_reasons(result), *(f"warning: {text}" for text in result.warnings)):
        console.print(line, markup=False)


def _others(result: Ration) -> tuple[str, ...]:
    """Return the cells of a row that sums those up who have none."""
    rest = result.awards[FIRST:-LAST]
    sums = [total(getattr(one, key) for one in rest) for key in ("request", "claim", "award")]
    part = sums[2] / sums[1] if sums[1] else None
    name = f"{len(rest):,} others"
    return (name, *map(number, sums), "" if part is None else percent(part))


def step_text(step: Step) -> str:
    """Return what a step did, and to whom."""
    if step.name in {"reserve", "members"}:
        return f"{step.name}: {step.what}"
    changed = f"changed: {listed(step.changed, 10)}" if step.changed else "changed nothing"
    return f"{step.name}: {step.what}; {changed}"


def _headline(result: Ration) -> str:
    """Return the answer in one sentence."""
    claimed = total([one.claim for one in result.awards])
    met = all(one.award == one.claim for one in result.awards)
    said = "all claims in full" if met else f"by {result.rule.title}"
    left = f"; {number(result.left)} are left" if result.left else ""
    if result.withheld:
        kept = total(list(result.withheld.values()))
        left += f", of which {number(kept)} stay in {listed(result.withheld)}"
    return (
        f"{number(result.pool)} {result.unit} for claims of {number(claimed)} "
        f"from {len(result.awards):,}: {said}{left}."
    )


def _reasons(result: Ration) -> list[str]:
    """Return how the rule cut, as sentences."""
    found = [
        f"rule: {result.rule.formula}; the pool is {float(result.coefficient):.4%} of the claims"
    ]
    if result.level is not None:
        found[0] += f"; λ = {number(result.level)}"
    found.extend(_cut(result, stage, cut) for stage, cut in result.cut_offs.items())
    if result.margin is not None:
        found.append(_last_unit(result.margin))
    if result.ballot is not None:
        found.append(f"ballot ({result.ballot.method}): {listed(result.ballot.drawn, 10)}")
    return found


def _cut(result: Ration, stage: str, cut: CutOff) -> str:
    """Return who stands where the pool ends, and how far apart."""
    last, following = (
        listed(result.awards[n].name for n in group) for group in (cut.last, cut.following)
    )
    of = "" if list(result.cut_offs) == ["open"] else f" ({stage})"
    if not cut.last:
        return f"cut-off{of}: nobody is served; first in line is {following}"
    one = result.awards[cut.last[0]]
    alone = len(cut.last) == 1 and one.award < one.claim
    part = f", with {number(one.award)} of {number(one.claim)}" if alone else ""
    if not following:
        return f"cut-off{of}: the pool ends with {last}{part}; nobody is left out"
    by = "" if cut.margin is None else f", by {number(cut.margin)} points"
    by = ", with as many points, by order" if cut.margin == 0 else by
    return f"cut-off{of}: the pool ends with {last}{part}, before {following}{by}"


def _last_unit(margin: dict[str, Any]) -> str:
    """Return who got the last unit, and who would have got the next one."""
    won = listed(margin["won"], 10)
    if not margin["next_in_line"]:
        return f"last unit to {won}; nobody is next in line"
    following = listed(margin["next_in_line"], 10)
    told = {"0": "as they stood equal, by order", None: "by order"}
    apart = margin["margin"]
    by = told[apart] if apart in told else f"by {shortened(apart)}"
    return f"last unit to {won}, before {following}, {by}"


def percent(part: Fraction, places: int = 1) -> str:
    """Return a share as a percentage."""
    large = abs(part.numerator) >= HUGE * part.denominator
    return f"{rounded(part * 100)}%" if large else f"{float(part):.{places}%}"


def number(value: Fraction) -> str:
    """Return a number: whole ones with thousands, others as fraction and decimal.

    What is not exact has the mark `≈`; the record has it exactly.
    """
    huge = abs(value.numerator) >= HUGE * value.denominator
    near = rounded(value) if value.denominator == 1 and not huge else f"≈ {rounded(value)}"
    return f"{value} {near}" if 1 < value.denominator < SHORT and not huge else near
