"""Authority: every action has a right, applicants act for their own, and two persons are two."""

from __future__ import annotations

from typing import Any

import pytest

import headworks as hw
from headworks.ledger.actions.registry import actions
from headworks.ledger.authority import ROLES, roles_with
from headworks.ledger.journal.soundness import TWO_PERSONS
from tests.unit.ledger import first_round
from tests.unit.ledger.first_round import Told, left

RIGHTS = {right for rights in ROLES.values() for right in rights}

FIELDS: dict[str, dict[str, Any]] = {
    "application.submit": {"application": "a", "round": "two", "party": "large",
                           "chip": "h200-sxm", "requested": 1},
    "application.answer": {"application": "from-large"},
    "application.withdraw": {"application": "from-large"},
    "application.appeal": {"application": "from-large"},
    "award.return": {"round": "one", "party": "large", "amount": 1},
    "award.transfer.ask": {"transfer": "t", "round": "one", "party": "large", "to": "small",
                           "amount": 1},
    "licence.surrender": {"licence": "cn-1"},
    "order.place": {"order": "p", "party": "large", "chip": "h200-sxm", "quantity": 1},
    "order.cancel": {"order": "o", "quantity": 1},
    "shipment.reserve": {"shipment": "t", "licence": "cn-1", "line": "1", "quantity": 1},
    "shipment.release": {"shipment": "s"},
    "installation.install": {"licence": "cn-1", "line": "1", "site": "north", "quantity": 1},
    "installation.remove": {"licence": "cn-1", "line": "1", "site": "north", "quantity": 1},
    "report.file": {"condition": "c", "licence": "cn-1", "due_on": "2026-03-01",
                    "reference": "r"},
}  # fmt: skip
"""For each action that an applicant may do, one for the party `large`."""


def test_every_action_is_some_role_s_and_every_right_is_an_action() -> None:
    assert set(actions()) == RIGHTS
    assert all(roles_with(name) for name in actions())
    assert not TWO_PERSONS - set(actions())


def held() -> Told:
    """Return a ledger in which `large` has a licence, an order and a shipment."""
    told = first_round.licensed()
    told.do("order.place", "large", order="o", party="large", chip="h200-sxm", quantity=9)
    told.do("shipment.reserve", "large", shipment="s", licence="cn-1", line="1", quantity=5)
    return told


def test_fields_are_given_for_every_right_of_an_applicant() -> None:
    assert set(FIELDS) == ROLES["applicant"]


@pytest.mark.parametrize("action", sorted(FIELDS))
def test_an_applicant_acts_for_no_other_party(action: str) -> None:
    with pytest.raises(hw.LedgerError, match="acts for small, not for large"):
        held().do(action, "small", **FIELDS[action])


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_does_nothing_that_is_not_its_own(role: str) -> None:
    """Whatever else is wrong with it, who may not do an action learns that and no more."""
    told = held()
    told.do("actor.register", "root", person="me", name="Me", roles=[role], party="large")
    refused = {
        name
        for name in sorted(FIELDS)
        if name not in ROLES[role] and _refused(told, name, "me", FIELDS[name])
    }
    assert refused == set(FIELDS) - ROLES[role]


def _refused(told: Told, action: str, actor: str, given: dict[str, Any]) -> bool:
    with pytest.raises(hw.LedgerError) as refusal:
        told.do(action, actor, **given)
    return f"{action} takes {' or '.join(roles_with(action))} (L16)" in str(refusal.value)


def test_a_parent_acts_for_a_party_that_it_controls() -> None:
    told = held()
    told.do("party.register", party="large", name="Large", jurisdiction="CN", parent="small")
    told.do("shipment.release", "small", shipment="s")
    assert told.ledger.records("shipment")["s"]["state"] == "released"
    assert left(told, "line:cn-1:1") == 500


def proposed(name: str = "revoke") -> Told:
    told = held()
    told.do("licence.revoke", "first", licence="cn-1", reason="found false", id=name)
    return told


def test_a_proposal_of_who_may_no_longer_do_it_does_not_happen() -> None:
    told = proposed()
    told.do("actor.register", "root", person="first", name="First", roles=["auditor"])
    with pytest.raises(hw.LedgerError, match=r"has auditor, and licence\.revoke takes approver"):
        told.do("proposal.agree", "second", proposal="revoke")
    assert told.ledger.records("licence")["cn-1"]["state"] == "issued"


@pytest.mark.parametrize(
    ("who", "message"),
    [("first", "another person must agree"), ("officer", "takes approver"), ("large", "approver")],
)
def test_one_person_or_a_wrong_one_does_not_make_two(who: str, message: str) -> None:
    told = proposed()
    with pytest.raises(hw.LedgerError, match=message):
        told.do("proposal.agree", who, proposal="revoke")


def test_an_agreement_is_to_what_can_still_happen() -> None:
    told = proposed()
    told.do("licence.surrender", "large", licence="cn-1")
    with pytest.raises(hw.LedgerError, match="it is surrendered, in which it cannot revoke"):
        told.do("proposal.agree", "second", proposal="revoke")


def test_an_agreement_happens_once_and_answers_as_it_did() -> None:
    told = proposed()
    told.do("actor.register", "root", person="third", name="Third", roles=["approver"])
    first = told.do("proposal.agree", "second", proposal="revoke", id="agree").to_json()
    again = told.do("proposal.agree", "second", proposal="revoke", id="agree").to_json()
    assert again == {**first, "repeated": True}
    with pytest.raises(hw.LedgerError, match="it is agreed"):
        told.do("proposal.agree", "third", proposal="revoke")
    assert left(told, "licensed:cn") == 0


def test_a_proposal_is_withdrawn_by_who_made_it_or_an_administrator() -> None:
    told = proposed()
    with pytest.raises(hw.LedgerError, match="first proposed it, not second"):
        told.do("proposal.withdraw", "second", proposal="revoke")
    told.do("proposal.withdraw", "first", proposal="revoke")
    with pytest.raises(hw.LedgerError, match="it is withdrawn"):
        told.do("proposal.agree", "second", proposal="revoke")
    told.do("licence.revoke", "first", licence="cn-1", reason="found false", id="once more")
    told.do("proposal.withdraw", "root", proposal="once more")


def test_a_proposal_sent_again_is_the_same_and_another_needs_its_own_id() -> None:
    told = proposed()
    again = told.do("licence.revoke", "first", licence="cn-1", reason="found false", id="revoke")
    assert (again.receipt.repeated, again.awaits_second) == (True, True)
    with pytest.raises(hw.LedgerError, match="has this id and other content"):
        told.do("licence.revoke", "first", licence="cn-1", reason="another", id="revoke")
