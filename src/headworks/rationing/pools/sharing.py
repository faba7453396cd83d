"""Several pools: each shared by itself, and what one leaves unmet goes on to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from headworks.errors import Door, Fault, InputError, UnknownName
from headworks.rationing.intake.asking import Asked, Claims, amount_of, asked, unit_text
from headworks.rationing.intake.claimant import Claimant, claimants, pool_names
from headworks.rationing.intake.names import listed
from headworks.rationing.intake.parameters import Parameters, parameters
from headworks.rationing.pools.measures import Given, Measure, check_measures
from headworks.rationing.pools.measures import measures as measures_of
from headworks.rationing.pools.result import PooledAward, PooledRation
from headworks.rationing.ration import shared
from headworks.rationing.rule import rule as named_rule
from headworks.rationing.steps.parties import Party, measured, merged
from headworks.rationing.steps.remarks import on_claimants
from headworks.rationing.steps.serving import NOTHING
from headworks.rationing.steps.step import Step, verified

if TYPE_CHECKING:
    from headworks.rationing.exact import Amount
    from headworks.rationing.result import Ration


def ration_pools(
    claims: Claims,
    pools: Mapping[str, Amount],
    rule: str = "proportional",
    *,
    unit: str | None = None,
    per_chip: Mapping[str, Amount] | None = None,
    measures: Given | None = None,
    **options: Any,  # noqa: ANN401 - those of `ration`
) -> PooledRation:
    """Share several pools among claimants, one after the other, by a named rule.

    Each claimant is served from the pools that its column `pool` names, or from all. A pool is
    shared among those eligible by what they claim and have not been awarded yet; what it leaves
    unmet goes on to the next pool. Need, past use and related parties are looked at once, before
    the first pool. The cap of a claimant holds for all its pools together, and its minimum too,
    which the last of them makes good; caps of the call and a least lot hold in each pool.

    Args:
        claims: As for `ration`; the column `pool` holds names, `north` or `north|south`.
        pools: How much there is of each, in the order in which they are served.
        rule: Name of the rule or an alias.
        unit: Unit of all pools; with `measures`, of the claims.
        per_chip: Size of one unit by chip, in the pools' measure.
        measures: For pools that count different things, by pool its unit and the size of one unit
            by chip: `{"grid": ("MW", {"H200": "0.0007"})}`. All amounts of claimants then count
            units, as do pools without a measure.
        **options: As for `ration`, without `reserves`, `order` and `tranches`; and `eligible`, the
            pools of each claimant as the column `pool` names them.

    Raises:
        InputError: Lists every fault of the claims, the pools and the parameters.
    """
    found = Asked((), "", Parameters("proportional"))
    amounts: dict[str, Fraction] = {}
    door = Door()
    with door.checking():
        found = asked(claims, rule, options, unit=unit, per_chip=per_chip)
    with door.checking():
        amounts = pool_amounts(pools)
    door.close()
    by_pool = measures_of(measures, amounts, found.people, found.unit)
    return shared_pools(amounts, found.unit, found.people, found.parameters, by_pool)


def shared_pools(
    pools: Mapping[str, Fraction], unit: str, people: Sequence[Claimant], chosen: Parameters,
    measures: Mapping[str, Measure] | None = None,
) -> PooledRation:  # fmt: skip
    """Share pools in their order, with every step that the parameters ask for.

    What is claimed and given is added up in the unit of the claims; where pools have measures, each
    is shared in its own.

    Raises:
        InputError: Claimants, pools and parameters do not fit each other.
    """
    rule = named_rule(chosen.rule)
    rows = [measured(one) for one in people]
    allowed, steps = verified(rows, chosen)
    parties, merge = merged(rows, allowed, beyond_claims=rule.beyond_claims)
    eligible = _eligible(pools, parties)
    _check(parties, eligible, chosen)
    check_measures(measures or {}, parties, chosen)
    steps = [*steps, *([merge] if merge else [])]
    given: list[dict[str, Fraction]] = [{} for _ in parties]
    found: dict[str, Ration] = {}
    warnings = list(on_claimants(rule, people, chosen))
    for name, amount in pools.items():
        numbers = [n for n, theirs in enumerate(eligible) if name in theirs]
        measure = (measures or {}).get(name)
        heads = [
            _head(parties[n], given[n], measure, last=name == eligible[n][-1]) for n in numbers
        ]
        its_unit = measure.unit if measure else unit
        found[name] = _shared(name, amount, its_unit, heads, replace(chosen, min_use=None))
        for n, award in zip(numbers, found[name].awards, strict=True):
            size = measure.size(parties[n].members[0]) if measure else 1
            given[n][name] = award.award / size
        if step := _link(name, parties, numbers, given, eligible):
            steps.append(step)
        warnings += [
            f"pool {name}: {text}" for text in found[name].warnings if text not in warnings
        ]
    awards = tuple(_award(party, by_pool) for party, by_pool in zip(parties, given, strict=True))
    return PooledRation(
        found, unit, tuple(people), chosen, awards, tuple(steps), tuple(warnings), measures or {}
    )


def again(inputs: Mapping[str, Any]) -> PooledRation:
    """Return the rationing of a record's inputs.

    Raises:
        InputError: They cannot be shared.
    """
    pools = pool_amounts({str(row["name"]): row["pool"] for row in inputs["pools"]})
    people = claimants([dict(row) for row in inputs["claimants"]], file="record")
    unit = unit_text(inputs["unit"])
    told = {str(row["name"]): row for row in inputs["pools"] if "unit" in row}
    given = {name: (row["unit"], row.get("per_chip", {})) for name, row in told.items()}
    by_pool = measures_of(given, pools, people, unit)
    return shared_pools(pools, unit, people, parameters(inputs["parameters"]), by_pool)


def pool_amounts(pools: object) -> dict[str, Fraction]:
    """Return how much there is of each pool, by its name as claimants name it.

    Raises:
        InputError: There is no pool, or names and amounts have faults; all are listed.
    """
    if not isinstance(pools, Mapping) or not pools:
        message = "there are no pools by name"
        raise InputError([Fault("pools", 0, "", message, "give the amount of each by its name")])
    faults: list[Fault] = []
    found: dict[str, Fraction] = {}
    for given, value in pools.items():
        try:
            name = pool_names(str(given))
            if len(name) > 1 or name[0] in found:
                message = f"{given!r} is no name of a pool that is its own"
                faults.append(Fault("pools", 0, str(given), message, "name each pool once"))
                continue
            found[name[0]] = amount_of("pool", value)
        except ValueError as error:
            faults.append(Fault("pools", 0, repr(given), str(error)))
        except InputError as error:
            faults.extend(replace(fault, key=str(given)) for fault in error.faults)
    if faults:
        raise InputError(faults)
    return found


def _eligible(pools: Mapping[str, Fraction], parties: Sequence[Party]) -> list[tuple[str, ...]]:
    """Return the pools that each party may be served from, in the order of the pools.

    Raises:
        InputError: Somebody names a pool that there is not, or a pool is named by nobody.
    """
    faults: list[Fault] = []
    found: list[tuple[str, ...]] = []
    for party in parties:
        named = {one.pool for one in party.members}
        if len(named) > 1:
            message = "its members may be served from different pools"
            remedy = "name the same pools for all of them, or leave them unrelated"
            faults.append(Fault("pool", 0, party.head.name, message, remedy))
        text = party.head.pool
        theirs = tuple(pools) if text is None else pool_names(text)
        for name in theirs:
            if name not in pools:
                error = UnknownName("pool", name, pools, remedy="say how much there is of it")
                faults.extend(
                    replace(fault, file="pool", key=party.head.name) for fault in error.faults
                )
        found.append(tuple(name for name in pools if name in theirs))
    named_by_somebody = {name for theirs in found for name in theirs}
    for name in pools:
        if name not in named_by_somebody and not faults:
            message = "nobody may be served from it"
            faults.append(Fault("pool", 0, name, message, "name it in the column `pool`"))
    if faults:
        raise InputError(faults)
    return found


def _check(
    parties: Sequence[Party], eligible: Sequence[tuple[str, ...]], chosen: Parameters
) -> None:
    """Raise if something is asked for that belongs to one pool."""
    faults: list[Fault] = []
    parts = {"reserves": chosen.reserves, "order": chosen.order, "tranches": chosen.tranches}
    for option, value in parts.items():
        if value:
            message = "it is about one pool without a name, and these have names"
            faults.append(Fault(option, 0, "", message, "ration that pool by itself"))
    mixed = [
        party.head.name
        for party in parties
        if party.size is None and any(one.size is not None for one in party.members)
    ]
    if mixed:
        message = f"{listed(mixed)} count units of several sizes under one name"
        remedy = "leave the members unrelated, or ration pool by pool"
        faults.append(Fault("size", 0, "", message, remedy))
    if named_rule(chosen.rule).beyond_claims and any(len(theirs) > 1 for theirs in eligible):
        message = f"{named_rule(chosen.rule).title} leaves no claim unmet that could go on"
        remedy = "name one pool for each claimant, or choose another rule"
        faults.append(Fault("rule", 0, "", message, remedy))
    if faults:
        raise InputError(faults)


def _head(
    party: Party, given: Mapping[str, Fraction], measure: Measure | None, *, last: bool
) -> Claimant:
    """Return a party with what it still claims, in its own units, and their size in a pool."""
    had = sum(given.values(), NOTHING)
    size = party.size or Fraction(1)
    in_pool = measure.size(party.members[0]) if measure and measure.per_chip else party.size
    head = party.head
    cap = None if head.cap is None else max(head.cap - had, NOTHING)
    minimum = None if head.minimum is None else min(head.minimum, party.claim)
    rest = None if minimum is None or not last else max(minimum - had, NOTHING)
    return replace(
        head,
        request=(party.claim - had) / size,
        cap=None if cap is None else cap / size,
        minimum=None if rest is None else rest / size,
        size=in_pool, pool=None, party=None, need=None, stock=None, undelivered=None,
        used=None, awarded=None,
    )  # fmt: skip


def _shared(
    name: str, amount: Fraction, unit: str, heads: Sequence[Claimant], chosen: Parameters
) -> Ration:
    """Share one pool; faults say which.

    Raises:
        InputError: Claimants, pool and parameters do not fit each other.
    """
    try:
        return shared(amount, unit, heads, chosen)
    except InputError as error:
        raise InputError(
            [replace(fault, file=f"pool {name}: {fault.file}") for fault in error.faults]
        ) from None


def _link(
    name: str, parties: Sequence[Party], numbers: Sequence[int],
    given: Sequence[Mapping[str, Fraction]], eligible: Sequence[tuple[str, ...]],
) -> Step | None:  # fmt: skip
    """Return what goes on from a pool: claims before it, and what it leaves unmet of them."""
    step = Step("link", f"what {name} leaves unmet goes on to the next pool of each claimant")
    for n in numbers:
        rest = parties[n].claim - sum(given[n].values(), NOTHING)
        if rest and name != eligible[n][-1]:
            step.changed[parties[n].head.name] = (rest + given[n][name], rest)
    return step if step.changed else None


def _award(party: Party, by_pool: Mapping[str, Fraction]) -> PooledAward:
    members = tuple(one.name for one in party.members) if len(party.members) > 1 else ()
    units = None
    if party.size is not None:
        units = sum(by_pool.values(), NOTHING) / party.size
    return PooledAward(
        party.head.name, party.head.request, party.claim, dict(by_pool), members, units
    )
