"""What holds in every period of every scenario: conservation, gates, papers and ceilings."""

from __future__ import annotations

import copy
import datetime as dt
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from headworks.flow.conservation import laws
from headworks.flow.goods import GoodsState
from headworks.flow.network import network
from headworks.flow.period import step
from headworks.flow.recorder import page, pairs
from headworks.flow.run import Result, Task, run
from headworks.scenario.condition import Cap, Pairing
from tests.property.worlds import PERIODS, build, trees
from tests.tiers import examples
from tests.unit.flow.build import START, Play, Tree, passes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.flow.papers import PaperState
    from headworks.flow.state import State
    from headworks.scenario.scenario import Scenario

Floats: TypeAlias = NDArray[np.float64]

PATHS = 3
few = settings(max_examples=examples(40), suppress_health_check=[HealthCheck.too_slow])
EPSILON = 1e-9


def amounts(state: State) -> Iterator[tuple[str, Floats]]:
    """Yield everything that must never be negative."""
    for name in ("wanted", "ordered", "installed", "withdrawn", "refused", "recalled"):
        yield name, state.stock(name)
    for name, goods in state.goods.items():
        yield f"waiting at {name}", goods.waiting
        yield f"passed by {name}", goods.passed
        if goods.under_way is not None:
            yield f"under way behind {name}", goods.under_way.amount
        if goods.credit is not None:
            yield f"credit at {name}", goods.credit
    for name, papers in state.papers.items():
        for kind in ("granted", "unused", "drawn", "lapsed", "revoked"):
            yield f"{kind} of {name}", getattr(papers, kind)
        if papers.pending is not None:
            yield f"pending of {name}", papers.pending.amount
    for name, pool in state.pools.items():
        for kind in ("left", "booked", "reserved", "perished", "inflow", "returned"):
            yield f"{kind} of {name}", getattr(pool, kind)


def check_laws(state: State) -> None:
    for law, left, right in laws(state):
        miss = np.abs(left - right) / np.maximum(1.0, np.abs(left))
        assert miss.size == 0 or miss.max() <= EPSILON, law


def scale_of(state: State) -> float:
    """Return the size that rounding errors are relative to."""
    return max(1.0, *(float(np.abs(values).max()) for _, values in amounts(state) if values.size))


def passed(gate: GoodsState | PaperState) -> Floats:
    return (gate.passed if isinstance(gate, GoodsState) else gate.granted).copy()


@few
@given(trees())
def test_the_laws_hold_in_every_period(tree: Tree) -> None:
    net = network(build(tree))
    state = Play(net, PATHS).state
    for period in range(PERIODS):
        step(state, period)
        check_laws(state)
        limit = -EPSILON * scale_of(state)
        for what, values in amounts(state):
            assert values.size == 0 or values.min() >= limit, (what, period)


@few
@given(trees())
def test_stocks_never_fall(tree: Tree) -> None:
    state = Play(build(tree), PATHS).state
    names = ("wanted", "ordered", "licensed", "approved", "produced", "shipped", "cleared",
             "installed", "withdrawn", "refused", "recalled")  # fmt: skip
    before = {name: state.stock(name).copy() for name in names}
    for period in range(PERIODS):
        step(state, period)
        for name in names:
            now = state.stock(name).copy()
            assert (now >= before[name]).all(), (name, period)
            before[name] = now


@few
@given(trees())
def test_nothing_passes_a_shut_gate_or_without_its_papers(tree: Tree) -> None:
    state = Play(build(tree), PATHS).state
    gates: list[GoodsState | PaperState] = [*state.goods.values(), *state.papers.values()]
    before = [passed(gate) for gate in gates]
    drawn = {name: papers.drawn.copy() for name, papers in state.papers.items()}
    for period in range(PERIODS):
        step(state, period)
        for gate, had in zip(gates, before, strict=True):
            if gate.opening is not None:
                shut = np.broadcast_to(gate.opening.share[period] <= 0, had.shape[1:])
                assert (passed(gate)[:, shut] == had[:, shut]).all(), gate.name
        for name, papers in state.papers.items():
            moved = np.zeros_like(papers.drawn)
            for gate, had in zip(gates, before, strict=True):
                if isinstance(gate, GoodsState) and name in gate.place.gate.requires:
                    for route, block in gate.place.rows.blocks.items():
                        moved[papers.place.rows.blocks[route]] += (gate.passed - had)[block]
            used = papers.drawn - drawn[name]
            np.testing.assert_allclose(used, moved, atol=1e-9, rtol=1e-9)
            drawn[name] = papers.drawn.copy()
        before = [passed(gate) for gate in gates]


