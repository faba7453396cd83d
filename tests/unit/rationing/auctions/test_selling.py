"""Auctions at the public door: bids from tables, ties, whole units, records, faults."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import headworks as hw
from headworks.errors import InputError
from headworks.rationing.auctions.formats import FORMATS
from headworks.rationing.record import verify
from tests.tiers import examples
from tests.unit.rationing.auctions.sales import sell

if TYPE_CHECKING:
    from pathlib import Path

BIDS = [("A", 5, 1), ("B", 2, 1), ("C", 6, 2), ("A", 2, 3)]


def awards(result: hw.Auction) -> list[Fraction]:
    return [one.award for one in result.awards]


def payments(result: hw.Auction) -> list[Fraction]:
    return [one.payment for one in result.awards]


def test_the_example_of_vickrey_auctions_with_a_package() -> None:
    """Two units; A bids 5 for one, B 2 for one, C 6 for both: A pays 4, B pays 1."""
    result = hw.auction([("A", 5, 1), ("B", 2, 1), ("C", 6, 2)], 2, "packages")
    assert awards(result) == [1, 1, 0]
    assert payments(result) == [4, 1, 0]
    assert result.revenue == 5


@pytest.mark.parametrize(
    ("format_", "expected"),
    [
        ("uniform_price", [2, 0, 4]), ("highest_rejected", [2, 0, 4]),
        ("lowest_accepted", [5, 0, 10]), ("pay_as_bid", [5, 0, 12]), ("Vickrey", [2, 0, 4]),
    ],
)  # fmt: skip
def test_what_winners_pay(format_: str, expected: list[int]) -> None:
    result = hw.auction([*BIDS, ("D", 2, 2)], 3, format_)
    assert awards(result) == [1, 0, 2, 0]
    assert payments(result)[:3] == expected


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("ABC"), st.integers(0, 9), st.integers(0, 6)),
        min_size=1, max_size=8,
    ),
    st.integers(0, 12), st.integers(0, 4), st.sampled_from(sorted(FORMATS)),
)  # fmt: skip
def test_the_door_changes_nothing(
    bids: list[tuple[str, int, int]], units: int, reserve: int, format_: str
) -> None:
    result = hw.auction(bids, units, format_, reserve_price=reserve)
    inner = sell(units, bids, format=format_, reserve=reserve)
    assert tuple(awards(result)) == inner.awards
    assert tuple(payments(result)) == inner.payments
    assert sum(awards(result)) + result.left == units
    assert verify(json.loads(json.dumps(result.to_record()))) == []


@pytest.mark.parametrize("format_", ["packages", "uniform_price"])
def test_a_bid_for_no_units_is_met_with_a_word(format_: str) -> None:
    result = hw.auction([("A", 5, 0), ("B", 4, 1)], 1, format_)
    assert awards(result) == [0, 1]
    assert "bids for 0 units are never met: A" in result.warnings


def test_fractions_are_told_one_by_one_where_units_shall_be_whole() -> None:
    with pytest.raises(InputError) as caught:
        hw.auction([("A", "1", "1/2"), ("B", "1", "2"), ("C", "1", "7/3")], "5/2", whole="quota")
    assert [f"{fault.file}: {fault.key}" for fault in caught.value.faults] == [
        "supply: ", "bids: 1.quantity", "bids: 3.quantity",
    ]  # fmt: skip


def test_bids_come_from_a_table(tmp_path: Path) -> None:
    file = tmp_path / "bids.csv"
    file.write_text(
        "Company;Bid;Units\nalpha;31000;300\nbeta;28000;400\nalpha;25000;600\n", "utf-8"
    )
    result = hw.auction(file, 1000, "pay_as_bid", reserve_price=20000)
    assert awards(result) == [600, 400]
    assert payments(result) == [300 * 31000 + 300 * 25000, 400 * 28000]


def test_the_margin_in_whole_units_goes_by_a_ballot() -> None:
    bids = [("A", 5, 2), ("B", 5, 2), ("C", 5, 2)]
    with pytest.raises(InputError, match="3 claimants stand equal for 1 unit"):
        hw.auction(bids, 4, whole="lrm")
    drawn = hw.auction(bids, 4, whole="lrm", ballot_key="9319./2.5.8./")
    assert sorted(awards(drawn)) == [1, 1, 2]
    assert drawn.ballot is not None
    first = drawn.ballot.drawn[0]
    assert {one.name: one.award for one in drawn.awards}[first] == 2
    luck = hw.auction(bids, 4, whole="proportional_random", ballot_key="9319./2.5.8./")
    assert sum(awards(luck)) == 4
    exact = hw.auction(bids, 4)
    assert awards(exact) == [Fraction(4, 3)] * 3
    assert exact.warnings == (
        "A, B, C get parts of a unit: a method of whole units would round them",
    )


def test_reasons_tell_where_it_cut() -> None:
    result = hw.auction(BIDS, 4)
    assert result.reasons() == [
        "format: all pay one price, the highest that was not met in full",
        "margin: bids of 2 (A, B) are met by 25.0000%",
        "highest rejected bid: 2", "clearing price: 2",
    ]  # fmt: skip
    enough = hw.auction(BIDS, 40, reserve_price=1)
    assert "no bid at or above the reserve price is rejected" in enough.reasons()
    assert enough.warnings[0] == "less is bid for than there is to sell"
    assert enough.left == 33


def test_what_is_printed() -> None:
    found = hw.auction(BIDS, 4, "vickrey").to_json()
    assert found["names"] == ["A", "B", "C"]
    assert found["wanted"] == ["4", "1", "2"]
    assert found["margin"]["coefficient"] == "1/4"
    assert found["record"]["kind"] == "auction"
    assert list(found) == [
        "format", "units", "reserve_price", "names", "wanted", "awards", "payments", "revenue",
        "clearing_price", "left", "margin", "warnings", "record",
    ]  # fmt: skip


def test_a_changed_record_is_told() -> None:
    kept = json.loads(json.dumps(hw.auction(BIDS, 4, "vickrey").to_record()))
    kept["awards"][0]["payment"] = "1"
    assert [text.partition(":")[0] for text in verify(kept)] == ["sha256", "awards.A.payment"]
    kept["inputs"]["format"] = "dutch"
    with pytest.raises(InputError, match="there is no format of auction 'dutch'"):
        verify(kept)


REMARKS: list[tuple[dict[str, Any], str]] = [
    ({"reserve_price": 3}, "bids below the reserve price are not met: B, A"),
    ({"priority": {"A": 1, "B": 2}}, "the order is idle"),
    ({"bids": [("Acme", 1, 1), ("ACME", 1, 1)]}, "differ only in how they are written"),
]


@pytest.mark.parametrize(("given", "said"), REMARKS, ids=lambda value: str(value)[:40])
def test_what_may_be_misread_is_remarked(given: dict[str, Any], said: str) -> None:
    warnings = hw.auction(**{"bids": BIDS, "units": 4, **given}).warnings
    assert any(said in text for text in warnings), warnings


BAD: list[tuple[dict[str, Any], str]] = [
    ({"bids": None}, "None is no bid"),
    ({"bids": []}, "there are no bids"),
    ({"bids": [("A", 1)]}, "give bidder, price and quantity"),
    ({"bids": [("A", "x", -1), ("", 1, 1)]}, "bids: 2.bidder: the bidder is missing"),
    ({"bids": [("A", "x", -1)], "units": None}, "supply: there is none"),
    ({"bids": [{"bidder": "A", "price": 1}]}, "1.quantity: the quantity is missing"),
    ({"bids": [("\ud800", 1, 1)]}, "has signs that cannot be printed"),
    ({"units": -4}, "the supply is negative"),
    ({"format": None}, "None is no name of a format"),
    ({"format": "vickery"}, "did you mean vickrey"),
    ({"reserve_price": -1}, "the reserve price is negative"),
    ({"priority": {"E": 1}}, "there is no claimant 'E'"),
    (
        {"bids": [("A", 5, 2), ("B", 5, 2)], "units": 3, "whole": "lrm", "priority": [1, 1]},
        "A, B have the same rank and stand equal for the last unit",
    ),
    ({"format": "packages", "priority": {"C": 1}}, "nothing says who comes first of A, B"),
    ({"whole": "hamiltom"}, "did you mean largest_remainder"),
    ({"whole": "moulin"}, "draws by a ballot key"),
    ({"whole": "lrm", "units": "5/2"}, "5/2 is no whole number of units"),
    ({"format": "packages", "whole": "lrm"}, "packages are met whole or not at all"),
    (
        {"format": "packages", "bids": [("A", 1, 1), ("B", 1, 1)], "units": 1},
        "give ranks or a ballot key",
    ),
    ({"ballot": "md5"}, "no key to hold one"),
]


@pytest.mark.parametrize(("given", "said"), BAD, ids=lambda value: ascii(value)[-50:])
def test_what_cannot_be_sold_is_told(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as error:
        hw.auction(**{"bids": BIDS, "units": 4, **given})
    assert said in str(error.value)


def test_a_table_with_faults_names_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "bids.csv"
    file.write_text("bidder,price,quantity,colour\nA,5,x,\nB,-5,1,y\n,5,1,\n", "utf-8")
    with pytest.raises(InputError) as error:
        hw.auction(file, 5)
    assert [(fault.line, fault.key) for fault in error.value.faults] == [
        (1, "colour"), (2, "quantity"), (3, "price"), (4, "bidder"),
    ]  # fmt: skip
