"""Unit-days of waiting: cases worked by hand, and the same counted again from recorded paths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from headworks.flow.forecast import forecast
from headworks.flow.history import history
from tests.unit.flow.build import (
    EVIDENCE,
    Tree,
    a_round,
    day,
    grants,
    opening,
    over,
    passes,
    rounds,
    scenario,
    stock,
    want,
    week,
)
from tests.unit.flow.worlds import spread

if TYPE_CHECKING:
    from headworks.flow.history import History
    from headworks.flow.result import Forecast
    from headworks.scenario.scenario import Scenario


def unit_days(of: Scenario, periods: int) -> dict[str, float]:
    """Return the unit-days of waiting by gate, where there are any."""
    found = forecast(of, paths=2, at=[day(7 * periods - 1)], binding=False)
    rows = {row["gate"]: row["waiting_unit_days_med"] for row in found.binding_rows()}
    return {gate: days for gate, days in rows.items() if days > 1e-9}


def two_papers(goods: float = 1000, wants: Tree | None = None, **gates: Any) -> Scenario:  # noqa: ANN401
    """100 chips that need a licence and an approval to be allotted and shipped."""
    first = a_round(week(1), 60)
    found = {
        "licence": grants("licensed", pool="licences"),
        "approval": grants("approved", pool="approvals"),
        "allocation": passes("produced", pool="made"),
        "export": passes("shipped", requires=["licence", "approval"]),
        "installation": passes("installed"),
    } | gates
    pools = {
        "licences": rounds(first=a_round(week(2), 80)),
        "approvals": rounds(first=first),
        "made": stock(goods),
    }
    return scenario(found, wants or {"buyer": want(100)}, pools, periods=4)


def test_what_waits_for_papers_is_booked_to_the_scarcest() -> None:
    """No paper in week 0, and then no licence: of equally scarce ones the first by name.

    Week 0: 100 wait for both, booked to approval. Week 1: 60 approvals, no licence: 100 wait for
    licences. Weeks 2 and 3: 80 licences, 60 approvals: 60 pass, 40 wait for approvals.
    """
    expected = {"approval": 7 * (100 + 40 + 40), "licence": 7 * 100}
    assert unit_days(two_papers(), 4) == pytest.approx(
        {"all gates": sum(expected.values()), **expected}
    )


def test_what_has_papers_and_no_chip_waits_for_the_gate_itself() -> None:
    """With 50 chips ten of the 60 that hold both papers go without one, in weeks 2 and 3."""
    expected = {"approval": 7 * (100 + 40 + 40), "licence": 7 * 100, "allocation": 7 * 20}
    assert unit_days(two_papers(goods=50), 4) == pytest.approx(
        {"all gates": sum(expected.values()), **expected}
    )


def test_the_scarcest_paper_is_found_line_by_line() -> None:
    """One has a licence and no approval, the other an approval and no licence."""
    gates = {
        "licence": grants("licensed", pool="licences"),
        "approval": grants("approved", pool="approvals"),
        "export": passes("shipped", requires=["licence", "approval"]),
        "installation": passes("installed"),
    }
    pools = {
        "licences": rounds(first=a_round(day(0), 500, eligible=["one"])),
        "approvals": rounds(first=a_round(day(0), 500, eligible=["two"])),
    }
    case = scenario(gates, {"one": want(30), "two": want(50)}, pools, periods=2)
    expected = {"approval": 14.0 * 30, "licence": 14.0 * 50}
    assert unit_days(case, 2) == pytest.approx({"all gates": 14.0 * 80, **expected})


def test_papers_of_goods_on_their_way_are_spoken_for() -> None:
    """Papers of goods in the laboratory are no use to goods that come after them.

    Week 0: 30 are allotted and tested for three weeks. Week 1: 150 more are ordered; of 100 papers
    70 are free, so that 80 wait for papers and 70 for chips.
    """
    gates = {
        "approval": grants("approved", pool="approvals"),
        "allocation": passes("produced", pool="made", lead_time_days=21),
        "export": passes("shipped", requires=["approval"]),
        "installation": passes("installed"),
    }
    pools = {"approvals": rounds(first=a_round(day(0), 100)), "made": stock(30)}
    schedule = [{"on": day(0), "units": 30}, {"on": week(1), "units": 150}]
    wants = {"buyer": want(0, schedule=schedule)}
    early = scenario(gates, wants, pools, periods=2)
    # A round asks for the want of its week, so that only 30 are granted in week 0.
    assert unit_days(early, 2) == pytest.approx({"all gates": 7 * 150, "approval": 7 * 150})
    late = {**pools, "approvals": rounds(a=a_round(day(0), 30), b=a_round(week(1), 70))}
    expected = {"approval": 7.0 * 80, "allocation": 7.0 * 70}
    assert unit_days(scenario(gates, wants, late, periods=2), 2) == pytest.approx(
        {"all gates": 7.0 * 150, **expected}
    )


def test_wants_that_wait_for_a_paper_before_they_are_ordered_wait_for_it() -> None:
    gates = {
        "approval": grants("approved", pool="approvals"),
        "export": passes("shipped", requires=["approval"]),
        "installation": passes("installed"),
    }
    wants = {"buyer": want(100, reaction={"after": "approval", "before_share": 0.2})}
    pools = {"approvals": rounds(first=a_round(week(9), 100))}
    case = scenario(gates, wants, pools, periods=2)
    assert unit_days(case, 2) == pytest.approx({"all gates": 1400, "approval": 1400})


def lively_papers() -> Scenario:
    """Two routes, a shared stock, licences with a lead and a life, approvals in rounds, a halt."""
    gates = {
        "licence": grants("licensed", lead_time_days=spread(5, 30), validity_days=50),
        "approval": grants("approved", pool="approvals", take_up={
            "dist": "uniform", "p5": 0.4, "p95": 0.9, **EVIDENCE,
        }, validity_days=spread(30, 80)),
        "allocation": passes("produced", pool="made", lead_time_days=spread(5, 20)),
        "laboratory": passes(lead_time_days=10),
        "export": passes("shipped", requires=["licence", "approval"], lead_time_days=9,
                         opening=opening((week(5), "shut"), (week(7), "open"))),
        "hk_export": passes("shipped", requires=["licence"]),
        "installation": passes("installed", pool="power"),
    }  # fmt: skip
    pools = {
        "approvals": rounds(
            first=a_round(day(5), spread(80, 150)), second=a_round(day(40), spread(30, 200))
        ),
        "made": stock(60, spread(5, 20)),
        "power": stock(0.02, 0.01, unit="mw"),
    }
    routes = {
        "main": ["allocation", "laboratory", "export", "installation"],
        "hong-kong": ["allocation", "hk_export", "installation"],
    }
    wants = {
        "ash": want(spread(100, 200), routes={"main": 0.8, "hong_kong": 0.2}),
        "birch": want(0, schedule=[over(day(0), week(10), 90)]),
        "cedar": want(60, routes={"hong_kong": 1.0}),
    }
    return scenario(gates, wants, pools, routes, periods=14)


def counted(one: History) -> dict[str, float]:
    """Count unit-days from the record, line by line and week by week, with plain numbers."""
    found = dict.fromkeys((*one.net.goods, *one.net.papers), 0.0)
    for line, of_line in enumerate(one.net.lines):
        way = one.net.scenario.routes[of_line.route].gates
        for moment in range(1, len(one.stocks["ordered"])):
            for name in way:
                waits = at(one, "waiting", name, moment, line)
                paper, free = scarcest(one, name, way, moment, line)
                short = max(waits - free, 0.0)
                if paper:
                    found[paper] += 7 * short
                found[name] += 7 * (waits - short)
    return found


def scarcest(one: History, name: str, way: list[str], moment: int, line: int) -> tuple[str, float]:
    """Return the paper of which a gate has fewest left for a line, and how many."""
    gates = one.net.scenario.gates
    free = {paper: at(one, "waiting", paper, moment, line) for paper in gates[name].requires}
    if gates[name].pool == "made":
        drawing = next(gate for gate in way if gates[gate].requires)
        taken = at(one, "under_way", name, moment, line)
        for gate in way[way.index(name) + 1 : way.index(drawing) + 1]:
            taken += at(one, "waiting", gate, moment, line)
            if gate != drawing:
                taken += at(one, "under_way", gate, moment, line)
        for paper in gates[drawing].requires:
            free[paper] = max(at(one, "waiting", paper, moment, line) - taken, 0.0)
    if not free:
        return "", np.inf
    paper = min(sorted(free), key=lambda name: free[name])
    return paper, free[paper]


def at(one: History, what: str, gate: str, moment: int, line: int) -> float:
    kept: dict[str, Any] = getattr(one, what)
    return float(kept[gate][moment, one.net.places[gate].rows.lines.index(line)])


def test_the_same_is_counted_again_from_recorded_paths() -> None:
    case = lively_papers()
    found: Forecast = forecast(case, paths=8, seed=3, binding=False)
    gates = (*found.net.goods, *found.net.papers)
    seen = set()
    for path in range(8):
        again = counted(history(found.net, 3, path))
        recorded = dict(zip(gates, found.result.waiting[0][-1, :, path], strict=True))
        assert recorded == pytest.approx(again, rel=1e-9, abs=1e-6)
        seen |= {gate for gate, days in again.items() if days > 1}
    assert {"licence", "approval", "allocation", "export", "installation"} <= seen


def test_all_gates_together_are_what_waits_anywhere() -> None:
    """Every unit ordered and not yet installed waits somewhere, or is under way."""
    case = lively_papers()
    one = history(forecast(case, paths=2, seed=3, binding=False).net, 3, 0)
    under_way = sum(one.under_way[name].sum(axis=1) for name in one.net.goods)
    stuck = (one.stocks["ordered"] - one.stocks["installed"]).sum(axis=1) - under_way
    found = forecast(case, paths=2, seed=3, binding=False)
    assert found.result.waiting[0][-1, :, 0].sum() == pytest.approx(7 * stuck[1:].sum())
