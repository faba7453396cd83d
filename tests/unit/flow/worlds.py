"""One scenario with chance in every part, small enough to run in a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.flow.build import (
    EVIDENCE,
    Tree,
    a_round,
    day,
    grants,
    over,
    passes,
    rounds,
    scenario,
    stock,
    want,
    week,
)

if TYPE_CHECKING:
    from headworks.scenario.scenario import Scenario


def spread(p5: float, p95: float, **more: object) -> Tree:
    """Return an uncertain number."""
    return {"dist": "lognormal", "p5": p5, "p95": p95, **EVIDENCE, **more}


def lively(periods: int = 16) -> Scenario:
    """Return three companies, two imports and a domestic chip, papers, customs and power."""
    process = {
        "open_at_start": 0.7, "mean_days_open": 30, "mean_days_shut": 15, "drivers": {"mood": 0.5},
    }  # fmt: skip
    gates = {
        "approval": grants("approved", pool="approvals", take_up={
            "dist": "uniform", "p5": 0.4, "p95": 0.9, "drivers": {"mood": 0.4}, **EVIDENCE,
        }, validity_days=60),
        "allocation": passes("produced", pool="made", lead_time_days=spread(5, 20)),
        "export": passes("shipped", requires=["approval"], lead_time_days=14),
        "customs": passes("cleared", opening={"process": process}, patience_days=90),
        "factory": passes("produced"),
        "installation": passes("installed", pool="power"),
    }  # fmt: skip
    pools = {
        "approvals": rounds(
            first=a_round(day(5), spread(80, 150), confirmed=0.8),
            second=a_round(day(40), spread(30, 300), delay_days=spread(5, 30)),
        ),
        "made": stock(60, spread(5, 20), weekly_noise=0.3),
        "power": stock(0.1, 0.05, unit="mw"),
    }
    routes = {
        "main": ["allocation", "export", "customs", "installation"],
        "home": ["factory", "installation"],
    }
    wants = {
        "ash": {"alpha": want(spread(100, 200)), "home": want(30, routes={"home": 1.0})},
        "birch": {"alpha": want(80), "beta": want(0, schedule=[over(day(0), week(10), 50)])},
        "cedar": want(60, need=spread(0.2, 0.9, high=1.0)),
    }
    drivers = {"mood": {"title": "A mood", "half_life_days": 120}}
    return scenario(
        gates, wants, pools, routes, periods, drivers=drivers,
        companies={"cedar": {"outside": True}},
    )  # fmt: skip
