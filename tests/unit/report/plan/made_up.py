"""A made-up plan: two lines, three outlooks, six months, and a word of everything a page shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from headworks.flow.line import Line
from headworks.planning.problem import Berths, Goods, Outlook, Problem, Sites, Works
from headworks.report.plan.reading import Run, shown

if TYPE_CHECKING:
    from headworks.report.plan.shown import PlanShown

MONTHS = tuple(dt.date(2026, month, 1) for month in range(2, 8))
LINES = (
    Line("ash", "h200-sxm", "mainland", 1.0),
    Line("ash", "ascend-910c", "domestic-910c", 1.0),
)
PROBABILITIES = (0.5, 0.3, 0.2)
ORDER = np.array([[100.0, 0.0, 200.0], [50.0, 50.0, 0.0]])
LATER = np.array([[30.0, 0.0], [0.0, 60.0]])
"""Of the first outlook's node, and of that of the other two, in the fifth month."""


KNOWN: list[dict[str, Any]] = [
    {"gate": "customs", "title": "Chinese customs", "value": 9.0e7,
     "standard_error": 1.2e7},
    {"gate": "cn_approval", "title": "Chinese approval", "value": 1.3e8,
     "standard_error": 2.0e7},
]  # fmt: skip
POLICIES: list[dict[str, Any]] = [
    {"name": "plan", "mean": 1.5e9, "p5": 0.9e9, "med": 1.4e9, "p95": 2.6e9,
     "regret_mean": 1.0e7, "served_share_mean": 0.8, "served_share_p5": 0.5,
     "served_share_p95": 1.0},
    {"name": "wait", "mean": 2.2e9, "p5": 1.0e9, "med": 2.1e9, "p95": 3.9e9,
     "regret_mean": 7.1e8, "served_share_mean": 0.5, "served_share_p5": 0.2,
     "served_share_p95": 0.7},
]  # fmt: skip
ENDLESS = {
    **POLICIES[1], "mean": None, "p95": None, "regret_mean": None, "served_share_mean": None,
    "served_share_p5": None, "served_share_p95": None,
}  # fmt: skip
"""A policy that comes to no end on some path."""


def problem() -> Problem:
    """Return the problem; only what a page reads of it means anything."""
    lines, months = len(LINES), len(MONTHS)
    nothing = np.zeros((lines, months))
    outlooks = tuple(
        Outlook(
            name=str(number), probability=chance, lag=np.zeros(lines, np.int64),
            slope=np.ones((1, lines, months)), offset=np.zeros((1, lines, months)),
            wanted=np.full((1, 1, months), 100.0), pairing_ratio=np.zeros((0, months)),
            pairing_grace=np.zeros(0), ceiling=np.zeros((0, months)), pool=np.zeros((0, months)),
            node=np.array([min(number, 1)]),
        )
        for number, chance in enumerate(PROBABILITIES)
    )  # fmt: skip
    ones = np.ones(lines)
    return Problem(
        months=MONTHS, lines=LINES, companies=("ash",), company=np.zeros(lines, np.int64),
        works=("serving",), window=3, dates=(4,), nodes=(0, 0),
        goods=Goods(
            price_usd=ones, prepaid=ones, nonrefundable=ones, residual_usd=nothing, power_mw=ones,
            lot=np.zeros(lines), committed=nothing, order_max=nothing + np.inf,
        ),
        berths=Berths(
            line=np.arange(lines), site=np.zeros(lines, np.int64), work=np.zeros(lines, np.int64),
            rate=ones,
        ),
        work=Works(rent_usd=np.ones(1), rent_max=np.ones(1), shortfall_usd=np.ones(1)),
        sites=Sites(
            names=("north",), company=np.zeros(1, np.int64), power_mw=np.ones((1, months)),
            build_usd=np.ones(1), build_lead=np.zeros(1, np.int64),
            build_max_mw=np.ones((1, months)),
        ),
        budget_usd=np.full((1, 1), np.inf), year=np.zeros(months, np.int64),
        discount=np.ones(months), ratios=(), ceilings=(), pools=(), outlooks=outlooks,
    )  # fmt: skip


