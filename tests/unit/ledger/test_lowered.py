"""What counts stands when terms are tightened; it blocks what is new, and can only shrink."""

from __future__ import annotations

from typing import Any

import pytest

import headworks as hw
from headworks.ledger.journal.transfer import Transfer
from tests.unit.ledger.build import event
from tests.unit.ledger.first_round import Told, left
from tests.unit.ledger.test_conditions import bound, draw, refusal, report, says


def tightened(told: Told, **terms: Any) -> None:  # noqa: ANN401 - fields of the terms
    told.do("condition.set", condition="it", title="Tighter", terms=terms)


def refused_by_the_store(told: Told, debit: str, credit: str) -> str:
    """Return how a transfer of one unit is refused, past all rules of the domain."""
    with pytest.raises(hw.LedgerError) as caught:
        told.ledger.journal.append(event("forced", Transfer("x", debit, credit, 1, "forced")))
    return str(caught.value)


def test_a_cap_below_what_counts_blocks_and_says_by_how_much() -> None:
    told = bound({"kind": "cap", "limit": 400})
    draw(told, 300, "a")
    tightened(told, kind="cap", limit=100)
    assert says(told, 1) == (
        False,
        "large may have 100 units, has 300 (200 beyond it), and 1 are to pass",
        "take at most 0 units, or ask for a waiver",
    )
    # The store holds the cap too, and not what counted when it was lowered.
    meter = "meter:it:large"
    assert "may hold 100 units, holds 300" in refused_by_the_store(told, "source:units", meter)
    told.do("shipment.correct", "customs", declaration="a")
    assert (says(told, 100)[0], says(told, 101)[0]) == (True, False)
    draw(told, 100, "b")
    assert "may hold 100 units, holds 100" in refused_by_the_store(told, "source:units", meter)


def test_a_smaller_draw_stands_under_a_cap_that_was_lowered_since() -> None:
    told = bound({"kind": "cap", "limit": 400})
    draw(told, 300, "a")
    tightened(told, kind="cap", limit=100)
    told.do("shipment.correct", "customs", declaration="a", quantity=250)
    assert [left(told, one) for one in ("meter:it:large", "line:cn-1:1")] == [250, 250]
    with pytest.raises(
        hw.LedgerError, match="large may have 100 units, has 0, and 260 are to pass"
    ):
        told.do("shipment.correct", "customs", declaration="a", quantity=260)
    assert told.ledger.verify().sound


def test_a_moving_cap_follows_its_reference_down_also_for_the_store() -> None:
    """What a hold frees after the fall is not there to be taken again."""
    told = bound({"kind": "moving_cap", "reference": "us-buyers", "share": [1, 2]})
    report(told, "2026-Q1", 400)
    told.do("shipment.reserve", "large", shipment="s", licence="cn-1", line="1", quantity=200)
    report(told, "2026-Q1", 100)
    assert "200 have passed or are reserved (150 beyond it), and 1 are to" in says(told, 1)[1]
    told.do("shipment.release", "large", shipment="s")
    (meter,) = told.ledger.balances("meter:it:all")
    assert (meter.account.ceiling, meter.expected) == (50, 0)
    draw(told, 50, "a")
    place = "meter:it:all"
    assert "may hold 50 units, holds 50" in refused_by_the_store(told, "source:units", place)


def test_a_shorter_grace_leaves_a_debt_that_is_earned_first() -> None:
    terms = {"kind": "pairing", "domestic": ["ascend-910c"], "earned": 1, "used": 1}
    told = bound({**terms, "trigger": "delivery", "grace": 100})
    draw(told, 100, "a")
    tightened(told, **terms, trigger="delivery", grace=0)
    earn(told, "order-1", 60)
    assert "large has -40" in says(told, 1)[1]
    place = ("credits:it:large", "used:it")
    assert "it:large has -40 credits-it left" in refused_by_the_store(told, *place)
    earn(told, "order-2", 41)
    assert says(told, 1)[0]


def earn(told: Told, reference: str, quantity: int) -> None:
    told.do(
        "pairing.earn", condition="it", party="large", chip="ascend-910c", quantity=quantity,
        trigger="delivery", reference=reference,
    )  # fmt: skip


PAIRING: dict[str, Any] = {
    "kind": "pairing", "domestic": ["ascend-910c"], "earned": 2, "used": 1, "trigger": "delivery",
}  # fmt: skip


def test_credits_are_taken_back_with_the_document_that_earned_them() -> None:
    told = bound(PAIRING)
    earn(told, "order-1", 50)
    earn(told, "order-2", 10)
    told.do("pairing.take_back", condition="it", reference="order-1", reason="never delivered")
    assert left(told, "credits:it:large") == 20
    with pytest.raises(hw.LedgerError, match="its credits were taken back on 2026-02-10"):
        told.do("pairing.take_back", condition="it", reference="order-1")
    earn(told, "order-1", 5)  # what it really shows
    assert left(told, "credits:it:large") == 30
    with pytest.raises(hw.LedgerError, match="order-2 earned 20"):
        earn(told, "order-2", 10)
    with pytest.raises(hw.UnknownName, match="order-9"):
        told.do("pairing.take_back", condition="it", reference="order-9")


def test_credits_that_were_used_and_are_taken_back_are_owed() -> None:
    told = bound(PAIRING)
    earn(told, "order-1", 50)
    draw(told, 80, "a")
    told.do("pairing.take_back", condition="it", reference="order-1")
    assert left(told, "credits:it:large") == -80
    assert "1 imports use 1 credits, and large has -80" in refusal(told, 1)
    earn(told, "order-2", 41)
    assert (says(told, 2)[0], says(told, 3)[0]) == (True, False)
    assert told.ledger.verify().sound
