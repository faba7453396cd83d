"""What an auction answers: awards, payments, the price, and where it cut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from headworks.rationing.exact import short, written
from headworks.rationing.intake.names import listed
from headworks.rationing.record.seal import enveloped

if TYPE_CHECKING:
    from headworks.rationing.auctions.bids import Bid
    from headworks.rationing.auctions.clearing import Sale
    from headworks.rationing.ballots.ballot import Ballot
    from headworks.rationing.intake.parameters import Parameters

PACKAGES = "packages"
"""Name of the format in which each bid is all or nothing."""
TITLES = {
    "pay_as_bid": "every winner pays its own bids",
    "highest_rejected": "all pay one price, the highest that was not met in full",
    "lowest_accepted": "all pay one price, the lowest that got something",
    "vickrey": "every winner pays what the others lose by it",
    PACKAGES: "the most valuable set of packages, each winner paying what the others lose by it",
}
"""Formats, each as a sentence tells it."""
VERSION = 1
"""Raised when the same input gives another answer."""


@dataclass(frozen=True, slots=True)
class AuctionAward:
    """What one bidder gets, and pays for all of it."""

    name: str
    wanted: Fraction
    """Units that it bid for at any price; of packages the largest."""
    award: Fraction
    payment: Fraction

    def to_json(self) -> dict[str, str]:
        """Return it as plain values."""
        return {
            "name": self.name, "wanted": written(self.wanted), "award": written(self.award),
            "payment": written(self.payment),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Auction:
    """Units sold, with everything needed to sell them again."""

    offers: tuple[Bid, ...]
    """The bids as they were given."""
    units: Fraction
    reserve_price: Fraction
    ranks: Mapping[str, Fraction]
    """Published ranks of bidders, by name."""
    parameters: Parameters
    """Of these, the method of whole units and the ballot."""
    sale: Sale
    ballot: Ballot | None
    awards: tuple[AuctionAward, ...]
    """By bidder, in the order of their first bids."""
    warnings: tuple[str, ...]

    @property
    def format(self) -> str:
        """Name of the format."""
        return self.sale.format

    @property
    def revenue(self) -> Fraction:
        """What all pay together."""
        return self.sale.revenue

    @property
    def left(self) -> Fraction:
        """Units that stay unsold."""
        return self.sale.unsold

    def reasons(self) -> list[str]:
        """Return where the auction cut and how it was priced, as sentences."""
        found = [f"format: {TITLES[self.format]}"]
        margin = self.sale.margin
        if margin is not None:
            names = listed(self.sale.bidders[n] for n in margin.bidders)
            met = "in full" if margin.coefficient == 1 else f"by {float(margin.coefficient):.4%}"
            found.append(f"margin: bids of {short(margin.lowest_accepted)} ({names}) are met {met}")
            if margin.highest_rejected is None:
                found.append("no bid at or above the reserve price is rejected")
            else:
                found.append(f"highest rejected bid: {short(margin.highest_rejected)}")
        if self.sale.clearing_price is not None:
            found.append(f"clearing price: {short(self.sale.clearing_price)}")
        return found

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain values, exact numbers as text."""
        return {
            "format": self.format,
            "units": written(self.units),
            "reserve_price": written(self.reserve_price),
            "names": [one.name for one in self.awards],
            "wanted": [written(one.wanted) for one in self.awards],
            "awards": [written(one.award) for one in self.awards],
            "payments": [written(one.payment) for one in self.awards],
            "revenue": written(self.revenue),
            "clearing_price": _text(self.sale.clearing_price),
            "left": written(self.left),
            "margin": self._margin(),
            "warnings": list(self.warnings),
            "record": self.to_record(),
        }

    def to_record(self) -> dict[str, Any]:
        """Return the record."""
        chosen = self.parameters.to_json()
        inputs = {
            "format": self.format,
            "units": written(self.units),
            "reserve_price": written(self.reserve_price),
            "bids": [one.to_json() for one in self.offers],
            "priority": {name: written(rank) for name, rank in self.ranks.items()},
            "parameters": {k: v for k, v in chosen.items() if k != "rule"},
        }
        answer = {
            "rule": {"name": self.format, "version": VERSION},
            "ballot": None if self.ballot is None else self.ballot.to_json(),
            "awards": [one.to_json() for one in self.awards],
            "revenue": written(self.revenue),
            "clearing_price": _text(self.sale.clearing_price),
            "margin": self._margin(),
            "left": written(self.left),
            "warnings": list(self.warnings),
        }
        return enveloped("auction", inputs, answer)

    def _margin(self) -> dict[str, Any] | None:
        margin = self.sale.margin
        if margin is None:
            return None
        names = list(self.sale.bidders)
        return {
            "lowest_accepted": written(margin.lowest_accepted),
            "highest_rejected": _text(margin.highest_rejected),
            "bidders": [names[n] for n in margin.bidders],
            "coefficient": written(margin.coefficient),
            "whole": None if margin.whole is None else margin.whole.to_json(names),
        }


def _text(number: Fraction | None) -> str | None:
    return None if number is None else written(number)
