"""Rationing: claimants, a pool and a rule in; awards, each with its reasons, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from headworks.errors import Door, Fault, InputError
from headworks.rationing.exact import Amount, short
from headworks.rationing.intake.asking import Asked, Claims, amount_of, asked
from headworks.rationing.intake.names import listed
from headworks.rationing.intake.parameters import ADVANCE, Parameters
from headworks.rationing.result import Award, Ration
from headworks.rationing.rule import Rule
from headworks.rationing.rule import rule as named_rule
from headworks.rationing.steps.lots import served
from headworks.rationing.steps.parties import Party, measured, merged
from headworks.rationing.steps.precedence import precedence
from headworks.rationing.steps.remarks import errors_of, on_claimants, on_luck, on_tranches
from headworks.rationing.steps.rounding import Rounded, exact_units, of_one_size, whole_awards
from headworks.rationing.steps.serving import NOTHING, Serving
from headworks.rationing.steps.settling import answered
from headworks.rationing.steps.step import Step, truncated, verified

if TYPE_CHECKING:
    from headworks.rationing.intake.claimant import Claimant
    from headworks.rationing.steps.bounds import Bounds

ARRIVALS_MAX = 1_000_000_000
"""Claimants times drawn orders; some minutes."""


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
    needs: Mapping[str, Amount] | Sequence[Amount] | None = None,
    stock: Mapping[str, Amount] | Sequence[Amount] | None = None,
    undelivered: Mapping[str, Amount] | Sequence[Amount] | None = None,
    used: Mapping[str, Amount] | Sequence[Amount] | None = None,
    awarded: Mapping[str, Amount] | Sequence[Amount] | None = None,
    chips: Mapping[str, str] | Sequence[str] | None = None,
    sizes: Mapping[str, Amount] | Sequence[Amount] | None = None,
    per_chip: Mapping[str, Amount] | None = None,
    **steps: Any,  # noqa: ANN401 - the fields of `Parameters`
) -> Ration:
    """Share a pool among claimants by a named rule, exactly.

    Args:
        claims: Claims by name, in order, as rows of columns, or as the path of a CSV file.
        pool: What there is to share, in one unit with the claims, or in the measure of sizes.
        rule: Name of the rule or an alias, such as `cea`.
        unit: Unit of the pool; that of the claims, or `units`, if nothing says another.
        weights: Positive weight of each claimant, for rules that weigh.
        caps: The most that each may be awarded.
        minima: What each is guaranteed, as far as it claims so much.
        priority: Rank of each, 1 first.
        scores: Points of each.
        days: Day on which each application was accepted.
        parties: Group of related parties of each.
        needs: Verified requirement of each, to which its claim is cut.
        stock: What each holds of that already.
        undelivered: Earlier awards of each that are still to be delivered.
        used: What each used of earlier awards.
        awarded: Those earlier awards.
        chips: What the units of each are, where they have a size.
        sizes: Size of a unit of each, in the pool's measure, such as TPP. Amounts of a claimant
            then count units, and the pool and its parameters are in the measure.
        per_chip: The same by chip.
        **steps: Fields of `Parameters`: `cap`, `cap_share`, `truncate`, `min_use`, `lot`,
            `guarantee`, `reserves`, `order`, `tranches`, `orders`, `seed`, `whole`, `ballot_key`,
            `ballot`.

    Raises:
        InputError: Lists every fault of the claims, the pool and the parameters.
    """
    options = {
        "weights": weights, "caps": caps, "minima": minima, "priority": priority,
        "scores": scores, "days": days, "parties": parties, "needs": needs, "stock": stock,
        "undelivered": undelivered, "used": used, "awarded": awarded, "chips": chips,
        "sizes": sizes, **steps,
    }  # fmt: skip
    found = Asked((), "", Parameters(rule))
    amount = NOTHING
    door = Door()
    with door.checking():
        found = asked(claims, rule, options, unit=unit, per_chip=per_chip)
    with door.checking():
        amount = amount_of("pool", pool)
    door.close()
    return shared(amount, found.unit, found.people, found.parameters)


def shared(pool: Fraction, unit: str, people: Sequence[Claimant], chosen: Parameters) -> Ration:
    """Share a pool among claimants, with every step that the parameters ask for.

    Raises:
        InputError: Claimants, pool and parameters do not fit each other.
    """
    rule = named_rule(chosen.rule)
    rows = [measured(one) for one in people]
    allowed, steps = verified(rows, chosen)
    parties, merge = merged(rows, allowed, beyond_claims=rule.beyond_claims)
    heads = [party.head for party in parties]
    _check(rule, pool, people, heads, chosen)
    claims = [party.claim for party in parties]
    steps = [*_conversion(people, rows, unit), *steps, *([merge] if merge else [])]
    if chosen.truncate:
        steps.append(truncated(heads, claims, pool))
    ballot, order = precedence(heads, chosen)

    def again(other: Parameters) -> Serving:
        return served(rule, pool, parties, claims, order, other)[0]

    def asked_of(rule: Rule) -> tuple[Serving, Rounded, list[Step], list[Award]]:
        serving, refused, bounds = served(rule, pool, parties, claims, order, chosen)
        rounded = (
            exact_units(parties, serving) if chosen.whole is None
            else whole_awards(parties, serving, order, chosen)
        )  # fmt: skip
        changes = _serving_steps(parties, claims, serving, refused, bounds, chosen)
        awards = _awards(parties, claims, serving, refused, bounds, rounded)
        return serving, rounded, changes, awards

    in_parts = bool(chosen.reserves or chosen.tranches)
    serving, rounded, changes, awards = answered(
        rule, chosen.whole, asked_of, or_whole=not in_parts and all(map(of_one_size, parties))
    )
    steps += changes
    errors = errors_of(serving, pool, chosen, again)
    warnings = (
        *on_claimants(rule, people, chosen),
        on_luck(rule, serving, chosen, list(errors.values())),
        on_tranches(rule, serving, pool, chosen, again),
    )
    return Ration(
        pool=pool, unit=unit, people=tuple(people), parameters=chosen, rule=rule,
        awards=tuple(awards),
        steps=tuple(steps),
        level=serving.division.level if serving.division and serving.answers == 1 else None,
        standard_errors=errors, ballot=ballot, whole=rounded.whole, rows=rounded.rows,
        cut_offs=serving.cut_offs, withheld=serving.withheld,
        warnings=tuple(text for text in warnings if text),
    )  # fmt: skip


def _check(
    rule: Rule, pool: Fraction, people: Sequence[Claimant], heads: Sequence[Claimant],
    chosen: Parameters,
) -> None:  # fmt: skip
    """Raise if the rule or a step misses what it needs to know, or asks for too much."""
    faults = [*_rule_faults(rule, people, chosen), *_pool_faults(pool, people, chosen)]
    if chosen.min_use is not None and not any(one.used is not None for one in people):
        message = "a least use is asked for, and nobody's past use is known"
        faults.append(Fault("min_use", 0, "", message, "give what is used and awarded"))
    names = {one.name for one in heads}
    for reserve in chosen.reserves:
        unknown = [name for name in reserve.eligible if name not in names]
        if unknown:
            message = f"there is no claimant {unknown[0]!r}"
            faults.append(Fault("reserves", 0, reserve.name, message, "name claimants or parties"))
    if chosen.orders is not None and chosen.orders * len(heads) > ARRIVALS_MAX:
        most = ARRIVALS_MAX // len(heads)
        message = f"{chosen.orders:,} orders of {len(heads):,} claimants take too long to draw"
        faults.append(Fault("orders", 0, "", message, f"draw at most {most:,}"))
    if faults:
        raise InputError(faults)


def _rule_faults(rule: Rule, people: Sequence[Claimant], chosen: Parameters) -> Iterator[Fault]:
    for option, column in (("scores", "score"), ("days", "day"), ("weights", "weight")):
        missing = [one.name for one in people if getattr(one, column) is None]
        if option in rule.needs and missing:
            lack = "has" if len(missing) == 1 else "have"
            message = f"{rule.title} needs a {column} of everybody; {listed(missing)} {lack} none"
            yield Fault(column, 0, "", message, f"give {option}")
    ranked = any(one.priority is not None for one in people)
    if "priority" in rule.needs and not ranked and chosen.ballot_key is None:
        message = f"{rule.title} needs an order"
        yield Fault("priority", 0, "", message, "give ranks, or the key of a ballot")


def _pool_faults(pool: Fraction, people: Sequence[Claimant], chosen: Parameters) -> Iterator[Fault]:
    named = dict.fromkeys(name for one in people if one.pool for name in one.pool.split("|"))
    if named:
        message = f"the claims name the pools {listed(named)}, and there is one without a name"
        remedy = "say how much there is of each by its name, or leave the column `pool` out"
        yield Fault("pool", 0, "", message, remedy)
    total = sum(chosen.tranches, NOTHING)
    if chosen.tranches and total != pool:
        message = f"the tranches add up to {short(total)}, and the pool is {short(pool)}"
        yield Fault("tranches", 0, "", message, "make them agree")


def _conversion(people: Sequence[Claimant], rows: Sequence[Claimant], unit: str) -> list[Step]:
    """Return the step from units to the pool's measure, where units have a size."""
    if all(one.size is None for one in people):
        return []
    step = Step("convert", f"amounts of claimants are units, which count for their size in {unit}")
    for one, row in zip(people, rows, strict=True):
        step.changed[one.name] = (one.request, row.request)
    return [step]


