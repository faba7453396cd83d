"""`headworks ration --inflate`: needs and terms read, and each rule asked what it invites."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from headworks.errors import Door
from headworks.rationing.incentives.beliefs import beliefs
from headworks.rationing.incentives.effort import effort
from headworks.rationing.incentives.inflation import Inflation, inflation
from headworks.rationing.incentives.needs import ImpliedNeeds, implied
from headworks.rationing.incentives.terms import Terms, terms
from headworks.rationing.intake.claimant import Claimant, by_column, claimants
from headworks.rationing.rule import rule as named_rule

if TYPE_CHECKING:
    from headworks.rationing.rule import Rule


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
    found_terms, found_rule = Terms(), named_rule("proportional")
    held, needy, all_known = beliefs({"pool": pool or 1}), list(people), False
    door = Door()
    with door.checking():
        found_terms = terms({
            "deposit": deposit, "cap_of_need": request_cap if multiple else None,
            "request_cap": None if multiple else request_cap,
        })  # fmt: skip
    with door.checking():
        needy, all_known = _needy(people, needs)
    with door.checking():
        held = beliefs({"pool": pool or 1 if expected_pool is None else expected_pool})
    with door.checking():
        found_rule = named_rule(rule)
    door.close()
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
