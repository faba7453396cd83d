"""The seller's view, worked by hand: delivered, earned, left in stock, and the domestic share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from headworks.flow.forecast import forecast
from tests.unit.flow.build import (
    CHIPS,
    Tree,
    day,
    grants,
    over,
    passes,
    scenario,
    stock,
    want,
    week,
)
from tests.unit.flow.worlds import lively, spread

if TYPE_CHECKING:
    from headworks.flow.result import Forecast
    from headworks.scenario.scenario import Scenario

AT = (day(6), day(20), day(55))
"""The ends of weeks 0, 2 and 7."""


def sold(**more: Any) -> Scenario:  # noqa: ANN401 - any section
    """60 chips and 10 a week for a buyer of 100, and for one outside the story who wants 20."""
    gates = {
        "allocation": passes("produced", pool="made", lead_time_days=14),
        "export": passes("shipped"),
        "installation": passes("installed"),
    }
    wants = {
        "buyer": want(0, schedule=[over(day(0), week(5), 100)]),
        "elsewhere": want(0, schedule=[over(day(0), week(5), 20)]),
    }
    return scenario(
        gates, wants, {"made": stock(60, 10)}, companies={"elsewhere": {"outside": True}},
        **{"terms": {"alpha": {"price_usd": 30_000}}, **more},
    )  # fmt: skip


def view(found: Forecast, measure: str) -> dict[tuple[str, str], float]:
    """Return the medians of a measure by chip (or pool) and date."""
    return {
        (row["chip"], row["date"]): row["value_med"]
        for row in found.seller_rows()
        if row["measure"] == measure
    }


def on(chip: str, *values: float) -> dict[tuple[str, str], float]:
    """Return values by date, as `view` does."""
    return {(chip, at.isoformat()): value for at, value in zip(AT, values, strict=True)}


def test_delivered_is_what_buyers_within_the_story_were_shipped() -> None:
    """20 a week for five weeks, allotted at once, shipped two weeks later."""
    found = forecast(sold(), paths=2, at=AT, binding=False)
    assert view(found, "delivered_units") == pytest.approx(on("alpha", 0, 20, 100))


def test_revenue_is_what_was_delivered_times_the_price() -> None:
    found = forecast(sold(), paths=2, at=AT, binding=False)
    assert view(found, "revenue_usd") == pytest.approx(on("alpha", 0, 600_000, 3_000_000))


def test_what_is_left_is_what_was_made_less_what_all_buyers_were_allotted() -> None:
    """24 a week go, the buyer elsewhere's four among them; 60 + 10 − 24, 60 + 30 − 72, and so on.

    By week 7 all 120 are allotted, of 60 + 80 made.
    """
    found = forecast(sold(), paths=2, at=AT, binding=False)
    assert view(found, "stock_left") == pytest.approx(on("made", 46, 18, 20))


def test_on_every_path_the_stock_and_what_was_allotted_grow_by_the_inflow() -> None:
    gates = {
        "allocation": passes("produced", pool="made"),
        "export": passes("shipped", opening="shut"),
        "installation": passes("installed"),
    }
    wants = {"buyer": want(spread(20, 200)), "elsewhere": want(spread(5, 50))}
    pools = {"made": stock(spread(20, 100), 5)}
    case = scenario(gates, wants, pools, companies={"elsewhere": {"outside": True}})
    found = forecast(case, paths=80, at=AT, binding=False)
    left = found.result.pools[0]["made"]
    made = [
        left[number] + sum(found.samples("produced", company=name, at=at) for name in wants)
        for number, at in enumerate(AT)
    ]
    assert left.std() > 1
    np.testing.assert_allclose(made[1] - made[0], 10)
    np.testing.assert_allclose(made[2] - made[0], 35)


def test_revenue_and_orders_know_the_same_price() -> None:
    """With an elasticity of 1, price × orders is the reference × the want on every path."""
    terms = {
        "alpha": {
            "price_usd": spread(40_000, 90_000), "reference_price_usd": 20_000,
            "price_elasticity": 1,
        }
    }  # fmt: skip
    gates = {"export": passes("shipped"), "installation": passes("installed")}
    for seed in range(1, 6):
        case = scenario(gates, {"buyer": want(100)}, terms=terms)
        found = forecast(case, paths=1, seed=seed, at=[AT[2]], binding=False)
        ordered = found.samples("ordered")[0]
        assert 0 < ordered < 100
        earned = view(found, "revenue_usd")["alpha", AT[2].isoformat()]
        assert earned == pytest.approx(20_000 * 100)
        assert view(found, "delivered_units")["alpha", AT[2].isoformat()] == pytest.approx(ordered)


@pytest.mark.parametrize(("last", "delivered"), [("produced", 40.0), (None, 20.0)])
def test_without_an_export_delivered_is_what_was_allotted_or_else_installed(
    last: str | None, delivered: float
) -> None:
    """40 are allotted at once; in week 2 half of them have been put into service."""
    gates = {
        "allocation": passes(last, pool="made"),
        "installation": passes("installed", pool="crews"),
    }
    pools = {"made": stock(40), "crews": stock(0, 20 / 3)}
    found = forecast(scenario(gates, {"a": want(100)}, pools), paths=2, at=[AT[1]], binding=False)
    assert view(found, "delivered_units")["alpha", AT[1].isoformat()] == pytest.approx(delivered)


def test_each_buyer_counts_by_its_own_route() -> None:
    """One imports and is shipped 30 of 50; one at home is allotted 20: 50 are delivered."""
    gates = {
        "allocation": passes("produced", pool="made"),
        "export": passes("shipped", pool="lorries"),
        "installation": passes("installed"),
    }
    routes = {
        "abroad": ["allocation", "export", "installation"],
        "here": ["allocation", "installation"],
    }
    wants = {
        "importer": want(50, routes={"abroad": 1.0}),
        "neighbour": want(20, routes={"here": 1.0}),
    }
    pools = {"made": stock(100), "lorries": stock(30)}
    found = forecast(scenario(gates, wants, pools, routes), paths=2, at=[AT[0]], binding=False)
    assert view(found, "delivered_units") == {("alpha", AT[0].isoformat()): 50}
    assert view(found, "stock_left")["made", AT[0].isoformat()] == 30


def test_a_buyer_of_two_routes_counts_where_both_report() -> None:
    """Of 50 chips 40 go abroad, ten of them so far: both routes say that all were allotted."""
    gates = {
        "allocation": passes("produced", pool="made"),
        "export": passes("shipped", pool="lorries"),
        "installation": passes("installed"),
    }
    routes = {
        "abroad": ["allocation", "export", "installation"],
        "here": ["allocation", "installation"],
    }
    wants = {"buyer": want(50, routes={"abroad": 0.8, "here": 0.2})}
    pools = {"made": stock(100), "lorries": stock(10)}
    found = forecast(scenario(gates, wants, pools, routes), paths=2, at=[AT[0]], binding=False)
    assert found.samples("shipped")[0] == 10
    assert view(found, "delivered_units") == {("alpha", AT[0].isoformat()): 50}


def test_a_stock_of_papers_is_nobodys_to_sell() -> None:
    gates = {
        "licence": grants("licensed", pool="forms"),
        "allocation": passes("produced", pool="made"),
        "export": passes("shipped", requires=["licence"]),
        "installation": passes("installed"),
    }
    pools = {"made": stock(30), "forms": stock(500)}
    found = forecast(scenario(gates, {"a": want(10)}, pools), paths=2, at=AT, binding=False)
    assert {pool for pool, _ in view(found, "stock_left")} == {"made"}


def two_sources(imports: float | Tree, made: float | Tree = 100) -> Scenario:
    """A buyer of imports and of 100 domestic chips, which are a quarter as strong."""
    gates = {
        "export": passes("shipped", pool="ports"),
        "factory": passes("produced", pool="made"),
        "installation": passes("installed"),
    }
    routes = {"main": ["export", "installation"], "home": ["factory", "installation"]}
    wants = {"buyer": {"alpha": want(1000), "home": want(100, routes={"home": 1.0})}}
    chips = {**CHIPS, "alpha": {**CHIPS["alpha"], "export_controlled_by": ["US"]}}
    pools = {"ports": stock(imports), "made": stock(made)}
    return scenario(gates, wants, pools, routes, chips=chips)


def shares_of(found: Forecast) -> dict[str, dict[str, Any]]:
    return {row["measure"]: row for row in found.domestic_share_rows() if row["company"] == "buyer"}


def test_the_domestic_share_is_counted_in_chips_in_performance_and_in_bandwidth() -> None:
    """100 of 400 chips; 100 quarters against 300 wholes; bandwidths are alike."""
    rows = shares_of(forecast(two_sources(300), paths=2, at=[AT[0]], binding=False))
    assert rows["units"]["value_med"] == pytest.approx(0.25)
    assert rows["h100e_tpp"]["value_med"] == pytest.approx(25 / 325)
    assert rows["h100e_bandwidth"]["value_med"] == pytest.approx(0.25)


def test_the_domestic_share_is_taken_path_by_path() -> None:
    found = forecast(
        two_sources(spread(50, 500), spread(20, 90)), paths=60, at=[AT[0]], binding=False
    )
    home, alpha = (found.samples(chip=chip, at=AT[0]) for chip in ("home", "alpha"))
    expected = home / (home + alpha)
    row = shares_of(found)["units"]
    assert row["value_mean"] == pytest.approx(expected.mean())
    assert row["value_p95"] == pytest.approx(np.quantile(expected, 0.95))
    assert abs(expected.mean() - home.mean() / (home + alpha).mean()) > 1e-3


def test_a_path_with_nothing_installed_has_no_share() -> None:
    """On half of the paths all is domestic, on the other half there is nothing at all."""
    maybe = {
        "dist": "discrete", "values": [0, 50], "probabilities": [0.5, 0.5],
        "kind": "assumed", "reason": "a case worked by hand",
    }  # fmt: skip
    found = forecast(two_sources(0, maybe), paths=40, at=[AT[0]], binding=False)
    assert 0 < (found.samples(at=AT[0]) > 0).sum() < 40
    assert {shares_of(found)["units"][f"value_{key}"] for key in ("mean", "p5", "p95")} == {1.0}
    nothing = shares_of(forecast(two_sources(0, 0), paths=2, at=[AT[0]], binding=False))
    assert nothing["units"]["value_med"] is None


def test_the_view_of_a_lively_case_adds_up() -> None:
    """Of one chip: delivered is the sum over the buyers within, and cedar is left out."""
    found = forecast(lively(), paths=50, seed=7, at=[day(111)], binding=False)
    units = sum(
        found.samples("shipped", company=name, chip="alpha", at=day(111))
        for name in ("ash", "birch")
    )
    row = next(
        row
        for row in found.seller_rows()
        if (row["chip"], row["measure"]) == ("alpha", "delivered_units")
    )
    assert row["value_mean"] == pytest.approx(np.mean(units))
    assert found.samples("shipped", company="cedar", at=day(111)).sum() > 0
