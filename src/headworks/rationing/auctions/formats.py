"""Auctions of identical units: who gets how much, at which price, and how the margin is shared.

Bids are steps of a demand schedule: a bidder may give several, each for a quantity at a price per
unit, and all quantities add up. The highest prices are served first. Bids at the lowest accepted
price share what is left in proportion to their quantities, exactly; no percentage is rounded up, as
some treasuries do, since that gives away more than there is. Whole units are placed by a named
method, and what stands equal there is decided by an order of bidders or by a ballot key.

Bids for packages, each all or nothing, are in `packages.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from headworks.errors import UnknownName
from headworks.rationing.intake.reading import Reading
from headworks.rationing.whole import WholeUnits, method, whole_units

if TYPE_CHECKING:
    from headworks.rationing.exact import Amount

ZERO = Fraction(0)


class Bid(NamedTuple):
    """What a bidder offers."""

    bidder: str
    price: Amount
    """Per unit, or of the whole package where bids are for packages; not negative."""
    quantity: Amount
    """Units, not negative."""


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
class _Cleared:
    """Who gets what, before anybody pays."""

    bidders: int
    accepted: tuple[Step, ...]
    rejected: tuple[Step, ...]
    """What was not met of bids at or above the reserve price, the highest price first."""
    reserve: Fraction
    margin: Margin | None


def pay_as_bid(cleared: _Cleared) -> tuple[Fraction, ...]:
    """Let everybody pay the own bids. Bidders shade them, so bids say less than they are worth."""
    return _summed(cleared, lambda step: step.price * step.quantity)


def highest_rejected(cleared: _Cleared) -> tuple[Fraction, ...]:
    """Let everybody pay the highest price that was not met in full, or else the reserve price.

    Truthful for bidders that want one unit; others gain by asking for less.
    """
    return _at_one_price("highest_rejected", cleared)


def lowest_accepted(cleared: _Cleared) -> tuple[Fraction, ...]:
    """Let everybody pay the lowest price that got something."""
    return _at_one_price("lowest_accepted", cleared)


def vickrey(cleared: _Cleared) -> tuple[Fraction, ...]:
    """Let everybody pay what the others lose by it: the best bids that its units displace.

    With no such bid left, a unit costs the reserve price. Truth is the best bid, whatever others
    do; splitting into several bidders can pay. Cost O(n) beyond the sort for each winner, at worst.

    Source: Vickrey 1961, "Counterspeculation, auctions, and competitive sealed tenders".
    """
    awarded = _summed(cleared, lambda step: step.quantity)
    return tuple(
        _displaced(cleared, bidder, award) if award else ZERO
        for bidder, award in enumerate(awarded)
    )


def _displaced(cleared: _Cleared, bidder: int, award: Fraction) -> Fraction:
    """Return what unmet bids of others and the seller's reserve price are worth for an award."""
    left, worth = award, ZERO
    for step in cleared.rejected:
        if not left:
            break
        if step.bidder != bidder:
            taken = min(left, step.quantity)
            worth += taken * step.price
            left -= taken
    return worth + left * cleared.reserve


FORMATS: dict[str, Callable[[_Cleared], tuple[Fraction, ...]]] = {
    "pay_as_bid": pay_as_bid,
    "highest_rejected": highest_rejected,
    "lowest_accepted": lowest_accepted,
    "vickrey": vickrey,
}
"""Formats by name, each with what winners pay in it."""
ALIASES = {
    "discriminatory": "pay_as_bid",
    "uniform_price": "highest_rejected",
    "stop_out": "lowest_accepted",
}


