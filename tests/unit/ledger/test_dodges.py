"""Ways around a rule that a holder, an officer or a careless clerk might find, now shut."""

from __future__ import annotations

from typing import Any

import pytest

import headworks as hw
from tests.unit.ledger import first_round
from tests.unit.ledger.first_round import Told, left
from tests.unit.ledger.test_conditions import CAP, DAY, PAIRING, WINDOW, bound, draw, earn


def refused(told: Told, words: str, action: str, actor: str = "officer", **given: Any) -> None:  # noqa: ANN401
    with pytest.raises(hw.LedgerError) as error:
        told.do(action, actor, **given)
    assert words in str(error.value)


def test_a_variation_does_not_empty_a_window() -> None:
    told = bound(WINDOW)
    draw(told, 100, "a")
    told.do(
        "licence.vary", licence="cn-2", supersedes="cn-1",
        lines={"1": {"chip": "h200-sxm", "quantity": 400}}, valid_from="2026-02-01",
        valid_until="2026-08-01",
    )  # fmt: skip
    assert not told.ledger.may_pass("cn-2", "1", 1, on=DAY("2026-02-10")).passes
    assert told.ledger.may_pass("cn-2", "1", 100, on=DAY("2026-03-12")).passes


def test_a_holder_cannot_reserve_under_a_day_of_the_past() -> None:
    told = first_round.licensed()
    told.do("licence.suspend", licence="cn-1")
    asked = {"shipment": "s", "licence": "cn-1", "line": "1", "quantity": 5, "on": "2026-02-05"}
    refused(told, "it is of 2026-02-05, and large reserves from", "shipment.reserve", "large",
            **asked)  # fmt: skip


@pytest.mark.parametrize("action", ["shipment.draw", "installation.install"])
def test_what_has_not_happened_cannot_be_recorded(action: str) -> None:
    told = first_round.licensed()
    given = {"licence": "cn-1", "line": "1", "quantity": 1, "on": "2026-07-31"}
    given |= {"declaration": "a"} if action == "shipment.draw" else {"site": "north"}
    actor = "customs" if action == "shipment.draw" else "large"
    refused(told, "only what happened by 2026-02-10 can be recorded", action, actor, **given)


def test_who_proposed_must_still_have_the_right_when_it_is_agreed_to() -> None:
    told = bound(CAP)
    told.do(
        "waiver.grant", "first", id="w", reason="a flood", licence="cn-1", condition="it",
        from_on="2026-02-10", until="2026-02-12",
    )  # fmt: skip
    told.do("actor.register", "root", person="first", name="First", roles=["auditor"])
    refused(told, "has auditor, and waiver.grant takes approver", "proposal.agree", "second",
            proposal="w")  # fmt: skip


def test_an_order_is_the_holders_own_and_of_the_lines_chip() -> None:
    told = first_round.licensed()
    told.do("order.place", "small", order="other", party="small", chip="h20", quantity=100)
    refused(
        told, "small placed it, and the licence is for large", "shipment.reserve",
        "large", shipment="s", licence="cn-1", line="1", quantity=60, order="other",
    )  # fmt: skip


def test_a_licence_is_for_chips_of_its_pool() -> None:
    told = first_round.awarded()
    refused(
        told, "line 1: cn is for h200-sxm, not for b200", "licence.issue", licence="x",
        round="one", party="large", lines={"1": {"chip": "b200", "quantity": 5}},
        valid_from="2026-02-01", valid_until="2026-08-01",
    )  # fmt: skip


def test_reports_are_not_filed_for_years_ahead() -> None:
    told = bound({"kind": "report_due", "first_on": "2026-03-01", "every_days": 30})
    refused(told, "the report of 2027-02-24 is not the next one", "report.file", "large",
            condition="it", licence="cn-1", due_on="2027-02-24", reference="R")  # fmt: skip


def test_what_a_sub_pool_returns_piece_by_piece_is_what_it_took() -> None:
    """L4: two awards of 5 at one half take 5 of the parent together, and give back as much."""
    told = first_round.empty()
    days = {"opens_on": "2026-01-01", "closes_on": "2027-01-01"}
    told.do("pool.open", pool="top", title="Top", unit="units", volume=100, **days)
    told.do(
        "pool.open", pool="half", title="Half", unit="units", volume=10, **days,
        sub={"parent": "top", "draws": "equivalent", "coefficient": [1, 2]},
    )  # fmt: skip
    told.do(
        "round.announce", round="r", pool="half", opens_on="2026-01-01", closes_on="2026-01-20",
        eligible=["large", "small"],
    )  # fmt: skip
    told.do("round.open", round="r")
    for party in ("large", "small"):
        told.do(
            "application.submit", party, application=party, round="r", party=party,
            chip="h200-sxm", requested=5,
        )  # fmt: skip
        told.do("application.take_up", application=party)
        told.do("application.decide", application=party, need=5, grounds="verified")
    told.do("round.close", round="r", on="2026-01-20")
    told.do("round.award", round="r")
    told.agreed("award.confirm", round="r")
    assert (left(told, "pool:top"), left(told, "committed:top")) == (95, 5)
    for _ in range(5):
        told.do("award.return", "large", round="r", party="large", amount=1)
    assert left(told, "committed:top") == 3  # half of 5, rounded up
    told.do("award.return", "small", round="r", party="small", amount=5)
    assert (left(told, "pool:top"), left(told, "committed:top")) == (100, 0)


