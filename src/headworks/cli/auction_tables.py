"""What `headworks auction` answers: units sold, payments, the price, and where it cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.cli.option_text import column
from headworks.cli.options import check_outputs, terminal
from headworks.cli.ration_calls import Given, answer, check_together, option
from headworks.errors import Door, Fault, InputError

if TYPE_CHECKING:
    from rich.console import Console

    from headworks.rationing.auctions.result import Auction


def run(given: Given) -> None:
    """Hold an auction, or verify the record of one.

    Raises:
        InputError: Options do not go together, or what they give cannot be used; all are listed.
    """
    if "verify" in given:
        from headworks.cli.verify import verify_record

        check_together(given, {"verify", "as_json"}, "--verify")
        verify_record(given["verify"], as_json="as_json" in given)
        return
    check_outputs([given.get("file")], {"--record": given.get("record")})
    result = _held(given)
    answer(given, result.to_json, result.to_record, lambda: show_auction(result, terminal()))


def _held(given: Given) -> Auction:
    from headworks.rationing.auctions.selling import auction

    faults = [
        Fault(option(name), 0, "", message, remedy)
        for name, message, remedy in (
            ("file", "there are no bids", "give a CSV file: bidder,price,quantity"),
            ("units", "there is nothing to sell", "give --units NUMBER"),
        )
        if name not in given
    ]
    ranks = None
    door = Door()
    with door.checking():
        if faults:
            raise InputError(faults)
    with door.checking():
        ranks = column(given.get("priority"), "--priority")
    door.close()
    return auction(
        given["file"], given["units"], given.get("format_", "uniform_price"),
        reserve_price=given.get("reserve_price", 0), whole=given.get("whole"), priority=ranks,
        ballot_key=given.get("ballot_key"), ballot=given.get("ballot"),
    )  # fmt: skip


def show_auction(result: Auction, console: Console) -> None:
    """Print awards and payments, the price, and where the auction cut."""
    from rich.markup import escape
    from rich.table import Table

    from headworks.cli.ration_tables import number
    from headworks.rationing.intake.names import listed

    sold = result.units - result.left
    rest = f"; {number(result.left)} stay unsold" if result.left else ""
    console.print(
        f"{number(sold)} of {number(result.units)} units sold to "
        f"{sum(one.award > 0 for one in result.awards)} of {len(result.awards)} bidders for "
        f"{number(result.revenue)}{rest}.",
        markup=False,
    )
    table = Table(box=None, header_style="bold")
    for heading in ("", "bid for", "award", "pays", "per unit"):
        table.add_column(heading, justify="right" if heading else "left")
    for one in result.awards:
        each = number(one.payment / one.award) if one.award else ""
        table.add_row(
            escape(one.name), number(one.wanted), number(one.award), number(one.payment), each
        )
    console.print(table)
    for text in result.reasons():
        console.print(text, markup=False)
    if result.ballot is not None:
        drawn = listed(result.ballot.drawn, 10)
        console.print(f"ballot ({result.ballot.method}): {drawn}", markup=False)
    for text in result.warnings:
        console.print(f"warning: {text}", markup=False)
