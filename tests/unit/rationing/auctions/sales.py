"""Auctions of bids as tests write them: tuples of names and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from headworks.rationing.auctions import formats, packages
from headworks.rationing.auctions.bids import read_bids
from headworks.rationing.exact import Amount, exact

if TYPE_CHECKING:
    from headworks.rationing.auctions.clearing import Sale

Bids = Sequence[tuple[str, Amount, Amount]]


def sell(
    units: Amount,
    bids: Bids,
    format: str = "highest_rejected",  # noqa: A002 - as in the room
    reserve: int = 0,
    whole: str | None = None,
    order: Iterable[int] | None = None,
    key: str | None = None,
) -> Sale:
    """Return the sale of identical units."""
    ranking = None if order is None else list(order)
    return formats.sell(
        exact(units), read_bids(bids), format=format, reserve=Fraction(reserve), whole=whole,
        order=ranking, key=key,
    )  # fmt: skip


def package_auction(
    units: Amount, bids: Bids, reserve: int = 0, order: Sequence[int] | None = None
) -> Sale:
    """Return the sale of packages."""
    return packages.package_auction(
        exact(units), read_bids(bids), reserve=Fraction(reserve), order=order
    )
