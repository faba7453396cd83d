"""Prices of limits against cases solved by hand and against solving anew."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from bench.plan_instance import Size, instance
from headworks.planning.answers.limits import block_of, limits
from headworks.planning.answers.prices import worth_of_more
from headworks.planning.problem import Ratio
from headworks.planning.solve.extensive import solve_extensive
from headworks.planning.solve.method import solve
from tests.plans import newsvendor, outlook, toy

if TYPE_CHECKING:
    from collections.abc import Callable

    from headworks.planning.answers.prices import WorthOfMore
    from headworks.planning.problem import Floats, Problem
    from headworks.planning.solve.solution import Solution

FEW = np.array([20.0])


def worths(
    problem: Problem,
    sizes: Floats = FEW,
    **options: Any,  # noqa: ANN401 (of a solve)
) -> dict[tuple[str, str], WorthOfMore]:
    """Return the worth of more by kind of limit, and place."""
    solver: Callable[..., Solution] = partial(solve, **options)
    found = worth_of_more(problem, solver(problem), sizes, solver)
    return {(one.constraint, one.where): one for one in found}


def gated(gate: float, price: float = 30.0) -> Problem:
    """Return a buyer who wants 25, of which a gate lets so many through."""
    through = outlook(1, 1, slope=[[[0.0]]], offset=[[[gate]]], wanted=[[[25.0]]])
    return newsvendor([25.0], price=price, outlooks=(through,))


def test_a_licence_is_worth_the_work_it_serves_less_the_price() -> None:
    found = worths(gated(10.0))
    (one,) = found.values()
    assert one.constraint == "licence"
    assert one.block == 1.0
    assert one.value == pytest.approx(100 - 30)
    assert one.sentence == (
        "The first further unit of chip let through to buyer (road) by 2026-01 is worth 70 USD."
    )


def test_sentences_call_companies_and_chips_by_their_names() -> None:
    problem = gated(10.0)
    names = {"chip": "H200", "buyer": "ByteDance"}
    (one,) = worth_of_more(problem, solve(problem), FEW, solve, called=names)
    assert one.sentence.startswith("The first further unit of H200 let through to ByteDance (road)")
    assert one.where == problem.lines[0].key


def test_a_licence_for_what_would_not_be_ordered_is_worth_nothing() -> None:
    """Rows of lead time and response bind together at no orders: their prices say nothing."""
    shut = gated(0.0, price=101.0)
    assert solve_extensive(shut).decisions.order[0, 0] == 0
    assert worths(shut) == {}


def test_a_licence_where_the_gate_is_shut_is_worth_what_an_order_then_brings() -> None:
    (one,) = worths(gated(0.0)).values()
    assert one.value == pytest.approx(70.0)


def test_a_block_is_worth_no_more_than_what_of_it_is_wanted() -> None:
    """Of a block of 20 with 10 through the gate, 15 are of use."""
    (one,) = worths(gated(10.0), np.array([400.0])).values()
    assert one.block == 20.0
    assert one.value == pytest.approx(15 * 70 / 20)
    assert one.sentence.startswith("The first 20 further units of chip let through")
    assert one.sentence.endswith("are worth 52 USD each.")


def test_budgets_are_worth_what_a_dollar_buys() -> None:
    """A million more buys a chip of 0.5 million, which saves a shortfall of 2 million, twice."""
    problem = newsvendor(
        [25.0], price=0.5e6, shortfall=2e6, budget_usd=np.array([[5e6]]),
    )  # fmt: skip
    one = worths(problem)["budget", "buyer"]
    assert one.sentence == (
        "1 million USD more in the budget of buyer for 2026 is worth 3.00 million USD."
    )
    assert (one.block, one.unit) == (1.0, "million USD")
    assert one.value == pytest.approx(2 * (2e6 - 0.5e6))


def test_a_lower_pairing_ratio_saves_domestic_chips() -> None:
    """10 imports, each paired with 2 domestic chips that cost 20 and are of no other use."""
    found = paired(wanted=10.0)
    assert worths(found, np.ones(2))["pairing", "export: pairs"].value == pytest.approx(
        (2.0 - 1.2) * 10 * 20
    )
    sentence = worths(found, np.ones(2))["pairing", "export: pairs"].sentence
    assert sentence == (
        "A pairing ratio of 1.2 domestic chips for each import instead of 2 at the median "
        "(export: pairs) saves 160 USD."
    )


def paired(wanted: float) -> Problem:
    """Return a buyer of imports that must be paired with domestic chips that do no work."""
    problem = newsvendor([wanted])
    both = outlook(
        2, 1, wanted=[[[wanted]]], pairing_ratio=[[0.5]], pairing_grace=[0.0]
    )  # fmt: skip
    goods = problem.goods
    two = {
        name: np.repeat(getattr(goods, name), 2, axis=0)
        for name in (
            "prepaid", "nonrefundable", "residual_usd", "power_mw", "lot", "committed", "order_max"
        )
    }  # fmt: skip
    return replace(
        problem,
        lines=(problem.lines[0], replace(problem.lines[0], chip="home")),
        company=np.array([0, 0]),
        goods=replace(goods, price_usd=np.array([30.0, 20.0]), **two),
        ratios=(Ratio("export: pairs", 0, np.array([1.0, 0.0]), np.array([0.0, 1.0]), "ordered"),),
        outlooks=(both,),
    )


@pytest.mark.parametrize("seed", range(4))
def test_prices_are_differences_of_best_objectives_by_either_method(seed: int) -> None:
    """Outlook by outlook, begun from the plan, as in one piece from nothing."""
    problem = instance(
        Size(companies=1, imported=2, domestic=1, months=6, window=2, outlooks=4, works=1), seed
    )
    sizes = np.full(len(problem.lines), 2_000.0)
    found = worths(problem, sizes, method="l-shaped", gap=0.005)
    base = solve_extensive(problem).objective
    for limit in limits(problem, sizes):
        gain = (base - solve_extensive(limit.more).objective) / limit.block
        slack = 2e-4 * base / limit.block
        one = found.get((limit.kind, limit.where))
        assert gain >= -slack / 1e3  # more never costs more
        if one is None:
            assert gain <= slack
        elif limit.kind != "budget":  # of which there is one for each year
            assert one.value == pytest.approx(gain, abs=slack)
            assert gain <= one.value_most * (1 + 1e-6) + slack / 1e3


def test_every_kind_of_limit_can_be_loosened() -> None:
    kinds = {limit.kind for limit in limits(toy(), np.array([100.0, 100.0]))}
    assert kinds == {"licence", "power", "budget", "pairing", "cap", "pool"}


def test_what_solvers_leave_open_is_said_to_be_less_than() -> None:
    """A gap that is wider than the gain leaves no more than a limit."""
    problem = gated(24.0)

    def loosely(asked: Problem, **_options: object) -> Solution:
        best = solve_extensive(asked)
        return replace(best, bound=best.bound - 1_000.0)

    (one,) = worth_of_more(problem, loosely(problem), FEW, loosely)
    assert not one.is_told
    assert one.value == pytest.approx(70.0)
    assert one.value_most == pytest.approx(1_070.0)
    assert "is worth less than 1,070 USD." in one.sentence


@pytest.mark.parametrize(
    ("amount", "block"), [(0.0, 1.0), (20.0, 1.0), (412_345.0, 20_000.0), (90.0, 4.0)]
)
def test_blocks_are_a_twentieth_in_one_figure(amount: float, block: float) -> None:
    assert block_of(amount) == block
