"""Goods: lead times, allocation against papers, shared pools, lots, withdrawal, refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.flow.build import (
    Play,
    Tree,
    course,
    day,
    each_period,
    grants,
    over,
    passes,
    rate,
    scenario,
    stock,
    want,
    week,
)

if TYPE_CHECKING:
    from headworks.scenario.scenario import Scenario


def one_gate(lead_time_days: float | None = None, **parts: Tree) -> Scenario:
    gates = {
        "delivery": passes("produced", lead_time_days=lead_time_days),
        "installation": passes("installed"),
    }
    return scenario(gates, {"buyer": want(70)}, periods=5, **parts)


def test_without_a_lead_time_goods_pass_all_gates_within_the_period() -> None:
    assert course(one_gate()) == [70.0] * 5


def test_a_lead_time_of_whole_weeks_ends_as_its_last_week_begins() -> None:
    """Passed in week 0 with two weeks to go, goods are there when week 2 begins."""
    assert course(one_gate(14)) == [0.0, 0.0, 70.0, 70.0, 70.0]


def test_a_lead_time_of_ten_days_splits_between_two_weeks() -> None:
    """10 days are 1 3/7 weeks: 4/7 of the mass leaves after one, 3/7 after two."""
    assert course(one_gate(10)) == pytest.approx([0.0, 40.0, 70.0, 70.0, 70.0])


def test_a_lead_time_under_a_week_leaves_in_part_at_once() -> None:
    """3 days are 3/7 of a week: 4/7 of the mass arrives within the week."""
    assert course(one_gate(3)) == pytest.approx([40.0, 70.0, 70.0, 70.0, 70.0])


def test_a_lead_time_of_zero_is_none() -> None:
    assert course(one_gate(0)) == course(one_gate())


@pytest.mark.parametrize("weeks", [1, 2, 3])
def test_a_longer_lead_time_shifts_every_date(weeks: int) -> None:
    def case(lead_time_days: float) -> list[float]:
        gates = {
            "allocation": passes("produced", pool="made", lead_time_days=lead_time_days),
            "installation": passes("installed"),
        }
        wants = {"buyer": want(0, schedule=[over(day(0), day(40), 1000)])}
        return course(scenario(gates, wants, {"made": rate(30)}, periods=12))

    early, late = case(7), case(7 + 7 * weeks)
    assert late == [0.0] * weeks + early[:-weeks]


def test_the_mass_of_every_week_is_split_alone() -> None:
    """100 wanted, 35 a week; each 35 arrive as 20 after one week and 15 after two."""
    gates = {
        "allocation": passes("produced", pool="made", lead_time_days=10),
        "installation": passes("installed"),
    }
    case = scenario(gates, {"buyer": want(70)}, {"made": rate(35)}, periods=5)
    assert course(case) == pytest.approx([0.0, 20.0, 55.0, 70.0, 70.0])


def test_what_is_installed_counts_on_arrival() -> None:
    """The last gate lets through in week 0, with a week of work until the chips run."""
    gates = {"installation": passes("installed", pool="crews", lead_time_days=7)}
    case = scenario(gates, {"buyer": want(10)}, {"crews": rate(4)}, periods=5)
    assert course(case) == [0.0, 4.0, 8.0, 10.0, 10.0]


def with_approval(units: float, papers: float, **parts: float) -> Scenario:
    """Stock for all, `papers` approvals at once and for ever, a test of one week before export."""
    gates = {
        "approval": grants("approved", pool="approvals", requests="ordered"),
        "allocation": passes("produced", pool="made"),
        "laboratory": passes(lead_time_days=7),
        "export": passes("shipped", requires=["approval"]),
        "installation": passes("installed", **parts),
    }
    pools = {"made": stock(1000), "approvals": stock(papers)}
    return scenario(gates, {"buyer": want(units)}, pools, periods=5)


def test_allocation_gives_no_more_than_there_are_unused_papers() -> None:
    play = Play(with_approval(100, 30)).to(1)
    assert play.units("produced") == 30.0
    assert play.waiting("allocation") == 70.0


def test_goods_between_allocation_and_the_drawing_gate_count_against_unused_papers() -> None:
    """In week 1 the 30 papers are still unused, but 30 chips are under way to them."""
    case = with_approval(100, 30)
    assert course(case, "produced") == [30.0] * 5
    assert course(case, "shipped") == [0.0, 30.0, 30.0, 30.0, 30.0]


def test_a_gate_without_scarce_stock_does_not_look_ahead_at_papers() -> None:
    """A laboratory tests whatever comes, papers or not; only scarce stock is held for papers."""
    gates = {
        "approval": grants("approved", pool="approvals", requests="ordered"),
        "laboratory": passes("produced", pool="slots"),
        "export": passes("shipped", requires=["approval"]),
        "installation": passes("installed"),
    }
    pools = {"slots": rate(1000), "approvals": stock(30)}
    play = Play(scenario(gates, {"buyer": want(100)}, pools)).to(1)
    assert play.units("produced") == 100.0
    assert play.waiting("export") == 70.0


def two_routes(claims: tuple[float, float], supply: float, rule: str = "proportional") -> Scenario:
    """Two gates on two routes that book one stock; the second route passes a week's test first."""
    gates = {
        "allot-north": passes("produced", pool="made", rationing=rule),
        "allot-south": passes("produced", pool="made", rationing=rule),
        "installation": passes("installed"),
    }
    routes = {
        "north": ["allot-north", "installation"],
        "south": ["allot-south", "installation"],
    }
    wants = {
        "first": want(claims[0], routes={"north": 1.0}),
        "second": want(claims[1], routes={"south": 1.0}),
    }
    return scenario(gates, wants, {"made": stock(supply)}, routes)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("proportional", (30.0, 10.0)), ("constrained_equal_awards", (25.0, 15.0))],
)
def test_two_gates_that_share_a_pool_are_served_together(
    rule: str, expected: tuple[float, float]
) -> None:
    """40 for 90 and 30: a third of each. 40 for 60 and 15: the small claim first, then the rest."""
    claims = (90.0, 30.0) if rule == "proportional" else (60.0, 15.0)
    play = Play(two_routes(claims, 40, rule)).to(1)
    assert play.units("produced", company="first") == pytest.approx(expected[0])
    assert play.units("produced", company="second") == pytest.approx(expected[1])


