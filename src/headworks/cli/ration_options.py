"""Options of `headworks ration` and `headworks auction`, as Typer reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

File: TypeAlias = Annotated[
    Path | None,
    typer.Argument(help="CSV file: name, claim, and more columns; commas, semicolons or tabs."),
]
Pool: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--pool",
        help="What there is to share: AMOUNT, or NAME=AMOUNT repeated; NAME=AMOUNT:tpp counts TPP.",
    ),
]
Claims: TypeAlias = Annotated[
    str | None, typer.Option("--claims", help="Claims: 100,200,300 or a=100,b=200.")
]
Rule: TypeAlias = Annotated[
    str | None, typer.Option("--rule", help="Rule by name or alias; proportional if not given.")
]
Unit: TypeAlias = Annotated[
    str | None, typer.Option("--unit", help="Unit of the pool, such as units or TPP.")
]
Weights: TypeAlias = Annotated[
    str | None, typer.Option("--weights", help="Weight of each: 1,1,2 or b=2.")
]
Parties: TypeAlias = Annotated[
    str | None, typer.Option("--parties", help="Group of related parties: b1=b,b2=b.")
]
Needs: TypeAlias = Annotated[
    str | None,
    typer.Option("--needs", help="Verified need of each; with --inflate the true one."),
]
Stock: TypeAlias = Annotated[
    str | None, typer.Option("--stock", help="What each holds of its need already.")
]
Undelivered: TypeAlias = Annotated[
    str | None, typer.Option("--undelivered", help="Earlier awards still to be delivered.")
]
Used: TypeAlias = Annotated[
    str | None, typer.Option("--used", help="What each used of earlier awards.")
]
Awarded: TypeAlias = Annotated[str | None, typer.Option("--awarded", help="Those earlier awards.")]
MinUse: TypeAlias = Annotated[
    str | None, typer.Option("--min-use", help="Cut who used less of earlier awards: 90%.")
]
Truncate: TypeAlias = Annotated[
    bool, typer.Option("--truncate", help="Count no claim for more than the pool.")
]
Caps: TypeAlias = Annotated[str | None, typer.Option("--caps", help="The most that each may get.")]
Cap: TypeAlias = Annotated[
    str | None, typer.Option("--cap", help="The most that any may get: units, or 25%.")
]
Minima: TypeAlias = Annotated[str | None, typer.Option("--minima", help="What each is guaranteed.")]
Guarantee: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--guarantee",
        help="What a minimum means: floor (under the rule's result; if not given) or advance "
        "(given before the rule).",
    ),
]
Lot: TypeAlias = Annotated[str | None, typer.Option("--lot", help="Least award; less is refused.")]
Priority: TypeAlias = Annotated[
    str | None, typer.Option("--priority", help="Rank of each, 1 first.")
]
Scores: TypeAlias = Annotated[str | None, typer.Option("--scores", help="Points of each.")]
Days: TypeAlias = Annotated[
    str | None, typer.Option("--days", help="Day of each application: 2026-01-05,…")
]
Reserve: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--reserve", help="NAME=UNITS:a,b (add :hard to keep what they leave)."),
]
Order: TypeAlias = Annotated[
    str | None, typer.Option("--order", help="Processing order, such as small,open.")
]
Tranches: TypeAlias = Annotated[
    str | None, typer.Option("--tranches", help="Release the pool in parts: 100,100.")
]
Orders: TypeAlias = Annotated[
    int | None, typer.Option("--orders", help="Orders that random arrival draws.")
]
Seed: TypeAlias = Annotated[
    int | None, typer.Option("--seed", help="What they are drawn from; 0 if not given.")
]
Whole: TypeAlias = Annotated[
    str | None, typer.Option("--whole", help="Whole units by this method.")
]
BallotKey: TypeAlias = Annotated[
    str | None, typer.Option("--ballot-key", help="Key of the draw that breaks ties.")
]
Ballot: TypeAlias = Annotated[
    str | None, typer.Option("--ballot", help="Form of the draw: sha256 or rfc3797.")
]
Chips: TypeAlias = Annotated[
    str | None, typer.Option("--chips", help="What each asks units of: a=h200,b=h20.")
]
Sizes: TypeAlias = Annotated[
    str | None, typer.Option("--sizes", help="Size of a unit of each, in the pool's measure.")
]
PerChip: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--per-chip",
        help="Size by chip: h200=15832,h20=2368; or tpp, memory_bandwidth or power, from the data.",
    ),
]
Resource: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--resource",
        help="NAME=AMOUNT, repeated: share several resources by dominant-resource fairness.",
    ),
]
Compare: TypeAlias = Annotated[bool, typer.Option("--compare", help="All rules side by side.")]
Inflate: TypeAlias = Annotated[
    bool, typer.Option("--inflate", help="What each rule invites claimants to order.")
]
Deposit: TypeAlias = Annotated[
    str | None, typer.Option("--deposit", help="Share forfeited on unused requests: 10%.")
]
RequestCap: TypeAlias = Annotated[
    str | None, typer.Option("--request-cap", help="Most that may be requested: units, or 2x.")
]
ExpectedPool: TypeAlias = Annotated[
    str | None,
    typer.Option("--expected-pool", help="Pool that claimants expected: 400000..700000."),
]
Record: TypeAlias = Annotated[
    Path | None, typer.Option("--record", help="Write the record to this JSON file.")
]
Verify: TypeAlias = Annotated[
    Path | None, typer.Option("--verify", help="Run this record again and say yes or where.")
]
Rules: TypeAlias = Annotated[
    bool, typer.Option("--rules", help="List the rules and the methods of whole units.")
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
BidsFile: TypeAlias = Annotated[
    Path | None, typer.Argument(help="CSV file: bidder, price (per unit), quantity.")
]
Units: TypeAlias = Annotated[str | None, typer.Option("--units", help="Units to sell.")]
Format: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--format",
        help="uniform_price (if not given), lowest_accepted, pay_as_bid, vickrey, packages.",
    ),
]
ReservePrice: TypeAlias = Annotated[
    str | None, typer.Option("--reserve-price", help="Least price per unit.")
]
WholeAtMargin: TypeAlias = Annotated[
    str | None, typer.Option("--whole", help="Whole units at the margin by this method.")
]
BidderPriority: TypeAlias = Annotated[
    str | None, typer.Option("--priority", help="Rank of each bidder, for ties: a=1,b=2.")
]
