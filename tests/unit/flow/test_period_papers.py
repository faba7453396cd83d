"""Papers: claims, rounds, take-up, life, lapse, and moving caps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.flow.build import (
    Play,
    Tree,
    a_round,
    course,
    day,
    each_period,
    grants,
    opening,
    over,
    passes,
    rounds,
    scenario,
    shares,
    stock,
    want,
    week,
)

if TYPE_CHECKING:
    from headworks.scenario.scenario import Scenario


def in_rounds(
    pool: Tree,
    wants: Tree | None = None,
    periods: int = 6,
    *,
    goods: float = 1000,
    **parts: Any,  # noqa: ANN401 - any part of a paper gate
) -> Scenario:
    """Approval rounds drawn at export, behind a seller with `goods` chips."""
    gates = {
        "approval": grants("approved", pool="rounds", **parts),
        "allocation": passes("produced", pool="made"),
        "export": passes("shipped", requires=["approval"]),
        "installation": passes("installed"),
    }
    pools = {"rounds": pool, "made": stock(goods)}
    return scenario(gates, wants or {"buyer": want(100)}, pools, periods=periods)


def test_a_round_is_decided_in_the_week_of_its_day() -> None:
    """A Wednesday's decision is usable in that week, as a paper without lead time."""
    case = in_rounds(rounds(first=a_round(day(9), 40)))
    assert course(case, "approved") == [0.0, 40.0, 40.0, 40.0, 40.0, 40.0]
    assert course(case) == course(case, "approved")


def test_a_round_before_the_start_is_decided_in_the_first_week() -> None:
    assert course(in_rounds(rounds(first=a_round(day(-20), 40))))[0] == 40.0


def test_a_round_asks_for_the_stated_want_and_not_for_the_need() -> None:
    """100 are wanted and half is needed: the round grants 100; 50 are ordered and shipped."""
    case = in_rounds(rounds(first=a_round(day(0), 400)), {"buyer": want(100, need=0.5)})
    play = Play(case).to(1)
    assert (play.units("approved"), play.units("ordered"), play.units("shipped")) == (100, 50, 50)


def test_a_gate_may_ask_for_what_is_ordered_instead() -> None:
    pool = rounds(first=a_round(day(0), 400))
    case = in_rounds(pool, {"buyer": want(100, need=0.5)}, requests="ordered")
    assert Play(case).to(1).units("approved") == 50.0


def test_need_scales_the_stated_want_in_proportion() -> None:
    wants = {"buyer": want(0, schedule=[over(day(0), day(28), 100)], need=0.5)}
    case = in_rounds(rounds(first=a_round(day(0), 400)), wants)
    assert course(case, "ordered") == pytest.approx([12.5, 25.0, 37.5, 50.0, 50.0, 50.0])


def test_what_a_round_does_not_give_is_lost() -> None:
    """100 offered and 60 asked for: the 40 left are gone, and the second round has its own 20."""
    wants = {"buyer": want(0, schedule=[{"on": day(0), "units": 60}, {"on": day(7), "units": 90}])}
    case = in_rounds(rounds(first=a_round(day(0), 100), second=a_round(day(7), 20)), wants)
    assert course(case, "approved")[:3] == [60.0, 80.0, 80.0]
    state = Play(case).to(3).state.rounds["rounds"]
    assert (state.perished[0], state.booked[0], state.carried[0]) == (40.0, 80.0, 0.0)


def test_what_a_round_carries_goes_into_the_next_one() -> None:
    wants = {"buyer": want(0, schedule=[{"on": day(0), "units": 60}, {"on": day(7), "units": 90}])}
    pool = rounds(first=a_round(day(0), 100, carry=True), second=a_round(day(7), 20))
    assert course(in_rounds(pool, wants), "approved")[:3] == [60.0, 120.0, 120.0]


def test_what_is_carried_passes_a_round_that_does_not_take_place() -> None:
    """40 are carried; the second round is not confirmed, so they wait for the third."""
    wants = {"buyer": want(0, schedule=[{"on": day(0), "units": 60}, {"on": day(7), "units": 90}])}
    pool = rounds(
        first=a_round(day(0), 100, carry=True),
        second=a_round(day(7), 50, confirmed=0),
        third=a_round(day(14), 10),
    )
    assert course(in_rounds(pool, wants), "approved")[:4] == [60.0, 60.0, 110.0, 110.0]


def test_who_declines_asks_again_only_at_the_next_round() -> None:
    """Of 100 awarded 70 are used; the 30 are asked for again in week 2, and 21 of them used."""
    pool = rounds(first=a_round(day(0), 100), second=a_round(day(14), 100))
    case = in_rounds(pool, take_up=0.7)
    assert course(case, "approved") == pytest.approx([70.0, 70.0, 91.0, 91.0, 91.0, 91.0])


