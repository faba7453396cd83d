"""What buyers have, pay and want, against figures worked out by hand."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pytest

import headworks as hw
from headworks.planning.calendar import HOURS_PER_MONTH
from headworks.planning.means.means import means
from headworks.planning.means.wanted import needs, wanted, wants
from headworks.planning.response.world import World
from headworks.throughput import Realised

if TYPE_CHECKING:
    from headworks.planning.means.means import Means
    from headworks.scenario.scenario import Scenario


def assumed(value: float) -> dict[str, object]:
    return {"value": value, "dist": "fixed", "kind": "assumed", "reason": "a test"}


def world(scenario: Scenario, *companies: str) -> World:
    return World(scenario, companies, seed=1)


def of(scenario: Scenario, *companies: str) -> Means:
    return means(world(scenario, *companies), Realised())


def test_prices_are_paid_in_two_parts_and_fall_evenly_over_the_life() -> None:
    found = of(hw.load("one-gate"), "buyer")
    assert found.goods.price_usd == pytest.approx([25_000])
    assert found.goods.prepaid == pytest.approx([0.5])
    assert found.goods.nonrefundable == pytest.approx([1.0])
    # Thirteen months, January 2026 to January 2027; a life of fifty.
    assert found.goods.residual_usd[0, -1] == pytest.approx(25_000 * (1 - 1 / 50))
    assert found.goods.residual_usd[0, 0] == pytest.approx(25_000 * (1 - 13 / 50))


def test_an_offer_goes_before_terms_and_terms_before_the_catalogue() -> None:
    scenario = hw.load("h200-2026")
    found = of(scenario, "bytedance")
    price = dict(
        zip(
            (line.chip for line in world(scenario, "bytedance").lines),
            found.goods.price_usd,
            strict=True,
        )
    )
    terms = scenario.terms["h200-sxm"]
    assert price["h200-sxm"] == pytest.approx(terms.price_usd.median * 1.25)
    assert scenario.planning is not None
    assert price["ascend-950pr"] == scenario.planning.offers["ascend-950pr"].price_usd.median
    catalogued = scenario.chips["mlu590"].price_usd
    assert catalogued is not None
    assert price["mlu590"] == catalogued.median


def test_a_prepayment_that_terms_ask_for_is_never_given_back() -> None:
    scenario = hw.load("h200-2026")
    found = of(scenario, "bytedance")
    lines = [line.chip for line in world(scenario, "bytedance").lines]
    assert found.goods.nonrefundable[lines.index("h200-sxm")] == 1.0
    assert found.goods.nonrefundable[lines.index("mlu590")] < 1.0


def test_hours_of_work_are_counted_by_the_month() -> None:
    found = of(hw.load("one-gate"), "buyer")
    assert pytest.approx(8766 / 12) == HOURS_PER_MONTH
    assert found.work.shortfall_usd == pytest.approx([5 * HOURS_PER_MONTH])
    assert found.work.rent_max == pytest.approx([0.0])


def test_later_orders_are_placed_at_quarters_after_the_window() -> None:
    scenario = hw.load("open-gates")
    months = world(scenario, "large").months
    found = of(scenario, "large")
    assert [months[date] for date in found.dates] == [
        dt.date(2026, 7, 1),
        dt.date(2026, 10, 1),
        dt.date(2027, 1, 1),
    ]
    assert means(world(scenario, "large"), Realised(), 8).dates == (9, 12)


def test_a_route_serves_only_works_of_its_use() -> None:
    scenario = hw.load("open-gates")
    here = world(scenario, "large")
    found = of(scenario, "large")
    assert scenario.planning is not None
    works = list(scenario.planning.works)
    pairs = {
        (here.lines[line].route, works[work])
        for line, work in zip(found.berths.line, found.berths.work, strict=True)
    }
    assert pairs == {
        ("mainland", "training"),
        ("mainland", "inference"),
        ("hong-kong", "inference"),
    }


def test_power_limits_only_where_the_company_has_a_site() -> None:
    scenario = hw.load("open-gates")
    here = world(scenario, "large")
    found = of(scenario, "large")
    by_route = {
        here.lines[line].route: site
        for line, site in zip(found.berths.line, found.berths.site, strict=True)
    }
    assert by_route == {"mainland": 0, "hong-kong": -1}
    assert found.sites.power_mw[0] == pytest.approx([8.0] * len(here.months))
    assert found.sites.build_lead.tolist() == [3]
    assert found.sites.build_max_mw[0].tolist() == [1.0] * 6 + [0.0] * 7
    # 700 W per chip, times the overhead of 1.5.
    assert found.goods.power_mw == pytest.approx([700 * 1.5e-6] * 2)


def test_a_budget_holds_in_its_year_alone() -> None:
    found = of(hw.load("open-gates"), "large", "medium")
    assert found.budget_usd.tolist() == [[4e8, np.inf], [np.inf, np.inf]]
    assert found.year.tolist() == [0] * 12 + [1]


def test_money_of_a_year_hence_is_discounted_once() -> None:
    found = of(hw.load("open-gates"), "large")
    assert found.discount[0] == 1.0
    assert found.discount[12] == pytest.approx(1 / 1.1)


def test_what_is_wanted_is_what_the_needs_would_compute() -> None:
    scenario = hw.load("open-gates")
    here = world(scenario, "large")
    found = of(scenario, "large")
    assert scenario.planning is not None
    work = wanted(here, scenario.planning, found.rates, [0])
    h200 = found.rates.per_chip["training"]["h200-sxm"]
    assert h200 == pytest.approx(1.0, abs=0.01)  # the same processor, with more memory
    assert work[0, 0, -1, 0] == pytest.approx(0.5 * 10_000 * h200)
    assert needs(here, [0])[:, -1, 0].sum() == pytest.approx(10_000)


def test_need_is_a_share_of_what_is_said_to_be_wanted() -> None:
    scenario = hw.load("h200-2026")
    here = world(scenario, "bytedance")
    paths = list(range(5))
    assert np.all(needs(here, paths) <= wants(here, paths) + 1e-9)
    assert np.all(np.diff(wants(here, paths), axis=1) >= 0)


def test_a_buyer_that_says_what_it_wants_is_believed() -> None:
    scenario = hw.load(
        "one-gate",
        set_={
            "planning.buyers": {
                "buyer": {
                    "wanted": [
                        {"from": dt.date(2026, 3, 1), "h100e": assumed(500)},
                        {"from": dt.date(2026, 6, 15), "h100e": assumed(900)},
                    ]
                }
            }
        },
    )
    here = world(scenario, "buyer")
    found = of(scenario, "buyer")
    assert scenario.planning is not None
    work = wanted(here, scenario.planning, found.rates, [0])[0, 0, :, 0]
    assert work.tolist() == [0, 0, 500, 500, 500, *[900] * 8]
    assert not any("needs of chips" in remark for remark in found.remarks)


def test_committed_orders_stand_in_their_month_and_earlier_ones_in_the_first() -> None:
    orders = [
        {"chip": "H200", "route": "mainland", "on": day, "units": assumed(units)}
        for day, units in (
            (dt.date(2025, 6, 1), 40),
            (dt.date(2026, 1, 20), 2),
            (dt.date(2026, 4, 30), 7),
        )
    ]
    scenario = hw.load("one-gate", set_={"planning.buyers": {"buyer": {"committed": orders}}})
    assert of(scenario, "buyer").goods.committed[0].tolist() == [42, 0, 0, 7, *[0] * 9]


def test_a_work_that_nobody_can_measure_names_those_that_can_be() -> None:
    scenario = hw.load("one-gate", set_={"planning.works.any.measure": "h100e_ttp"})
    with pytest.raises(hw.UnknownName, match="did you mean h100e_tpp"):
        of(scenario, "buyer")


def test_what_is_taken_for_granted_is_said() -> None:
    found = of(hw.load("open-gates"), "medium")
    assert any("medium has no budget or site" in remark for remark in found.remarks)
