"""`headworks auction`: who buys how many scarce units, and what they pay."""

from __future__ import annotations

from headworks.cli.ration_calls import as_given
from headworks.cli.ration_options import (
    AsJson,
    Ballot,
    BallotKey,
    BidderPriority,
    BidsFile,
    Format,
    Record,
    ReservePrice,
    Units,
    Verify,
    WholeAtMargin,
)


def command(  # noqa: PLR0913, PLR0917 - one for each option
    file: BidsFile = None, units: Units = None, format_: Format = None,
    reserve_price: ReservePrice = None, whole: WholeAtMargin = None,
    priority: BidderPriority = None, ballot_key: BallotKey = None, ballot: Ballot = None,
    record: Record = None, verify: Verify = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Sell identical units to the highest bids, exactly, with a record that anyone can re-run.

    A bidder may give several rows, each a quantity at a price per unit. The highest prices are
    served first; bids at the last price that is met share what is left in proportion to their
    quantities.

    Formats: with uniform_price all pay the highest price that was not met in full; with
    lowest_accepted all pay the lowest price that got something; with pay_as_bid everybody pays the
    own bids, so that bidders shade them; with vickrey everybody pays what the others lose by it, so
    that the truth is the best bid; with packages each row is all or nothing at a price for the
    whole, at most one of each bidder.

    Examples:
      headworks auction bids.csv --units 1000

      headworks auction bids.csv --units 1000 --format vickrey --reserve-price 20000

      headworks auction bids.csv --units 1000 --whole largest_remainder --ballot-key 9319./2.5./

      headworks auction bids.csv --units 1000 --record sale-1.json

      headworks auction --verify sale-1.json
    """
    given = as_given(locals())
    from headworks.cli.auction_tables import run

    run(given)
