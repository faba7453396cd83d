"""Rationing: claimants, a pool and a rule in; awards, each with its reasons, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

from headworks.errors import Door, Fault, InputError
from headworks.rationing.claimant import Claimant, by_column, claimants
from headworks.rationing.exact import Amount, exact, written
from headworks.rationing.parameters import Parameters, parameters
from headworks.rationing.precedence import precedence
from headworks.rationing.result import Award, Ration
from headworks.rationing.rule import Rule
from headworks.rationing.rule import rule as named_rule
from headworks.rationing.rules.sampling import Sampled
from headworks.rationing.serving import NOTHING, Serving, served
from headworks.rationing.steps import Party, claims_of, merged
from headworks.rationing.table import read
from headworks.rationing.whole import WholeUnits, method, whole_units

Claims: TypeAlias = (
    Mapping[str, Amount] | Sequence[Amount] | Sequence[Mapping[str, object]] | str | Path
)
"""Claims by name, in order, as rows of columns, or as a CSV file."""


def ration(  # noqa: PLR0913 - all but claims and pool are options by name
    claims: Claims,
    pool: Amount,
    rule: str = "proportional",
    *,
    unit: str | None = None,
    weights: Mapping[str, Amount] | Sequence[Amount] | None = None,
    caps: Mapping[str, Amount] | Sequence[Amount] | None = None,
    minima: Mapping[str, Amount] | Sequence[Amount] | None = None,
    priority: Mapping[str, Amount] | Sequence[Amount] | None = None,
    scores: Mapping[str, Amount] | Sequence[Amount] | None = None,
    days: Mapping[str, str] | Sequence[str] | None = None,
    parties: Mapping[str, str] | Sequence[str] | None = None,
    **steps: Any,  # noqa: ANN401 - the fields of `Parameters`
) -> Ration:
    """Share a pool among claimants by a named rule, exactly.

    Args:
        claims: Claims by name, in order, as rows of columns, or as the path of a CSV file.
        pool: What there is to share, in one unit with the claims.
        rule: Name of the rule or an alias, such as `cea`.
        unit: Unit of pool and claims; `units` if nothing says another.
        weights: Positive weight of each claimant, for rules that weigh.
        caps: The most that each may be awarded.
        minima: What each is guaranteed, as far as it claims so much.
        priority: Rank of each, 1 first.
        scores: Points of each.
        days: Day on which each application was accepted.
        parties: Group of related parties of each.
        **steps: Fields of `Parameters`: `cap`, `cap_share`, `truncate`, `min_use`, `lot`,
            `reserves`, `order`, `tranches`, `whole`, `ballot_key`, `ballot`.

    Raises:
        InputError: Lists every fault of the claims, the pool and the parameters.
    """
    people: list[Claimant] = []
    amount, stated = NOTHING, None
    chosen = Parameters(rule)
    columns = {
        "weight": weights, "cap": caps, "minimum": minima, "priority": priority,
        "score": scores, "day": days, "party": parties,
    }  # fmt: skip
    door = Door()
    with door.checking():
        people, stated = _people(claims, columns)
    with door.checking():
        amount = _pool(pool)
    with door.checking():
        chosen = parameters({"rule": rule, **steps})
        _check_columns(named_rule(rule), {"weights": weights, "scores": scores, "days": days})
    with door.checking():
        if unit and stated and unit != stated:
            message = f"the pool is in {unit} and the claims are in {stated}"
            raise InputError([Fault("unit", 0, "", message, "convert one of them")])
    door.close()
    return shared(amount, unit or stated or "units", people, chosen)


def _check_columns(rule: Rule, given: Mapping[str, object]) -> None:
    """Raise if something is given by option that the rule does not take."""
    remedy = "leave them out, or choose a rule that takes them"
    faults = [
        Fault(option, 0, "", f"{rule.title} takes no {option}", remedy)
        for option, values in given.items()
        if values is not None and option not in rule.takes
    ]
    if faults:
        raise InputError(faults)


def shared(pool: Fraction, unit: str, people: Sequence[Claimant], chosen: Parameters) -> Ration:
    """Share a pool among claimants, with every step that the parameters ask for.

    Raises:
        InputError: Claimants, pool and parameters do not fit each other.
    """
    rule = named_rule(chosen.rule)
    _check(rule, people, chosen)
    parties, merge = merged(people)
    heads = [party.head for party in parties]
    claims, steps = claims_of(heads, pool, chosen)
    if merge is not None:
        steps.insert(0, merge)
    ballot, order = precedence(heads, chosen)
    serving, refused = served(rule, pool, heads, claims, order, chosen)
    awards = serving.awards
    whole = None
    if chosen.whole is not None:
        whole = _whole(chosen.whole, heads, serving, order, chosen.ballot_key)
        awards = [Fraction(units) for units in whole.awards]
    return Ration(
        pool=pool, unit=unit, people=tuple(people), parameters=chosen, rule=rule,
        awards=tuple(_awards(parties, claims, awards, serving, refused)), steps=tuple(steps),
        level=serving.division.level if serving.division and serving.answers == 1 else None,
        standard_errors=_standard_errors(serving), ballot=ballot, whole=whole,
        warnings=tuple(_warnings(rule, pool, heads, claims, order, chosen, serving)),
    )  # fmt: skip


def _people(
    claims: Claims, columns: Mapping[str, Mapping[str, object] | Sequence[object] | None]
) -> tuple[list[Claimant], str | None]:
    given = {name: values for name, values in columns.items() if values is not None}
    if isinstance(claims, str | Path):
        people, unit = read(claims)
    elif isinstance(claims, Mapping):
        return claimants(by_column(claims, given)), None
    else:
        rows = [dict(one) for one in claims if isinstance(one, Mapping)]
        if len(rows) < len(claims) or not rows:
            amounts = [one for one in claims if not isinstance(one, Mapping)]
            if rows:
                message = "some claims are rows of columns, and others are amounts"
                raise InputError([Fault("claims", 0, "", message, "give all in one form")])
            return claimants(by_column(amounts, given)), None
        people, unit = claimants(rows), None
    if not given:
        return people, unit
    known = [one.to_json() for one in people]
    added = by_column({one.name: one.request for one in people}, given)
    return claimants([{**row, **more} for row, more in zip(known, added, strict=True)]), unit


def _pool(pool: Amount) -> Fraction:
    try:
        amount = exact(pool)
    except ValueError as error:
        raise InputError([Fault("pool", 0, "", str(error))]) from None
    if amount < 0:
        raise InputError([Fault("pool", 0, "", f"the pool is negative: {pool}")])
    return amount


def _check(rule: Rule, people: Sequence[Claimant], chosen: Parameters) -> None:
    """Raise if the rule or a step misses what it needs to know of the claimants."""
    faults: list[Fault] = []
    names = {one.party or one.name for one in people}
    for option, column in (("scores", "score"), ("days", "day"), ("weights", "weight")):
        missing = [one.name for one in people if getattr(one, column) is None]
        if option in rule.needs and missing:
            shown = ", ".join(missing[:5]) + (", …" if missing[5:] else "")
            lack = "has" if len(missing) == 1 else "have"
            message = f"{rule.title} needs a {column} of everybody; {shown} {lack} none"
            faults.append(Fault(column, 0, "", message, f"give {option}"))
    ranked = any(one.priority is not None for one in people)
    if "priority" in rule.needs and not ranked and chosen.ballot_key is None:
        message = f"{rule.title} needs an order"
        faults.append(Fault("priority", 0, "", message, "give ranks, or the key of a ballot"))
    for reserve in chosen.reserves:
        unknown = [name for name in reserve.eligible if name not in names]
        if unknown:
            message = f"there is no claimant {unknown[0]!r}"
            faults.append(Fault("reserves", 0, reserve.name, message, "name claimants or parties"))
    if faults:
        raise InputError(faults)


def _standard_errors(serving: Serving) -> dict[str, float]:
    """Return the errors of awards that the rule sampled, as far as it was asked only once."""
    if not isinstance(serving.division, Sampled) or serving.answers > 1:
        return {}
    pairs = zip(serving.asked, serving.division.standard_errors, strict=True)
    return {serving.people[n].name: error for n, error in pairs}


def _whole(
    by: str, heads: Sequence[Claimant], serving: Serving, order: Sequence[int] | None,
    key: str | None,
) -> WholeUnits:  # fmt: skip
    """Return awards as whole units; a method that draws takes the ballot's key."""
    draws = method(by).draws
    return whole_units(
        serving.awards, serving.caps, by=by, order=None if draws else order,
        key=key if draws else None, names=[one.name for one in heads],
    )  # fmt: skip


