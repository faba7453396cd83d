"""Endings and variations: nothing that a licence held is lost, or counted twice."""

from __future__ import annotations

from typing import Any

import pytest

import headworks as hw
from tests.unit.ledger import first_round
from tests.unit.ledger.first_round import Told, left


def issue(told: Told, name: str, **lines: dict[str, Any]) -> None:
    """Issue a licence of `large`, valid from February to July."""
    told.do(
        "licence.issue", licence=name, round="one", party="large",
        lines={
            number.removeprefix("line_"): {"chip": "h200-sxm", **line}
            for number, line in lines.items()
        },
        valid_from="2026-01-01", valid_until="2026-08-01",
    )  # fmt: skip


def draw(told: Told, licence: str, line: str, quantity: int, declaration: str) -> None:
    told.do(
        "shipment.draw", "customs", licence=licence, line=line, quantity=quantity,
        declaration=declaration,
    )  # fmt: skip


def vary(told: Told, **given: Any) -> None:  # noqa: ANN401 - fields of the action
    told.do(
        "licence.vary",
        **{
            "licence": "new", "supersedes": "old", "valid_from": "2026-01-01",
            "valid_until": "2026-08-01", "lines": {"1": {"chip": "h200-sxm", "quantity": 40}},
            **given,
        },
    )  # fmt: skip


def test_a_licence_reserved_into_its_tolerance_can_be_revoked() -> None:
    told = first_round.awarded()
    issue(told, "y", line_1={"quantity": 100, "tolerance": 10})
    told.do("shipment.reserve", "large", shipment="s", licence="y", line="1", quantity=105)
    told.agreed("licence.revoke", licence="y", reason="found false")
    assert [left(told, one) for one in ("pool:cn", "line:y:1", "licensed:cn")] == [100, 0, 0]
    assert told.ledger.records("shipment")["s"]["state"] == "released"


def test_a_line_overrun_in_its_tolerance_leaves_the_other_lines_what_they_have() -> None:
    told = first_round.awarded()
    issue(told, "w", line_1={"quantity": 10, "tolerance": 5}, line_2={"quantity": 5})
    draw(told, "w", "1", 15, "first")
    draw(told, "w", "2", 5, "second")
    assert told.ledger.records("licence")["w"]["state"] == "exhausted"


def test_a_tolerance_below_nothing_is_refused_as_such() -> None:
    with pytest.raises(hw.InputError, match="tolerance: input should be greater"):
        issue(first_round.awarded(), "w", line_1={"quantity": 10, "tolerance": -5})


def test_a_licence_is_for_chips_of_its_pool() -> None:
    with pytest.raises(hw.LedgerError, match="cn is for h200-sxm, not for b200"):
        issue(first_round.awarded(), "w", line_1={"chip": "b200", "quantity": 10})


def test_two_licences_cannot_share_what_one_award_has() -> None:
    told = first_round.awarded()
    issue(told, "a", line_1={"quantity": 400})
    with pytest.raises(hw.LedgerError, match="200 units left, and 201 are to leave it"):
        issue(told, "b", line_1={"quantity": 201})
    issue(told, "b", line_1={"quantity": 200})
    assert left(told, "award:one:large") == 0


def test_a_variation_takes_over_conditions_and_what_passed_under_them() -> None:
    """In 30 days 60 may pass, and they have: under a new number no more do."""
    told = first_round.awarded()
    told.do(
        "condition.set", condition="window", title="Window",
        terms={"kind": "window", "days": 30, "limit": 60},
    )  # fmt: skip
    told.do(
        "licence.issue", licence="old", round="one", party="large", conditions=["window"],
        lines={"1": {"chip": "h200-sxm", "quantity": 100}}, valid_from="2026-01-01",
        valid_until="2026-08-01",
    )  # fmt: skip
    draw(told, "old", "1", 60, "first")
    vary(told)
    assert told.ledger.records("licence")["new"]["conditions"] == ["window"]
    with pytest.raises(hw.LedgerError, match="60 may pass in any 30 days, 60 do"):
        draw(told, "new", "1", 1, "second")


def test_reports_that_were_filed_stand_for_the_variation() -> None:
    told = first_round.awarded()
    told.do(
        "condition.set", condition="report", title="Report",
        terms={"kind": "report_due", "first_on": "2026-02-01", "every_days": 100},
    )  # fmt: skip
    told.do(
        "licence.issue", licence="old", round="one", party="large", conditions=["report"],
        lines={"1": {"chip": "h200-sxm", "quantity": 100}}, valid_from="2026-01-01",
        valid_until="2026-08-01",
    )  # fmt: skip
    told.do(
        "report.file", "large", condition="report", licence="old", due_on="2026-02-01",
        reference="r-1",
    )  # fmt: skip
    told.at("2026-02-10")
    vary(told)
    draw(told, "new", "1", 1, "first")


def test_open_holds_come_before_a_variation() -> None:
    told = first_round.awarded()
    issue(told, "old", line_1={"quantity": 100})
    told.do("shipment.reserve", "large", shipment="s", licence="old", line="1", quantity=1)
    with pytest.raises(hw.LedgerError, match="old has 1 open holds"):
        vary(told)


def test_a_waived_site_is_one_at_which_units_may_be_installed() -> None:
    told = first_round.awarded()
    told.do(
        "condition.set", condition="site", title="Site",
        terms={"kind": "site", "jurisdictions": ["MY"]},
    )  # fmt: skip
    told.do(
        "licence.issue", licence="s", round="one", party="large", conditions=["site"],
        lines={"1": {"chip": "h200-sxm", "quantity": 100}}, valid_from="2026-01-01",
        valid_until="2026-08-01",
    )  # fmt: skip
    told.agreed(
        "waiver.grant", licence="s", condition="site", from_on="2026-01-01", until="2026-03-01",
        reason="no power in Johor yet",
    )  # fmt: skip
    told.do(
        "shipment.draw", "customs", licence="s", line="1", quantity=40, declaration="d",
        site="north",
    )  # fmt: skip
    install = {"licence": "s", "line": "1", "site": "north", "quantity": 20}
    told.do("installation.install", "large", **install)
    told.at("2026-03-01")
    with pytest.raises(hw.LedgerError, match="it is in CN, allowed is MY"):
        told.do("installation.install", "large", **install)
    told.do("installation.remove", "large", **install)


def test_a_hold_that_is_over_before_it_begins_is_refused() -> None:
    with pytest.raises(hw.LedgerError, match="over on 2026-02-10, and it begins on 2026-02-10"):
        first_round.licensed().do(
            "shipment.reserve", "large", shipment="s", licence="cn-1", line="1", quantity=1,
            until="2026-02-10",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ({"party": "small", "chip": "h200-sxm"}, "small placed it, and the licence is for large"),
        ({"party": "large", "chip": "b200"}, "it is for b200, and the line for h200-sxm"),
    ],
)
def test_a_shipment_is_of_an_order_of_its_own(order: dict[str, str], message: str) -> None:
    """Otherwise a party could use up the orders of another one."""
    told = first_round.licensed()
    told.do("order.place", order["party"], order="o", quantity=1000, **order)
    with pytest.raises(hw.LedgerError, match=message):
        told.do(
            "shipment.reserve", "large", shipment="s", licence="cn-1", line="1", quantity=1,
            order="o",
        )  # fmt: skip
