"""Auctions of identical units: vectors, prices that are defined independently, what is refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from headworks.errors import InputError, UnknownName
from headworks.rationing.auctions.formats import FORMATS
from tests.unit.rationing.auctions.sales import package_auction, sell

if TYPE_CHECKING:
    from headworks.rationing.auctions.clearing import Sale

VECTORS = Path(__file__).parents[3] / "data" / "rationing" / "auctions.yaml"
CASES = yaml.safe_load(VECTORS.read_text())
Bids: TypeAlias = list[tuple[str, int, int]]


def held(case: dict[str, Any]) -> Sale:
    """Return the sale of a case."""
    reserve = case.get("reserve", 0)
    if case["format"] == "packages":
        return package_auction(case["supply"], case["bids"], reserve=reserve)
    return sell(case["supply"], case["bids"], format=case["format"], reserve=reserve)


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_vectors(case: dict[str, Any]) -> None:
    found = held(case)
    assert list(found.awards) == [Fraction(award) for award in case["awards"]]
    if "payments" in case:
        assert list(found.payments) == [Fraction(payment) for payment in case["payments"]]
    if "clearing_price" in case:
        assert found.clearing_price == case["clearing_price"]
    if "coefficient" in case:
        assert found.margin is not None
        assert found.margin.coefficient == Fraction(case["coefficient"])
    assert found.unsold == case.get("unsold", 0)


def test_rounding_a_percentage_up_gives_more_than_there_is() -> None:
    supply, bids = 1_000, [(f"bidder {n}", 5, 501) for n in range(3)]
    rounded_up = 3 * 334  # 66.54 percent of 501, each rounded up
    assert rounded_up > supply
    assert sum(sell(supply, bids).awards) == supply
    whole = sell(supply, bids, whole="largest_remainder", order=[2, 1, 0])
    assert list(whole.awards) == [333, 333, 334]


# Independent readings

schedules = st.lists(
    st.tuples(st.sampled_from("ABCD"), st.integers(0, 9), st.integers(0, 5)), min_size=1, max_size=8
)
supplies = st.integers(0, 15)


def value_of_best(supply: Fraction, bids: Bids, reserve: int) -> Fraction:
    """Return the greatest value of the supply, unsold units at the reserve price."""
    value, left = Fraction(0), supply
    for _, price, quantity in sorted(bids, key=lambda bid: -bid[1]):
        if price >= reserve:
            taken = min(left, Fraction(quantity))
            value, left = value + taken * price, left - taken
    return value + left * reserve


def value_of_award(award: Fraction, bids: Bids) -> Fraction:
    """Return what an award is worth to somebody by the own bids."""
    return value_of_best(award, bids, 0)


@pytest.mark.parametrize("whole", [None, "webster"])
@given(supplies, schedules, st.integers(0, 5))
def test_vickrey_takes_what_the_others_lose(
    whole: str | None, supply: int, bids: Bids, reserve: int
) -> None:
    names = list(dict.fromkeys(bid[0] for bid in bids))
    found = sell(
        supply, bids, format="vickrey", reserve=reserve, whole=whole, order=range(len(names))
    )
    own = {name: [bid for bid in bids if bid[0] == name] for name in names}
    worth = {
        name: value_of_award(award, own[name])
        for name, award in zip(names, found.awards, strict=True)
    }
    for name, payment in zip(names, found.payments, strict=True):
        others = [bid for bid in bids if bid[0] != name]
        without = value_of_best(Fraction(supply), others, reserve)
        with_it = sum(worth[other] for other in names if other != name) + found.unsold * reserve
        assert payment == without - with_it


@given(supplies, schedules, st.integers(0, 5), st.sampled_from([None, "largest_remainder"]))
def test_the_highest_bids_win_and_nobody_pays_more_than_bid(
    supply: int, bids: Bids, reserve: int, whole: str | None
) -> None:
    names = list(dict.fromkeys(bid[0] for bid in bids))
    sales = {
        name: sell(supply, bids, format=name, reserve=reserve, whole=whole, key="3./")
        for name in FORMATS
    }
    eligible = sum(quantity for _, price, quantity in bids if price >= reserve)
    first = sales["pay_as_bid"]
    assert {sale.awards for sale in sales.values()} == {first.awards}
    assert sum(first.awards) == min(supply, eligible)
    assert first.unsold == supply - sum(first.awards)
    own = [[bid for bid in bids if bid[0] == name] for name in names]
    worth = [value_of_award(award, mine) for award, mine in zip(first.awards, own, strict=True)]
    assert sum(worth) + first.unsold * reserve == value_of_best(Fraction(supply), bids, reserve)
    assert list(first.payments) == worth
    for n in range(len(names)):
        paid = [sales[f].payments[n] for f in ("vickrey", "highest_rejected", "lowest_accepted")]
        assert [reserve * first.awards[n], *paid, worth[n]] == sorted(
            [reserve * first.awards[n], *paid, worth[n]]
        )
    if whole:
        assert all(award.denominator == 1 for award in first.awards)


@given(supplies, schedules)
def test_bids_at_the_margin_get_the_same_part(supply: int, bids: Bids) -> None:
    found = sell(supply, bids)
    margin = found.margin
    if margin is None:
        assert not any(found.awards)
        return
    for name, award in zip(found.bidders, found.awards, strict=True):
        mine = [(price, quantity) for bidder, price, quantity in bids if bidder == name]
        above = sum(quantity for price, quantity in mine if price > margin.lowest_accepted)
        at = sum(quantity for price, quantity in mine if price == margin.lowest_accepted)
        assert award == above + margin.coefficient * at
    if margin.coefficient < 1:
        assert margin.highest_rejected == margin.lowest_accepted
    rejected = [price for _, price, quantity in bids if quantity and price < margin.lowest_accepted]
    if margin.coefficient == 1:
        assert margin.highest_rejected == max(rejected, default=None)


@given(supplies, schedules, st.lists(st.integers(0, 9), min_size=1, max_size=6))
def test_truth_is_the_best_bid_in_a_vickrey_auction(
    supply: int, others: Bids, values: list[int]
) -> None:
    others = [bid for bid in others if bid[0] != "A"]
    worth: Bids = [("A", value, 1) for value in sorted(values, reverse=True)]

    def gain(bids: Bids) -> Fraction:
        found = sell(supply, [*bids, *others], format="vickrey")
        return value_of_award(found.awards[0], worth) - found.payments[0]

    truth = gain(worth)
    assert truth >= 0
    for shade in (-3, -1, 1, 3):
        assert gain([("A", max(0, value + shade), 1) for _, value, _ in worth]) <= truth
    assert gain(worth[: len(worth) // 2 + 1]) <= truth
    assert gain([("A", 9, 1) for _ in worth]) <= truth


def test_asking_for_less_gains_at_a_uniform_price() -> None:
    others: Bids = [("B", 6, 1), ("C", 5, 1)]
    truth = sell(2, [("A", 10, 1), ("A", 7, 1), *others])
    less = sell(2, [("A", 10, 1), *others])
    assert 17 - truth.payments[0] == 5
    assert 10 - less.payments[0] == 5
    lower = sell(2, [("A", 10, 1), ("A", 0, 1), ("B", 4, 1), ("C", 1, 1)])
    higher = sell(2, [("A", 10, 1), ("A", 5, 1), ("B", 4, 1), ("C", 1, 1)])
    assert 10 - lower.payments[0] > 15 - higher.payments[0]


def test_ties_at_the_margin_are_stated() -> None:
    found = sell(4, [("A", 5, 2), ("B", 4, 3), ("C", 4, 1), ("D", 4, 0), ("E", 1, 1)])
    assert found.margin is not None
    assert found.margin.bidders == (1, 2)
    assert found.margin.coefficient == Fraction(1, 2)
    assert found.margin.whole is None
    assert list(found.awards) == [2, Fraction(3, 2), Fraction(1, 2), 0, 0]


def test_whole_units_at_the_margin_need_a_decision_only_where_they_stand_equal() -> None:
    bids = [("A", 4, 3), ("B", 4, 1)]
    with pytest.raises(InputError, match="2 claimants stand equal for 1 unit: A, B"):
        sell(2, bids, whole="largest_remainder")
    found = sell(2, bids, whole="largest_remainder", order=[1, 0])
    assert list(found.awards) == [1, 1]
    assert found.margin is not None
    assert found.margin.whole is not None
    assert found.margin.whole.ties[0].won == (1,)
    assert list(sell(4, [("A", 4, 5), ("B", 4, 1)], whole="hamilton").awards) == [3, 1]


def test_other_names_of_formats() -> None:
    assert sell(1, [("A", 1, 1)], format="uniform price").format == "highest_rejected"
    assert sell(1, [("A", 1, 1)], format="Discriminatory").format == "pay_as_bid"
    assert sell(1, [("A", 1, 1)], format="stop-out").revenue == 1


def test_many_bids_are_quick() -> None:
    bids = [(f"{n % 5_000}", 1 + n * 7_919 % 999_983, 1 + n % 1_000) for n in range(15_000)]
    found = sell(10**6, bids, format="vickrey")
    assert sum(found.awards) == 10**6


def test_an_unknown_format_brings_the_nearest_name() -> None:
    with pytest.raises(UnknownName, match="did you mean vickrey"):
        sell(1, [("A", 1, 1)], format="vikrey")
    with pytest.raises(UnknownName, match="method of whole units"):
        sell(1, [("A", 1, 1)], whole="halves")
