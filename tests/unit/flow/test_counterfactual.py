"""A gate wide open: what is lifted, and what stays."""

from __future__ import annotations

from typing import Any

import pytest

from headworks.flow.counterfactual import wide_open
from tests.unit.flow.build import (
    Play,
    a_round,
    day,
    grants,
    passes,
    rate,
    rounds,
    scenario,
    stock,
    want,
    week,
)

GOODS: dict[str, dict[str, Any]] = {
    "opening": {"opening": "shut"},
    "pool": {"pool": "made"},
    "ceiling": {"conditions": {"cap": {"kind": "cap", "amount": 1}}},
    "eligibility": {"admits": [{"companies": ["nobody"]}]},
    "refusal": {"admits": [{"companies": ["nobody"]}], "on_inadmissible": "refuse"},
}


def at_the_end(
    gates: dict[str, Any],
    opened: list[str],
    pools: dict[str, Any],
    events: dict[str, Any] | None = None,
) -> float:
    """Return what is installed in the end with some gates opened."""
    wants = {"buyer": want(60), "nobody": want(0)}
    case = scenario(gates, wants, pools, periods=6, events=events or {})
    return Play(wide_open(case, opened)).to(6).units("installed")


@pytest.mark.parametrize("part", sorted(GOODS))
def test_each_limit_of_a_goods_gate_is_lifted(part: str) -> None:
    gates = {"export": passes("shipped", **GOODS[part]), "installation": passes("installed")}
    pools = {"made": rate(1)} if part == "pool" else {}
    assert at_the_end(gates, [], pools) < 10
    assert at_the_end(gates, ["export"], pools) == 60.0


def test_an_event_that_shuts_an_opened_gate_does_not_happen() -> None:
    gates = {"export": passes("shipped"), "installation": passes("installed")}
    halt = {"title": "A halt", "act": "shut", "gate": "export", "on": day(0), "for_days": 90,
            "probability": 1}  # fmt: skip
    assert at_the_end(gates, ["installation"], {}, events={"halt": halt}) == 0.0
    assert at_the_end(gates, ["export"], {}, events={"halt": halt}) == 60.0


def test_a_diversion_of_a_stock_that_nobody_books_any_more_is_left_out() -> None:
    gates = {"export": passes("shipped", pool="made"), "installation": passes("installed")}
    news = {"title": "News", "act": "divert", "pool": "made", "on": day(0), "share": 0.9,
            "probability": 1}  # fmt: skip
    assert at_the_end(gates, [], {"made": stock(20)}, events={"news": news}) == pytest.approx(2.0)
    assert at_the_end(gates, ["export"], {"made": stock(20)}, events={"news": news}) == 60.0


@pytest.mark.parametrize(
    "parts", [{"take_up": 0.1}, {"pool": "rounds"}, {"validity_days": 7}, {"opening": "shut"}]
)
def test_each_limit_of_a_paper_gate_is_lifted(parts: dict[str, Any]) -> None:
    """Goods reach the export in week 2, so that papers with a life of a week lapse before."""
    gates = {
        "approval": grants("approved", **parts),
        "voyage": passes(lead_time_days=14),
        "export": passes("shipped", requires=["approval"], pool="slots"),
        "installation": passes("installed"),
    }
    pools = {"slots": rate(15)}
    if "pool" in parts:
        pools["rounds"] = rounds(first=a_round(week(1), 5))
    limited = at_the_end(gates, [], pools)
    assert limited < 60.0 or "validity_days" in parts
    assert at_the_end(gates, ["approval"], pools) == 60.0


def test_lead_times_and_papers_stay() -> None:
    gates = {
        "approval": grants("approved", pool="approvals"),
        "export": passes("shipped", requires=["approval"], lead_time_days=14, opening="shut"),
        "installation": passes("installed"),
    }
    case = wide_open(
        scenario(gates, {"a": want(60)}, {"approvals": stock(8)}, periods=6), ["export"]
    )
    play = Play(case)
    assert [play.to(n).units("installed") for n in (1, 2, 3)] == [0.0, 0.0, 8.0]


def test_opened_papers_still_ask_for_what_they_asked_for() -> None:
    """Rounds are asked for the stated want; wide open, they still are."""
    gates = {
        "approval": grants("approved", pool="rounds"),
        "export": passes("shipped", requires=["approval"]),
        "installation": passes("installed"),
    }
    pools = {"rounds": rounds(first=a_round(week(0), 5))}
    case = scenario(gates, {"a": want(60, need=0.5)}, pools)
    assert Play(wide_open(case, ["approval"])).to(1).units("approved") == 60.0
