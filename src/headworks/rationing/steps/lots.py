"""Least lots: an award below one is refused, and the pool is served again without it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from headworks.errors import Fault, InputError
from headworks.rationing.exact import short
from headworks.rationing.intake.names import listed
from headworks.rationing.steps.bounds import Bounds, bounds, lots
from headworks.rationing.steps.precedence import Order, places
from headworks.rationing.steps.serving import NOTHING, Serving, draw, serve

if TYPE_CHECKING:
    from headworks.rationing.intake.parameters import Parameters
    from headworks.rationing.rule import Rule
    from headworks.rationing.steps.parties import Party


def served(
    rule: Rule, pool: Fraction, parties: Sequence[Party], claims: Sequence[Fraction],
    order: Order | None, chosen: Parameters,
) -> tuple[Serving, set[int], Bounds]:  # fmt: skip
    """Serve the pool; with a least lot, again and again without whom it would give too little.

    Returns:
        The serving, the numbers of those who are refused, and the bounds of all.
    """
    found = bounds(rule, pool, parties, claims, chosen)
    least_award = lots(parties, chosen)
    heads = [party.head for party in parties]

    def attempt(refused: set[int]) -> Serving:
        asked = [NOTHING if n in refused else claim for n, claim in enumerate(claims)]
        serving = Serving(rule, heads, asked, order, draw(chosen))
        serving.most, serving.least = (
            [NOTHING if n in refused else bound for n, bound in enumerate(each)]
            for each in (found.most, found.least)
        )
        serve(pool, serving, chosen)
        return serving

    if not chosen.lot:
        return attempt(set()), set(), found
    refused = {
        n for n, (most, lot) in enumerate(zip(found.most, least_award, strict=True))
        if claims[n] and most < lot
    }  # fmt: skip
    leapt: list[int] = []
    unweighted = all(head.weight is None for head in heads)
    if unweighted and _in_one_row(rule, found, claims, least_award, chosen):
        leapt = _leap(attempt, refused, claims, least_award[0], order)
        refused.update(leapt)
    while True:
        serving = attempt(refused)
        small = smallest_below(serving, pool, least_award)
        if not small:
            return serving, refused - _unserved(attempt, refused, leapt), found
        refused.update(small)


def smallest_below(serving: Serving, pool: Fraction, lot: Sequence[Fraction]) -> list[int]:
    """Return who is refused next, since an award is below a lot; nobody if none is.

    The smallest award goes first, of equals the one that comes last in order. Where more are served
    than the pool has lots, so many go at once as there are too many: not all of them could ever
    have a lot.

    Raises:
        InputError: Awards are equal, and there is no order that says whom to spare.
    """
    small = [n for n, award in enumerate(serving.awards) if 0 < award < lot[n]]
    if not small:
        return []
    served_ones = sum(award > 0 for award in serving.awards)
    many = min(max(1, served_ones - floor(pool / min(lot))), len(small))
    place = dict.fromkeys(small, 0) | places(serving.order)

    def standing(n: int) -> tuple[Fraction, int]:
        return serving.awards[n], -place[n]

    ranked = sorted(small, key=standing)
    if many < len(ranked) and standing(ranked[many]) == standing(ranked[many - 1]):
        equals = [n for n in ranked if standing(n) == standing(ranked[many])]
        names = listed(serving.people[n].name for n in equals)
        message = (
            f"{len(equals)} claimants stand equal below a lot of {short(lot[equals[0]])}: {names}"
        )
        remedy = "give a priority or a ballot key, which say whom to spare"
        raise InputError([Fault("lot", 0, "", message, remedy)])
    return ranked[:many]


def _in_one_row(
    rule: Rule, found: Bounds, claims: Sequence[Fraction], lot: Sequence[Fraction],
    chosen: Parameters,
) -> bool:  # fmt: skip
    """Return whether awards below the lot stand in one row with claims, whoever is refused.

    So they do where a larger claim has a larger part of it awarded, and so a larger award, but for
    one cap on all that is not below the lot.
    """
    ordered = {"progressive", "population_monotonicity"} <= rule.keeps
    cap = max(found.most, default=NOTHING)
    one_cap = all(
        top == min(claim, cap) for top, claim in zip(found.most, claims, strict=True)
    ) and not any(found.least)
    in_parts = chosen.reserves or chosen.tranches
    return ordered and one_cap and not in_parts and len(set(lot)) == 1 and cap >= lot[0]


def _leap(
    attempt: Callable[[set[int]], Serving], refused: set[int], claims: Sequence[Fraction],
    lot: Fraction, order: Order | None,
) -> list[int]:  # fmt: skip
    """Return almost all who will be refused, by halving: nobody gets less when another leaves.

    They are the smallest claims, of equals those that come last in order. The last of them are
    left to a closer look, where a tie may need a decision.
    """
    place = dict.fromkeys(range(len(claims)), 0) | places(order)
    row = sorted(
        (n for n, claim in enumerate(claims) if claim and n not in refused),
        key=lambda n: (claims[n], -place[n]),
    )

    def too_few(refusals: int) -> bool:
        awards = attempt(refused | set(row[:refusals])).awards
        return any(0 < award < lot for award in awards)

    low = _last(too_few, len(row))
    while low and claims[row[low - 1]] == claims[row[low]]:
        low -= 1
    return row[:low]


def _unserved(
    attempt: Callable[[set[int]], Serving], refused: set[int], leapt: Sequence[int]
) -> set[int]:
    """Return whom the rule gives nothing anyway: they are among the smallest claims."""

    def nothing(many: int) -> bool:
        awards = attempt(refused - set(leapt[:many])).awards
        return not any(awards[n] for n in leapt[:many])

    return set(leapt[: _last(nothing, len(leapt) + 1)])


def _last(holds: Callable[[int], bool], beyond: int) -> int:
    """Return the last number below one at which something holds, as it does up to there; or 0."""
    low, high = 0, beyond
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low
