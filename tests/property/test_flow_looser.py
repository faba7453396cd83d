"""A looser gate never lowers what one line installs; with several lines it can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from headworks.flow.counterfactual import wide_open
from headworks.scenario.pool import RatePool
from tests.property.worlds import CHAIN, DRIVERS, STOCKS, numbers, openings, some, spans
from tests.tiers import examples
from tests.unit.flow.build import (
    Play,
    Tree,
    a_round,
    day,
    grants,
    over,
    passes,
    rate,
    rounds,
    scenario,
    stock,
    want,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headworks.scenario.scenario import Scenario

PERIODS = 9
amounts = st.integers(0, 40)


@st.composite
def lines(draw: st.DrawFn) -> Scenario:
    """Return a scenario of one line, without withdrawal, lapsing, pairing and lots.

    Without openings at rounds, too: one that is postponed may find more to grant.
    """
    gates: Tree = {}
    pools: Tree = {}
    for name, reported in zip(CHAIN, STOCKS, strict=True):
        pool = draw(st.sampled_from([None, "rate", "stock"]))
        weekly = draw(amounts)
        if pool:
            pools[f"of-{name}"] = rate(weekly) if pool == "rate" else stock(draw(amounts), weekly)
        cap = {"kind": "cap", "amount": draw(amounts), "per_days": draw(some(st.just(14)))}
        gates[name] = passes(
            reported, pool=f"of-{name}" if pool else None, opening=draw(openings()),
            lead_time_days=draw(some(spans)),
            conditions={"cap": cap} if draw(st.integers(0, 3)) == 0 else {},
        )  # fmt: skip
    drawing = draw(st.sampled_from(CHAIN))
    gates[drawing]["requires"] = ["licence", "approval"]
    each = {}
    for n in range(draw(st.integers(1, 3))):
        on, carry = day(draw(st.integers(0, 60))), draw(st.booleans())
        each[f"round-{n}"] = a_round(on, draw(numbers(1, 60)), carry=carry)
    pools["of-approval"] = rounds(**each)
    gates["approval"] = grants(
        "approved", pool="of-approval", take_up=draw(some(numbers(0.3, 1.0))),
        lead_time_days=draw(some(spans)),
    )  # fmt: skip
    pools["of-licence"] = rate(draw(amounts))
    gates["licence"] = grants(
        "licensed", pool=draw(st.sampled_from([None, "of-licence"])), opening=draw(openings())
    )
    if gates["licence"]["pool"] is None:
        del pools["of-licence"]
    schedule = [{"on": day(0), "units": 60}, over(day(0), day(draw(st.integers(1, 60))), 60)]
    return scenario(
        gates, {"only": want(0, schedule=schedule)}, pools, {"main": list(CHAIN)}, PERIODS,
        drivers=DRIVERS,
    )  # fmt: skip


def installed(of: Scenario) -> NDArray[np.float64]:
    play = Play(of, paths=3)
    return np.stack([play.to(n + 1).by_path("installed") for n in range(PERIODS)])


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow])
@given(lines(), st.data())
def test_with_one_line_an_opened_gate_never_lowers_what_is_installed(
    of: Scenario,
    data: Any,  # noqa: ANN401
) -> None:
    gate = data.draw(st.sampled_from(sorted(of.gates)))
    assert (installed(wide_open(of, [gate])) >= installed(of) - 1e-9).all(), gate


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.too_slow])
@given(lines(), st.data())
def test_with_one_line_a_larger_pool_never_lowers_what_is_installed(
    of: Scenario,
    data: Any,  # noqa: ANN401
) -> None:
    names = sorted(name for name, pool in of.pools.items() if pool.supply == "rate")
    assume(names)
    name = data.draw(st.sampled_from(names))
    pool = of.pools[name]
    assert isinstance(pool, RatePool)
    flow = pool.flow[0]
    more = flow.amount.model_copy(update={"value": flow.amount.median + 7.0})
    larger = pool.model_copy(update={"flow": [flow.model_copy(update={"amount": more})]})
    loose = of.model_copy(update={"pools": {**of.pools, name: larger}})
    assert (installed(loose) >= installed(of) - 1e-9).all(), name


def test_with_two_lines_a_looser_gate_can_lower_the_total() -> None:
    """One line's approvals double; it takes its part of the scarce stock and then gets stuck.

    100 chips are shared by claims. With 20 approvals the first company takes 20 and the second 80;
    with 100 approvals they take 50 each, and the first one's site has power for 10 only.
    """

    def total(approvals: float) -> float:
        gates = {
            "approval": grants("approved", pool="approvals", requests="ordered"),
            "allot-one": passes("produced", pool="made"),
            "allot-two": passes("produced", pool="made"),
            "export": passes("shipped", requires=["approval"]),
            "site-one": passes("installed", pool="power"),
            "site-two": passes("installed"),
        }
        routes = {
            "one": ["allot-one", "export", "site-one"],
            "two": ["allot-two", "site-two"],
        }
        wants = {"one": want(100, routes={"one": 1.0}), "two": want(100, routes={"two": 1.0})}
        pools = {"approvals": stock(approvals), "made": stock(100), "power": stock(10)}
        return Play(scenario(gates, wants, pools, routes)).to(8).units("installed")

    # Claims of 20 and 100 share 100 as 1 to 5, so that the second installs 500/6 of them.
    assert total(20) == pytest.approx(10 + 500 / 6)
    assert total(100) == pytest.approx(10 + 50)