def test_neither_gate_of_a_shared_pool_comes_first() -> None:
    one, other = Play(two_routes((90, 30), 40)).to(1), Play(two_routes((30, 90), 40)).to(1)
    assert one.units("produced", company="first") == other.units("produced", company="second")


def test_weights_count_companies_differently() -> None:
    """λ w with weights 2 and 1: 30 shared by claims of 100 and 100 as 20 and 10."""
    gates = {
        "allocation": passes(
            "produced", pool="made", rationing="constrained_equal_awards", weights={"big": 2.0}
        ),
        "installation": passes("installed"),
    }
    case = scenario(gates, {"big": want(100), "small": want(100)}, {"made": stock(30)})
    play = Play(case).to(1)
    assert play.units("produced", company="big") == pytest.approx(20.0)
    assert play.units("produced", company="small") == pytest.approx(10.0)


def in_lots(weekly: float, units: float = 25, lot: float = 10, **parts: float) -> Scenario:
    gates = {
        "allocation": passes("produced", pool="made", lot=lot, **parts),
        "installation": passes("installed"),
    }
    return scenario(gates, {"buyer": want(units)}, {"made": stock(0, weekly)}, periods=6)


def test_awards_under_the_least_lot_are_carried_as_credit() -> None:
    """4 a week: 4 and 8 are carried, 12 pass in week 2; again 4, 8, and 12 in week 5."""
    assert course(in_lots(4)) == [0.0, 0.0, 12.0, 12.0, 12.0, 24.0]


def test_credit_is_reserved_in_the_pool() -> None:
    play = Play(in_lots(4)).to(2)
    assert (play.pool("made"), play.pool("made", "reserved"), play.pool("made", "booked")) == (
        0.0,
        8.0,
        0.0,
    )
    play.to(3)
    assert (play.pool("made", "reserved"), play.pool("made", "booked")) == (0.0, 12.0)


def test_a_lot_is_a_least_lot_and_not_a_multiple() -> None:
    assert course(in_lots(17)) == [17.0, 17.0, 17.0, 17.0, 17.0, 17.0]
    assert course(in_lots(17, units=34)) == [17.0, 34.0, 34.0, 34.0, 34.0, 34.0]


def test_credit_for_goods_that_no_longer_wait_is_given_back() -> None:
    """5 wait of which none reaches a lot; as they withdraw, their credit returns to the pool."""
    case = in_lots(4, units=5, patience_days=7)
    play = Play(case).to(2)
    assert play.pool("made", "reserved") <= play.waiting("allocation") / 0.36
    play.to(6)
    left = play.waiting("allocation")
    assert 0 < left < 0.02
    assert play.pool("made", "reserved") == pytest.approx(left / 0.36787944117144233)
    assert play.units("installed") == 0.0


def patient(days: float, gate: str, *, export: bool = True) -> Play:
    """100 chips of stock; what waits at one gate (shut) is withdrawn with this patience."""
    gates = {
        "allocation": passes("produced", pool="made"),
        "laboratory": passes(),
        "export": passes("shipped" if export else None),
        "customs": passes("cleared"),
        "installation": passes("installed"),
    }
    gates[gate] |= {"opening": "shut", "patience_days": days}
    case = scenario(gates, {"buyer": want(80)}, {"made": stock(100)})
    return Play(case).to(1)


