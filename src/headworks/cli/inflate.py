"""Tables of `headworks ration --inflate`: what rules invite, and what orders say about needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from headworks.errors import Fault, InputError
from headworks.rationing.exact import rounded, significant
from headworks.rationing.incentives.beliefs import beliefs
from headworks.rationing.incentives.effort import effort
from headworks.rationing.incentives.equilibrium import VERDICTS, Equilibrium
from headworks.rationing.incentives.inflation import Incentives, Inflation, inflation
from headworks.rationing.incentives.needs import LOWER, UPPER, Bound, ImpliedNeeds, implied
from headworks.rationing.incentives.terms import terms
from headworks.rationing.intake.claimant import Claimant, by_column, claimants
from headworks.rationing.rule import rule as named_rule

if TYPE_CHECKING:
    from rich.console import Console

    from headworks.rationing.incentives.grouping import Merging
    from headworks.rationing.rule import Rule

BAR = 30
"""Signs of the longest bar."""


@dataclass(frozen=True, slots=True)
class Inflated:
    """What `--inflate` finds."""

    unit: str
    inflation: Inflation
    implied: ImpliedNeeds | None
    """What the claims say about needs; None where the needs are given, or are not sought."""
    notes: tuple[str, ...] = ()
    """What was left out beside whole rules, as sentences."""


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
    read, notes = None, _notes(people, found_rule, found)
    if not all_known and found_rule.name not in {*found.left_out, "uniform"}:
        tried = effort(found_rule, [one.request for one in people])
        if tried is None or len(tried.looked_at) < len(people):
            notes.append(
                f"what claims say about needs is not sought under {found_rule.title}: it takes too "
                f"long for {len(people)} claimants"
            )
        else:
            read = implied(found_rule, people, held, progress=progress)
    return Inflated(unit, found, read, tuple(notes))


def _notes(people: Sequence[Claimant], rule: Rule, found: Inflation) -> list[str]:
    """Return what the tables do not look at."""
    notes: list[str] = []
    if any(one.party for one in people):
        notes.append("related parties count apart here, since to be several is what is tried")
    ranks = [one.priority for one in people]
    if any(rank is not None for rank in ranks) and len(set(ranks)) < len(ranks):
        notes.append("of equal ranks the one that is listed first is served first here")
    if rule.name in found.left_out:
        notes.append(f"deposits and caps are not varied, since {rule.title} is left out")
    return notes


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
        "notes": list(result.notes),
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
