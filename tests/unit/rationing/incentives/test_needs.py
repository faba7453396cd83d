"""What orders say about needs: intervals checked against the definition of a best reply."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from headworks.errors import InputError
from headworks.rationing.incentives.equilibrium import equilibrium
from headworks.rationing.incentives.game import game
from headworks.rationing.incentives.needs import LOWER, UPPER, ImpliedNeeds, implied_needs
from headworks.rationing.incentives.terms import terms
from headworks.rationing.rule import RULES
from tests.tiers import slow

FIVE = {"a": 600_000, "b": 500_000, "c": 400_000, "d": 300_000, "e": 200_000}
RULES_TRIED = [
    "proportional",
    "constrained_equal_awards",
    "constrained_equal_losses",
    "talmud",
    "random_arrival",
]  # fmt: skip


def spans(found: ImpliedNeeds) -> list[Any]:
    return [(one.lower.need, one.upper.need) for one in found.needs]


def bounds(found: ImpliedNeeds) -> list[Any]:
    return [found.lower, found.upper]


def test_under_equal_awards_an_order_below_the_level_is_the_need_and_above_it_a_lower_bound() -> (
    None
):
    found = implied_needs([20, 40, 70, 80], 100, "cea")  # the level is 80 / 3
    level = Fraction(80, 3)
    assert spans(found) == [(20, 20), (level, None), (level, None), (level, None)]
    assert [one.upper.by for one in found.needs] == ["more", "flat", "flat", "flat"]
    assert bounds(found) == [100, None]
    assert found.needs[0].finding == "20"
    assert found.needs[1].finding == "at least 27; the order tells nothing beyond that"
    assert "nothing beyond that" in found.finding


def test_under_equal_awards_all_orders_are_needs_where_no_level_cuts_them() -> None:
    found = implied_needs(FIVE, "3000000..4000000", "cea")
    assert [high for _, high in spans(found)] == list(FIVE.values())
    assert bounds(found) == [2_000_000, 2_000_000]


def test_proportional_orders_tell_what_pool_was_expected_and_not_what_is_needed() -> None:
    found = implied_needs(FIVE, ("400000", 700_000), "proportional")
    assert bounds(found) == [400_000, 700_000]
    assert spans(found)[0] == (120_000, 210_000)
    assert found.needs[0].lower.pool == 400_000
    assert found.needs[0].upper.pool == 700_000
    ten_times = {name: 10 * order for name, order in FIVE.items()}
    same = implied_needs(ten_times, ("400000", 700_000), "proportional")
    assert spans(same) == spans(found)


def test_who_expected_smaller_orders_from_others_may_need_more() -> None:
    orders = [600, 500]
    known = implied_needs(orders, "200..350", "proportional")
    unknown = implied_needs(orders, "200..350", "proportional", others=("20%", 1))
    assert unknown.lower == known.lower
    assert known.upper is not None
    assert unknown.upper is not None
    assert unknown.upper > Fraction(3, 2) * known.upper
    assert unknown.needs[0].upper.others == Fraction(1, 5)


def test_a_deposit_in_the_range_that_stops_orders_leaves_no_upper_bound() -> None:
    found = implied_needs(FIVE, "400000..700000", "proportional", deposit=("10%", "25%"))
    assert found.upper is None
    assert {one.upper.by for one in found.needs} == {"deposit"}
    assert 380_000 < found.lower <= 400_000
    dear = implied_needs(FIVE, "400000..700000", "proportional", deposit="50%")
    assert [one.explained for one in dear.needs] == [0] * 5
    assert {one.lower.by for one in dear.needs} == {"unexplained"}
    assert "no needs make them best replies" in dear.finding
    assert bounds(dear) == [0, None]


def test_a_cap_on_verified_need_makes_a_lower_bound_and_a_plain_one_takes_the_upper_away() -> None:
    found = implied_needs([300, 300], "200..300", "proportional", cap_of_need="2.5x")
    assert spans(found)[0] == (120, 150)
    assert found.needs[0].lower.by == "cap"
    capped = implied_needs([300, 200], 200, "proportional", request_cap=300)
    assert capped.needs[0].upper.need is None
    assert capped.needs[0].upper.by == "cap"
    assert capped.needs[1].upper.need == 80


def test_orders_tell_no_lower_bound_where_surplus_is_harmless() -> None:
    found = implied_needs([300, 300], 200, "proportional", excess_cost=0)
    assert spans(found)[0] == (0, 100)
    assert found.needs[0].lower.by == "nothing"
    nothing = implied_needs([300, 300], 200, "proportional", excess_cost=0, request_cap=300)
    assert nothing.finding == "orders of 600 tell nothing about needs"
    assert nothing.needs[0].finding == "the order tells nothing"
    resold = implied_needs([300, 300], 200, "proportional", salvage="50%")
    assert {one.upper.by for one in resold.needs} == {"unexplained"}


def test_a_tolerance_widens_and_a_stated_cost_of_surplus_narrows() -> None:
    sharp = implied_needs([300, 300], 200, "proportional", excess_cost="50%")
    loose = implied_needs([300, 300], 200, "proportional", excess_cost="50%", tolerance="2%")
    assert spans(sharp)[0] == (100, 100)
    low, high = spans(loose)[0]
    assert low is not None
    assert high is not None
    assert 90 < low < 100 < high < 110


def test_an_order_of_nothing_speaks_of_no_need_where_more_would_be_served() -> None:
    found = implied_needs([0, 50], 40, "proportional")
    assert spans(found)[0] == (0, 0)


HELD: list[dict[str, Any]] = [
    {},
    {"excess_cost": "0.2"},
    {"deposit": "0.05", "tolerance": "0.05"},
    {"deposit": "0.3", "refunded": True, "tolerance": 0},
    {"excess_cost": 0, "tolerance": "0.1"},
    {"request_cap": 60, "excess_cost": "0.1"},
]
SOON = {(rule, n % len(HELD)) for n, rule in enumerate(RULES_TRIED)} | {
    (RULES_TRIED[n % len(RULES_TRIED)], n) for n in range(len(HELD))
}
"""What the fast tier tries: every rule once, and every belief once."""


@pytest.mark.parametrize(
    ("rule", "held"),
    [
        (rule, held) if (rule, n) in SOON else slow(rule, held)
        for n, held in enumerate(HELD)
        for rule in RULES_TRIED
    ],
    ids=repr,
)
def test_every_need_that_makes_an_order_a_best_one_lies_in_the_interval(
    rule: str, held: dict[str, Any]
) -> None:
    luck = random.Random(f"{rule} {held}")  # noqa: S311 - test cases, not secrets
    orders = [Fraction(luck.randint(5, 60)) for _ in range(3)]
    pool = Fraction(luck.randint(5, 60))
    one = implied_needs(orders, pool, rule, **held).needs[0]
    low, high = one.lower.need, one.upper.need
    for need in (Fraction(k) for k in range(0, 81, 2)):
        short, wasteful = regret(rule, pool, orders, need, held)
        if short <= 0 and not wasteful:
            assert low is not None
            assert low - STEP <= need
            assert high is None or need <= high + STEP
        elif low is not None and low <= need and (high is None or need <= high):
            assert short <= STEP


STEP = Fraction(1, 2)
"""Of the grid on which orders are tried one by one."""


def regret(
    rule: str, pool: Fraction, orders: list[Fraction], need: Fraction, held: dict[str, Any]
) -> tuple[Fraction, bool]:
    """Return what another order would bring more, and if one as good brings less surplus."""
    kept = terms({key: value for key, value in held.items() if key != "tolerance"})
    limit = kept.request_cap or Fraction(200)
    grid = [k * STEP for k in range(130) if k * STEP <= limit]
    grid += [Fraction(k) for k in range(80, int(limit) + 1, 20)]
    tried: list[tuple[Fraction, Fraction]] = []
    for asked in (orders[0], *grid):
        award = awarded(rule, pool, (asked, *orders[1:]))
        tried.append((kept.payoff(asked, award, need), max(award - need, Fraction(0))))
    slack = Fraction(str(held.get("tolerance", 0))) * awarded(rule, pool, tuple(orders))
    least = min(surplus for payoff, surplus in tried if payoff == tried[0][0])
    unwanted = "excess_cost" not in held and not slack
    return max(tried)[0] - tried[0][0] - slack, unwanted and tried[0][1] > least


@cache
def awarded(rule: str, pool: Fraction, orders: tuple[Fraction, ...]) -> Fraction:
    return RULES[rule].divide(pool, orders).awards[0]


@pytest.mark.parametrize("deposit", ["5%", "10%", "20%"])
def test_needs_behind_a_simulated_equilibrium_are_found_again(deposit: str) -> None:
    needs = {"a": 30, "b": 50, "c": 60}
    settled = equilibrium(game(90, needs, "proportional", deposit=deposit))
    orders = dict(zip(needs, settled.requests, strict=True))
    found = implied_needs(orders, "80..100", "proportional", deposit=deposit)
    for one, need in zip(found.needs, needs.values(), strict=True):
        assert one.lower.need is not None
        assert one.lower.need <= need
        assert one.upper.need is None or need <= one.upper.need
    assert found.lower <= 140


def test_what_is_assumed_is_said_in_sentences_and_plain_data() -> None:
    told: list[tuple[int, int]] = []
    found = implied_needs(
        {"a": 10, "b": 20}, "5..8", "pro", others="0.5..1", deposit="5%", cap_of_need=3,
        request_cap=30, progress=lambda done, whole: told.append((done, whole)),
    )  # fmt: skip
    said = " / ".join(found.beliefs.assumptions())
    for piece in ("5 to 8", "0.5 to 1 times", "1.00%", "forfeits 0.05", "than 30", "3 times"):
        assert piece in said
    data = found.to_json()
    assert json.loads(json.dumps(data)) == data
    assert data["beliefs"]["pool"] == ["5", "8"]
    assert told == [(0, 2), (1, 2)]
    for one in found.needs:
        assert one.lower.by in LOWER
        assert one.upper.by in UPPER


def test_all_faults_of_beliefs_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        implied_needs(
            {"a": -1}, "7..5", "propotional", others="1..2..3", deposit="two", salvage=2,
            tolerance=1, mood="good",
        )  # fmt: skip
    text = str(caught.value)
    for piece in (
        "negative", "ends below its start", "proportional", "is no range", "'two'",
        "more than a useful one", "every order is good enough", "mood",
    ):  # fmt: skip
        assert piece in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rule": "uniform"}, "constrained_equal_awards"),
        ({"rule": "priority"}, "needs the priority"),
        ({"orders": [1] * 61}, "at most 60"),
        ({"request_cap": 5}, "above the cap"),
        ({"pool": 0}, "explains no order"),
        ({"orders": {}}, "no claimants"),
    ],
)
def test_orders_that_cannot_be_read_say_why(changes: dict[str, Any], said: str) -> None:
    asked: dict[str, Any] = {"orders": [6, 8], "pool": 10, "rule": "proportional", **changes}
    with pytest.raises(InputError, match=said):
        implied_needs(**asked)
