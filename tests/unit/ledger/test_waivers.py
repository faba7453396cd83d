"""Waivers of some units: what passes under one is counted, by its hold, its draw and its contra."""

from __future__ import annotations

import pytest

import headworks as hw
from tests.unit.ledger.first_round import Told, left
from tests.unit.ledger.test_conditions import bound, draw, refusal, says

PLACE = "waiver:cn-1:it:1"


def waived(quantity: int | None = 40) -> Told:
    """Return a licence under a cap of 100, waived for some units in February."""
    told = bound({"kind": "cap", "limit": 100})
    told.agreed(
        "waiver.grant", licence="cn-1", condition="it", from_on="2026-02-01", until="2026-03-01",
        quantity=quantity, reason="a hospital",
    )  # fmt: skip
    return told


def test_a_waiver_of_some_units_lets_pass_these_and_the_rest_meets_the_condition() -> None:
    told = waived()
    assert says(told, 40)[1] == (
        "waived from 2026-02-01 until before 2026-03-01 for 40 units, of which 40 are left: "
        "a hospital"
    )
    draw(told, 30, "a")
    assert [left(told, one) for one in (PLACE, "line:cn-1:1")] == [10, 470]
    assert told.ledger.balances("meter:it:") == []  # nothing has counted against the cap
    draw(told, 100, "b")  # more than the waiver has: the cap takes it
    assert left(told, "meter:it:large") == 100
    assert "large may have 100 units, has 100, and 11 are to pass" in refusal(told, 11)
    draw(told, 10, "c")
    assert left(told, PLACE) == 0
    assert not says(told, 1)[0]
    assert told.ledger.verify().sound


def test_a_contra_and_a_release_give_a_waiver_back() -> None:
    told = waived()
    draw(told, 30, "a")
    told.do("shipment.correct", "customs", declaration="a", quantity=5)
    assert left(told, PLACE) == 35
    told.do("shipment.reserve", "large", shipment="s", licence="cn-1", line="1", quantity=35)
    assert left(told, PLACE) == 0
    told.do("shipment.release", "large", shipment="s")
    assert left(told, PLACE) == 35
    told.do("shipment.reserve", "large", shipment="t", licence="cn-1", line="1", quantity=35)
    draw(told, 35, "b", shipment="t")
    assert left(told, PLACE) == 0
    assert told.ledger.verify().sound


def test_a_waiver_of_all_units_goes_before_one_of_some() -> None:
    told = waived()
    told.agreed(
        "waiver.grant", licence="cn-1", condition="it", from_on="2026-02-01", until="2026-02-20",
        reason="all of it",
    )  # fmt: skip
    draw(told, 40, "a")
    assert left(told, PLACE) == 40


def test_a_waiver_of_some_units_of_a_site_is_no_waiver_of_the_installation() -> None:
    told = bound({"kind": "site", "jurisdictions": ["HK"]})
    told.agreed(
        "waiver.grant", licence="cn-1", condition="it", from_on="2026-02-01", until="2026-03-01",
        quantity=40, reason="in transit",
    )  # fmt: skip
    draw(told, 40, "a", site="north")
    with pytest.raises(hw.LedgerError, match="it is in CN, allowed is HK"):
        told.do("installation.install", "large", licence="cn-1", line="1", site="north", quantity=1)
