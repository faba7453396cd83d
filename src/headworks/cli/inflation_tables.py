"""Tables of `headworks ration --inflate`: what rules invite, and what orders say about needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from headworks.rationing.exact import rounded, significant
from headworks.rationing.incentives.needs import LOWER, UPPER, Bound, ImpliedNeeds
from headworks.rationing.incentives.verdict import VERDICTS, Equilibrium
from headworks.rationing.rule import rule as named_rule

if TYPE_CHECKING:
    from rich.console import Console

    from headworks.cli.inflate import Inflated
    from headworks.rationing.incentives.grouping import Merging
    from headworks.rationing.incentives.inflation import Incentives, Inflation

BAR = 30
"""Signs of the longest bar."""


def show_inflation(result: Inflated, console: Console) -> None:
    """Print the tables: by rule, by deposit and cap, and what the claims say about needs."""
    found = result.inflation
    stand = "" if result.implied is None else " (claims stand for needs that are not given)"
    console.print(
        f"{number(found.pool)} {result.unit} for needs of {number(found.need_total)}{stand}. "
        "What each rule invites:",
        markup=False,
    )
    console.print(_rules_table(found))
    for name, reason in found.left_out.items():
        console.print(f"{named_rule(name).title} is left out: {reason}", markup=False, style="dim")
    for line in _legend(found):
        console.print(line, markup=False)
    for note in result.notes:
        console.print(f"{note}.", markup=False)
    for settings, what, label in (
        (found.deposits, "deposit (share of a useful unit's worth)", _deposit),
        (found.caps, "cap on requests", _cap),
    ):
        if settings:
            title = f"{settings[0].game.rule.title}: orders ÷ needs by {what}"
            console.print(f"\n{title}", markup=False)
            for line in chart(settings, label):
                console.print(line, markup=False)
    if result.implied is not None:
        console.print()
        _show_needs(result.implied, console)


def _legend(found: Inflation) -> list[str]:
    """Return what the numbers mean, and what was tried to find them."""
    meaning = (
        "gain, splitting, merging: useful units more, at least, for who gains most of those looked "
        "at, while the others stay truthful. never: proven to bring nothing, whatever the claims. "
        "none found, 0: nothing that was tried gains. Orders ÷ needs: where best replies, from the "
        "truth on, lead all."
    )
    lines = [meaning]
    by_text: dict[str, list[str]] = {}
    for one in found.rules:
        by_text.setdefault(one.effort.text(len(found.people)), []).append(one.game.rule.name)
    step = f"in steps of {number(found.rules[0].game.step)}" if found.rules else ""
    for text, rules in by_text.items():
        of = "" if len(by_text) == 1 else f" under {', '.join(rules)}"
        if len(by_text) > 1 and len(rules) > len(found.rules) / 2:
            of = " under the other rules"
        lines.append(f"tried{of}: {text}; requests {step}.")
    return lines


def _rules_table(found: Inflation) -> Any:  # noqa: ANN401 - a table of a library loaded when used
    from rich.table import Table

    table = Table(box=None, header_style="bold")
    columns = (
        "rule",
        "overstating",
        "gain",
        "splitting",
        "merging",
        "orders ÷ needs",
        "equilibrium",
    )
    for column in columns:
        table.add_column(
            column, justify="left" if column in ("rule", "equilibrium") else "right",
            no_wrap=True,
        )  # fmt: skip
    for one in found.rules:
        table.add_row(one.game.rule.name, *_row(one))
    return table


def _row(one: Incentives) -> tuple[str, ...]:
    over, split, pair = one.most_overstating, one.most_splitting, one.most_merging
    factor = f"{over.name} × {rounded(over.factor or Fraction(0))}" if over.gain else "none found"
    gain = f"{number(over.gain)}{'' if over.bounded else ' or more'}"
    if "overstating" in one.proven:
        factor, gain = "never", "0"
    return (
        factor,
        gain,
        "never" if "splitting" in one.proven else number(split.gain),
        "never" if "merging" in one.proven else _gain(pair),
        times(one.equilibrium),
        VERDICTS[one.equilibrium.verdict],
    )


def _gain(pair: Merging | None) -> str:
    return "" if pair is None else number(max(pair.gain, Fraction(0)))


def times(one: Equilibrium) -> str:
    """Return orders over needs, or that they do not settle."""
    return rounded(one.inflation, fixed=True) if one.settled else "—"


def chart(settings: Sequence[Equilibrium], name: Callable[[Equilibrium], str]) -> list[str]:
    """Return a bar for each setting, as long as orders are large against needs."""
    longest = max((one.inflation for one in settings if one.settled), default=Fraction(1))
    lines: list[str] = []
    for one in settings:
        length = max(1, round(BAR * one.inflation / longest)) if one.settled else 0
        shown = "█" * length or VERDICTS[one.verdict]
        lines.append(f"{name(one):>10}  {times(one):>7}  {shown}")
    return lines


def _deposit(one: Equilibrium) -> str:
    return significant(one.game.terms.deposit, 4)


def _cap(one: Equilibrium) -> str:
    return f"{significant(one.game.terms.cap_of_need or Fraction(0), 4)} x need"


def _show_needs(found: ImpliedNeeds, console: Console) -> None:
    from rich.table import Table

    console.print(
        f"What claims of {number(found.order_total)} say about needs, as orders under "
        f"{found.rule.title}:",
        markup=False,
    )
    table = Table(box=None, header_style="bold")
    for column in ("", "order", "need at least", "need at most"):
        table.add_column(column, justify="right" if column else "left")
    reasons: dict[str, list[str]] = {}
    for one in found.needs:
        table.add_row(one.name, number(one.order), bound(one.lower), bound(one.upper))
        reasons.setdefault(f"bound from below: {LOWER[one.lower.by]}", []).append(one.name)
        reasons.setdefault(f"bound from above: {UPPER[one.upper.by]}", []).append(one.name)
    total = (
        number(found.order_total), number(found.lower),
        "no bound" if found.upper is None else number(found.upper),
    )  # fmt: skip
    table.add_row("all", *total)
    console.print(table)
    for reason, names in sorted(reasons.items(), reverse=True):
        console.print(f"{reason} ({', '.join(names)})", markup=False)
    console.print(f"{found.finding}.", markup=False)
    console.print(f"Assumed: {'; '.join(found.beliefs.assumptions())}.", markup=False)


def bound(one: Bound) -> str:
    """Return a bound as a number, or that there is none."""
    if one.by == "unexplained":
        return "?"
    return "no bound" if one.need is None else number(one.need)


def number(value: Fraction) -> str:
    """Return a number for people: whole where it is large, else with two decimals."""
    return rounded(value, 0 if abs(value) >= 1000 else 2)  # noqa: PLR2004 - four digits say enough