def run() -> Run:
    """Return what follows: half of all orders arrive a month later, none, or all at once."""
    ordered = np.zeros((3, 2, 6))
    ordered[:, :, :3] = ORDER
    ordered[:, :, 4] = LATER[[0, 1, 1]]
    total = ordered.cumsum(axis=2)
    late = np.concatenate([np.zeros((3, 2, 1)), total[:, :, :-1]], axis=2)
    arrived = np.stack([0.5 * late[0], 0 * total[1], total[2]])
    served = np.minimum(arrived.sum(axis=1), 100.0)
    rented = np.where(served < 50, 20.0, 0.0)
    return Run(ORDER, LATER, arrived, served + rented, rented, 100.0 - served - rented)


def told() -> dict[str, Any]:
    """Return the plan as JSON."""
    return {
        "scenario": "made-up", "as_of": "2026-01-31", "companies": ["ash"], "status": "optimal",
        "objective": 1.5e9, "objective_unit": "usd", "gap": 0.004, "residual": 0.02,
        "outlooks": 3, "seed": 1, "reduction": "fast-forward",
        "orders": [
            {"company": "ash", "chip": "h200-sxm", "route": "mainland", "month": "2026-02",
             "units": 100.0},
            {"company": "ash", "chip": "h200-sxm", "route": "mainland", "month": "2026-04",
             "units": 200.0},
            {"company": "ash", "chip": "ascend-910c", "route": "domestic-910c",
             "month": "2026-02", "units": 50.0},
            {"company": "ash", "chip": "ascend-910c", "route": "domestic-910c",
             "month": "2026-03", "units": 50.0},
        ],
        "later_orders": [
            {"company": "ash", "chip": "ascend-910c", "route": "domestic-910c",
             "month": "2026-06", "units_mean": 30.0, "units_least": 0.0, "units_most": 60.0},
        ],
        "power": [{"company": "ash", "site": "north", "month": "2026-02", "power_mw": 1.5}],
        "prices": [
            {"constraint": "licence", "where": "ash:h200-sxm:mainland", "when": "2026-03",
             "unit": "units", "value": 21000.0,
             "sentence": "One h200-sxm more let through to ash by 2026-03 is worth 21,000 USD."},
            {"constraint": "power", "where": "north", "when": "2026-02", "unit": "MW",
             "value": 3.1e6, "sentence": "One more MW at site north is worth 3.10 million USD."},
            {"constraint": "power", "where": "south & <east>", "when": "2026-02", "unit": "MW",
             "value": 2.2e6, "sentence": "One more MW at south & <east> is worth 2.2 million USD."},
        ],
        "vss": 4.0e7, "evpi": 2.1e8,
        "value_of_information": KNOWN,
        "policies": POLICIES,
        "value_of_information_by_scenario": [
            {"scenario": "made-up", "value_of_information": KNOWN},
            {"scenario": "shut", "value_of_information": None},
            {"scenario": "late", "value_of_information": [{**KNOWN[0], "value": 0.0}]},
        ],
        "policies_by_scenario": [
            {"scenario": "made-up", "policies": POLICIES},
            {"scenario": "shut", "policies": [POLICIES[0], ENDLESS]},
            {"scenario": "late", "policies": POLICIES[::-1]},
        ],
        "policies_at_worst": [
            {"name": "plan", "scenario": "shut", "mean": 1.5e9, "served_share_mean": 0.8,
             "regret_scenario": "late", "regret_mean": 1.0e7},
            {"name": "wait", "scenario": "shut", "mean": None, "served_share_mean": None,
             "regret_scenario": "shut", "regret_mean": None},
        ],
        "worst_case": True,
        "scenarios": [
            {"name": "made-up", "outcome": 1.2e9, "cost_usd": 1.2e9, "served_share": 0.8,
             "outlooks": 3, "worst": False},
            {"name": "shut", "outcome": 2.5e9, "cost_usd": 2.5e9, "served_share": 0.3,
             "outlooks": 1, "worst": True},
        ],
        "gap_interval": {"mean": 1.0e6, "upper": 5.0e6, "level": 0.95},
        "remarks": ["Prices of work are assumed."],
    }  # fmt: skip


def made_up(**changes: Any) -> PlanShown:  # noqa: ANN401 - any field
    """Return what the page shows of it."""
    found = shown(
        told(), problem(), run(), title="A made-up scenario", about="Made up for a test.",
        answer="ash: within 3 months order 300 h200-sxm and 100 ascend-910c.",
        titles={"plan": "the plan", "wait": "order nothing now"}, fresh=200,
        command="headworks plan made-up --company ash --report plan.html",
    )  # fmt: skip
    return replace(found, **changes)
