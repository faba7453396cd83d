"""The seam by which a plan's orders and awards enter the flow, and chosen paths are run again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pytest
from numpy.typing import NDArray

from headworks.flow.draws import Draws
from headworks.flow.network import network
from headworks.flow.placed import PlacedAwards, PlacedOrders
from headworks.flow.recorder import STOCKS, month_ends, page, pairs
from headworks.flow.run import Task, run, run_variants
from headworks.flow.schedule import requested
from headworks.flow.streams import Streams
from headworks.scenario.load import load
from tests.unit.flow.build import a_round, day, grants, passes, rounds, scenario, want
from tests.unit.flow.worlds import lively, spread

if TYPE_CHECKING:
    from headworks.flow.network import Network
    from headworks.scenario.scenario import Scenario

Floats: TypeAlias = NDArray[np.float64]


def task(found: Scenario, paths: int = 12) -> Task:
    net = network(found)
    return Task(net, 3, 0, paths, (page(net, month_ends(net), pairs(net)),), with_passage=True)


def own_orders(net: Network, seed: int, paths: int) -> PlacedOrders:
    """Return as a plan's what lines without a latent need would order by themselves."""
    draws = Draws(net.scenario, Streams(seed, 0, paths))
    lines = [
        number for number, line in enumerate(net.lines)
        if net.scenario.companies[line.company].wants[line.chip].need.is_certain
    ]  # fmt: skip
    units = np.zeros((net.scenario.periods, len(lines), paths))
    for row, number in enumerate(lines):
        line = net.lines[number]
        key = f"companies.{line.company}.wants.{line.chip}.schedule"
        for n, request in enumerate(net.scenario.companies[line.company].wants[line.chip].schedule):
            amount = line.share * draws.number(f"{key}.{n}.units", request.units)
            units[:, row] += requested(request, net.scenario)[:, None] * amount
    return PlacedOrders(tuple(lines), units)


def test_orders_placed_as_the_lines_order_give_the_same_numbers() -> None:
    plain = task(lively())
    placed = replace(plain, placed=own_orders(plain.net, 3, 12))
    one, other = run_variants([plain, placed])
    np.testing.assert_allclose(other.pages[0], one.pages[0], rtol=1e-12, atol=1e-9)
    for gate, passed in one.passage.items():
        np.testing.assert_allclose(other.passage[gate], passed, rtol=1e-12, atol=1e-9)
    assert one.pages[0][-1, STOCKS.index("installed")].sum() > 0


def test_the_certain_orders_of_a_teaching_scenario_placed_give_the_same_numbers() -> None:
    plain = task(load("open-gates"), 2)
    placed = replace(plain, placed=own_orders(plain.net, 3, 2))
    one, other = run_variants([plain, placed])
    np.testing.assert_allclose(other.pages[0], one.pages[0], rtol=1e-12)


@pytest.mark.parametrize("chunk_paths", [1, 2, 5])
def test_orders_may_differ_by_path_and_no_chunk_changes_them(chunk_paths: int) -> None:
    """Conservation is checked by the run itself; what is ordered is what was placed."""
    whole = task(lively(), 7)
    rows = (0, 3)
    units = np.random.default_rng(1).uniform(0, 20, (16, 2, 7))
    whole = replace(whole, placed=PlacedOrders(rows, units))
    cut = replace(whole, chunk_paths=chunk_paths)
    one, other = run(whole), run(cut)
    assert np.array_equal(one.pages[0], other.pages[0])
    ordered = one.pages[0][-1, STOCKS.index("ordered")]
    for row, number in enumerate(rows):
        line = whole.net.lines[number]
        at = [(g.company, g.chip) for g in whole.pages[0].groups].index((line.company, line.chip))
        np.testing.assert_allclose(ordered[at], units[:, row].sum(axis=0), rtol=1e-12)


def test_orders_alike_on_all_paths_may_be_given_once() -> None:
    plain = task(lively(), 5)
    units = np.full((16, 1, 1), 3.0)
    once = replace(plain, placed=PlacedOrders((2,), units))
    each = replace(plain, placed=PlacedOrders((2,), np.repeat(units, 5, axis=2)))
    assert np.array_equal(run(once).pages[0], run(each).pages[0])


@pytest.mark.parametrize("chosen", [(0, 1, 2), (5, 2, 11), (9,), (4, 4, 0)])
@pytest.mark.parametrize("chunk_paths", [None, 2])
def test_chosen_paths_are_the_same_as_among_all(
    chosen: tuple[int, ...], chunk_paths: int | None
) -> None:
    whole = task(lively())
    some = replace(whole, paths=len(chosen), chosen=chosen, chunk_paths=chunk_paths)
    all_paths, few = run(whole), run(some)
    assert np.array_equal(few.pages[0], all_paths.pages[0][..., list(chosen)])
    for gate, passed in all_paths.passage.items():
        assert np.array_equal(few.passage[gate], passed[..., list(chosen)])


