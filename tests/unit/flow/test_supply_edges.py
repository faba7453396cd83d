"""Edges of supply: a cap that starting papers have overdrawn, and a world of outsiders."""

from __future__ import annotations

import headworks as hw
from headworks.flow.balances import Balance
from tests.unit.flow.build import Play, day, grants, passes, scenario, want


def test_an_overdrawn_cap_grants_nothing_until_it_has_grown() -> None:
    """60 papers stand against a cap of 10 that grows by 10 a week: nothing more for five weeks."""
    flow = [{"from": day(0), "amount": 20, "per_days": 7}]
    cap = {
        "supply": "share_of_flow", "share": 0.5,
        "products": {"alpha": {"history": 20, "flow": flow}},
    }  # fmt: skip
    world = scenario(
        {
            "licence": grants("licensed", pool="cap"),
            "export": passes("shipped", requires=["licence"]),
            "installation": passes("installed"),
        },
        {"ash": want(200)},
        {"cap": cap},
        periods=7,
    )
    play = Play(world, balances=[Balance("ash", "alpha", "main", "unused", 60, "licence")])
    licensed = [play.to(periods).units("licensed") for periods in range(1, 8)]
    assert licensed == [60, 60, 60, 60, 60, 70, 80]


def test_a_world_of_outsiders_has_empty_totals() -> None:
    outside = hw.load("one-gate", set_={"companies.buyer.outside": True})
    found = hw.forecast(outside, paths=10)
    assert found.samples("installed").max() == 0
