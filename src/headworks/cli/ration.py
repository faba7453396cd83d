"""`headworks ration`: who gets how much when there is not enough."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def command(  # noqa: PLR0913, PLR0917 - one for each option
    file: Annotated[
        Path | None,
        typer.Argument(help="CSV file: name, claim, and more columns; commas, semicolons or tabs."),
    ] = None,
    pool: Annotated[
        list[str] | None,
        typer.Option("--pool", help="What there is to share: AMOUNT, or NAME=AMOUNT repeated."),
    ] = None,
    claims: Annotated[
        str | None, typer.Option("--claims", help="Claims: 100,200,300 or a=100,b=200.")
    ] = None,
    rule: Annotated[
        str | None, typer.Option("--rule", help="Rule by name or alias; proportional if not given.")
    ] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", help="Unit of the pool, such as units or TPP.")
    ] = None,
    weights: Annotated[
        str | None, typer.Option("--weights", help="Weight of each: 1,1,2 or b=2.")
    ] = None,
    parties: Annotated[
        str | None, typer.Option("--parties", help="Group of related parties: b1=b,b2=b.")
    ] = None,
    needs: Annotated[
        str | None,
        typer.Option("--needs", help="Verified need of each; with --inflate the true one."),
    ] = None,
    stock: Annotated[
        str | None, typer.Option("--stock", help="What each holds of its need already.")
    ] = None,
    undelivered: Annotated[
        str | None, typer.Option("--undelivered", help="Earlier awards still to be delivered.")
    ] = None,
    used: Annotated[
        str | None, typer.Option("--used", help="What each used of earlier awards.")
    ] = None,
    awarded: Annotated[str | None, typer.Option("--awarded", help="Those earlier awards.")] = None,
    min_use: Annotated[
        str | None, typer.Option("--min-use", help="Cut who used less of earlier awards: 90%.")
    ] = None,
    truncate: Annotated[
        bool, typer.Option("--truncate", help="Count no claim for more than the pool.")
    ] = False,
    caps: Annotated[str | None, typer.Option("--caps", help="The most that each may get.")] = None,
    cap: Annotated[
        str | None, typer.Option("--cap", help="The most that any may get: units, or 25%.")
    ] = None,
    minima: Annotated[str | None, typer.Option("--minima", help="What each is guaranteed.")] = None,
    guarantee: Annotated[
        str | None,
        typer.Option(
            "--guarantee",
            help="What a minimum means: floor (under the rule's result; if not given) or advance "
            "(given before the rule).",
        ),
    ] = None,
    lot: Annotated[str | None, typer.Option("--lot", help="Least award; less is refused.")] = None,
    priority: Annotated[
        str | None, typer.Option("--priority", help="Rank of each, 1 first.")
    ] = None,
    scores: Annotated[str | None, typer.Option("--scores", help="Points of each.")] = None,
    days: Annotated[
        str | None, typer.Option("--days", help="Day of each application: 2026-01-05,…")
    ] = None,
    reserve: Annotated[
        list[str] | None,
        typer.Option("--reserve", help="NAME=UNITS:a,b (add :hard to keep what they leave)."),
    ] = None,
    order: Annotated[
        str | None, typer.Option("--order", help="Processing order, such as small,open.")
    ] = None,
    tranches: Annotated[
        str | None, typer.Option("--tranches", help="Release the pool in parts: 100,100.")
    ] = None,
    orders: Annotated[
        int | None, typer.Option("--orders", help="Orders that random arrival draws.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", help="What they are drawn from; 0 if not given.")
    ] = None,
    whole: Annotated[
        str | None, typer.Option("--whole", help="Whole units by this method.")
    ] = None,
    ballot_key: Annotated[
        str | None, typer.Option("--ballot-key", help="Key of the draw that breaks ties.")
    ] = None,
    ballot: Annotated[
        str | None, typer.Option("--ballot", help="Form of the draw: sha256 or rfc3797.")
    ] = None,
    chips: Annotated[
        str | None, typer.Option("--chips", help="What each asks units of: a=h200,b=h20.")
    ] = None,
    sizes: Annotated[
        str | None, typer.Option("--sizes", help="Size of a unit of each, in the pool's measure.")
    ] = None,
    per_chip: Annotated[
        str | None,
        typer.Option(
            "--per-chip",
            help="Size by chip: h200=15832,h20=2368; or tpp, memory_bandwidth or power, from the "
            "data.",
        ),
    ] = None,
    resource: Annotated[
        list[str] | None,
        typer.Option(
            "--resource",
            help="NAME=AMOUNT, repeated: share several resources by dominant-resource fairness.",
        ),
    ] = None,
    compare: Annotated[bool, typer.Option("--compare", help="All rules side by side.")] = False,
    inflate: Annotated[
        bool, typer.Option("--inflate", help="What each rule invites claimants to order.")
    ] = False,
    deposit: Annotated[
        str | None, typer.Option("--deposit", help="Share forfeited on unused requests: 10%.")
    ] = None,
    request_cap: Annotated[
        str | None, typer.Option("--request-cap", help="Most that may be requested: units, or 2x.")
    ] = None,
    expected_pool: Annotated[
        str | None,
        typer.Option("--expected-pool", help="Pool that claimants expected: 400000..700000."),
    ] = None,
    record: Annotated[
        Path | None, typer.Option("--record", help="Write the record to this JSON file.")
    ] = None,
    verify: Annotated[
        Path | None, typer.Option("--verify", help="Run this record again and say yes or where.")
    ] = None,
    rules: Annotated[
        bool, typer.Option("--rules", help="List the rules and the methods of whole units.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Share a pool among claimants by a named rule, exactly, with a record that anyone can re-run.

    Rules: proportional (pro), constrained_equal_awards (cea), constrained_equal_losses (cel),
    talmud, reverse_talmud, piniles, constrained_egalitarian, random_arrival (ra), minimal_overlap,
    adjusted_proportional, dominguez_thomson, average, concede_and_divide, priority, points,
    uniform, first_come_first_served (fcfs).

    Methods of whole units: largest_remainder (hamilton), quota, jefferson, webster, hill, dean,
    adams, rounds_of_one, proportional_random. `headworks ration --rules` tells what each does.

    Examples:
      headworks ration --pool 200 --claims 100,200,300 --rule talmud

      headworks ration --pool 400000 --claims a=1200000,b=500000,c=300000 --rule cea --cap 40%

      headworks ration claims.csv --pool 400000 --compare

      headworks ration claims.csv --pool north=300000 --pool south=100000 --rule cea

      headworks ration chips.csv --pool 4e9 --per-chip tpp --whole largest_remainder

      headworks ration racks.csv --resource chips=100000 --resource power_mw=60

      headworks ration --pool 100 --claims a=120,b=60 --needs a=60,b=60 --inflate

      headworks ration claims.csv --pool 400000 --whole largest_remainder --record round-1.json

      headworks ration --verify round-1.json
    """
    given = {
        name: value
        for name, value in locals().items()
        if value is not None and value is not False and value != []
    }
    from headworks.cli.ration_forms import run

    run(given)