def test_declined_units_are_lost_or_carried_with_the_remainder() -> None:
    pool = rounds(first=a_round(day(0), 100, carry=True), second=a_round(day(14), 0))
    case = in_rounds(pool, take_up=0.7)
    assert course(case, "approved")[-1] == pytest.approx(91.0)
    lost = in_rounds(rounds(first=a_round(day(0), 100), second=a_round(day(14), 0)), take_up=0.7)
    assert course(lost, "approved")[-1] == pytest.approx(70.0)


def test_without_rounds_what_is_declined_is_not_asked_for_again() -> None:
    gates = {
        "licence": grants("licensed", pool="volume", take_up=0.5),
        "export": passes("shipped", requires=["licence"]),
        "installation": passes("installed"),
    }
    wants = {"buyer": want(0, schedule=[{"on": day(0), "units": 60}, {"on": day(14), "units": 40}])}
    case = scenario(gates, wants, {"volume": stock(1000)}, periods=4)
    assert course(case, "licensed") == [30.0, 30.0, 50.0, 50.0]
    assert Play(case).to(4).pool("volume") == 950.0


def test_what_was_declined_and_withdrawn_since_does_not_stand_against_new_orders() -> None:
    """Half of 100 is declined and soon withdrawn; of 40 ordered much later half is used again."""
    gates = {
        "licence": grants("licensed", take_up=0.5),
        "export": passes("shipped", requires=["licence"], patience_days=0.1),
        "installation": passes("installed"),
    }
    late = [{"on": day(0), "units": 100}, {"on": day(28), "units": 40}]
    case = scenario(gates, {"buyer": want(0, schedule=late)}, periods=6)
    assert course(case, "licensed") == pytest.approx([50.0, 50.0, 50.0, 50.0, 70.0, 70.0])


def test_who_is_not_eligible_gets_nothing() -> None:
    pool = rounds(first=a_round(day(0), 60, eligible=["one"]))
    play = Play(in_rounds(pool, {"one": want(40), "two": want(40)})).to(1)
    assert play.units("approved", company="one") == 40.0
    assert play.units("approved", company="two") == 0.0


def test_named_shares_of_a_round_are_not_passed_on() -> None:
    """Three quarters of 60 are for one, who asks for 40: its 5 left over do not go to the other."""
    pool = rounds(first=a_round(day(0), 60, shares=shares(one=0.75, two=0.25)))
    play = Play(in_rounds(pool, {"one": want(40), "two": want(40)})).to(1)
    assert play.units("approved", company="one") == 40.0
    assert play.units("approved", company="two") == 15.0
    assert play.state.rounds["rounds"].perished[0] == 5.0


def test_two_rounds_of_one_week_are_awarded_one_after_the_other() -> None:
    pool = rounds(first=a_round(day(7), 30), second=a_round(day(8), 50))
    assert course(in_rounds(pool), "approved")[:2] == [0.0, 80.0]
    assert course(in_rounds(pool, {"buyer": want(70)}), "approved")[:2] == [0.0, 70.0]


def test_two_rounds_of_one_week_share_a_ceiling() -> None:
    pool = rounds(first=a_round(day(7), 30), second=a_round(day(8), 50))
    case = in_rounds(pool, conditions={"cap": {"kind": "cap", "amount": 40}})
    assert course(case, "approved")[:2] == [0.0, 40.0]


def test_a_round_counts_in_the_unit_of_its_pool() -> None:
    """One chip has a TPP of 8,000: 400,000 TPP are 50 chips."""
    pool = rounds(unit="tpp", first=a_round(day(0), 400_000))
    play = Play(in_rounds(pool)).to(1)
    assert play.units("approved") == pytest.approx(50.0)
    assert play.state.rounds["rounds"].booked[0] == pytest.approx(400_000.0)


def postponed(while_shut: str | None) -> list[float]:
    states = opening((week(1), "shut"), (day(17), "open"), while_shut=while_shut)
    return course(in_rounds(rounds(first=a_round(day(9), 40)), opening=states), "approved")


def test_a_round_that_falls_on_a_shut_gate_waits_for_a_week_that_begins_open() -> None:
    """Shut from week 1, open again on the Thursday of week 2: decided as week 3 begins."""
    assert postponed(None) == postponed("postpone") == [0.0, 0.0, 0.0, 40.0, 40.0, 40.0]


def test_a_round_may_be_skipped_instead() -> None:
    assert postponed("skip") == [0.0] * 6