def held_by(condition: Cap, state: State, gate: GoodsState | PaperState) -> dict[str, Floats]:
    """Return what counts against a cap by group, read from the record alone."""
    scenario = state.net.scenario
    counted = gate.passed if isinstance(gate, GoodsState) else (
        gate.granted - gate.lapsed - gate.revoked
    )  # fmt: skip
    found: dict[str, Floats] = {}
    for row, line in enumerate(gate.lines):
        if condition.companies is not None and line.company not in condition.companies:
            continue
        if condition.chips is not None and line.chip not in condition.chips:
            continue
        kin = scenario.companies[line.company].party_group or line.company
        label = {"line": line.key, "company": line.company, "party_group": kin, "all": ""}
        size = scenario.chips[line.chip].tpp or 0.0 if condition.metric == "tpp" else 1.0
        group = label[condition.by]
        found[group] = found.get(group, np.zeros(state.paths)) + counted[row] * size
    return found


@few
@given(trees())
def test_no_line_or_group_passes_above_a_cap(tree: Tree) -> None:
    state = Play(build(tree), PATHS).state
    gates: list[GoodsState | PaperState] = [*state.goods.values(), *state.papers.values()]
    caps = [
        (gate, condition)
        for gate in gates
        for condition in gate.place.gate.conditions.values()
        if isinstance(condition, Cap)
    ]
    past: list[list[dict[str, Floats]]] = [[held_by(c, state, gate) for gate, c in caps]]
    for period in range(PERIODS):
        step(state, period)
        past.append([held_by(c, state, gate) for gate, c in caps])
        for number, (_, condition) in enumerate(caps):
            span = condition.per_days
            weeks = PERIODS + 1 if span is None else int(span.median // 7)
            for group, now in past[-1][number].items():
                then = past[max(0, len(past) - 1 - weeks)][number][group]
                limit = condition.amount.median
                assert (now - then <= limit * (1 + 1e-9) + 1e-9).all(), (group, condition)


@few
@given(trees())
def test_no_company_imports_above_its_pairing(tree: Tree) -> None:
    scenario = build(tree)
    state = Play(scenario, PATHS).state
    pairs_of = [
        (gate, condition)
        for gate in state.goods.values()
        for condition in gate.place.gate.conditions.values()
        if isinstance(condition, Pairing)
    ]
    for period in range(PERIODS):
        home = state.installed.copy()
        before = [passed(gate) for gate, _ in pairs_of]
        step(state, period)
        for (gate, pairing), had in zip(pairs_of, before, strict=True):
            if pairing.grace_days is not None and period < pairing.grace_days.median / 7:
                continue
            key = f"gates.{gate.name}.conditions.pairing.ratio"
            ratio = state.draws.number(key, pairing.ratio)
            for company in scenario.companies:
                rows = [n for n, line in enumerate(gate.lines) if line.company == company]
                own = [
                    n for n, line in enumerate(state.net.lines)
                    if line.company == company and line.chip in pairing.domestic
                ]  # fmt: skip
                earned = home[own].sum(axis=0)
                inverse = pairing.direction == "domestic_per_imported"
                limit = earned / ratio if inverse else earned * ratio
                limit = limit + (pairing.grace.median if pairing.grace else 0.0)
                now, then = gate.passed[rows].sum(axis=0), had[rows].sum(axis=0)
                assert (now <= np.maximum(limit, then) * (1 + 1e-9) + 1e-9).all()


def recorded(
    scenario: Scenario, chunk_paths: int | None = None, first: int = 0, paths: int = 7
) -> Result:
    net = network(scenario)
    dates = [START + dt.timedelta(days=7 * n + 6) for n in range(PERIODS)]
    keep = page(net, dates, pairs(net))
    task = Task(
        net, 11, first, paths, (keep,), with_waiting=True, with_passage=True,
        chunk_paths=chunk_paths,
    )  # fmt: skip
    return run(task)


def assert_same(one: Result, other: Result) -> None:
    assert np.array_equal(one.pages[0], other.pages[0])
    assert one.waiting is not None
    assert other.waiting is not None
    assert np.array_equal(one.waiting, other.waiting)
    assert one.passage.keys() == other.passage.keys()
    assert all(np.array_equal(one.passage[gate], other.passage[gate]) for gate in one.passage)
    assert all(np.array_equal(one.pools[0][pool], other.pools[0][pool]) for pool in one.pools[0])


@settings(few, max_examples=examples(25))
@given(trees(), st.sampled_from([1, 2, 3, 6]))
def test_numbers_do_not_depend_on_the_size_of_a_chunk(tree: Tree, chunk_paths: int) -> None:
    scenario = build(tree)
    assert_same(recorded(scenario), recorded(scenario, chunk_paths))


@settings(few, max_examples=examples(25))
@given(trees(), st.integers(1, 6))
def test_numbers_do_not_depend_on_the_first_path(tree: Tree, cut: int) -> None:
    scenario = build(tree)
    whole, tail = recorded(scenario), recorded(scenario, first=cut, paths=7 - cut)
    assert np.array_equal(whole.pages[0][..., cut:], tail.pages[0])


def shuffled(tree: Any, order: Any) -> Any:  # noqa: ANN401 - a tree of plain values
    """Return a tree with the keys of all its mappings in another order."""
    if isinstance(tree, dict):
        keys = list(tree)
        order.shuffle(keys)
        return {key: shuffled(tree[key], order) for key in keys}
    return [shuffled(item, order) for item in tree] if isinstance(tree, list) else tree


@settings(few, max_examples=examples(40))
@given(trees(), st.randoms(use_true_random=False))
def test_numbers_do_not_depend_on_the_order_of_definition(tree: Tree, order: Any) -> None:  # noqa: ANN401
    assert_same(recorded(build(tree)), recorded(build(shuffled(copy.deepcopy(tree), order))))


@few
@given(trees(), st.integers(0, 4))
def test_a_gate_that_lets_all_pass_changes_nothing(tree: Tree, place: int) -> None:
    """Up to rounding, as papers are then counted at one gate more.

    Two things are left out: a recall of what waits at a gate (what has just come waits at the new
    one), and lots (where a rounding error decides whether one is complete).
    """
    for gate in tree["gates"].values():
        gate["lot"] = None
    tree["events"] = {n: e for n, e in tree["events"].items() if e["act"] != "recall"}
    plain = recorded(build(tree))
    with_gate = copy.deepcopy(tree)
    with_gate["gates"]["free"] = passes()
    for route in with_gate["routes"].values():
        route["gates"].insert(min(place, len(route["gates"]) - 1), "free")
    more = recorded(build(with_gate))
    np.testing.assert_allclose(plain.pages[0], more.pages[0], rtol=1e-9, atol=1e-9)
    for pool, left in plain.pools[0].items():
        np.testing.assert_allclose(left, more.pools[0][pool], rtol=1e-9, atol=1e-9)


@pytest.mark.slow
@settings(max_examples=1500, suppress_health_check=[HealthCheck.too_slow])
@given(trees())
def test_the_laws_hold_in_many_worlds(tree: Tree) -> None:
    state = Play(build(tree), PATHS).state
    for period in range(PERIODS):
        step(state, period)
        check_laws(state)
        limit = -EPSILON * scale_of(state)
        for what, values in amounts(state):
            assert values.size == 0 or values.min() >= limit, (what, period)
