"""The fixed model that all contestants compute: one chip, 25 companies, 7 gates, 156 weeks.

Orders arrive at a constant weekly rate and wait for the seller's stock, whose inflow is noisy. A
licence office that opens and shuts and approval rounds every 13 weeks issue papers. Goods are
allotted against unused papers, tested by a laboratory with a weekly rate, exported with their
papers, cleared by customs that open and shut, and installed at a weekly rate; what waits for
customs is withdrawn slowly. Every number is made up: the model measures speed.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headworks.scenario.scenario import Scenario

COMPANIES = 25
WEEKS = 156
START = dt.date(2026, 1, 5)

ORDERS_PER_WEEK = tuple(200.0 + 40.0 * number for number in range(COMPANIES))
STOCK_INITIAL = 300_000.0
STOCK_PER_WEEK = 15_000.0
STOCK_NOISE = 0.2
ROUND_EVERY_WEEKS = 13
ROUND_SIZE = (100_000.0, 400_000.0)
LICENCE_OPEN_DAYS, LICENCE_SHUT_DAYS = 180.0, 60.0
CUSTOMS_OPEN_DAYS, CUSTOMS_SHUT_DAYS = 120.0, 30.0
OPEN_AT_START = 0.7
LICENCE_LEAD_DAYS, LAB_LEAD_DAYS, INSTALLATION_LEAD_DAYS = 28.0, 14.0, 21.0
LAB_PER_WEEK = 20_000.0
INSTALLED_PER_WEEK = 18_000.0
CUSTOMS_PATIENCE_DAYS = 400.0


def scenario() -> Scenario:
    """Return the fixed model as a scenario."""
    from headworks.scenario.scenario import Scenario  # the script reads only the numbers above

    return Scenario.model_validate(
        {
            "scenario": "fixed-model",
            "title": "The fixed model of the speed benchmark",
            "as_of": START,
            "start": START,
            "periods": WEEKS,
            "chips": {"chip": _chip()},
            "pools": _pools(),
            "gates": _gates(),
            "routes": {
                "mainland": {
                    "gates": ["allocation", "laboratory", "export", "customs", "installation"]
                }
            },
            "companies": {f"company-{n:02d}": _company(n) for n in range(COMPANIES)},
        }
    )


def number(value: float, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - keys of a quantity
    """Return an assumed number."""
    return {"value": value, "dist": "fixed", "kind": "assumed", "reason": "benchmark", **more}


def _uniform(p5: float, p95: float) -> dict[str, Any]:
    return {"p5": p5, "p95": p95, "dist": "uniform", "kind": "assumed", "reason": "benchmark"}


def _chip() -> dict[str, Any]:
    return {"name": "Chip", "grade": "A", "peak_tflops": {"fp8": number(1000.0)}}


def _pools() -> dict[str, Any]:
    flow = [{"from": START, "amount": number(STOCK_PER_WEEK), "per_days": 7.0}]
    return {
        "stock": {
            "supply": "stock", "initial": number(STOCK_INITIAL), "flow": flow,
            "weekly_noise": number(STOCK_NOISE),
        },
        "approvals": {
            "supply": "rounds",
            "rounds": {
                f"round-{week:03d}": {
                    "on": START + dt.timedelta(weeks=week),
                    "size": _uniform(*ROUND_SIZE),
                    "confirmed": number(1.0),
                }
                for week in range(0, WEEKS, ROUND_EVERY_WEEKS)
            },
        },
        "slots": _rate(LAB_PER_WEEK),
        "halls": _rate(INSTALLED_PER_WEEK),
    }  # fmt: skip


def _rate(per_week: float) -> dict[str, Any]:
    flow = [{"from": START, "amount": number(per_week), "per_days": 7.0}]
    return {"supply": "rate", "flow": flow}


def _opening(open_days: float, shut_days: float) -> dict[str, Any]:
    return {
        "process": {
            "open_at_start": number(OPEN_AT_START),
            "mean_days_open": number(open_days),
            "mean_days_shut": number(shut_days),
        }
    }


def _gates() -> dict[str, Any]:
    return {
        "allocation": {"kind": "passes", "stock": "produced", "pool": "stock"},
        "licence": {
            "kind": "grants", "stock": "licensed",
            "opening": _opening(LICENCE_OPEN_DAYS, LICENCE_SHUT_DAYS),
            "lead_time_days": number(LICENCE_LEAD_DAYS),
        },
        "approval": {"kind": "grants", "stock": "approved", "pool": "approvals"},
        "laboratory": {
            "kind": "passes", "pool": "slots", "lead_time_days": number(LAB_LEAD_DAYS),
        },
        "export": {"kind": "passes", "stock": "shipped", "requires": ["licence", "approval"]},
        "customs": {
            "kind": "passes", "stock": "cleared",
            "opening": _opening(CUSTOMS_OPEN_DAYS, CUSTOMS_SHUT_DAYS),
            "patience_days": number(CUSTOMS_PATIENCE_DAYS),
        },
        "installation": {
            "kind": "passes", "stock": "installed", "pool": "halls",
            "lead_time_days": number(INSTALLATION_LEAD_DAYS),
        },
    }  # fmt: skip


def _company(n: int) -> dict[str, Any]:
    units = ORDERS_PER_WEEK[n] * WEEKS
    end = START + dt.timedelta(weeks=WEEKS)
    return {
        "name": f"Company {n}",
        "wants": {
            "chip": {
                "schedule": [{"from": START, "to": end, "units": number(units)}],
                "need": number(1.0),
                "routes": {"shares": {"mainland": 1.0}, "kind": "assumed", "reason": "one route"},
            }
        },
    }
