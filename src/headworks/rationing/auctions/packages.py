"""Auctions of identical units by bids for packages, each all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from headworks.errors import Fault, InputError
from headworks.rationing.auctions.clearing import ZERO, Sale, Step, steps_of

if TYPE_CHECKING:
    from headworks.rationing.auctions.bids import Bid

Values: TypeAlias = dict[Fraction, Fraction]
"""Value of packages by units left."""
STEPS_MAX = 2_000_000
"""Steps of a search beyond which it takes too long."""


def package_auction(
    units: Fraction,
    bids: Sequence[Bid],
    *,
    reserve: Fraction = ZERO,
    order: Sequence[int] | None = None,
) -> Sale:
    """Sell identical units by bids for packages: the most valuable set that fits, Vickrey's prices.

    A bid is for all of its units or none, its price for the package. Of several bids of one bidder
    at most one wins. Everybody pays the value that the others lose by it, with the seller's at the
    reserve price per unit. Truth is the best bid, but revenue can be low, and bidders that act
    together gain. Exact, by dynamic programming over the units left: cost O(units × bids) at
    worst.

    Args:
        units: Units to sell.
        bids: Packages, in any order.
        reserve: Least price per unit, inclusive.
        order: Positions of the bidders, in the order of their first bids; among sets of equal value
            the first bidder gets as many units as it can, then the second.

    Raises:
        InputError: Several sets are worth the same and there is no order, or the search takes too
            long.

    Source: Clarke 1971; Groves 1973; Cramton, Shoham and Steinberg 2006, "Combinatorial Auctions".
    """
    names, steps = steps_of(bids)
    ranking = tuple(range(len(names))) if order is None else order
    packages: list[list[Step]] = [[] for _ in names]
    for step in steps:
        above = step.price - reserve * step.quantity
        if above >= 0 and 0 < step.quantity <= units:
            packages[step.bidder].append(Step(step.bidder, above, step.quantity))
    won, without, decided = _best(units, [packages[n] for n in ranking])
    if not decided and order is None:
        message = "several sets of packages are worth the same"
        raise InputError([Fault("order", 0, "", message, "give ranks or a ballot key")])
    awards, payments = [ZERO] * len(names), [ZERO] * len(names)
    worth = sum((step.price for step in won), ZERO)
    for step, others in zip(won, without, strict=True):
        awards[step.bidder] = step.quantity
        payments[step.bidder] = others - (worth - step.price) + reserve * step.quantity
    return Sale("packages", names, tuple(awards), tuple(payments), units - sum(awards, ZERO))


def _best(
    supply: Fraction, packages: Sequence[Sequence[Step]]
) -> tuple[list[Step], list[Fraction], bool]:
    """Return the packages of greatest value, at most one of each list, and what they displace.

    Among sets of equal value, the first list gets the largest package that it can, and so on.

    Returns:
        The packages; for each of them the greatest value without its list; and whether no other
        set is worth as much.

    Raises:
        InputError: There are too many sums of packages.
    """
    before = _before(supply, packages)
    after: list[Values] = [dict.fromkeys(before[-1], ZERO)]
    for options, lefts in zip(reversed(packages), reversed(before[:-1]), strict=True):
        beyond = after[-1]
        after.append({left: max(v for v, _ in _choices(left, options, beyond)) for left in lefts})
    after.reverse()
    won: list[Step] = []
    without: list[Fraction] = []
    decided, left = True, supply
    for place, options in enumerate(packages):
        beyond = after[place + 1]
        choices = _choices(left, options, beyond)
        equal = {step for worth, step in choices if worth == after[place][left]}
        decided = decided and len(equal) == 1
        chosen = max(equal, key=lambda step: (ZERO, ZERO) if step is None else step[:0:-1])
        if chosen is not None:
            won.append(chosen)
            without.append(max(value + beyond[rest] for rest, value in before[place].items()))
            left -= chosen.quantity
    return won, without, decided


def _before(supply: Fraction, packages: Sequence[Sequence[Step]]) -> list[Values]:
    """Return, before each list and after the last, the greatest value by units left."""
    found: list[Values] = [{supply: ZERO}]
    steps = 0
    for options in packages:
        steps += len(found[-1]) * (len(options) + 1)
        if steps > STEPS_MAX:
            message = f"the best set of packages takes more than {STEPS_MAX:,} steps to find"
            remedy = "count units in larger lots, or take fewer bids"
            raise InputError([Fault("bids", 0, "", message, remedy)])
        reached = dict(found[-1])
        for left, value in found[-1].items():
            for step in options:
                rest = left - step.quantity
                if rest >= 0:
                    reached[rest] = max(value + step.price, reached.get(rest, ZERO))
        found.append(reached)
    return found


def _choices(
    left: Fraction, options: Sequence[Step], beyond: Values
) -> list[tuple[Fraction, Step | None]]:
    """Return what a bidder could win with so many units left, each with the value of it all."""
    wins = [
        (step.price + beyond[left - step.quantity], step)
        for step in options
        if step.quantity <= left
    ]
    return [(beyond[left], None), *wins]
