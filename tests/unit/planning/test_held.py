"""What a company has when a plan begins: it serves work, and counts in pairings and caps."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

import headworks as hw
from headworks.planning.response.prospect import prospect
from headworks.planning.response.world import World
from headworks.planning.solve.method import solve
from tests.plans import newsvendor, toy
from tests.unit.flow.build import passes, scenario, want
from tests.unit.planning.response.worlds import even

if TYPE_CHECKING:
    from headworks.planning.problem import Problem

QUICK = hw.Effort(paths=1, outlooks=1, fresh=0, prices=False)
HAVE = (
    hw.Balance("large", "h200-sxm", "mainland", "installed", 1000),
    hw.Balance("large", "h200-sxm", "hong-kong", "waiting", 500, gate="customs"),
)


def holding(problem: Problem, held: np.ndarray) -> Problem:
    return replace(problem, outlooks=tuple(replace(one, held=held) for one in problem.outlooks))


@pytest.mark.parametrize("method", ["extensive", "l-shaped"])
def test_what_is_held_is_not_ordered_again(method: str) -> None:
    """Ten are wanted and four are there: six more, at 30 each."""
    found = solve(holding(newsvendor([10.0]), np.array([[4.0]])), method=method)
    assert found.decisions.order[0, 0] == pytest.approx(6.0)
    assert found.objective == pytest.approx(180.0)
    assert found.courses[0].served.sum() == pytest.approx(10.0)


@pytest.mark.parametrize(("held", "left"), [(0.0, 40.0), (25.0, 15.0), (60.0, 0.0)])
def test_what_is_held_counts_under_a_cap_and_more_than_it_admits_is_not_undone(
    held: float, left: float
) -> None:
    cap = {"kind": "cap", "amount": 40}
    gates = {
        "export": passes("shipped", conditions={"forty": cap}),
        "installation": passes("installed"),
    }
    case = scenario(gates, {"ash": want(100)}, periods=26)
    balances = (hw.Balance("ash", "alpha", "main", "installed", held),)
    world = World(case, ("ash",), balances=balances)
    found = prospect(world, even(world, 100.0), paths=2, count=1)
    (one,) = found.outlooks(np.zeros((1, 1, len(world.months))))
    assert one.held is not None
    np.testing.assert_allclose(one.held, held)
    np.testing.assert_allclose(one.ceiling, left)


def test_domestic_chips_that_are_held_earn_imports_and_imports_use_them_up() -> None:
    """The pairing of `toy` lets in 5, and half a chip for each one at home that was ordered."""

    def most(far: float, home: float) -> float:
        problem = toy(served_min=0.0)
        held = np.array([[far, far], [home, home]])
        order_max = np.full((2, 2), np.inf)
        order_max[1] = 0.0  # no domestic chip can be ordered, so that none earns but those held
        free = replace(
            holding(problem, held), goods=replace(problem.goods, order_max=order_max),
            budget_usd=np.full((1, 2), np.inf),
        )  # fmt: skip
        found = solve(replace(free, ceilings=(), outlooks=tuple(
            replace(one, pool=np.full((1, 2), np.inf), ceiling=np.zeros((0, 2)),
                    pairing_ratio=np.array([[0.5, 0.5], [np.inf, np.inf]]))
            for one in free.outlooks
        )))  # fmt: skip
        return max(float(course.arrived[0, -1]) for course in found.courses)

    assert most(0.0, 0.0) == pytest.approx(5.0)
    assert most(0.0, 8.0) == pytest.approx(9.0)
    assert most(3.0, 8.0) == pytest.approx(6.0)
    assert most(30.0, 8.0) == pytest.approx(0.0)


def test_the_plan_orders_so_much_less_where_the_work_wanted_is_stated() -> None:
    """1,500 chips are there or on their way, and a chip more serves as much as one of those."""
    entry = {
        "from": dt.date(2026, 1, 5),
        "h100e": {"value": 4000, "dist": "fixed", "kind": "assumed", "reason": "a test"},
    }
    scenario = hw.load("open-gates", set_={"planning.buyers.large.wanted": [entry]})
    bare, held = (
        hw.plan(scenario, "large", balances=balances, effort=QUICK) for balances in ((), HAVE)
    )
    before, after = (one.orders()["units"].sum() for one in (bare, held))
    assert before > 2000
    assert before - after == pytest.approx(1500, rel=1e-6)
    assert held.solution.objective < bare.solution.objective


def test_plan_and_flow_agree_to_the_unit_with_what_is_held() -> None:
    effort = hw.Effort(paths=1, outlooks=1, fresh=1, prices=False, rolling=False)
    found = hw.plan("open-gates", "large", balances=HAVE, effort=effort)
    assert found.residual.expected == pytest.approx(0.0, abs=1e-9)
    assert found.trials[0].outcome[0] == pytest.approx(found.solution.objective)
    world, orders = found.prospect.world, found.solution.decisions.order
    placed = np.zeros((len(world.lines), len(world.months)))
    placed[:, : orders.shape[1]] = orders
    total = world.arrivals([placed], [0], lifted=False)[0][..., 0]
    promised = found.solution.courses[0].arrived + found.prospect.measured.held[..., 0]
    np.testing.assert_allclose(promised, total, atol=1e-6)
    assert total[:, -1].sum() == pytest.approx(11_500)


def test_what_is_held_is_told_line_by_line() -> None:
    found = hw.plan("open-gates", "large", balances=HAVE, effort=QUICK)
    rows = {row["route"]: row for row in found.to_json()["held"]}
    assert rows["mainland"]["units"] == rows["mainland"]["installed_mean"] == 1000
    assert rows["hong-kong"]["units"] == rows["hong-kong"]["installed_mean"] == 500
    assert any("1,000 h200-sxm of large (mainland)" in one for one in found.remarks)


def test_balances_that_fit_no_line_or_no_named_scenario_are_told() -> None:
    wrong = hw.Balance("large", "h200-sxm", "mainland", "waiting", 5, gate="custom")
    with pytest.raises(hw.InputError, match="did you mean customs"):
        hw.plan("open-gates", "large", balances=[wrong], effort=QUICK)
