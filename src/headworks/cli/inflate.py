"""Tables of `headworks ration --inflate`: what rules invite, and what orders say about needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from headworks.errors import Fault, InputError
from headworks.rationing.claimant import Claimant, by_column, claimants
from headworks.rationing.incentives.beliefs import beliefs
from headworks.rationing.incentives.equilibrium import VERDICTS, Equilibrium
from headworks.rationing.incentives.inflation import Incentives, Inflation, inflation
from headworks.rationing.incentives.needs import LOWER, UPPER, Bound, ImpliedNeeds, implied
from headworks.rationing.incentives.terms import terms
from headworks.rationing.rule import rule as named_rule

if TYPE_CHECKING:
    from rich.console import Console

BAR = 30
"""Signs of the longest bar."""


@dataclass(frozen=True, slots=True)
class Inflated:
    """What `--inflate` finds."""

    unit: str
    inflation: Inflation
    implied: ImpliedNeeds | None
    """What the claims say about needs; None where the needs are given."""


def inflated(  # noqa: PLR0913 - one for each option
    people: Sequence[Claimant],
    pool: Fraction,
    unit: str = "units",
    *,
    rule: str = "proportional",
    needs: Mapping[str, str] | Sequence[str] | None = None,
    deposit: str | None = None,
    request_cap: str | None = None,
    expected_pool: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Inflated:
    """Return what each rule invites the claimants to do, and what their claims say about needs.

    Needs are those given, or else those of the column `need`, less stock and undelivered awards.
    Where a need is not known, the claim stands for it, and all claims are read as orders under the
    rule, too.

    Args:
        people: The claimants.
        pool: What there is to share.
        unit: Unit of pool and claims.
        rule: The rule in question, for which deposits and caps are varied.
        needs: True needs by name, or in order.
        deposit: Share of a useful unit's worth that each unit requested and not used forfeits.
        request_cap: The most that anybody may request: units, or a multiple of the need, `2x`.
        expected_pool: The pools that the claimants may have expected, `400000..700000`; the pool
            if not given.
        progress: Told how much is done, and how much there is.

    Raises:
        InputError: Lists every fault.
    """
    multiple = request_cap is not None and request_cap.strip().endswith("x")
    faults: list[Fault] = []
    held = beliefs({"pool": pool or 1})
    try:
        found_terms = terms({
            "deposit": deposit, "cap_of_need": request_cap if multiple else None,
            "request_cap": None if multiple else request_cap,
        })  # fmt: skip
    except InputError as error:
        faults.extend(error.faults)
    try:
        needy, all_known = _needy(people, needs)
    except InputError as error:
        faults.extend(error.faults)
    try:
        held = beliefs({"pool": pool or 1 if expected_pool is None else expected_pool})
        found_rule = named_rule(rule)
    except InputError as error:
        faults.extend(error.faults)
    if faults:
        raise InputError(faults)
    found = inflation(pool, needy, found_terms, focus=found_rule, progress=progress)
    read = None
    if not all_known and found_rule.name not in {*found.left_out, "uniform"}:
        read = implied(found_rule, people, held)
    return Inflated(unit, found, read)


def _needy(
    people: Sequence[Claimant], needs: Mapping[str, str] | Sequence[str] | None
) -> tuple[list[Claimant], bool]:
    """Return the claimants with their true needs as requests, and whether all needs are known."""
    if needs is not None:
        claims = {one.name: one.request for one in people}
        rows = by_column(claims, {"need": needs})
        known = {one.name: one.need for one in claimants(rows, file="--needs")}
    else:
        known = {one.name: _net_need(one) for one in people}
    needy: list[Claimant] = []
    for one in people:
        need = known[one.name]
        needy.append(one if need is None else replace(one, request=need))
    return needy, all(need is not None for need in known.values())


def _net_need(one: Claimant) -> Fraction | None:
    if one.need is None:
        return None
    return max(Fraction(0), one.need - (one.stock or 0) - (one.undelivered or 0))


def inflation_json(result: Inflated) -> dict[str, Any]:
    """Return what `--inflate --json` prints."""
    return {
        "unit": result.unit,
        "inflation": result.inflation.to_json(),
        "implied_needs": None if result.implied is None else result.implied.to_json(),
    }


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
    console.print(
        "gain: useful units more for the claimant that gains most; the others stay truthful. "
        "Orders ÷ needs: where best replies, from the truth on, lead all.",
        markup=False,
    )
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
    factor = f"{over.name} × {float(over.factor or 0):,.3g}" if over.gain else "never"
    return (
        factor,
        f"{number(over.gain)}{'' if over.bounded else ' or more'}",
        number(split.gain),
        "" if pair is None else number(max(pair.gain, Fraction(0))),
        times(one.equilibrium),
        VERDICTS[one.equilibrium.verdict],
    )


def times(one: Equilibrium) -> str:
    """Return orders over needs, or that they do not settle."""
    return f"{float(one.inflation):,.2f}" if one.settled else "—"


def chart(settings: Sequence[Equilibrium], name: Callable[[Equilibrium], str]) -> list[str]:
    """Return a bar for each setting, as long as orders are large against needs."""
    longest = max((one.inflation for one in settings if one.settled), default=Fraction(1))
    lines: list[str] = []
    for one in settings:
        bar = "█" * max(1, round(BAR * one.inflation / longest))
        shown = bar if one.settled else VERDICTS[one.verdict]
        lines.append(f"{name(one):>10}  {times(one):>7}  {shown}")
    return lines


def _deposit(one: Equilibrium) -> str:
    return f"{float(one.game.terms.deposit):.4g}"


def _cap(one: Equilibrium) -> str:
    return f"{float(one.game.terms.cap_of_need or 0):.4g} x need"


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
    whole = value.denominator == 1 or abs(value) >= 1000  # noqa: PLR2004
    return f"{float(value):,.0f}" if whole else f"{float(value):,.2f}"