def sell(
    supply: Amount,
    bids: Iterable[Bid | tuple[str, Amount, Amount]],
    *,
    format: str = "highest_rejected",  # noqa: A002 - the field's word
    reserve: Amount = 0,
    whole: str | None = None,
    order: Sequence[int] | None = None,
    key: str | None = None,
) -> Sale:
    """Sell identical units to the highest bids.

    Cost O(n log n), for Vickrey at worst O(n²).

    Args:
        supply: Units to sell; what is not bid for stays unsold.
        bids: Demand schedules, in any order.
        format: `pay_as_bid`, `highest_rejected` or `lowest_accepted` (uniform price), `vickrey`.
        reserve: Least price per unit, inclusive.
        whole: Method of whole units for what is shared at the margin; None shares exactly.
        order: Positions of the bidders, in the order of their first bids, first served first.
        key: Ballot key in place of an order.

    Raises:
        UnknownName: There is no such format, or no such method of whole units.
        InputError: Bids have faults, or bidders stand equal and nothing decides; all are listed.
    """
    known = format_of(format)
    reading = Reading()
    names, steps = read_bids(reading, bids)
    units = reading.amount("supply", supply)
    least = reading.amount("reserve", reserve)
    if whole is not None:
        method(whole)
        reading.whole("supply", units)
        for number, step in enumerate(steps, start=1):
            reading.whole("bids", step.quantity, f"{number}.quantity")
    if order is not None:
        reading.order("order", order, len(names))
    reading.done()

    def rounded(shares: Sequence[Fraction], wanted: Sequence[Fraction]) -> WholeUnits | None:
        if whole is None:
            return None
        return whole_units(shares, wanted, by=whole, order=order, key=key, names=names)

    cleared = _clear(units, [s for s in steps if s.price >= least], len(names), least, rounded)
    awards = _summed(cleared, lambda step: step.quantity)
    unsold, price = units - sum(awards, ZERO), _clearing_price(known, cleared)
    return Sale(known, names, awards, FORMATS[known](cleared), unsold, price, cleared.margin)


def _clear(
    supply: Fraction,
    steps: Iterable[Step],
    bidders: int,
    reserve: Fraction,
    rounded: Callable[[Sequence[Fraction], Sequence[Fraction]], WholeUnits | None],
) -> _Cleared:
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
    return _Cleared(bidders, tuple(accepted), tuple(rejected), reserve, margin)


def _at_one_price(format_: str, cleared: _Cleared) -> tuple[Fraction, ...]:
    price = _clearing_price(format_, cleared) or ZERO
    return _summed(cleared, lambda step: price * step.quantity)


def _clearing_price(format_: str, cleared: _Cleared) -> Fraction | None:
    margin = cleared.margin
    if margin is None or format_ not in {"highest_rejected", "lowest_accepted"}:
        return None
    if format_ == "lowest_accepted":
        return margin.lowest_accepted
    return cleared.reserve if margin.highest_rejected is None else margin.highest_rejected


def _summed(cleared: _Cleared, what: Callable[[Step], Fraction]) -> tuple[Fraction, ...]:
    """Return a sum over what each bidder was accepted for."""
    found = [ZERO] * cleared.bidders
    for step in cleared.accepted:
        found[step.bidder] += what(step)
    return tuple(found)


def format_of(name: str) -> str:
    """Return the name of a format that is given by name or alias.

    Raises:
        UnknownName: There is no such format.
    """
    plain = name.strip().lower().replace("-", "_").replace(" ", "_")
    plain = ALIASES.get(plain, plain)
    if plain not in FORMATS:
        raise UnknownName("format of auction", name, FORMATS, spelled=ALIASES)
    return plain


def read_bids(
    reading: Reading, bids: Iterable[Bid | tuple[str, Amount, Amount]]
) -> tuple[tuple[str, ...], list[Step]]:
    """Return the bidders in the order of their first bids, and all bids."""
    names, found = dict[str, int](), list[Step]()
    for number, given in enumerate(bids, start=1):
        try:
            bid = Bid(*given)
        except TypeError:
            message = f"{given!r} is no bid"
            reading.fault("bids", str(number), message, "give bidder, price and quantity")
            continue
        name = str(bid.bidder).strip()
        if not name:
            reading.fault("bids", f"{number}.bidder", "the name is empty", "name the bidder")
        price = reading.amount("bids", bid.price, f"{number}.price")
        quantity = reading.amount("bids", bid.quantity, f"{number}.quantity")
        found.append(Step(names.setdefault(name, len(names)), price, quantity))
    if not found and not reading.faults:
        reading.fault("bids", "", "there are none", "give at least one")
    return tuple(names), found
