"""Corrections: everything that a draw moved comes back, wherever the licence stands by then."""

from __future__ import annotations

from typing import Any

import pytest

import headworks as hw
from tests.unit.ledger import first_round
from tests.unit.ledger.first_round import Told, left

VALUED = {"chip": "h200-sxm", "quantity": 100, "value_cents": 1000, "route": "mainland"}


def drawn(quantity: int = 100, **given: Any) -> Told:  # noqa: ANN401 - fields of an action
    """Return a ledger with a draw `d` on line 1 of `cn-1`, which was issued for 500."""
    told = first_round.licensed()
    told.do(
        "shipment.draw", "customs", licence="cn-1", line="1", quantity=quantity, declaration="d",
        **given,
    )  # fmt: skip
    return told


def correct(told: Told, quantity: int, **given: Any) -> None:  # noqa: ANN401
    told.do("shipment.correct", "customs", declaration="d", quantity=quantity, **given)


def end(told: Told, way: str) -> None:
    """End `cn-1` in one of the ways in which a licence ends."""
    if way == "vary":
        told.do(
            "licence.vary", licence="cn-2", supersedes="cn-1", valid_from="2026-02-01",
            valid_until="2026-08-01", lines={"1": {"chip": "h200-sxm", "quantity": 300}},
        )  # fmt: skip
    elif way == "revoke":
        told.agreed("licence.revoke", licence="cn-1", reason="found false")
    elif way == "expire":
        told.at("2026-08-01")
        told.do("licence.expire", licence="cn-1")
    else:
        told.do("licence.surrender", "large", licence="cn-1")


@pytest.mark.parametrize("way", ["surrender", "revoke", "expire"])
def test_what_a_correction_frees_on_an_ended_licence_goes_back_to_the_pool(way: str) -> None:
    """500 were licensed and 100 drawn: 400 go back at the end, 10 and then 90 with corrections."""
    told = drawn()
    end(told, way)
    assert left(told, "pool:cn") == 400
    correct(told, 90)
    assert [left(told, one) for one in ("pool:cn", "licensed:cn", "line:cn-1:1")] == [410, 90, 0]
    correct(told, 0)
    assert [left(told, one) for one in ("pool:cn", "licensed:cn", "line:cn-1:1")] == [500, 0, 0]
    assert told.ledger.state().rows == ()
    assert told.ledger.verify().sound


def test_what_a_correction_frees_on_a_varied_licence_goes_back_to_the_award() -> None:
    told = drawn()
    end(told, "vary")
    assert left(told, "award:one:large") == 200
    correct(told, 0)
    assert [left(told, one) for one in ("award:one:large", "line:cn-1:1")] == [300, 0]
    assert told.ledger.records("licence")["cn-2"]["supersedes"] == "cn-1"


def test_an_ended_licence_gives_no_more_than_was_drawn() -> None:
    told = drawn()
    end(told, "surrender")
    with pytest.raises(hw.LedgerError, match="the licence is surrendered"):
        correct(told, 101)


def test_the_value_of_an_ended_licence_goes_back_with_a_correction() -> None:
    told = first_round.awarded()
    told.do(
        "licence.issue", licence="v", round="one", party="large", lines={"1": VALUED},
        valid_from="2026-01-01", valid_until="2026-08-01",
    )  # fmt: skip
    told.do(
        "shipment.draw", "customs", licence="v", line="1", quantity=40, value_cents=400,
        declaration="d",
    )  # fmt: skip
    told.do("licence.surrender", "large", licence="v")
    correct(told, 30, value_cents=300)
    assert [left(told, one) for one in ("value:v:1", "spent:v:1", "source:usd_cents")] == [
        0, 300, -300,
    ]  # fmt: skip
    correct(told, 0)
    assert left(told, "source:usd_cents") == 0


def test_a_draw_of_the_day_of_a_suspension_can_be_corrected_down_and_not_up() -> None:
    """What was cleared before the suspension was recorded stands (L10)."""
    told = drawn()
    told.do("licence.suspend", licence="cn-1")
    correct(told, 90)
    assert left(told, "cleared:cn-1:1") == 90
    with pytest.raises(hw.LedgerError, match="suspended since 2026-02-10"):
        correct(told, 91)
    with pytest.raises(hw.LedgerError, match="suspended since 2026-02-10"):
        told.do("shipment.draw", "customs", licence="cn-1", line="1", quantity=1, declaration="new")


def test_a_value_that_was_corrected_is_what_the_next_correction_starts_from() -> None:
    told = first_round.awarded()
    told.do(
        "licence.issue", licence="v", round="one", party="large", lines={"1": VALUED},
        valid_from="2026-01-01", valid_until="2026-08-01",
    )  # fmt: skip
    told.do(
        "shipment.draw", "customs", licence="v", line="1", quantity=3, value_cents=30,
        declaration="d",
    )  # fmt: skip
    correct(told, 5, value_cents=900)
    correct(told, 6, value_cents=1000)
    assert left(told, "spent:v:1") == 1000
    correct(told, 6)
    assert left(told, "spent:v:1") == 1000


def test_a_correction_keeps_what_it_shipped_of_an_order() -> None:
    told = first_round.licensed()
    told.do("order.place", "large", order="o", party="large", chip="h200-sxm", quantity=1000)
    told.do(
        "shipment.reserve", "large", shipment="s", licence="cn-1", line="1", quantity=100, order="o"
    )
    told.do(
        "shipment.draw", "customs", licence="cn-1", line="1", quantity=100, shipment="s",
        declaration="d",
    )  # fmt: skip
    correct(told, 90)
    assert [left(told, one) for one in ("order:o", "shipped:o")] == [910, 90]
    correct(told, 95)
    assert [left(told, one) for one in ("order:o", "shipped:o")] == [905, 95]


def test_a_correction_up_to_the_last_unit_exhausts_and_one_down_reopens() -> None:
    told = drawn()
    correct(told, 500)
    assert told.ledger.records("licence")["cn-1"]["state"] == "exhausted"
    correct(told, 499)
    assert told.ledger.records("licence")["cn-1"]["state"] == "issued"


def test_less_than_nothing_cannot_be_right() -> None:
    told = drawn()
    with pytest.raises(hw.InputError, match="greater than or equal to 0"):
        correct(told, -5)
    assert told.ledger.records("declaration")["d"]["quantity"] == 100


def test_a_hold_then_a_part_of_it_then_corrections_and_all_is_back() -> None:
    told = first_round.licensed()
    before = {one.account.name: one.available for one in told.ledger.balances()}
    told.do("shipment.reserve", "large", shipment="s", licence="cn-1", line="1", quantity=300)
    told.do("shipment.reserve", "large", shipment="t", licence="cn-1", line="1", quantity=200)
    told.do(
        "shipment.draw", "customs", licence="cn-1", line="1", quantity=200, shipment="s",
        declaration="d",
    )  # fmt: skip
    assert left(told, "line:cn-1:1") == 100
    with pytest.raises(hw.LedgerError, match="300 units left"):
        correct(told, 301)
    correct(told, 300)
    assert left(told, "line:cn-1:1") == 0
    told.do("shipment.release", "large", shipment="t")
    correct(told, 150)
    correct(told, 0)
    after = {one.account.name: one.available for one in told.ledger.balances()}
    assert {name: after[name] for name in before} == before
    with pytest.raises(hw.LedgerError, match="undone before"):
        correct(told, 1)
