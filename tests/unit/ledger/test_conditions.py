"""Conditions: each kind lets pass and refuses, with its numbers and its cure, at both moments."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import headworks as hw
from tests.unit.ledger import first_round
from tests.unit.ledger.first_round import Told, left

DAY = dt.date.fromisoformat


def bound(terms: dict[str, Any], **licence: Any) -> Told:  # noqa: ANN401 - fields of an action
    """Return a ledger in which `large` has the licence `cn-1` for 500 under one condition."""
    told = first_round.awarded()
    told.do("condition.set", condition="it", title="A condition", terms=terms)
    told.do(
        "licence.issue", licence="cn-1", round="one", party="large", conditions=["it"],
        lines={"1": {"chip": "h200-sxm", "quantity": 500, "route": "mainland", **licence}},
        valid_from="2026-02-01", valid_until="2026-08-01",
    )  # fmt: skip
    told.at("2026-02-10")
    return told


def draw(told: Told, quantity: int, declaration: str, **given: Any) -> Any:  # noqa: ANN401
    return told.do(
        "shipment.draw", "customs", licence="cn-1", line="1", quantity=quantity,
        declaration=declaration, **given,
    )  # fmt: skip


def says(told: Told, quantity: int, **given: Any) -> tuple[bool, str, str]:  # noqa: ANN401
    """Return what the condition says of a passage: yes or no, its numbers, its cure."""
    answer = told.ledger.may_pass("cn-1", "1", quantity, **{"on": DAY("2026-02-10"), **given})
    (found,) = [one for one in answer.findings if one.rule == "it"]
    assert answer.passes == found.passes
    return found.passes, found.says, found.cure


def refusal(told: Told, quantity: int, **given: Any) -> str:  # noqa: ANN401
    with pytest.raises(hw.LedgerError) as refused:
        draw(told, quantity, f"refused-{quantity}", **given)
    return str(refused.value)


CAP: dict[str, Any] = {"kind": "cap", "limit": 120}


def test_a_cap_has_room_up_to_its_limit_and_not_beyond() -> None:
    told = bound(CAP)
    draw(told, 100, "a")
    assert says(told, 20)[0]
    assert says(told, 21) == (
        False,
        "large may have 120 units, has 100, and 21 are to pass",
        "take at most 20 units, or ask for a waiver",
    )
    assert "cap it: large may have 120 units" in refusal(told, 21)
    draw(told, 20, "b")
    assert left(told, "line:cn-1:1") == 380


def test_a_reservation_takes_room_and_a_release_gives_it_back() -> None:
    told = bound(CAP)
    told.do("shipment.reserve", "large", shipment="s", licence="cn-1", line="1", quantity=100)
    assert not says(told, 21)[0]
    told.do("shipment.release", "large", shipment="s")
    assert says(told, 120)[0]


def test_a_draw_from_a_reservation_is_not_counted_twice() -> None:
    told = bound(CAP)
    told.do("shipment.reserve", "large", shipment="s", licence="cn-1", line="1", quantity=120)
    draw(told, 90, "a", shipment="s")
    assert left(told, "meter:it:large") == 90
    assert left(told, "line:cn-1:1") == 410


def test_a_cap_in_tpp_counts_by_the_factor() -> None:
    told = first_round.awarded()
    told.do(
        "conversion.set", chip="h200-sxm", unit="tpp", per_chip=15_832,
        source="989.5 TFLOPS at 16 bits",
    )  # fmt: skip
    terms = {"kind": "cap", "limit": 1_583_200, "unit": "tpp"}
    told.do("condition.set", condition="it", title="In TPP", terms=terms)
    told.do(
        "licence.issue", licence="cn-1", round="one", party="large", conditions=["it"],
        lines={"1": {"chip": "h200-sxm", "quantity": 500}}, valid_from="2026-02-01",
        valid_until="2026-08-01",
    )  # fmt: skip
    told.at("2026-02-10")
    assert says(told, 100)[0]
    assert says(told, 101)[1] == ("large may have 1,583,200 tpp, has 0, and 1,599,032 are to pass")


def test_related_parties_share_a_cap() -> None:
    told = bound({"kind": "cap", "limit": 120, "per": "group"})
    told.do("party.register", party="small", name="Small", jurisdiction="CN", parent="large")
    told.do(
        "licence.issue", licence="cn-2", round="one", party="small", conditions=["it"],
        lines={"1": {"chip": "h200-sxm", "quantity": 300}}, valid_from="2026-02-01",
        valid_until="2026-08-01",
    )  # fmt: skip
    draw(told, 100, "a")
    answer = told.ledger.may_pass("cn-2", "1", 21, on=DAY("2026-02-10"))
    assert not answer.passes
    told.do("shipment.draw", "customs", licence="cn-2", line="1", quantity=20, declaration="b")
    assert (left(told, "meter:it:large"), left(told, "meter:it:small")) == (100, 20)
    # Relations are those of the moment: a new parent brings no new cap.
    told.do("party.register", party="above", name="Above", jurisdiction="CN")
    told.do("party.register", party="large", name="Large", jurisdiction="CN", parent="above")
    assert not told.ledger.may_pass("cn-1", "1", 1, on=DAY("2026-02-10")).passes


PAIRING: dict[str, Any] = {
    "kind": "pairing", "domestic": ["ascend-910c"], "earned": 2, "used": 1,
    "trigger": "installation",
}  # fmt: skip


def earn(told: Told, quantity: int, reference: str, **given: Any) -> Any:  # noqa: ANN401
    return told.do(
        "pairing.earn", **{
            "condition": "it", "party": "large", "chip": "ascend-910c", "quantity": quantity,
            "trigger": "installation", "reference": reference, **given,
        }
    )  # fmt: skip


def test_imports_use_what_domestic_chips_earned() -> None:
    told = bound(PAIRING)
    assert says(told, 100) == (
        False,
        "100 imports use 100 credits, and large has 0",
        "earn more by the installation of 50 domestic chips, or take at most 0",
    )
    earn(told, 50, "site-1")
    draw(told, 100, "a")
    assert left(told, "credits:it:large") == 0
    told.do("shipment.correct", "customs", declaration="a", quantity=60)
    assert left(told, "credits:it:large") == 40
    assert says(told, 41)[0] is False


def test_grace_lets_imports_come_first() -> None:
    told = bound({**PAIRING, "grace": 30})
    draw(told, 30, "a")
    assert left(told, "credits:it:large") == -30
    assert not says(told, 1)[0]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"chip": "h200-sxm"}, "h200-sxm is not among ascend-910c"),
        ({"trigger": "contract"}, "installation earns credits, not contract"),
        ({"reference": "site-1"}, "site-1 earned 20 on 2026-02-10"),
    ],
)
def test_credits_that_cannot_be_earned(given: dict[str, Any], words: str) -> None:
    told = bound(PAIRING)
    earn(told, 10, "site-1")
    with pytest.raises(hw.LedgerError, match=words):
        earn(told, 10, **{"reference": "site-2", **given})
    assert left(told, "credits:it:large") == 20


def test_a_site_is_asked_for_and_must_be_allowed_at_both_ends() -> None:
    told = bound({"kind": "site", "jurisdictions": ["SG"], "sites": ["south"]})
    assert says(told, 1) == (False, "no site is named, and allowed is south or SG", "name the site")
    assert says(told, 1, site="north")[1] == "north is in CN, allowed is south or SG"
    told.do("site.register", site="south", name="South", jurisdiction="CN", operator="large")
    draw(told, 5, "a", site="south")
    with pytest.raises(hw.LedgerError, match="site it: it is in CN, allowed is south or SG"):
        told.do("installation.install", "large", licence="cn-1", line="1", site="north", quantity=1)
    told.do("installation.install", "large", licence="cn-1", line="1", site="south", quantity=5)


def test_a_use_is_that_of_the_line() -> None:
    terms = {"kind": "use", "allowed": ["inference"]}
    assert says(bound(terms, use="inference"), 1)[0]
    assert not says(bound(terms, use="training"), 1)[0]
    assert says(bound(terms), 1)[1] == "the line is for any, allowed is inference"


@pytest.mark.parametrize(
    ("terms", "day", "passes", "words"),
    [
        ({"chips": ["h200-sxm"]}, "2026-02-10", True, "admitted by name"),
        ({"chips": ["h20"]}, "2026-02-10", False, "h200-sxm is not among h20"),
        ({"reviews": ["case_by_case"]}, "2026-02-10", True, "reviewed as case_by_case"),
        ({"reviews": ["no_licence_required"]}, "2026-02-10", False, "reviewed as case_by_case"),
        ({"reviews": ["case_by_case"], "origin": "abroad"}, "2026-02-10", False,
         "reviewed as presumption_of_denial"),
        ({"eccns": ["3A090.a"]}, "2026-02-10", True, "has the control number 3A090.a"),
        ({"eccns": ["3A090.b", "4A003"]}, "2026-02-10", False,
         "has the control number 3A090.a, admitted is 3A090.b or 4A003"),
        ({"eccns": ["3A090.a"], "reviews": ["no_licence_required"]}, "2026-02-10", False,
         "reviewed as case_by_case"),
    ],
)  # fmt: skip
def test_what_is_admitted_follows_the_rules_of_the_day(
    terms: dict[str, Any], day: str, passes: bool, words: str
) -> None:
    told = bound({"kind": "admits", **terms})
    found = says(told, 1, on=DAY(day))
    assert found[0] is passes
    assert words in found[1]


WINDOW: dict[str, Any] = {"kind": "window", "days": 30, "limit": 100}


def test_a_window_counts_by_effective_days() -> None:
    told = bound(WINDOW)
    draw(told, 60, "a", on="2026-02-05")
    told.at("2026-03-20")
    assert says(told, 40, on=DAY("2026-03-06"))[0]
    assert says(told, 41, on=DAY("2026-03-06")) == (
        False,
        "100 may pass in any 30 days, 60 do from 2026-02-05 on, and 41 are to",
        "take at most 40, or wait until 2026-03-07",
    )
    assert says(told, 100, on=DAY("2026-03-07"))[0]


def test_a_late_draw_counts_in_the_window_it_belongs_to() -> None:
    told = bound(WINDOW)
    told.at("2026-03-20")
    draw(told, 80, "a", on="2026-03-10")
    assert not says(told, 21, on=DAY("2026-02-20"))[0]  # the window that begins with it
    assert says(told, 21, on=DAY("2026-02-08"))[0]
    told.do("shipment.correct", "customs", declaration="a")
    assert says(told, 100, on=DAY("2026-02-20"))[0]


def test_a_window_counts_reservations_and_not_twice_when_they_are_drawn() -> None:
    told = bound(WINDOW)
    told.do("shipment.reserve", "large", shipment="s", licence="cn-1", line="1", quantity=90)
    assert not says(told, 11)[0]
    told.at("2026-02-12")
    draw(told, 90, "a", shipment="s")
    assert says(told, 10, on=DAY("2026-02-12"))[0]
    assert not says(told, 11, on=DAY("2026-02-12"))[0]


MOVING: dict[str, Any] = {"kind": "moving_cap", "reference": "us-buyers", "share": [1, 2]}


def report(told: Told, period: str, amount: int) -> None:
    told.do(
        "reference.report", reference="us-buyers", period=period, amount=amount, source="seller"
    )


def test_a_moving_cap_grows_with_what_is_reported() -> None:
    told = bound(MOVING)
    assert not says(told, 1)[0]
    report(told, "2026-Q1", 201)
    assert says(told, 100)[0]
    assert says(told, 101)[1] == (
        "1/2 of us-buyers are 100 units, 0 have passed or are reserved, and 101 are to"
    )
    draw(told, 100, "a")
    report(told, "2026-Q2", 60)
    assert says(told, 30)[0]
    assert not says(told, 31)[0]


def test_a_reference_that_turns_out_smaller_lets_nothing_more_pass() -> None:
    told = bound(MOVING)
    report(told, "2026-Q1", 200)
    draw(told, 100, "a")
    report(told, "2026-Q1", 120)
    assert not says(told, 1)[0]
    assert left(told, "meter:it:all") == 100
    told.do("shipment.correct", "customs", declaration="a", quantity=50)
    assert says(told, 10)[0]


def test_nothing_passes_while_a_report_is_overdue() -> None:
    told = bound({"kind": "report_due", "first_on": "2026-03-01", "every_days": 30})
    told.at("2026-04-15")
    assert says(told, 1, on=DAY("2026-03-01"))[0]
    assert says(told, 1, on=DAY("2026-03-02")) == (
        False,
        "reports are due every 30 days from 2026-03-01, and 2026-03-01 is not filed",
        "file it with report.file for 2026-03-01",
    )
    filed = {"condition": "it", "licence": "cn-1", "reference": "R-1"}
    told.do("report.file", "large", due_on="2026-03-01", **filed)
    assert says(told, 1, on=DAY("2026-03-31"))[0]
    assert not says(told, 1, on=DAY("2026-04-01"))[0]
    with pytest.raises(hw.LedgerError, match="no report is due on 2026-03-05"):
        told.do("report.file", "large", due_on="2026-03-05", **filed)
    with pytest.raises(hw.LedgerError, match="acts for small, not for large"):
        told.do("report.file", "small", due_on="2026-03-31", **filed)


def test_reports_on_stated_days_are_filed_before_anything_passes() -> None:
    told = bound({"kind": "report_due", "days": ["2026-03-01", "2026-03-10"]})
    told.at("2026-03-05")
    assert says(told, 1, on=DAY("2026-03-01"))[0]
    assert says(told, 1, on=DAY("2026-03-02"))[1] == (
        "reports are due on 2026-03-01, 2026-03-10, and 2026-03-01 is not filed"
    )
    filed = {"condition": "it", "licence": "cn-1", "reference": "R-1"}
    told.do("report.file", "large", due_on="2026-03-01", **filed)
    assert says(told, 1, on=DAY("2026-03-10"))[0]
    assert not says(told, 1, on=DAY("2026-03-11"))[0]
    told.do("report.file", "large", due_on="2026-03-10", **filed)  # the next one, early
    assert says(told, 1, on=DAY("2026-07-01"))[0]
    with pytest.raises(hw.LedgerError, match="they are due on 2026-03-01, 2026-03-10"):
        told.do("report.file", "large", due_on="2026-03-05", **filed)


def test_a_report_is_filed_no_earlier_than_the_one_before_it() -> None:
    told = bound({"kind": "report_due", "days": ["2026-03-01", "2026-03-10"]})
    with pytest.raises(hw.LedgerError, match="is not the next one, which is of 2026-03-01"):
        told.do("report.file", "large", due_on="2026-03-10", condition="it", licence="cn-1",
                reference="R-1")  # fmt: skip


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({}, "say `first_on` with `every_days`, or `days`"),
        ({"first_on": "2026-03-01"}, "say `first_on` with `every_days`, or `days`"),
        ({"first_on": "2026-03-01", "every_days": 30, "days": ["2026-03-01"]}, "or `days`"),
        ({"days": ["2026-03-02", "2026-03-01"]}, "name each day once, in order"),
    ],
)
def test_terms_of_reports_say_when_they_are_due(terms: dict[str, Any], words: str) -> None:
    with pytest.raises(hw.InputError, match=words):
        bound({"kind": "report_due", **terms})


def test_a_hold_whose_time_is_over_is_not_counted_though_nobody_has_written_since() -> None:
    told = bound({"kind": "cap", "limit": 100})
    told.do(
        "shipment.reserve", "large", shipment="s", licence="cn-1", line="1", quantity=100,
        until="2026-02-12",
    )  # fmt: skip
    told.at("2026-02-11T23:59")
    assert not says(told, 1)[0]
    assert left(told, "line:cn-1:1") == 400
    told.at("2026-02-12")
    assert says(told, 100)[0]
    assert left(told, "line:cn-1:1") == 500
    draw(told, 100, "a")
    assert told.ledger.verify().sound


def test_a_waiver_takes_two_persons_and_a_reason_and_ends_on_its_day() -> None:
    told = bound(CAP)
    asked = {
        "licence": "cn-1", "condition": "it", "from_on": "2026-02-10", "until": "2026-02-12",
    }  # fmt: skip
    with pytest.raises(hw.LedgerError, match="a waiver has a reason"):
        told.do("waiver.grant", "first", **asked)
    told.do("waiver.grant", "first", id="w", reason="a flood", **asked)
    assert not says(told, 300)[0]  # one person is not enough
    told.do("proposal.agree", "second", proposal="w")
    assert says(told, 300) == (
        True, "waived from 2026-02-10 until before 2026-02-12: a flood", "",
    )  # fmt: skip
    draw(told, 300, "a")
    assert not says(told, 121, on=DAY("2026-02-12"))[0]
    assert says(told, 120, on=DAY("2026-02-12"))[0]  # what was waived does not count


def test_a_condition_that_is_tightened_after_the_reservation_holds_at_the_draw() -> None:
    """L11: whatever was reserved under other terms meets those of the day on which it is drawn."""
    told = bound({"kind": "cap", "limit": 400})
    told.do("shipment.reserve", "large", shipment="s", licence="cn-1", line="1", quantity=100)
    told.do("shipment.reserve", "large", shipment="other", licence="cn-1", line="1", quantity=250)
    told.do("condition.set", condition="it", title="Tighter", terms={"kind": "cap", "limit": 300})
    # Of 300, 250 are reserved by the other: 50 of the 100 may pass.
    assert "has 250, and 100 are to pass" in refusal(told, 100, shipment="s")
    assert says(told, 1)[1] == (
        "large may have 300 units, has 350 (50 beyond it), and 1 are to pass"
    )
    draw(told, 50, "a", shipment="s")
    assert not says(told, 1)[0]
    assert told.ledger.verify().sound


def test_a_condition_set_between_reservation_and_draw_applies_to_the_draw() -> None:
    told = bound({"kind": "use", "allowed": ["training", "inference"]}, use="training")
    told.do("shipment.reserve", "large", shipment="s", licence="cn-1", line="1", quantity=100)
    told.do(
        "condition.set", condition="it", title="Inference only",
        terms={"kind": "use", "allowed": ["inference"]},
    )  # fmt: skip
    assert "use it: the line is for training, allowed is inference" in refusal(
        told, 100, shipment="s"
    )


def test_a_condition_keeps_what_its_accounts_are_made_of() -> None:
    told = bound(CAP)
    for terms, words in (
        (WINDOW, "it is of kind cap, not window"),
        ({**CAP, "per": "all"}, "per is party, and cannot become all"),
        ({**CAP, "unit": "tpp"}, "unit is units, and cannot become tpp"),
    ):
        with pytest.raises(hw.LedgerError, match=words):
            told.do("condition.set", condition="it", title="Other", terms=terms)


@pytest.mark.parametrize(
    "terms",
    [
        {"kind": "site"}, {"kind": "admits"}, {"kind": "use", "allowed": []},
        {**PAIRING, "domestic": []}, {**PAIRING, "grace": -1}, {"kind": "cap", "limit": 0},
        {"kind": "none"}, {"kind": "window", "days": 0, "limit": 1},
    ],
)  # fmt: skip
def test_terms_that_ask_for_nothing_are_refused(terms: dict[str, Any]) -> None:
    told = first_round.awarded()
    with pytest.raises(hw.InputError):
        told.do("condition.set", condition="it", title="Odd", terms=terms)


@pytest.mark.parametrize("change", [{"unit": "tpp"}, {"per": "group"}])
def test_what_passed_is_counted_on_in_the_same_way(change: dict[str, str]) -> None:
    """Counted by another holder or unit, what passed would count no more."""
    told = bound(CAP)
    draw(told, 100, "a")
    with pytest.raises(hw.LedgerError, match=f"{next(iter(change))} is"):
        told.do("condition.set", condition="it", title="Other", terms={**CAP, **change})


def test_a_longer_grace_lets_the_store_wait_too() -> None:
    terms = {"kind": "pairing", "domestic": ["a"], "earned": 1, "used": 1, "trigger": "contract"}
    told = bound(terms)
    told.do(
        "pairing.earn", condition="it", party="large", chip="a", quantity=10, trigger="contract",
        reference="r",
    )  # fmt: skip
    told.do("condition.set", condition="it", title="Grace", terms={**terms, "grace": 5})
    draw(told, 15, "a")
    assert "1 imports use 1 credits, and large has 0" in refusal(told, 1)
    with pytest.raises(hw.InputError, match="grace: input should be greater"):
        told.do("condition.set", condition="it", title="Below", terms={**terms, "grace": -5})
