"""Rationing: claimants, a pool and a rule in; awards, each with its reasons, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from headworks.errors import Fault, InputError
from headworks.rationing.claimant import Claimant, by_column, claimants
from headworks.rationing.exact import Amount, exact, written
from headworks.rationing.parameters import Parameters, parameters
from headworks.rationing.precedence import precedence
from headworks.rationing.rule import Rule
from headworks.rationing.rule import rule as named_rule
from headworks.rationing.rules.sampling import Sampled
from headworks.rationing.serving import NOTHING, Serving, serve, smallest_below
from headworks.rationing.steps import Party, Step, claims_of, merged
from headworks.rationing.table import read
from headworks.rationing.whole import WholeUnits, method, whole_units

if TYPE_CHECKING:
    from headworks.rationing.ballot import Ballot

Claims: TypeAlias = (
    Mapping[str, Amount] | Sequence[Amount] | Sequence[Mapping[str, object]] | str | Path
)
"""Claims by name, in order, as rows of columns, or as a CSV file."""


@dataclass(frozen=True, slots=True)
class Award:
    """What one claimant asked for, may claim, and gets; amounts are in the pool's unit."""

    name: str
    request: Fraction
    claim: Fraction
    award: Fraction
    members: tuple[str, ...] = ()
    """The related parties that it stands for, if any."""
    bound_by: str = ""
    """What held it apart from the rule: `cap`, `lot` or nothing."""


@dataclass(frozen=True, slots=True)
class Ration:
    """A pool shared among claimants, with everything needed to share it again."""

    pool: Fraction
    unit: str
    people: tuple[Claimant, ...]
    """The claimants as they were given."""
    parameters: Parameters
    rule: Rule
    awards: tuple[Award, ...]
    steps: tuple[Step, ...]
    level: Fraction | None
    """λ of the rule's formula; None where it has none, where nothing was short, or where the rule
    was asked more than once: for tranches, for reserves, for what a cap had cut."""
    standard_errors: Mapping[str, float]
    """By claimant, of awards that are means of a sample; empty where awards are exact."""
    ballot: Ballot | None
    """The draw that broke ties; None if none was held."""
    whole: WholeUnits | None
    """How awards were made whole; None where they are exact."""
    warnings: tuple[str, ...]

    @property
    def coefficient(self) -> Fraction:
        """The pool over the claims, at most 1: what a proportional award would be of its claim."""
        total = sum((one.claim for one in self.awards), NOTHING)
        return min(Fraction(1), self.pool / total) if total else Fraction(1)

    @property
    def margin(self) -> dict[str, Any] | None:
        """Who got the last unit and who would get the next; None where nothing was rounded."""
        if self.whole is None:
            return None
        last = self.whole.to_json([one.name for one in self.awards]).get("last")
        return dict(last) if last else None

    @property
    def left(self) -> Fraction:
        """What nobody was awarded."""
        return self.pool - sum((one.award for one in self.awards), NOTHING)

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain values, exact numbers as text."""
        from headworks.rationing.record import record

        return {
            "rule": self.rule.name,
            "pool": written(self.pool),
            "unit": self.unit,
            "names": [one.name for one in self.awards],
            "claims": [written(one.claim) for one in self.awards],
            "awards": [written(one.award) for one in self.awards],
            "left": written(self.left),
            "coefficient": written(self.coefficient),
            "lambda": None if self.level is None else written(self.level),
            "standard_errors": dict(self.standard_errors),
            "warnings": list(self.warnings),
            "record": record(self),
        }


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
    faults: list[Fault] = []
    people: list[Claimant] = []
    amount, stated = NOTHING, None
    chosen = Parameters(rule)
    columns = {
        "weight": weights, "cap": caps, "minimum": minima, "priority": priority,
        "score": scores, "day": days, "party": parties,
    }  # fmt: skip
    try:
        people, stated = _people(claims, columns)
    except InputError as error:
        faults.extend(error.faults)
    try:
        amount = _pool(pool)
    except InputError as error:
        faults.extend(error.faults)
    try:
        chosen = parameters({"rule": rule, **steps})
        takes = named_rule(chosen.rule).takes
        given = {"weights": weights, "scores": scores, "days": days}
        faults.extend(
            Fault(option, 0, "", f"{named_rule(chosen.rule).title} takes no {option}",
                  "leave them out, or choose a rule that takes them")
            for option, values in given.items()
            if values is not None and option not in takes
        )  # fmt: skip
    except InputError as error:
        faults.extend(error.faults)
    if unit and stated and unit != stated:
        message = f"the pool is in {unit} and the claims are in {stated}"
        faults.append(Fault("unit", 0, "", message, "convert one of them"))
    if faults:
        raise InputError(faults)
    return shared(amount, unit or stated or "units", people, chosen)


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
    serving, refused = _served(rule, pool, heads, claims, order, chosen)
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
            message = (
                f"{rule.title} needs a {column} of everybody; {', '.join(missing[:5])} has none"
            )
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


def _caps(
    rule: Rule, pool: Fraction, heads: Sequence[Claimant], claims: Sequence[Fraction],
    chosen: Parameters,
) -> list[Fraction]:  # fmt: skip
    """Return the most that each may have; the uniform rule may give more than is asked for."""
    general = chosen.cap if chosen.cap_share is None else chosen.cap_share * pool
    caps: list[Fraction] = []
    for one, claim in zip(heads, claims, strict=True):
        most = pool if rule.name == "uniform" else claim
        limits = [limit for limit in (one.cap, general) if limit is not None]
        if one.minimum is not None and limits and min(limits) < one.minimum:
            message = f"the cap {min(limits)} is below the guaranteed minimum {one.minimum}"
            remedy = "raise the cap or lower the minimum"
            raise InputError([Fault("cap", 0, one.name, message, remedy)])
        least = min([most, *limits])
        caps.append(least if chosen.whole is None else Fraction(floor(least)))
    return caps


def _served(
    rule: Rule, pool: Fraction, heads: Sequence[Claimant], claims: Sequence[Fraction],
    order: Sequence[int] | None, chosen: Parameters,
) -> tuple[Serving, set[int]]:  # fmt: skip
    """Serve the pool; with a least lot, again and again without whom it would give too little."""
    lot = chosen.lot or NOTHING
    over = rule.name == "uniform"  # by which more may be awarded than is claimed
    refused = {n for n, claim in enumerate(claims) if 0 < claim < lot and not over}
    asked = [NOTHING if n in refused else claim for n, claim in enumerate(claims)]
    while True:
        serving = Serving(rule, heads, asked, order, draw(chosen))
        serving.caps = _caps(rule, pool, heads, asked, chosen)
        for n in refused:
            serving.caps[n] = NOTHING
        minima = [one.minimum or NOTHING for one in heads]
        serve(pool, serving, minima, chosen)
        small = [] if chosen.lot is None else smallest_below(serving, pool, chosen.lot)
        if not small:
            return serving, refused
        refused.update(small)
        for n in small:
            asked[n] = NOTHING


def draw(chosen: Parameters) -> dict[str, int]:
    """Return how many orders a rule draws, where that is said, and from what."""
    orders = {} if chosen.orders is None else {"orders": chosen.orders}
    return {**orders, "seed": chosen.seed}


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
        at_once, _ = _served(rule, pool, heads, claims, order, replace(chosen, tranches=()))
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
