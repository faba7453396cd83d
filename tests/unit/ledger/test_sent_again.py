"""Sent again: every kind of action answers as it first did, whatever has happened since (L5)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import headworks as hw
from headworks.ledger.actions.registry import action_of, actions
from headworks.ledger.ledger import Ledger
from tests.unit.ledger import first_round

if TYPE_CHECKING:
    from headworks.ledger.actions.action import Action
    from tests.unit.ledger.first_round import Told

USAGE = (Path("tests/data/ledger") / "gacc-0001.csv").read_text(encoding="utf-8")
LINES = {"1": {"chip": "h200-sxm", "quantity": 100, "route": "mainland"}}
DAYS = {"valid_from": "2026-02-01", "valid_until": "2026-08-01"}


@pytest.fixture(scope="module")
def lived() -> tuple[Told, list[tuple[Action, dict[str, Any]]]]:
    """A ledger with a whole life behind it, and what was told to it, each with its answer."""
    sent: list[tuple[Action, dict[str, Any]]] = []
    real = Ledger.act

    def act(self: Ledger, told: Any) -> Any:  # noqa: ANN401 - an action or its fields
        answer = real(self, told)
        sent.append((action_of(told), answer.to_json()))
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Ledger, "act", act)
        told = first_round.licensed()
        live(told)
    return told, sent


def live(told: Told) -> None:
    """Do every action that is not yet done, at least once."""
    told.do("conversion.set", chip="h200-sxm", unit="tpp", per_chip=15_832, source="a test")
    told.do("pool.enlarge", pool="cn", volume=500)
    told.do("pool.block", pool="cn", blocked=False)
    told.do(
        "condition.set", condition="pair", title="P",
        terms={"kind": "pairing", "domestic": ["a"], "earned": 1, "used": 1,
               "trigger": "contract"},
    )  # fmt: skip
    told.do("condition.set", condition="due", title="D", terms={
        "kind": "report_due", "first_on": "2026-12-01", "every_days": 30})  # fmt: skip
    told.do("pairing.earn", condition="pair", party="large", chip="a", quantity=5,
            trigger="contract", reference="r")  # fmt: skip
    told.do("pairing.take_back", condition="pair", reference="r")
    told.do("reference.report", reference="us", period="q", amount=5, source="a test")
    told.do("order.place", "large", order="o", party="large", chip="h200-sxm", quantity=90)
    told.do("order.cancel", "large", order="o", quantity=10)
    told.do("shipment.reserve", "large", shipment="s", licence="cn-1", line="1", quantity=50,
            order="o")  # fmt: skip
    told.do("shipment.draw", "customs", licence="cn-1", line="1", quantity=40, shipment="s",
            declaration="d")  # fmt: skip
    told.do("shipment.correct", "customs", declaration="d", quantity=30)
    told.do("shipment.reserve", "large", shipment="t", licence="cn-1", line="1", quantity=5)
    told.do("shipment.release", "large", shipment="t")
    place = {"licence": "cn-1", "line": "1", "site": "north"}
    told.do("installation.install", "large", quantity=20, **place)
    told.do("installation.remove", "large", quantity=5, **place)
    told.do("licence.suspend", licence="cn-1")
    told.do("licence.reinstate", licence="cn-1")
    told.do("licence.vary", licence="cn-2", supersedes="cn-1", lines=LINES, conditions=["due"],
            **DAYS)  # fmt: skip
    told.do("report.file", "large", condition="due", licence="cn-2", due_on="2026-12-01",
            reference="r")  # fmt: skip
    told.agreed("waiver.grant", licence="cn-2", condition="due", from_on="2026-02-01",
                until="2026-03-01", reason="a test")  # fmt: skip
    told.agreed("licence.revoke", licence="cn-2", reason="a test")
    for name, way in (("cn-3", "surrender"), ("cn-4", "cancel")):
        told.do("licence.issue", licence=name, round="one", party="large", lines=LINES, **DAYS)
        told.do(f"licence.{way}", "large" if way == "surrender" else "officer", licence=name)
    withdrawn = told.do("award.confirm", "first", round=second_round(told))
    told.do("proposal.withdraw", "first", proposal=withdrawn.receipt.id)
    for name, way in (("t", "award.transfer"), ("u", "award.transfer.refuse")):
        told.do("award.transfer.ask", "large", transfer=name, round="one", party="large",
                to="small", amount=1)  # fmt: skip
        told.do(way, "first", transfer=name, grounds="a test")
    told.do("award.return", "large", round="one", party="large", amount=1)
    told.do("application.appeal", "large", application="from-large")
    told.do("application.decide", application="from-large", need=900, grounds="again")
    told.do("application.close", application="from-large")
    told.do("round.reallocate", round="one")
    told.agreed("award.confirm", round="one")
    told.do("round.finish", round="one")
    told.do("round.cancel", round="two", reason="a test")
    told.agreed("round.revoke", round="one", reason="a test")
    told.do("customs.import", "customs", content=USAGE, exceptions="hold")
    for name in told.ledger.records("discrepancy"):
        told.do("discrepancy.resolve", "auditor", discrepancy=name, grounds="a test")
    told.at("2026-08-01")
    told.do("checkpoint.sign", "auditor")


def second_round(told: Told) -> str:
    """Go through an application's other steps, and return a round with provisional awards."""
    told.do("licence.issue", licence="cn-5", round="one", party="small", lines=LINES, **DAYS)
    told.do("licence.expire", licence="cn-5", on="2026-08-01")
    told.do("round.announce", round="two", pool="cn", opens_on="2026-02-10",
            closes_on="2026-02-11", eligible=["large", "small"])  # fmt: skip
    told.do("round.open", round="two")
    for case, party in (("a", "large"), ("b", "small"), ("c", "large")):
        told.do("application.submit", party, application=case, round="two", party=party,
                chip="h200-sxm", requested=5)  # fmt: skip
    told.do("application.take_up", application="a")
    told.do("application.ask", application="a", note="where to?")
    told.do("application.answer", "large", application="a", note="north")
    told.do("application.decide", application="a", need=5, grounds="a test")
    told.do("application.return", application="b")
    told.do("application.withdraw", "large", application="c")
    told.do("round.close", round="two")
    told.do("round.award", round="two")
    return "two"


def test_the_life_has_every_kind_of_action(
    lived: tuple[Told, list[tuple[Action, dict[str, Any]]]],
) -> None:
    assert {one.right for one, _ in lived[1]} == set(actions())


def test_what_is_sent_again_answers_as_it_first_did(
    lived: tuple[Told, list[tuple[Action, dict[str, Any]]]],
) -> None:
    told, sent = lived
    before = told.ledger.verify()
    for one, answer in sent:
        assert told.ledger.act(one).to_json() == {**answer, "repeated": True}
    assert told.ledger.verify() == before
    assert before.sound


def test_other_content_under_an_id_that_was_used_is_an_error(
    lived: tuple[Told, list[tuple[Action, dict[str, Any]]]],
) -> None:
    told, sent = lived
    before = told.ledger.verify()
    for one, _ in sent:
        with pytest.raises(hw.LedgerError, match="has this id and other content"):
            told.ledger.act(one.model_copy(update={"reason": "another"}))
    assert told.ledger.verify() == before