def _serving_steps(
    parties: Sequence[Party], claims: Sequence[Fraction], serving: Serving, refused: set[int],
    bounds: Bounds, chosen: Parameters,
) -> list[Step]:  # fmt: skip
    """Return what bounds changed of what the rule would give: reserves, minima, caps, lots."""
    names = [party.head.name for party in parties]
    found = list(serving.steps)
    if any(bounds.least):
        what = "whom the rule gives less than its minimum has that, and the others share the rest"
        changed = {n: before for n, before in serving.raised.items() if _raised(serving, n)}
        if chosen.guarantee == ADVANCE:
            what = "minima are given in advance, and the rule shares the rest"
            changed = {n: NOTHING for n, least in enumerate(serving.least) if least}
        pairs = {names[n]: (before, serving.least[n]) for n, before in changed.items()}
        found.append(Step("minimum", what, pairs))
    if bounds.capped:
        what = "what a cap cuts is shared among the others by the same rule"
        held = {n: before for n, before in serving.held.items() if n in bounds.capped}
        found.append(Step("cap", what, {names[n]: (x, serving.most[n]) for n, x in held.items()}))
    if chosen.lot is not None:
        what = f"an award below {short(chosen.lot)} is refused, the smallest first"
        found.append(Step("lot", what, {names[n]: (claims[n], NOTHING) for n in sorted(refused)}))
    if any(len(party.members) > 1 and party.members[0].size for party in parties):
        what = "within a party, an award is split in proportion to what its members may claim"
        found.append(Step("members", what))
    return found


def _raised(serving: Serving, n: int) -> bool:
    """Return whether a claimant has its minimum, and no more from a later part of the pool."""
    return n in serving.raised and serving.awards[n] == serving.least[n]


def _awards(
    parties: Sequence[Party], claims: Sequence[Fraction], serving: Serving, refused: set[int],
    bounds: Bounds, rounded: Rounded,
) -> list[Award]:  # fmt: skip
    found: list[Award] = []
    for n, (party, claim) in enumerate(zip(parties, claims, strict=True)):
        members = tuple(one.name for one in party.members) if len(party.members) > 1 else ()
        capped = n in serving.held and n in bounds.capped
        bound = "lot" if n in refused else "cap" if capped else ""
        bound = bound or ("minimum" if _raised(serving, n) else "")
        head, units = party.head, rounded.units[n]
        found.append(
            Award(head.name, head.request, claim, rounded.awards[n], members, bound, units)
        )
    return found
