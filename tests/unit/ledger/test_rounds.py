"""Rounds: what is shared, confirmed, given back and passed on, also through pools above."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

import headworks as hw
from headworks.rationing.record import verify
from headworks.rationing.rule import RULES
from tests.tiers import examples
from tests.unit.ledger import first_round
from tests.unit.ledger.first_round import Told, left

YEAR = {"opens_on": "2026-01-01", "closes_on": "2027-01-01"}


def announced(told: Told, name: str = "one", **given: Any) -> None:  # noqa: ANN401
    told.do(
        "round.announce",
        **{"round": name, "pool": "cn", "opens_on": "2026-01-01", "closes_on": "2026-01-28",
           **given},
    )  # fmt: skip


def provisional(told: Told, needs: dict[str, int], name: str = "one", **given: Any) -> None:  # noqa: ANN401
    """Announce a round, decide applications, and compute its awards."""
    announced(told, name, **given)
    told.do("round.open", round=name)
    for party, units in needs.items():
        case = f"{name}-{party}"
        told.do(
            "application.submit", party, application=case, round=name, party=party,
            chip="h200-sxm", requested=units, on="2026-01-05",
        )  # fmt: skip
        told.do("application.take_up", application=case)
        told.do("application.decide", application=case, need=units, grounds="verified")
    told.at("2026-01-28")
    told.do("round.close", round=name)
    told.do("round.award", round=name)


def pool(told: Told, name: str = "cn", **given: Any) -> None:  # noqa: ANN401
    told.do(
        "pool.open",
        **{"pool": name, "title": name, "unit": "units", "volume": 1000, **YEAR, **given},
    )


def below(coefficient: tuple[int, int]) -> Told:
    """Return a ledger with a pool `top`, and `cn` below it through a coefficient."""
    told = first_round.empty()
    pool(told, "top", volume=10_000)
    sub = {"parent": "top", "draws": "equivalent", "coefficient": coefficient}
    pool(told, sub=sub, reserves={"new": 100})
    return told


def test_parts_given_back_bring_no_more_than_was_taken_of_the_parent() -> None:
    """At one half, 16 take 8 of the parent; 7 single returns leave 9, which take 5 by rounding up.

    Rounding each return up by itself would have given back 7, and left 1.
    """
    told = below((1, 2))
    provisional(told, {"large": 7, "small": 9})
    told.agreed("award.confirm", round="one")
    assert left(told, "committed:top") == 8
    for _ in range(7):
        told.do("award.return", "large", round="one", party="large", amount=1)
    assert [left(told, one) for one in ("committed:top", "pool:top")] == [5, 9_995]


@given(
    coefficient=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    needs=st.tuples(st.integers(1, 20), st.integers(1, 20)),
    parts=st.lists(st.tuples(st.sampled_from(["large", "small"]), st.integers(1, 5)), max_size=6),
)
@settings(max_examples=examples(25), deadline=None)
def test_a_parent_holds_what_its_sub_pool_has_taken_however_it_is_cut(
    coefficient: tuple[int, int], needs: tuple[int, int], parts: list[tuple[str, int]]
) -> None:
    above, under = coefficient
    told = below(coefficient)
    provisional(told, dict(zip(("large", "small"), needs, strict=True)))
    told.agreed("award.confirm", round="one")
    for number, (party, units) in enumerate(parts):
        if left(told, f"award:one:{party}") < units:
            continue
        if number % 2:
            told.do("award.return", party, round="one", party=party, amount=units)
            continue
        told.do(
            "licence.issue", licence=f"l-{number}", round="one", party=party,
            lines={"1": {"chip": "h200-sxm", "quantity": units}}, valid_from="2026-01-01",
            valid_until="2026-08-01",
        )  # fmt: skip
        told.do("licence.surrender", party, licence=f"l-{number}")
    taken = 1000 - left(told, "pool:cn") - left(told, "reserve:cn:new")
    assert left(told, "committed:top") == -(-taken * above // under)
    assert left(told, "committed:top") + left(told, "pool:top") == 10_000


def test_a_pool_that_is_blocked_confirms_no_award() -> None:
    told = first_round.empty()
    pool(told)
    provisional(told, {"large": 9})
    told.do("award.confirm", "first", round="one", id="confirm")
    told.do("pool.block", pool="cn")
    with pytest.raises(hw.LedgerError, match="cn is blocked"):
        told.do("proposal.agree", "second", proposal="confirm")
    told.do("pool.block", pool="cn", blocked=False)
    told.do("proposal.agree", "second", proposal="confirm")
    assert left(told, "award:one:large") == 9


def test_a_ballot_that_was_announced_is_not_drawn_by_another_key() -> None:
    told = first_round.empty()
    pool(told)
    provisional(told, {"large": 9, "small": 5}, parameters={"ballot_key": "published"})
    with pytest.raises(hw.LedgerError, match="it announced the key 'published'"):
        told.do("round.award", round="one", ballot_key="another")


def test_awards_computed_again_replace_the_ones_before() -> None:
    told = first_round.empty()
    pool(told)
    provisional(told, {"large": 9, "small": 5})
    with pytest.raises(hw.LedgerError, match="2 claimants stand equal for 1 unit"):
        told.do("round.award", round="one", volume=7)
    told.do("round.award", round="one", volume=7, ballot_key="drawn on 2026-01-28")
    assert verify(told.ledger.records("round")["one"]["record"]) == []
    told.agreed("award.confirm", round="one")
    assert left(told, "pool:cn") == 993
    with pytest.raises(hw.LedgerError, match="it is confirmed, in which it cannot award"):
        told.do("round.award", round="one")


def test_a_round_does_not_close_before_the_day_that_it_announced() -> None:
    told = first_round.empty()
    pool(told)
    announced(told)
    told.do("round.open", round="one")
    with pytest.raises(hw.LedgerError, match="takes applications until before 2026-01-28"):
        told.do("round.close", round="one", on="2026-01-27")
    told.do("round.close", round="one", on="2026-01-28")


def test_a_round_is_announced_to_parties_that_there_are() -> None:
    told = first_round.empty()
    pool(told)
    with pytest.raises(hw.LedgerError, match="no party 'ghost'"):
        announced(told, eligible=["ghost", "large"])


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"rule": "bogus"}, "one: there is no rationing rule 'bogus'"),
        ({"parameters": {"bogus": 1}}, "one: there is no parameter 'bogus'"),
        ({"parameters": {"unit": "tpp"}}, "one: parameter unit: the ledger itself says it"),
        ({"parameters": {"claims": 1}}, "one: parameter claims: the ledger itself says it"),
        ({"parameters": {"rule": "cea"}}, "one: parameter rule: the ledger itself says it"),
        ({"parameters": {"parties": {"large": "g"}}}, "one: parameter parties: the ledger"),
        ({"parameters": {"whole": None}}, "one: parameter whole: awards are whole numbers"),
        ({"parameters": {"whole": "bogus"}}, "one: there is no method of whole units 'bogus'"),
        ({"parameters": {"seed": 3}}, "one: parameter seed: proportional awards takes none"),
        ({"parameters": {"reserves": {"x": 1}}}, "one: reserves: .* is no list"),
    ],
)  # fmt: skip
def test_a_round_that_no_claims_could_award_is_not_announced(
    terms: dict[str, Any], message: str
) -> None:
    """Its rule cannot change once it is announced, so that it would stay closed for ever."""
    told = first_round.empty()
    pool(told)
    with pytest.raises(hw.LedgerError, match=message):
        announced(told, **terms)


def test_parameters_that_do_not_fit_the_claims_name_the_round() -> None:
    told = first_round.empty()
    pool(told)
    with pytest.raises(hw.LedgerError, match=r"round: one: .*ghost"):
        provisional(told, {"large": 9}, parameters={"weights": {"ghost": 2}})


@pytest.mark.parametrize("rule", [one.name for one in RULES.values()])
def test_awards_of_every_rule_stay_within_need_and_pool_and_can_be_run_again(rule: str) -> None:
    """L13, by whichever rule takes no more of the claimants than their needs."""
    told = first_round.empty()
    pool(told)
    needs = {"large": 901, "small": 600}
    chosen: dict[str, dict[str, Any]] = {
        "first_come_first_served": {"days": {"large": "2026-01-02", "small": "2026-01-03"}},
        "points": {"scores": {"large": 2, "small": 1}},
        "priority": {"priority": {"large": 2, "small": 1}},
    }
    provisional(told, needs, rule=rule, parameters={**chosen.get(rule, {}), "ballot_key": "k"})
    body = told.ledger.records("round")["one"]
    assert all(0 < award <= needs[party] for party, award in body["awards"].items())
    assert sum(body["awards"].values()) <= 1000
    assert verify(body["record"]) == []


@pytest.mark.parametrize("rule", [one.name for one in RULES.values() if one.beyond_claims])
def test_a_rule_that_shares_out_everything_ends_at_what_is_needed(rule: str) -> None:
    told = first_round.empty()
    pool(told)
    provisional(told, {"large": 9, "small": 5}, rule=rule)
    body = told.ledger.records("round")["one"]
    assert body["awards"] == {"large": 9, "small": 5}
    assert verify(body["record"]) == []


def test_an_award_passes_to_another_party_when_it_is_approved() -> None:
    told = first_round.awarded()
    asked = {"round": "one", "party": "large", "to": "small", "amount": 100}
    told.do("award.transfer.ask", "large", transfer="t", **asked)
    assert left(told, "award:one:small") == 400
    told.do("award.transfer", "first", transfer="t", grounds="reviewed")
    assert [left(told, f"award:one:{one}") for one in ("large", "small")] == [500, 500]
    with pytest.raises(hw.LedgerError, match="it is approved, in which it cannot approve"):
        told.do("award.transfer", "second", transfer="t", grounds="again")
    told.do("award.transfer.ask", "large", transfer="u", **asked)
    told.do("award.transfer.refuse", "first", transfer="u", grounds="too late")
    with pytest.raises(hw.LedgerError, match="it is refused, in which it cannot approve"):
        told.do("award.transfer", "second", transfer="u", grounds="after all")


@pytest.mark.parametrize(
    ("who", "wrong", "message"),
    [
        ("small", {}, "acts for small, not for large"),
        ("large", {"to": "large"}, "large would give to itself"),
        ("large", {"amount": 0}, "greater than 0"),
        ("large", {"amount": -5}, "greater than 0"),
        ("large", {"amount": 10**30}, "less than or equal to"),
        ("large", {"to": "ghost"}, "there is no party 'ghost'"),
    ],
)
def test_a_transfer_that_cannot_be_is_not_asked_for(
    who: str, wrong: dict[str, Any], message: str
) -> None:
    asked = {"round": "one", "party": "large", "to": "small", "amount": 100, **wrong}
    with pytest.raises(hw.InputError, match=message):
        first_round.awarded().do("award.transfer.ask", who, transfer="t", **asked)


@pytest.mark.parametrize("amount", [0, -5, 10**30, 601])
def test_no_more_than_an_award_is_given_back(amount: int) -> None:
    told = first_round.awarded()
    with pytest.raises(hw.InputError, match=r"greater than 0|less than or equal|601 are to leave"):
        told.do("award.return", "large", round="one", party="large", amount=amount)
    assert left(told, "award:one:large") == 600