def _awards(
    parties: Sequence[Party], claims: Sequence[Fraction], awards: Sequence[Fraction],
    serving: Serving, refused: set[int],
) -> list[Award]:  # fmt: skip
    found: list[Award] = []
    for n, (party, claim, award) in enumerate(zip(parties, claims, awards, strict=True)):
        members = tuple(one.name for one in party.members) if len(party.members) > 1 else ()
        bound = "lot" if n in refused else "cap" if n in serving.capped else ""
        found.append(Award(party.head.name, party.head.request, claim, award, members, bound))
    return found


def _warnings(
    rule: Rule, pool: Fraction, heads: Sequence[Claimant], claims: Sequence[Fraction],
    order: Sequence[int] | None, chosen: Parameters, serving: Serving,
) -> list[str]:  # fmt: skip
    """Return what an officer should know: tranches that change awards."""
    found: list[str] = []
    for option, column in (("weights", "weight"), ("scores", "score"), ("days", "day")):
        if option not in rule.takes and any(getattr(one, column) is not None for one in heads):
            found.append(f"{rule.title} takes no {option}: the column {column} changes nothing")
    if isinstance(serving.division, Sampled):
        sample = serving.division
        worst = max(sample.standard_errors)
        found.append(
            f"{rule.title} are means of {sample.orders:,} drawn orders (seed {sample.seed}), with "
            f"standard errors of up to {worst:.3g}"
        )
    if chosen.tranches:
        total = sum(chosen.tranches, NOTHING)
        if total != pool:
            message = f"the tranches add up to {total}, and the pool is {pool}"
            raise InputError([Fault("tranches", 0, "", message, "make them agree")])
        at_once, _ = served(rule, pool, heads, claims, order, replace(chosen, tranches=()))
        moved = [
            f"{one.name}: {written(now)} instead of {written(then)}"
            for one, now, then in zip(heads, serving.awards, at_once.awards, strict=True)
            if now != then
        ]
        if moved:
            found.append(
                f"in tranches, awards are other than at once ({rule.title}): {'; '.join(moved)}"
            )
    return found
