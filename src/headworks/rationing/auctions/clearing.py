"""Where an auction cuts: the highest prices first, and what is left shared at the last one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from headworks.rationing.auctions.bids import Bid
    from headworks.rationing.whole import WholeUnits

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Margin:
    """Where an auction cut."""

    lowest_accepted: Fraction
    """Price of the last bids that got something."""
    highest_rejected: Fraction | None
    """Price of the first bids that did not get all, at or above the reserve price; the same as the
    lowest accepted one where bids at that price were met in part. None where all were met."""
    bidders: tuple[int, ...]
    """Who bid at the lowest accepted price, by position."""
    coefficient: Fraction
    """Part of those bids that was met: 1 where all of it."""
    whole: WholeUnits | None = None
    """How what they share was rounded, over all bidders; None where it was not."""


@dataclass(frozen=True, slots=True)
class Sale:
    """What an auction answers, by bidder in the order of their first bids."""

    format: str
    bidders: tuple[str, ...]
    awards: tuple[Fraction, ...]
    payments: tuple[Fraction, ...]
    """What each pays in all."""
    unsold: Fraction
    clearing_price: Fraction | None = None
    """Price of every unit; None where bidders pay different prices, or nothing was sold."""
    margin: Margin | None = None
    """None where nothing was sold, and for packages."""

    @property
    def revenue(self) -> Fraction:
        """What all pay together."""
        return sum(self.payments, ZERO)


class Step(NamedTuple):
    """A bid read, its bidder by position."""

    bidder: int
    price: Fraction
    quantity: Fraction


@dataclass(frozen=True, slots=True)
class Cleared:
    """Who gets what, before anybody pays."""

    bidders: int
    accepted: tuple[Step, ...]
    rejected: tuple[Step, ...]
    """What was not met of bids at or above the reserve price, the highest price first."""
    reserve: Fraction
    margin: Margin | None


def steps_of(bids: Sequence[Bid]) -> tuple[tuple[str, ...], list[Step]]:
    """Return the bidders in the order of their first bids, and all bids by their positions."""
    names: dict[str, int] = {}
    steps = [Step(names.setdefault(b.bidder, len(names)), b.price, b.quantity) for b in bids]
    return tuple(names), steps


def cleared(
    supply: Fraction,
    steps: Iterable[Step],
    bidders: int,
    reserve: Fraction,
    rounded: Callable[[Sequence[Fraction], Sequence[Fraction]], WholeUnits | None],
) -> Cleared:
    """Serve the highest prices first, and share what is left among those at the last one."""
    accepted, rejected = list[Step](), list[Step]()
    bidding: tuple[int, ...] = ()
    coefficient, whole, left = ZERO, None, supply
    ranked = sorted((step for step in steps if step.quantity), key=lambda step: -step.price)
    for price, equal in groupby(ranked, key=lambda step: step.price):
        wanted: dict[int, Fraction] = {}
        for step in equal:
            wanted[step.bidder] = wanted.get(step.bidder, ZERO) + step.quantity
        asked = sum(wanted.values(), ZERO)
        part = min(left / asked, Fraction(1))
        given = {n: part * quantity for n, quantity in wanted.items()}
        if left:
            bidding, coefficient = tuple(sorted(wanted)), part
        if 0 < part < 1:
            whole = rounded(*([by.get(n, ZERO) for n in range(bidders)] for by in (given, wanted)))
            if whole is not None:
                given = {n: Fraction(whole.awards[n]) for n in wanted}
        accepted.extend(Step(n, price, units) for n, units in given.items() if units)
        rejected.extend(
            Step(n, price, quantity - given[n])
            for n, quantity in wanted.items()
            if quantity > given[n]
        )
        left = max(left - asked, ZERO)
    margin: Margin | None = None
    if accepted:
        highest = rejected[0].price if rejected else None
        margin = Margin(accepted[-1].price, highest, bidding, coefficient, whole)
    return Cleared(bidders, tuple(accepted), tuple(rejected), reserve, margin)


def summed(cleared: Cleared, what: Callable[[Step], Fraction]) -> tuple[Fraction, ...]:
    """Return a sum over what each bidder was accepted for."""
    found = [ZERO] * cleared.bidders
    for step in cleared.accepted:
        found[step.bidder] += what(step)
    return tuple(found)
