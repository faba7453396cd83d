"""`headworks ration`: who gets how much when there is not enough."""

from __future__ import annotations

from headworks.cli.ration_calls import as_given
from headworks.cli.ration_options import (
    AsJson,
    Awarded,
    Ballot,
    BallotKey,
    Cap,
    Caps,
    Chips,
    Claims,
    Compare,
    Days,
    Deposit,
    ExpectedPool,
    File,
    Guarantee,
    Inflate,
    Lot,
    Minima,
    MinUse,
    Needs,
    Order,
    Orders,
    Parties,
    PerChip,
    Pool,
    Priority,
    Record,
    RequestCap,
    Reserve,
    Resource,
    Rule,
    Rules,
    Scores,
    Seed,
    Sizes,
    Stock,
    Tranches,
    Truncate,
    Undelivered,
    Unit,
    Used,
    Verify,
    Weights,
    Whole,
)


def command(  # noqa: PLR0913, PLR0917 - one for each option
    file: File = None, pool: Pool = None, claims: Claims = None, rule: Rule = None,
    unit: Unit = None, weights: Weights = None, parties: Parties = None, needs: Needs = None,
    stock: Stock = None, undelivered: Undelivered = None, used: Used = None,
    awarded: Awarded = None, min_use: MinUse = None, truncate: Truncate = False,
    caps: Caps = None, cap: Cap = None, minima: Minima = None, guarantee: Guarantee = None,
    lot: Lot = None, priority: Priority = None, scores: Scores = None, days: Days = None,
    reserve: Reserve = None, order: Order = None, tranches: Tranches = None,
    orders: Orders = None, seed: Seed = None, whole: Whole = None, ballot_key: BallotKey = None,
    ballot: Ballot = None, chips: Chips = None, sizes: Sizes = None, per_chip: PerChip = None,
    resource: Resource = None, compare: Compare = False, inflate: Inflate = False,
    deposit: Deposit = None, request_cap: RequestCap = None, expected_pool: ExpectedPool = None,
    record: Record = None, verify: Verify = None, rules: Rules = False, as_json: AsJson = False,
) -> None:  # fmt: skip
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
    given = as_given(locals())
    from headworks.cli.ration_forms import run

    run(given)
