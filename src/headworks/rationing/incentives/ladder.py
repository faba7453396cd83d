"""Ladders of orders: what others than the observed one would have brought, and what that bounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from headworks.rationing.incentives.game import divided
from headworks.rationing.incentives.terms import NOTHING, ONE

if TYPE_CHECKING:
    from headworks.rationing.incentives.beliefs import Beliefs
    from headworks.rationing.intake.claimant import Claimant
    from headworks.rationing.rule import Rule

NEAREST = Fraction(1, 1_000_000)
"""Share by which the nearest other order differs. Bounds that it makes are those of orders that can
be divided without end."""
LESS = (
    NEAREST, *map(Fraction, (
        "0.0001", "0.001", "0.002", "0.005", "0.01", "0.02", "0.03", "0.05", "0.07", "0.1", "0.15",
        "0.2", "0.25", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1",
    )),
)  # fmt: skip
"""Shares by which other orders are smaller than the observed one."""
MORE = (*LESS, *map(Fraction, ("1.5", "2", "4", "9", "99")))
"""Shares by which they are larger."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """The awards that an order and others in its place would have brought, under one belief."""

    award: Fraction
    less: tuple[tuple[Fraction, Fraction], ...]
    """Smaller orders, the nearest first, each with its award."""
    more: tuple[tuple[Fraction, Fraction], ...]
    """Larger ones."""


def ladder_of(
    rule: Rule, people: Sequence[Claimant], n: int, pool: Fraction, multiple: Fraction,
    held: Beliefs,
) -> Ladder:  # fmt: skip
    """Return what claimant n's order and others in its place bring if a pool is expected.

    Args:
        rule: The rule that is expected.
        people: The claimants; `request` of each is its order.
        n: Number of the claimant.
        pool: The expected pool.
        multiple: The others' expected orders, as a multiple of those that were placed.
        held: The beliefs, for the cap.
    """
    expected = [one.request * multiple for one in people]
    order = people[n].request

    def award(request: Fraction) -> Fraction:
        return divided(rule, pool, people, [*expected[:n], request, *expected[n + 1 :]])[n]

    rung = order or ONE  # of an order of nothing, larger ones are compared in units
    more = [order + rung * share for share in MORE]
    if held.request_cap is not None:
        more = [request for request in more if request <= held.request_cap]
        more += [held.request_cap] if held.request_cap > order else []
    edge = _edge(order, award)
    near = max(edge - 2 * NEAREST * order, NOTHING)  # clear of what `_edge` leaves open
    less = [near, *(edge - edge * share for share in LESS)] if edge else []
    if edge < order:
        less += [edge, *(order - order * share for share in LESS)]
    return Ladder(
        award(order),
        tuple((request, award(request)) for request in less),
        tuple((request, award(request)) for request in more),
    )


def _edge(order: Fraction, award: Callable[[Fraction], Fraction]) -> Fraction:
    """Return about the smallest order that brings as much: the order itself where awards rise."""
    full = award(order)
    if not full or award(order - order * NEAREST) < full:
        return order
    low, high = NOTHING, order
    while high - low > order * NEAREST:
        middle = (low + high) / 2
        low, high = (low, middle) if award(middle) == full else (middle, high)
    return high


End: TypeAlias = tuple[Fraction | None, str]
"""A bound, None where there is none, and what makes it."""


def interval(order: Fraction, ladder: Ladder, deposit: Fraction, held: Beliefs) -> tuple[End, End]:
    """Return the needs under which no other order would have been better, for one belief.

    With n the need, x the award of the order r and x' that of another order r', the order brings

        D(n) = (1 + φ) (min(x, n) - min(x', n)) + w ((x - n)⁺ - (x' - n)⁺) - φ (r - r')

    more, φ being the deposit and w what a unit above the need is worth. D rises with n where r' is
    smaller, from x' to x, and falls where it is larger, from x to x'; elsewhere it is constant.
    So each other order gives one bound, by solving D(n) = -ε between x and x'.
    """
    worth = held.salvage - (held.excess_cost or NOTHING) - (deposit if held.refunded else NOTHING)
    fee = NOTHING if held.refunded else deposit
    slack = held.tolerance * ladder.award
    unwanted = held.excess_cost is None and not held.salvage and not slack
    low: End = (NOTHING, "nothing")
    if held.cap_of_need is not None:
        low = (order / held.cap_of_need, "cap")
    for k, (request, award) in enumerate(ladder.less):
        owed = fee * (order - request) - slack
        need = _least(ladder.award - award, award, owed, fee, worth, unwanted=unwanted)
        if need is None:
            return (None, "unexplained"), (None, "unexplained")  # a smaller one is always better
        if k == 0 and not slack and need > 0:
            need = ladder.award  # the limit as the nearest order comes nearer
        if need > (low[0] or NOTHING):
            low = (need, "less")
    return low, _highest(order, ladder, fee, worth, slack, held)


def _least(
    gap: Fraction, base: Fraction, owed: Fraction, fee: Fraction, worth: Fraction,
    *, unwanted: bool,
) -> Fraction | None:  # fmt: skip
    """Return the least need for which an order beats a smaller one; None if it never does.

    Args:
        gap: Award of the order less that of the smaller one.
        base: Award of the smaller one.
        owed: What the order forfeits more, less what may be lost.
        fee: Deposit that is forfeited without use.
        worth: Of a unit above the need.
        unwanted: Whether of two orders that pay the same the one with less excess is better.
    """
    if (ONE + fee) * gap < owed:
        return None
    if not gap or (worth * gap >= owed and not (unwanted and worth * gap == owed)):
        return NOTHING
    if ONE + fee == worth:
        return NOTHING
    return base + (owed - worth * gap) / (ONE + fee - worth)


def _highest(
    order: Fraction, ladder: Ladder, fee: Fraction, worth: Fraction, slack: Fraction,
    held: Beliefs,
) -> End:  # fmt: skip
    """Return the highest need for which no larger order beats the one that was placed."""
    high: End = (None, _endless(ladder, fee))
    for k, (request, award) in enumerate(ladder.more):
        gap, saved = award - ladder.award, fee * (request - order) + slack
        if (ONE + fee) * gap <= saved:
            continue  # not better for any need
        if worth * gap > saved:
            return None, "unexplained"  # better for every need, for what surplus units are worth
        need = ladder.award + (saved - worth * gap) / (ONE + fee - worth)
        near = order if k == 0 and not slack else request
        if near == order:
            need = ladder.award  # the limit as the nearest order comes nearer
        if held.cap_of_need is not None:
            need = max(need, near / held.cap_of_need)  # below that need it was not allowed
        if high[0] is None or need < high[0]:
            high = (need, "more")
    return high


def _endless(ladder: Ladder, fee: Fraction) -> str:
    """Return why no larger order would have been better, whatever the need."""
    if not ladder.more:
        return "cap"
    if ladder.more[-1][1] == ladder.award:
        return "flat"
    return "deposit" if fee else "small"