def test_a_round_waits_until_all_gates_that_share_it_are_open() -> None:
    later = opening((day(-7), "shut"), (week(2), "open"))
    gates = {
        "approval-a": grants("approved", pool="rounds"),
        "approval-b": grants("approved", pool="rounds", opening=later),
        "export-a": passes("shipped", requires=["approval-a"]),
        "export-b": passes("shipped", requires=["approval-b"]),
        "installation": passes("installed"),
    }  # fmt: skip
    routes = {"a": ["export-a", "installation"], "b": ["export-b", "installation"]}
    wants = {"a": want(60, routes={"a": 1.0}), "b": want(60, routes={"b": 1.0})}
    case = scenario(gates, wants, {"rounds": rounds(first=a_round(day(0), 80))}, routes, 4)
    assert course(case, "approved") == pytest.approx([0.0, 0.0, 80.0, 80.0])
    assert course(case, "approved", company="b") == pytest.approx([0.0, 0.0, 40.0, 40.0])


def test_unused_and_pending_papers_are_not_asked_for_again() -> None:
    """Goods are short, so papers of the first round are still unused at the second."""
    pool = rounds(first=a_round(day(0), 70), second=a_round(day(14), 70))
    assert course(in_rounds(pool, goods=10), "approved")[-1] == 100.0
    late = in_rounds(pool, goods=10, lead_time_days=35)
    assert course(late, "approved")[-1] == 100.0


def test_pending_papers_do_not_count_at_allocation() -> None:
    """Granted in week 0 with two weeks until usable: stock is given out in week 2."""
    case = in_rounds(rounds(first=a_round(day(0), 30)), lead_time_days=14)
    assert course(case, "produced") == [0.0, 0.0, 30.0, 30.0, 30.0, 30.0]


def test_a_paper_lapses_when_its_life_is_over() -> None:
    """Usable in weeks 0 and 1 for a life of 14 days: 10 chips come in week 0, 30 in week 2."""
    gates = {
        "approval": grants("approved", pool="rounds", validity_days=14),
        "allocation": passes("produced", pool="made"),
        "export": passes("shipped", requires=["approval"]),
        "installation": passes("installed"),
    }
    pools = {
        "rounds": rounds(first=a_round(day(0), 100)),
        "made": {**stock(10), "flow": [
            {"from": day(0), "amount": 0, "per_days": 7},
            {"from": day(7), "amount": 5, "per_days": 7},
        ]},
    }  # fmt: skip
    case = scenario(gates, {"buyer": want(100)}, pools, periods=4)
    assert course(case, "shipped") == [10.0, 15.0, 15.0, 15.0]
    play = Play(case)
    lapsed = [play.to(n + 1).papers("approval", "lapsed") for n in range(4)]
    assert lapsed == [0.0, 0.0, 85.0, 85.0]


def test_a_life_is_counted_from_the_day_a_paper_is_usable() -> None:
    """With two weeks of lead time and a life of one: usable in week 2, lapsed in week 3."""
    pool = rounds(first=a_round(day(0), 100))
    case = in_rounds(pool, goods=10, lead_time_days=14, validity_days=7)
    play = Play(case)
    unused = [play.to(n + 1).papers("approval", "unused") for n in range(5)]
    assert unused == [0.0, 0.0, 90.0, 0.0, 0.0]


def test_a_life_between_two_weeks_ends_in_parts() -> None:
    """10 days are 1 3/7 weeks: 4/7 lapse after one week, the rest after two."""
    case = in_rounds(rounds(first=a_round(day(0), 70)), goods=0, validity_days=10)
    unused = each_period(case, lambda play: play.papers("approval", "unused"))
    assert unused[:3] == pytest.approx([70.0, 30.0, 0.0])


def test_papers_are_drawn_earliest_expiry_first() -> None:
    """40 papers from week 0 and 40 from week 1, a life of two weeks; 30 goods in week 1.

    The 30 draw papers of week 0, so that 10 lapse in week 2 and 40 in week 3.
    """
    pool = rounds(first=a_round(day(0), 40), second=a_round(day(7), 40))
    wants = {"buyer": want(100, need=1)}
    gates = {
        "approval": grants("approved", pool="rounds", validity_days=14),
        "allocation": passes("produced", pool="made", lead_time_days=7),
        "export": passes("shipped", requires=["approval"]),
        "installation": passes("installed"),
    }
    case = scenario(gates, wants, {"rounds": pool, "made": stock(30)}, periods=4)
    play = Play(case)
    lapsed = [play.to(n + 1).papers("approval", "lapsed") for n in range(4)]
    assert lapsed == [0.0, 0.0, 10.0, 50.0]
    assert play.papers("approval", "drawn") == 30.0