def test_a_plan_is_asked_for_no_need_no_terms_and_no_reaction() -> None:
    """Of 100 wanted, half needed, ordered after papers, a plan of 30 orders 30 and gets 30."""
    gates = {
        "approval": grants("approved", pool="round"),
        "export": passes("installed", requires=["approval"]),
    }
    reacts = want(100, need=0.5, reaction={"after": "approval", "before_share": 0.1})
    case = scenario(gates, {"ash": reacts}, {"round": rounds(first=a_round(day(15), 60))})
    plain = task(case, 2)
    units = np.zeros((8, 1, 1))
    units[1] = 30.0
    found = run(replace(plain, placed=PlacedOrders((0,), units))).pages[0][-1, :, 0, 0]
    by_stock = dict(zip(STOCKS, found.tolist(), strict=True))
    assert by_stock["wanted"] == by_stock["ordered"] == by_stock["installed"] == 30.0
    assert by_stock["approved"] == 30.0  # of 60, since no more is claimed


def test_orders_placed_after_a_round_get_no_papers_from_it() -> None:
    gates = {
        "approval": grants("approved", pool="round"),
        "export": passes("installed", requires=["approval"]),
    }
    case = scenario(gates, {"ash": want(100)}, {"round": rounds(first=a_round(day(15), 60))})
    units = np.zeros((8, 1, 2))
    units[2, 0, 0] = units[3, 0, 1] = 50.0  # the round falls in the third week
    found = run(replace(task(case, 2), placed=PlacedOrders((0,), units))).pages[0]
    assert found[-1, STOCKS.index("installed"), 0].tolist() == [50.0, 0.0]


def test_a_short_pool_is_shared_by_what_is_placed() -> None:
    """200 for claims of 300 and 100, in proportion: 150 and 50; for 100 and 100, all of both."""
    gates = {"allocation": passes("installed", pool="made")}
    pool = {"made": {"supply": "stock", "initial": 200, "flow": []}}
    case = scenario(gates, {"ash": want(300), "birch": want(100)}, pool)
    plain = task(case, 2)
    units = np.zeros((8, 1, 2))
    units[0, 0] = [300.0, 100.0]
    found = run(replace(plain, placed=PlacedOrders((0,), units))).pages[0]
    np.testing.assert_allclose(found[-1, STOCKS.index("installed")], [[150, 100], [50, 100]])


def test_uncertain_starts_keep_their_luck_when_a_line_is_planned() -> None:
    """What the others draw does not move: their wants are the same to the bit."""
    gates = {"allocation": passes("installed")}
    case = scenario(gates, {"ash": want(spread(1, 9)), "birch": want(spread(1, 9))})
    plain = task(case, 20)
    placed = replace(plain, placed=PlacedOrders((0,), np.zeros((8, 1, 1))))
    one, other = run_variants([plain, placed])
    assert np.array_equal(one.pages[0][:, :, 1], other.pages[0][:, :, 1])
    assert not other.pages[0][:, :, 0].any()


def asking(**round_: Any) -> Scenario:  # noqa: ANN401 - parts of the round
    """Return two companies that ask a round of 100 for 90 and 60 papers."""
    gates = {
        "approval": grants("approved", pool="round"),
        "export": passes("installed", requires=["approval"]),
    }
    pool = {"round": rounds(first={**a_round(day(15), 100), **round_})}
    return scenario(gates, {"ash": want(90), "birch": want(60)}, pool)


def test_awards_placed_as_a_scenario_names_them_give_the_same_numbers() -> None:
    size = {**spread(60, 140), "dist": "uniform"}
    split = {"shares": {"ash": 0.7, "birch": 0.3}, "kind": "assumed", "reason": "a case"}
    named, plain = (task(asking(size=size, **more)) for more in ({"shares": split}, {}))
    awards = PlacedAwards(
        "round", "first", {"ash": np.full(12, 0.7), "birch": np.full(12, 0.3)}, np.ones(12)
    )
    one, other = run(named), run(replace(plain, awards=awards))
    np.testing.assert_array_equal(other.pages[0], one.pages[0])
    assert one.pages[0][-1, STOCKS.index("installed")].min() > 0


def test_each_path_has_awards_of_its_own_and_a_larger_round_gives_more() -> None:
    """Of 100, of 100 and of twice as much: no more than is claimed, and nothing to who has none."""
    shares = {"ash": np.array([0.5, 1.0, 0.45]), "birch": np.array([0.5, 0.0, 0.2])}
    awards = PlacedAwards("round", "first", shares, np.array([1.0, 1.0, 2.0]))
    for width in (None, 1):  # chunks of one path are run with another beside it
        plain = replace(task(asking(), 3), awards=awards, chunk_paths=width)
        found = run(plain).pages[0][-1, STOCKS.index("installed")]
        np.testing.assert_allclose(found, [[50, 90, 90], [50, 0, 40]])