def test_an_impatient_share_is_withdrawn() -> None:
    assert patient(14, "customs").units("withdrawn") == pytest.approx(80 * (1 - 0.6065306597126334))


@pytest.mark.parametrize("gate", ["laboratory", "export"])
def test_goods_withdrawn_before_export_return_to_the_sellers_pool(gate: str) -> None:
    play = patient(7, gate)
    assert play.pool("made", "returned") == play.units("withdrawn") > 50
    assert play.pool("made") == pytest.approx(20 + play.units("withdrawn"))


def test_goods_withdrawn_after_export_do_not_return() -> None:
    play = patient(7, "customs")
    assert play.units("withdrawn") > 50
    assert (play.pool("made"), play.pool("made", "returned")) == (20.0, 0.0)


def test_orders_withdrawn_before_allocation_take_nothing_back() -> None:
    play = patient(7, "allocation")
    assert play.units("withdrawn") > 50
    assert (play.pool("made"), play.pool("made", "returned")) == (100.0, 0.0)


def test_without_an_export_goods_return_from_every_gate() -> None:
    play = patient(7, "customs", export=False)
    assert play.pool("made", "returned") == play.units("withdrawn") > 50


def test_what_returns_is_given_out_again_in_the_next_period() -> None:
    """The impatient buyer's chips go to the other one, a week later."""
    gates = {
        "allot-one": passes("produced", pool="made"),
        "allot-two": passes("produced", pool="made"),
        "held": passes(opening="shut", patience_days=7),
        "export": passes("shipped"),
        "installation": passes("installed"),
    }
    routes = {
        "one": ["allot-one", "held", "export", "installation"],
        "two": ["allot-two", "export", "installation"],
    }
    wants = {
        "one": want(50, routes={"one": 1.0}),
        "two": want(50, on=week(1), routes={"two": 1.0}),
    }
    case = scenario(gates, wants, {"made": stock(50)}, routes)
    play = Play(case).to(1)
    withdrawn = play.units("withdrawn")
    assert play.to(2).units("installed", company="two") == pytest.approx(withdrawn)


def inadmissible(what: str) -> Scenario:
    gates = {
        "allocation": passes("produced", pool="made"),
        "export": passes(
            "shipped", admits=[{"companies": ["good"], "from": week(1)}], on_inadmissible=what
        ),
        "installation": passes("installed"),
    }
    wants = {"good": want(10), "bad": want(0, schedule=[over(day(0), day(28), 40)])}
    return scenario(gates, wants, {"made": stock(100)}, periods=4)


def test_a_test_applies_from_its_first_day() -> None:
    assert course(inadmissible("hold"), "shipped", company="bad") == [10.0, 10.0, 10.0, 10.0]


def test_a_gate_that_holds_keeps_what_it_does_not_admit() -> None:
    play = Play(inadmissible("hold")).to(4)
    assert (play.units("refused"), play.waiting("export")) == (0.0, 30.0)


def test_a_gate_that_refuses_sends_it_back_to_the_seller() -> None:
    """Goods are refused as they come before the gate: 10 in each of weeks 1, 2 and 3."""
    case = inadmissible("refuse")
    assert course(case, "refused") == pytest.approx([0.0, 10.0, 20.0, 30.0])
    play = Play(case).to(4)
    assert play.pool("made", "returned") == pytest.approx(30.0)
    assert play.waiting("export") == 0.0


def test_goods_are_served_in_the_order_of_the_gates_and_not_of_their_names() -> None:
    gates = {"z": passes("produced"), "m": passes("shipped"), "a": passes("installed")}
    assert course(scenario(gates, {"buyer": want(5)}))[0] == 5.0


def test_power_is_booked_in_megawatts() -> None:
    """A chip of 1,000 W with an overhead of 1 takes 0.001 MW: 0.05 MW hold 50."""
    gates = {"installation": passes("installed", pool="site")}
    case = scenario(gates, {"buyer": want(80)}, {"site": stock(0.05, unit="mw")})
    play = Play(case).to(1)
    assert play.units("installed") == pytest.approx(50.0)


def test_orders_of_a_rate_are_lost_with_what_is_not_used() -> None:
    """10 a week perish in the weeks before the want."""
    gates = {"installation": passes("installed", pool="crews")}
    case = scenario(gates, {"buyer": want(25, on=week(2))}, {"crews": rate(10)}, periods=5)
    assert course(case) == [0.0, 0.0, 10.0, 20.0, 25.0]
    accrued = scenario(gates, {"buyer": want(25, on=week(2))}, {"crews": stock(0, 10)}, periods=5)
    assert course(accrued) == [0.0, 0.0, 25.0, 25.0, 25.0]
    perished = each_period(case, lambda play: play.pool("crews", "perished"))
    assert perished == [10.0, 20.0, 20.0, 20.0, 25.0]
