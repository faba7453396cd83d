"""Orders, events and starting balances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from headworks.errors import InputError
from headworks.flow.balances import Balance, Holding, check_balances
from headworks.flow.network import network
from headworks.flow.recorder import finished_periods
from tests.unit.flow.build import (
    EVIDENCE,
    Play,
    Tree,
    a_round,
    course,
    day,
    each_period,
    grants,
    over,
    passes,
    rate,
    rounds,
    scenario,
    stock,
    want,
    week,
)

if TYPE_CHECKING:
    from headworks.scenario.scenario import Scenario

OPEN = {"installation": passes("installed")}


def test_an_order_counts_in_the_week_of_its_day() -> None:
    assert course(scenario(OPEN, {"a": want(10, on=day(8))}, periods=3)) == [0.0, 10.0, 10.0]


def test_orders_before_the_start_count_in_the_first_week() -> None:
    assert course(scenario(OPEN, {"a": want(10, on=day(-90))}, periods=2)) == [10.0, 10.0]


def test_a_want_that_builds_up_is_ordered_day_by_day() -> None:
    """35 over ten days from a Thursday: four days in week 0, six in week 1."""
    case = scenario(OPEN, {"a": want(0, schedule=[over(day(3), day(13), 35)])}, periods=3)
    assert course(case) == pytest.approx([14.0, 35.0, 35.0])


def test_what_built_up_before_the_start_counts_in_the_first_week() -> None:
    case = scenario(OPEN, {"a": want(0, schedule=[over(day(-7), day(14), 30)])}, periods=3)
    assert course(case) == pytest.approx([20.0, 30.0, 30.0])


def test_what_is_wanted_after_the_horizon_is_not_wanted() -> None:
    case = scenario(OPEN, {"a": want(0, schedule=[over(day(0), day(28), 40)])}, periods=2)
    assert course(case, "wanted") == pytest.approx([10.0, 20.0])


def test_a_want_is_split_over_routes_by_shares() -> None:
    gates = {"a": passes(), "b": passes(), "installation": passes("installed")}
    routes = {"one": ["a", "installation"], "two": ["b", "installation"]}
    case = scenario(gates, {"x": want(50, routes={"one": 0.7, "two": 0.3})}, routes=routes)
    play = Play(case).to(1)
    assert play.units("installed", route="one") == pytest.approx(35.0)
    assert play.units("installed", route="two") == pytest.approx(15.0)


def test_terms_scale_the_need() -> None:
    """Landed at 125 against 100, elasticity 2: 0.64; half prepaid deters a tenth of it."""
    tariff = {"value": 0.25, "dist": "fixed", **EVIDENCE}
    terms = {
        "alpha": {
            "price_usd": 100, "charges": {"tariff": tariff},
            "reference_price_usd": 100, "price_elasticity": 2, "prepayment": 0.5,
            "prepayment_deterrence": 0.2,
        }
    }  # fmt: skip
    case = scenario(OPEN, {"a": want(100)}, terms=terms)
    assert course(case)[0] == pytest.approx(100 * 0.64 * 0.9)
    assert course(case, "wanted")[0] == 100.0


def test_a_price_under_the_reference_does_not_raise_the_need() -> None:
    terms = {"alpha": {"price_usd": 50, "reference_price_usd": 100, "price_elasticity": 2}}
    assert course(scenario(OPEN, {"a": want(100)}, terms=terms))[0] == 100.0


def test_a_date_within_a_week_counts_the_last_finished_week() -> None:
    net = network(scenario(OPEN, {"a": want(1)}, periods=3))
    days = [day(n) for n in (0, 5, 6, 7, 12, 13, 20, 21)]
    assert [finished_periods(net, at) for at in days] == [0, 0, 1, 1, 1, 2, 3, 3]


def event(act: str, on: Any = None, share: float = 0.5, **parts: Any) -> Tree:  # noqa: ANN401
    return {
        "title": "News", "act": act, "on": on or week(1), "probability": 1, "share": share, **parts
    }  # fmt: skip


def chain(happening: Tree, *, after_export: bool = False) -> Scenario:
    """60 chips that are allotted once their licences are usable, in week 2."""
    gates = {
        "licence": grants("licensed", lead_time_days=14),
        "allocation": passes("produced", pool="made"),
        "laboratory": passes(),
        "export": passes("shipped"),
        "customs": passes("cleared", requires=["licence"]),
        "installation": passes("installed"),
    }
    gates["customs" if after_export else "laboratory"]["opening"] = "shut"
    wants = {"one": want(40), "two": want(20)}
    return scenario(gates, wants, {"made": stock(100)}, periods=4, events={"news": happening})


def licences(happening: Tree, weeks: int = 1) -> Play:
    """40 and 20 licences on the first day, with some weeks until usable; customs shut."""
    gates = {
        "licence": grants("licensed", lead_time_days=weeks * 7),
        "customs": passes("cleared", requires=["licence"], opening="shut"),
        "installation": passes("installed"),
    }
    wants = {"one": want(40), "two": want(20)}
    return Play(scenario(gates, wants, periods=4, events={"news": happening}))


def test_a_revocation_takes_unused_papers() -> None:
    """They are usable from week 1; in week 2 a quarter is revoked, and asked for again."""
    play = licences(event("revoke", week(2), 0.25, gate="licence")).to(3)
    assert play.papers("licence", "revoked") == 15.0
    assert (play.papers("licence", "unused"), play.papers("licence", "granted")) == (45.0, 75.0)


def test_a_revocation_takes_pending_papers_too() -> None:
    play = licences(event("revoke", week(0), 0.25, gate="licence")).to(1)
    assert play.papers("licence", "revoked") == 0.0  # it comes before the week's grants
    slow = licences(event("revoke", week(1), 0.5, gate="licence"), weeks=3).to(2)
    assert slow.papers("licence", "revoked") == 30.0
    assert slow.to(4).papers("licence", "unused") == 30.0
    assert slow.papers("licence", "under_way") == 30.0


def test_a_revocation_may_concern_one_company() -> None:
    play = licences(event("revoke", week(2), 0.5, gate="licence", companies=["one"])).to(3)
    assert play.papers("licence", "revoked") == 20.0


def test_papers_revoked_are_taken_as_those_that_would_lapse_first() -> None:
    """40 papers of week 0 and 40 of week 1, a life of two weeks; 40 are revoked in week 1."""
    gates = {
        "approval": grants("approved", pool="rounds", validity_days=14),
        "export": passes("shipped", requires=["approval"], opening="shut"),
        "installation": passes("installed"),
    }
    pool = rounds(first=a_round(day(0), 40), second=a_round(day(7), 40))
    news = {"news": event("revoke", week(1), 0.5, gate="approval")}
    case = scenario(gates, {"a": want(100)}, {"rounds": pool}, periods=4, events=news)
    assert each_period(case, lambda play: play.papers("approval", "revoked")) == [0, 20, 20, 20]
    assert each_period(case, lambda play: play.papers("approval", "lapsed")) == [0, 0, 20, 60]


def test_a_recall_takes_goods_that_wait() -> None:
    play = Play(chain(event("recall", on=week(3), share=0.5, gate="laboratory"))).to(4)
    assert play.units("recalled") == 30.0
    assert (play.waiting("laboratory"), play.pool("made", "returned")) == (30.0, 30.0)


def test_goods_recalled_after_export_do_not_return() -> None:
    case = chain(event("recall", on=week(3), share=0.5, gate="customs"), after_export=True)
    play = Play(case).to(4)
    assert (play.units("recalled"), play.pool("made", "returned")) == (30.0, 0.0)


def test_a_seller_who_turns_elsewhere_takes_stock_and_later_inflow() -> None:
    """40 a week; in week 1 half of the 80 then in stock is gone, and half of all that comes."""
    gates = {"installation": passes("installed", pool="made", opening="shut")}
    news = {"news": event("divert", pool="made")}
    case = scenario(gates, {"a": want(10)}, {"made": stock(0, 40)}, periods=4, events=news)
    assert each_period(case, lambda play: play.pool("made")) == [40.0, 40.0, 60.0, 80.0]
    assert each_period(case, lambda play: play.pool("made", "perished")) == [0.0, 40.0, 40.0, 40.0]


def test_an_event_before_the_start_acts_in_the_first_week() -> None:
    gates = {"installation": passes("installed", pool="made")}
    news = {"news": event("divert", on=day(-5), pool="made")}
    case = scenario(gates, {"a": want(100)}, {"made": stock(40)}, periods=2, events=news)
    assert course(case) == [20.0, 20.0]


def test_events_of_one_week_act_in_the_order_of_their_names() -> None:
    """Goods recalled return to the stock, of which half is then taken: 60 + 30, then 45."""
    gates = {
        "allocation": passes("produced", pool="made"),
        "laboratory": passes(opening="shut"),
        "installation": passes("installed"),
    }
    happenings = {
        "a-recall": event("recall", share=0.5, gate="laboratory"),
        "b-divert": event("divert", share=0.5, pool="made"),
    }
    for names in (["a-recall", "b-divert"], ["b-divert", "a-recall"]):
        events = {name: happenings[name] for name in names}
        case = scenario(gates, {"a": want(60)}, {"made": stock(100)}, events=events)
        assert Play(case).to(2).pool("made") == 35.0


def test_an_event_at_a_gate_that_no_line_passes_does_nothing() -> None:
    gates = {"a": passes(), "b": passes(pool="used-by-none"), "installation": passes("installed")}
    routes = {"main": ["a", "installation"], "empty": ["b", "installation"]}
    news = {
        "one": event("recall", gate="b"),
        "two": event("divert", pool="used-by-none"),
        "three": {**event("shut", gate="b"), "for_days": 7, "share": None},
    }
    case = scenario(gates, {"x": want(5)}, {"used-by-none": stock(1)}, routes, events=news)
    assert course(case)[-1] == 5.0


def ledger(*rows: Balance) -> Play:
    """A seller with 10 a week, approval rounds of 30 in week 2, a voyage of two weeks."""
    gates = {
        "approval": grants("approved", pool="rounds", validity_days=21),
        "allocation": passes("produced", pool="made"),
        "export": passes("shipped", requires=["approval"], lead_time_days=14,
                         conditions={"cap": {"kind": "cap", "amount": 50}}),
        "installation": passes("installed"),
    }  # fmt: skip
    pools = {"rounds": rounds(first=a_round(week(2), 30)), "made": rate(10)}
    case = scenario(gates, {"buyer": want(0)}, pools, periods=6)
    return Play(case, balances=check_balances(rows, network(case)))


def balance(holding: Holding, units: float, gate: str = "") -> Balance:
    return Balance("buyer", "alpha", "main", holding, units, gate)


def test_goods_that_wait_at_the_start_count_as_ordered() -> None:
    play = ledger(balance("waiting", 25, "allocation"))
    assert (play.units("wanted"), play.units("ordered"), play.waiting("allocation")) == (25, 25, 25)
    assert play.to(1).units("produced") == 10.0


def test_goods_under_way_have_a_full_lead_time_to_go() -> None:
    """14 days from the start: there when week 2 begins."""
    play = ledger(balance("under_way", 7, "export"))
    assert [play.to(n).units("installed") for n in (1, 2, 3, 4)] == [0.0, 0.0, 7.0, 7.0]


def test_goods_under_way_at_the_start_do_not_displace_what_is_shipped_in_week_0() -> None:
    rows = [
        balance("under_way", 7, "export"), balance("waiting", 4, "export"),
        balance("unused", 9, "approval"),
    ]  # fmt: skip
    play = ledger(*rows)
    assert [play.to(n).units("installed") for n in (1, 2, 3, 4)] == [0.0, 0.0, 11.0, 11.0]


def test_unused_papers_are_usable_at_once_and_live_from_the_start() -> None:
    play = ledger(balance("unused", 8, "approval"), balance("waiting", 5, "export"))
    assert play.to(1).units("shipped") == 5.0
    assert play.to(3).papers("approval", "lapsed") == 0.0
    assert play.to(4).papers("approval", "lapsed") == 3.0


def test_what_has_passed_counts_against_ceilings_and_in_its_stock() -> None:
    rows = [
        balance("passed", 45, "export"), balance("passed", 45, "approval"),
        balance("installed", 45), balance("waiting", 20, "export"),
        balance("unused", 20, "approval"),
    ]  # fmt: skip
    play = ledger(*rows)
    assert (play.units("installed"), play.units("shipped"), play.units("approved")) == (45, 45, 65)
    assert play.to(1).units("shipped") == 50.0


def test_a_moving_cap_counts_the_papers_granted_before() -> None:
    """A cap of 50: 10 used up and 15 unused before the start leave 25."""
    gates = {
        "licence": grants("licensed", pool="cap"),
        "export": passes("shipped", requires=["licence"], opening="shut"),
        "installation": passes("installed"),
    }
    cap = {"supply": "share_of_flow", "share": 0.5, "products": {"alpha": {"history": 100}}}
    case = scenario(gates, {"buyer": want(200)}, {"cap": cap})
    rows = [balance("passed", 10, "licence"), balance("unused", 15, "licence")]
    play = Play(case, balances=rows)
    assert [play.pool("cap", name) for name in ("left", "reserved", "booked")] == [25, 15, 10]
    play.to(1)
    assert [play.pool("cap", name) for name in ("left", "reserved", "booked")] == [0, 40, 10]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (balance("waiting", -1, "export"), "not negative"),
        (balance("waiting", float("nan"), "export"), "not negative"),
        (Balance("buyer", "alpha", "moon", "installed", 1), "no such line"),
        (balance("installed", 1, "export"), "stands at no gate"),
        (balance("unused", 1, "export"), "grants no papers"),
        (balance("waiting", 1, "approval"), "moves no goods"),
        (balance("passed", 1, "nowhere"), "'nowhere' is no gate"),
        (balance("under_way", 1, "allocation"), "no lead time"),
    ],
)
def test_a_balance_that_does_not_fit_is_refused(row: Balance, words: str) -> None:
    with pytest.raises(InputError, match=words):
        ledger(row)


def test_all_faults_of_the_balances_are_listed() -> None:
    with pytest.raises(InputError) as error:
        ledger(balance("waiting", -1, "export"), balance("unused", 1, "export"))
    assert len(error.value.faults) == 2
