"""Rounds that are cancelled before anything is confirmed, or revoked by two persons afterwards."""

from __future__ import annotations

import pytest

import headworks as hw
from tests.unit.ledger import first_round
from tests.unit.ledger.first_round import Told, left

WHY = {"round": "one", "reason": "the programme has ended"}


def issued(told: Told, quantity: int) -> None:
    told.do(
        "licence.issue", licence="cn-1", round="one", party="large",
        lines={"1": {"chip": "h200-sxm", "quantity": quantity}}, valid_from="2026-02-01",
        valid_until="2026-08-01",
    )  # fmt: skip


def test_a_round_without_confirmed_awards_is_cancelled_by_one() -> None:
    told = first_round.empty()
    told.do(
        "pool.open", pool="cn", title="Approvals", unit="units", volume=1000,
        opens_on="2026-01-01", closes_on="2027-01-01",
    )  # fmt: skip
    told.do("round.announce", round="one", pool="cn", opens_on="2026-01-01", closes_on="2026-01-28")
    with pytest.raises(hw.LedgerError, match="cancelled for a reason, and none is given"):
        told.do("round.cancel", round="one")
    with pytest.raises(hw.LedgerError, match="it is announced, in which it cannot revoke"):
        told.do("round.revoke", "first", **WHY)
    told.do("round.cancel", **WHY)
    assert told.ledger.records("round")["one"]["state"] == "cancelled"
    with pytest.raises(hw.LedgerError, match="nothing follows on that state"):
        told.do("round.open", round="one")


def test_confirmed_awards_go_back_when_two_revoke_their_round() -> None:
    """1,000 were awarded, 600 and 400; 250 of them are on a licence, which stays."""
    told = first_round.awarded()
    issued(told, 250)
    with pytest.raises(hw.LedgerError, match="it is confirmed, in which it cannot cancel"):
        told.do("round.cancel", **WHY)
    told.do("round.revoke", "first", id="proposed", **WHY)
    assert left(told, "pool:cn") == 0
    with pytest.raises(hw.LedgerError, match="another person must agree"):
        told.do("proposal.agree", "first", proposal="proposed")
    told.do("proposal.agree", "second", proposal="proposed")
    places = ("pool:cn", "award:one:large", "award:one:small", "licensed:cn", "line:cn-1:1")
    assert [left(told, one) for one in places] == [750, 0, 0, 250, 250]
    with pytest.raises(hw.LedgerError, match="one is revoked"):
        told.do(
            "licence.issue", licence="cn-2", round="one", party="small",
            lines={"1": {"chip": "h200-sxm", "quantity": 1}}, valid_from="2026-02-01",
            valid_until="2026-08-01",
        )  # fmt: skip
    told.do("licence.surrender", "large", licence="cn-1")
    assert left(told, "pool:cn") == 1000
    assert told.ledger.verify().sound


def test_what_a_revoked_round_of_a_sub_pool_gives_back_comes_back_to_its_parent() -> None:
    """Two units of the parent for three of the sub-pool, rounded up once: 100 take 67."""
    told = first_round.empty()
    days = {"unit": "units", "opens_on": "2026-01-01", "closes_on": "2027-01-01"}
    told.do("pool.open", pool="all", title="All", volume=1000, **days)
    sub = {"parent": "all", "draws": "equivalent", "coefficient": [2, 3]}
    told.do("pool.open", pool="part", title="Part", volume=100, sub=sub, **days)
    told.do("round.announce", round="one", pool="part", opens_on="2026-01-01",
            closes_on="2026-01-28")  # fmt: skip
    told.do("round.open", round="one")
    told.do("application.submit", "large", application="a", round="one", party="large",
            chip="h200-sxm", requested=100)  # fmt: skip
    told.do("application.take_up", application="a")
    told.do("application.decide", application="a", need=100, grounds="verified")
    told.at("2026-01-28")
    told.do("round.close", round="one")
    told.do("round.award", round="one")
    told.agreed("award.confirm", round="one")
    assert left(told, "pool:all") == 933
    told.agreed("round.revoke", **WHY)
    assert [left(told, one) for one in ("pool:all", "pool:part")] == [1000, 100]