def test_a_correction_keeps_its_order_and_its_site() -> None:
    told = bound({"kind": "site", "jurisdictions": ["CN"]})
    told.do("order.place", "large", order="o", party="large", chip="h200-sxm", quantity=100)
    told.do(
        "shipment.reserve", "large", shipment="s", licence="cn-1", line="1", quantity=60,
        order="o", site="north",
    )  # fmt: skip
    draw(told, 60, "a", shipment="s")
    told.do("shipment.correct", "customs", declaration="a", quantity=50)
    assert (left(told, "order:o"), left(told, "shipped:o")) == (50, 50)
    assert left(told, "cleared:cn-1:1") == 50


def test_what_a_contra_frees_on_a_licence_that_has_ended_goes_back_to_the_pool() -> None:
    told = first_round.licensed()
    draw(told, 50, "a")
    before = left(told, "pool:cn")
    told.agreed("licence.revoke", licence="cn-1")
    assert left(told, "pool:cn") == before + 450
    told.do("shipment.correct", "customs", declaration="a", quantity=20)
    assert (left(told, "line:cn-1:1"), left(told, "pool:cn")) == (0, before + 480)
    assert left(told, "licensed:cn") == 20
    refused(told, "the licence is revoked", "shipment.correct", "customs", declaration="a",
            quantity=21)  # fmt: skip


def test_no_correction_is_negative() -> None:
    told = first_round.licensed()
    draw(told, 50, "a")
    with pytest.raises(hw.InputError, match="greater than or equal to 0"):
        told.do("shipment.correct", "customs", declaration="a", quantity=-5)


def test_a_correction_downwards_stands_under_a_condition_that_was_set_since() -> None:
    told = bound({"kind": "use", "allowed": ["training", "inference"]}, use="training")
    draw(told, 50, "a")
    told.do(
        "condition.set", condition="it", title="Inference",
        terms={"kind": "use", "allowed": ["inference"]},
    )  # fmt: skip
    told.do("shipment.correct", "customs", declaration="a", quantity=40)
    refused(told, "the line is for training", "shipment.correct", "customs", declaration="a",
            quantity=41)  # fmt: skip


def test_a_declaration_that_was_undone_may_be_drawn_anew() -> None:
    told = first_round.licensed()
    draw(told, 50, "a")
    told.do("shipment.correct", "customs", declaration="a")
    draw(told, 30, "a")
    assert left(told, "cleared:cn-1:1") == 30


def test_a_tolerance_can_be_used_after_the_quantity() -> None:
    told = first_round.awarded()
    told.do(
        "licence.issue", licence="cn-1", round="one", party="large",
        lines={"1": {"chip": "h200-sxm", "quantity": 100, "tolerance": 5}},
        valid_from="2026-02-01", valid_until="2026-08-01",
    )  # fmt: skip
    told.at("2026-02-10")
    draw(told, 100, "a")
    assert told.ledger.records("licence")["cn-1"]["state"] == "issued"
    draw(told, 5, "b")
    assert told.ledger.records("licence")["cn-1"]["state"] == "exhausted"
    told.do("shipment.correct", "customs", declaration="b", quantity=3)
    assert told.ledger.records("licence")["cn-1"]["state"] == "issued"
    told.do("shipment.correct", "customs", declaration="b", quantity=5)
    assert told.ledger.records("licence")["cn-1"]["state"] == "exhausted"


def test_what_was_reserved_under_a_waiver_meets_the_condition_when_it_is_drawn_after_it() -> None:
    told = bound(CAP)
    told.agreed(
        "waiver.grant", reason="a flood", licence="cn-1", condition="it", from_on="2026-02-10",
        until="2026-02-11",
    )  # fmt: skip
    told.do("shipment.reserve", "large", shipment="s", licence="cn-1", line="1", quantity=300)
    told.at("2026-02-12")
    refused(told, "large may have 120 units, has 0, and 300 are to pass", "shipment.draw",
            "customs", licence="cn-1", line="1", quantity=300, declaration="a",
            shipment="s")  # fmt: skip
    draw(told, 120, "b", shipment="s")
    assert left(told, "meter:it:large") == 120


def test_a_grace_that_is_loosened_can_be_used() -> None:
    told = bound(PAIRING)
    earn(told, 5, "one")
    told.do("condition.set", condition="it", title="Looser", terms={**PAIRING, "grace": 20})
    draw(told, 30, "a")
    assert left(told, "credits:it:large") == -20


def test_an_installation_may_be_under_a_waiver_of_its_site() -> None:
    told = bound({"kind": "site", "jurisdictions": ["SG"]})
    told.agreed(
        "waiver.grant", reason="a fair", licence="cn-1", condition="it", from_on="2026-02-10",
        until="2026-02-11",
    )  # fmt: skip
    draw(told, 5, "a", site="north")
    told.do("installation.install", "large", licence="cn-1", line="1", site="north", quantity=5)
