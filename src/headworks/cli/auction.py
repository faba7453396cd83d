"""`headworks auction`: who buys how many scarce units, and what they pay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headworks.cli.messages import as_text, write_text
from headworks.cli.option_text import column
from headworks.cli.options import check_outputs
from headworks.errors import Door, Fault, InputError

if TYPE_CHECKING:
    from rich.console import Console

    from headworks.rationing.auctions.result import Auction


def command(  # noqa: PLR0913, PLR0917 - one for each option
    file: Annotated[
        Path | None, typer.Argument(help="CSV file: bidder, price (per unit), quantity.")
    ] = None,
    units: Annotated[str | None, typer.Option("--units", help="Units to sell.")] = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="uniform_price (if not given), lowest_accepted, pay_as_bid, vickrey, packages.",
        ),
    ] = None,
    reserve_price: Annotated[
        str | None, typer.Option("--reserve-price", help="Least price per unit.")
    ] = None,
    whole: Annotated[
        str | None, typer.Option("--whole", help="Whole units at the margin by this method.")
    ] = None,
    priority: Annotated[
        str | None, typer.Option("--priority", help="Rank of each bidder, for ties: a=1,b=2.")
    ] = None,
    ballot_key: Annotated[
        str | None, typer.Option("--ballot-key", help="Key of the draw that breaks ties.")
    ] = None,
    ballot: Annotated[
        str | None, typer.Option("--ballot", help="Form of the draw: sha256 or rfc3797.")
    ] = None,
    record: Annotated[
        Path | None, typer.Option("--record", help="Write the record to this JSON file.")
    ] = None,
    verify: Annotated[
        Path | None, typer.Option("--verify", help="Run this record again and say yes or where.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
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
    given = {
        "FILE": file, "--units": units, "--format": format_, "--reserve-price": reserve_price,
        "--whole": whole, "--priority": priority, "--ballot-key": ballot_key, "--ballot": ballot,
        "--record": record,
    }  # fmt: skip
    said = {name: value for name, value in given.items() if value is not None}
    if verify is not None:
        _check_alone(said)
        from headworks.cli.verify import verify_record

        verify_record(verify, as_json=as_json)
        return
    check_outputs([file], {"--record": record})
    result = _held(said)
    if record is not None:
        write_text(record, as_text(result.to_record()) + "\n")
    if as_json:
        typer.echo(as_text(result.to_json()))
        return
    from headworks.cli.options import terminal

    console = terminal()
    show_auction(result, console)
    if record is not None:
        console.print(f"written: {record}", markup=False)


def _check_alone(said: dict[str, Any]) -> None:
    """Raise if something stands beside `--verify`."""
    faults = [
        Fault(option, 0, "", "it says nothing with --verify", "ask for one of them")
        for option in said
    ]
    if faults:
        raise InputError(faults)


def _held(said: dict[str, Any]) -> Auction:
    from headworks.rationing.auctions.selling import auction

    faults = [
        Fault(option, 0, "", message, remedy)
        for option, message, remedy in (
            ("FILE", "there are no bids", "give a CSV file: bidder,price,quantity"),
            ("--units", "there is nothing to sell", "give --units NUMBER"),
        )
        if option not in said
    ]
    ranks = None
    door = Door()
    with door.checking():
        if faults:
            raise InputError(faults)
    with door.checking():
        ranks = column(said.get("--priority"), "--priority")
    door.close()
    return auction(
        said["FILE"], said["--units"], said.get("--format", "uniform_price"),
        reserve_price=said.get("--reserve-price", 0), whole=said.get("--whole"), priority=ranks,
        ballot_key=said.get("--ballot-key"), ballot=said.get("--ballot"),
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
