"""Selling scarce units: bids from anywhere in; awards, payments and the margin, on record, out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from headworks.errors import Door, Fault, InputError
from headworks.rationing.auctions.bids import Bid, Bids, read_bids
from headworks.rationing.auctions.formats import format_of, sell
from headworks.rationing.auctions.packages import package_auction
from headworks.rationing.auctions.result import PACKAGES, Auction, AuctionAward
from headworks.rationing.exact import Amount, exact
from headworks.rationing.intake.asking import amount_of
from headworks.rationing.intake.claimant import by_column, claimants
from headworks.rationing.intake.names import alike, listed
from headworks.rationing.intake.parameters import Parameters, parameters
from headworks.rationing.steps.precedence import Order, check_ties, places, precedence
from headworks.rationing.whole import method

if TYPE_CHECKING:
    from headworks.rationing.auctions.clearing import Sale

ZERO = Fraction(0)


def auction(
    bids: Bids,
    units: Amount,
    format: str = "uniform_price",  # noqa: A002 - the field's word
    *,
    reserve_price: Amount = 0,
    whole: str | None = None,
    priority: Mapping[str, Amount] | Sequence[Amount] | None = None,
    ballot_key: str | None = None,
    ballot: str | None = None,
) -> Auction:
    """Sell identical units to the highest bids, exactly.

    Bids are steps of a demand schedule: a bidder may give several, and their quantities add up.
    Those at the lowest price that is met share what is left in proportion to their quantities.

    Args:
        bids: Bidder, price per unit and quantity: as tuples, rows, or the path of a CSV file.
        units: Units to sell; what is not bid for stays unsold.
        format: What winners pay. `uniform_price`: all the highest price that was not met in full;
            `lowest_accepted`: all the lowest price that got something; `pay_as_bid`: their own
            bids; `vickrey`: what the others lose by them. `packages`: each bid all or nothing at a
            price for the whole, at most one of each bidder, Vickrey's prices.
        reserve_price: Least price per unit, inclusive.
        whole: Method of whole units for what is shared at the margin.
        priority: Rank of each bidder, 1 first, by name or in the order of their first bids.
        ballot_key: Key of the ballot that ranks those who are equal.
        ballot: Form of the ballot.

    Raises:
        InputError: Lists every fault of the bids and the parameters.
    """
    offers: list[Bid] = []
    supply, least = ZERO, ZERO
    ranks: dict[str, Fraction] = {}
    chosen, kind = Parameters("proportional"), ""
    door = Door()
    with door.checking():
        offers = read_bids(bids)
        ranks = _ranks([one.bidder for one in offers], priority)
    with door.checking():
        supply = amount_of("supply", units)
    with door.checking():
        least = amount_of("reserve price", reserve_price)
    with door.checking():
        kind = _format(format)
    with door.checking():
        given = {"whole": whole, "ballot_key": ballot_key, "ballot": ballot}
        chosen = parameters({"rule": "proportional", **given})
    door.close()
    return sold(offers, supply, kind, least, ranks, chosen)


def sold(
    offers: Sequence[Bid],
    units: Fraction,
    format_: str,
    reserve_price: Fraction,
    ranks: Mapping[str, Fraction],
    chosen: Parameters,
) -> Auction:
    """Hold an auction of bids that are read already.

    Raises:
        InputError: Bids, ranks and parameters do not fit each other.
    """
    bidders = list(dict.fromkeys(one.bidder for one in offers))
    people = claimants([{"name": name, "claim": 0} for name in bidders])
    people = [replace(one, priority=ranks.get(one.name)) for one in people]
    ballot, order = precedence(people, chosen)
    ranking = None if order is None else [n for group in order for n in group]
    if format_ == PACKAGES:
        _check_packages(chosen, order, bidders)
        sale = package_auction(units, offers, reserve=reserve_price, order=ranking)
    else:
        draws = chosen.whole is not None and method(chosen.whole).draws
        sale = sell(
            units, offers, format=format_, reserve=reserve_price, whole=chosen.whole,
            order=ranking, key=chosen.ballot_key if draws else None,
        )  # fmt: skip
        if sale.margin is not None and sale.margin.whole is not None:
            ties = [(tie.won, tie.lost) for tie in sale.margin.whole.ties]
            check_ties(places(order), ties, bidders)
    return Auction(
        offers=tuple(offers), units=units, reserve_price=reserve_price, ranks=dict(ranks),
        parameters=chosen, sale=sale, ballot=ballot,
        awards=_awards(offers, sale),
        warnings=(
            *_warnings(offers, units, format_, reserve_price, chosen, order), *_fractions(sale),
        ),
    )  # fmt: skip


def _awards(offers: Sequence[Bid], sale: Sale) -> tuple[AuctionAward, ...]:
    wanted = dict.fromkeys(sale.bidders, ZERO)
    for one in offers:
        so_far = wanted[one.bidder]
        most = max(so_far, one.quantity)
        wanted[one.bidder] = most if sale.format == PACKAGES else so_far + one.quantity
    return tuple(
        AuctionAward(name, wanted[name], award, payment)
        for name, award, payment in zip(sale.bidders, sale.awards, sale.payments, strict=True)
    )


def _check_packages(chosen: Parameters, order: Order | None, bidders: Sequence[str]) -> None:
    """Raise if packages are to be rounded, or ranked by an order that leaves some equal."""
    faults: list[Fault] = []
    if chosen.whole is not None:
        message = "packages are met whole or not at all; there is nothing to round"
        faults.append(Fault("whole", 0, "", message, "leave it out"))
    equal = [group for group in order or () if len(group) > 1]
    if equal:
        message = f"nothing says who comes first of {listed(bidders[n] for n in equal[0])}"
        remedy = "give ranks that differ, or the key of a ballot"
        faults.append(Fault("priority", 0, "", message, remedy))
    if faults:
        raise InputError(faults)


def again(inputs: Mapping[str, Any]) -> Auction:
    """Return the auction of a record's inputs.

    Raises:
        InputError: It cannot be held.
    """
    offers = read_bids(list(inputs["bids"]))
    given = inputs["parameters"]
    chosen = parameters({
        "rule": "proportional",
        **{name: given.get(name) for name in ("whole", "ballot_key", "ballot")},
    })  # fmt: skip
    ranks = {str(name): exact(rank) for name, rank in inputs["priority"].items()}
    supply = amount_of("supply", inputs["units"])
    least = amount_of("reserve price", inputs["reserve_price"])
    return sold(offers, supply, _format(inputs["format"]), least, ranks, chosen)


def _format(name: object) -> str:
    if not isinstance(name, str):
        message = f"{name!r} is no name of a format"
        raise InputError([Fault("format", 0, "", message, "name one, such as uniform_price")])
    plain = name.strip().lower().replace("-", "_").replace(" ", "_")
    return PACKAGES if plain in {PACKAGES, "vcg"} else format_of(name)


def _warnings(
    offers: Sequence[Bid], units: Fraction, format_: str, reserve_price: Fraction,
    chosen: Parameters, order: object,
) -> list[str]:  # fmt: skip
    """Return what the seller should know of the bids."""
    found = [
        f"{' and '.join(map(repr, group))} differ only in how they are written"
        for group in alike(one.bidder for one in offers)
    ]
    empty = dict.fromkeys(one.bidder for one in offers if not one.quantity)
    if empty:
        found.append(f"bids for 0 units are never met: {listed(empty)}")
    asked = sum((one.quantity for one in offers), ZERO)
    if asked < units:
        found.append("less is bid for than there is to sell")
    below = [
        one.bidder
        for one in offers
        if one.price < reserve_price * (one.quantity if format_ == PACKAGES else 1)
    ]
    if below:
        found.append(f"bids below the reserve price are not met: {listed(dict.fromkeys(below))}")
    if order is not None and chosen.whole is None and format_ != PACKAGES:
        found.append("the margin is shared exactly, and no tie is broken: the order is idle")
    return found


def _fractions(sale: Sale) -> list[str]:
    parted = [
        name for name, award in zip(sale.bidders, sale.awards, strict=True) if award.denominator > 1
    ]
    if not parted:
        return []
    return [f"{listed(parted)} get parts of a unit: a method of whole units would round them"]


def _ranks(
    bidders: Iterable[str], priority: Mapping[str, Amount] | Sequence[Amount] | None
) -> dict[str, Fraction]:
    if priority is None:
        return {}
    names = dict.fromkeys(bidders, 0)
    people = claimants(by_column(names, {"priority": priority}), file="priority")
    return {one.name: one.priority for one in people if one.priority is not None}