def test_units_whose_papers_lapsed_are_asked_for_again() -> None:
    pool = rounds(first=a_round(day(0), 100), second=a_round(day(21), 100))
    case = in_rounds(pool, goods=10, validity_days=14)
    assert course(case, "approved") == [100.0, 100.0, 100.0, 190.0, 190.0, 190.0]


def test_a_ceiling_on_papers_counts_those_that_are_still_worth_something() -> None:
    """A cap of 50 holds 50 papers; once 40 of them have lapsed, 40 new ones are granted."""
    gates = {
        "licence": grants(
            "licensed", validity_days=14, conditions={"cap": {"kind": "cap", "amount": 50}}
        ),
        "allocation": passes("produced", pool="made"),
        "export": passes("shipped", requires=["licence"]),
        "installation": passes("installed"),
    }
    case = scenario(gates, {"buyer": want(100)}, {"made": stock(10)}, periods=4)
    assert course(case, "licensed") == [50.0, 50.0, 90.0, 90.0]


def moving_cap(history: float = 100, share: float = 0.5, **parts: Any) -> Scenario:  # noqa: ANN401
    """A cap of a share of what a company elsewhere has had, behind a seller of 10 chips."""
    gates = {
        "licence": grants("licensed", pool="cap", **parts),
        "allocation": passes("produced", pool="made"),
        "export": passes("shipped", requires=["licence"]),
        "installation": passes("installed"),
    }
    pools = {
        "cap": {
            "supply": "share_of_flow", "share": share,
            "products": {"alpha": {"history": history}},
        },
        "made": stock(10),
    }  # fmt: skip
    return scenario(gates, {"buyer": want(200)}, pools, periods=5)


def test_a_moving_cap_is_reserved_at_grant_and_booked_at_draw() -> None:
    play = Play(moving_cap()).to(1)
    accounts = [play.pool("cap", name) for name in ("left", "reserved", "booked")]
    assert accounts == [0.0, 40.0, 10.0]
    assert play.units("licensed") == 50.0


def test_a_moving_cap_gets_back_what_lapses() -> None:
    """40 of 50 papers lapse in week 2; the cap grants them again in the same week."""
    case = moving_cap(validity_days=14)
    assert course(case, "licensed") == [50.0, 50.0, 90.0, 90.0, 130.0]
    play = Play(case).to(5)
    assert [play.pool("cap", name) for name in ("left", "reserved", "booked")] == [0.0, 40.0, 10.0]


def test_a_moving_cap_counts_tpp_if_it_says_so() -> None:
    """A share of a half of 100 units of a chip is 50 units in whatever metric it is counted."""
    case = moving_cap()
    pool = case.pools["cap"].model_copy(update={"unit": "tpp"})
    play = Play(case.model_copy(update={"pools": {**case.pools, "cap": pool}})).to(1)
    assert play.units("licensed") == pytest.approx(50.0)
    assert play.pool("cap", "reserved") == pytest.approx(40 * 8000)


def test_a_moving_cap_follows_what_companies_here_have_been_shipped() -> None:
    """A buyer elsewhere installs 20 a week: a tenth of it is the cap, a week behind."""
    gates = {
        "licence": grants("licensed", pool="cap"),
        "export": passes("shipped", requires=["licence"]),
        "sale": passes("produced"),
        "installation": passes("installed"),
    }
    pools = {
        "cap": {
            "supply": "share_of_flow", "share": 0.1,
            "products": {"alpha": {"history": 50, "companies": ["elsewhere"]}},
        },
    }  # fmt: skip
    routes = {
        "main": ["export", "installation"],
        "us": {"gates": ["sale", "installation"], "jurisdiction": "US"},
    }
    wants = {
        "buyer": want(200),
        "elsewhere": want(0, schedule=[over(day(0), day(70), 200)], routes={"us": 1.0}),
    }
    case = scenario(gates, wants, pools, routes, 4, companies={"elsewhere": {"outside": True}})
    assert course(case, company="elsewhere") == pytest.approx([20.0, 40.0, 60.0, 80.0])
    assert course(case, "licensed", company="buyer") == pytest.approx([5.0, 7.0, 9.0, 11.0])


def test_orders_may_follow_papers() -> None:
    """A tenth is ordered at once, the rest as papers are granted, a week after the grant."""
    pool = rounds(first=a_round(day(7), 40), second=a_round(day(21), 500))
    reaction = {"after": "approval", "before_share": 0.1}
    case = in_rounds(pool, {"buyer": want(100, reaction=reaction)})
    assert course(case, "ordered") == pytest.approx([10.0, 10.0, 50.0, 50.0, 100.0, 100.0])
    assert course(case, "approved") == pytest.approx([0.0, 40.0, 40.0, 100.0, 100.0, 100.0])
