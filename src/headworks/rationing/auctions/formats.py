"""Auctions of identical units: who gets how much, at which price, and how the margin is shared.

Bids are steps of a demand schedule: a bidder may give several, each for a quantity at a price per
unit, and all quantities add up. The highest prices are served first. Bids at the lowest accepted
price share what is left in proportion to their quantities, exactly; no percentage is rounded up, as
some treasuries do, since that gives away more than there is. Whole units are placed by a named
method, and what stands equal there is decided by an order of bidders or by a ballot key.

Bids for packages, each all or nothing, are in `packages.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from headworks.errors import Fault, InputError, UnknownName
from headworks.rationing.auctions.clearing import ZERO, Cleared, Sale, cleared, steps_of, summed
from headworks.rationing.exact import short
from headworks.rationing.whole import WholeUnits, method, whole_units

if TYPE_CHECKING:
    from headworks.rationing.auctions.bids import Bid


def pay_as_bid(sale: Cleared) -> tuple[Fraction, ...]:
    """Let everybody pay the own bids. Bidders shade them, so bids say less than they are worth."""
    return summed(sale, lambda step: step.price * step.quantity)


def highest_rejected(sale: Cleared) -> tuple[Fraction, ...]:
    """Let everybody pay the highest price that was not met in full, or else the reserve price.

    Truthful for bidders that want one unit; others gain by asking for less.
    """
    return _at_one_price("highest_rejected", sale)


def lowest_accepted(sale: Cleared) -> tuple[Fraction, ...]:
    """Let everybody pay the lowest price that got something."""
    return _at_one_price("lowest_accepted", sale)


def vickrey(sale: Cleared) -> tuple[Fraction, ...]:
    """Let everybody pay what the others lose by it: the best bids that its units displace.

    With no such bid left, a unit costs the reserve price. Truth is the best bid, whatever others
    do; splitting into several bidders can pay. Cost O(n) beyond the sort for each winner, at worst.

    Source: Vickrey 1961, "Counterspeculation, auctions, and competitive sealed tenders".
    """
    awarded = summed(sale, lambda step: step.quantity)
    return tuple(
        _displaced(sale, bidder, award) if award else ZERO for bidder, award in enumerate(awarded)
    )


def _displaced(sale: Cleared, bidder: int, award: Fraction) -> Fraction:
    """Return what unmet bids of others and the seller's reserve price are worth for an award."""
    left, worth = award, ZERO
    for step in sale.rejected:
        if not left:
            break
        if step.bidder != bidder:
            taken = min(left, step.quantity)
            worth += taken * step.price
            left -= taken
    return worth + left * sale.reserve


FORMATS: dict[str, Callable[[Cleared], tuple[Fraction, ...]]] = {
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
    units: Fraction,
    bids: Sequence[Bid],
    *,
    format: str = "highest_rejected",  # noqa: A002 - the field's word
    reserve: Fraction = ZERO,
    whole: str | None = None,
    order: Sequence[int] | None = None,
    key: str | None = None,
) -> Sale:
    """Sell identical units to the highest bids.

    Cost O(n log n), for Vickrey at worst O(n²).

    Args:
        units: Units to sell; what is not bid for stays unsold.
        bids: Demand schedules, in any order.
        format: `pay_as_bid`, `highest_rejected` or `lowest_accepted` (uniform price), `vickrey`.
        reserve: Least price per unit, inclusive.
        whole: Method of whole units for what is shared at the margin; None shares exactly.
        order: Positions of the bidders, in the order of their first bids, first served first.
        key: Ballot key in place of an order.

    Raises:
        UnknownName: There is no such format, or no such method of whole units.
        InputError: Units are not whole and shall be, or bidders stand equal and nothing decides.
    """
    known = format_of(format)
    names, steps = steps_of(bids)
    if whole is not None:
        method(whole)
        _check_whole(units, bids)

    def rounded(shares: Sequence[Fraction], wanted: Sequence[Fraction]) -> WholeUnits | None:
        if whole is None:
            return None
        return whole_units(shares, wanted, by=whole, order=order, key=key, names=names)

    served = [step for step in steps if step.price >= reserve]
    found = cleared(units, served, len(names), reserve, rounded)
    awards = summed(found, lambda step: step.quantity)
    unsold, price = units - sum(awards, ZERO), _clearing_price(known, found)
    return Sale(known, names, awards, FORMATS[known](found), unsold, price, found.margin)


def _check_whole(units: Fraction, bids: Sequence[Bid]) -> None:
    numbers = [("supply", "", units)]
    numbers += [("bids", f"{n}.quantity", bid.quantity) for n, bid in enumerate(bids, start=1)]
    faults = [
        Fault(place, 0, key, f"{short(number)} is no whole number of units", "round it down first")
        for place, key, number in numbers
        if number.denominator != 1
    ]
    if faults:
        raise InputError(faults)


def _at_one_price(format_: str, sale: Cleared) -> tuple[Fraction, ...]:
    price = _clearing_price(format_, sale) or ZERO
    return summed(sale, lambda step: price * step.quantity)


def _clearing_price(format_: str, sale: Cleared) -> Fraction | None:
    margin = sale.margin
    if margin is None or format_ not in {"highest_rejected", "lowest_accepted"}:
        return None
    if format_ == "lowest_accepted":
        return margin.lowest_accepted
    return sale.reserve if margin.highest_rejected is None else margin.highest_rejected


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
