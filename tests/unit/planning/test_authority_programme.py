"""The programme of a round against a search over all splits, and the curves that it is made of."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headworks.flow.executor import SerialExecutor
from headworks.planning.authority.case import case, until
from headworks.planning.authority.outcome import Flow
from headworks.planning.authority.programme import NEAR, Programme
from headworks.planning.authority.response import measured, weights
from headworks.planning.authority.rules import by_rule
from tests.unit.flow.build import day
from tests.unit.planning.rounds import SLOW, a_scenario, one_alpha

LEVELS = np.array([0.0, 0.5, 1.0])
GRID = np.linspace(0.0, 1.0, 21)


def made_up(moved: list[list[float]], domestic: float, rule: tuple[float, float]) -> Programme:
    """Return a programme of two applicants from what each level imports, all of it compute."""
    imported = np.concatenate([np.array(own) for own in moved])
    return Programme(
        levels=(LEVELS, LEVELS), compute=imported, books=np.array([[0.0], [domestic]]),
        moved=np.stack([imported, np.zeros_like(imported)])[:, None], base=domestic,
        rule=np.array(rule),
    )  # fmt: skip


def by_search(
    moved: list[list[float]], domestic: float, target: float, rule: tuple[float, float]
) -> float:
    """Return the largest compute less the price of distance, over a grid of splits."""
    worth = max(*moved[0], *moved[1], 1e-12)
    best = -np.inf
    for split in product(GRID, GRID):
        imports = sum(np.interp(a, LEVELS, own) for a, own in zip(split, moved, strict=True))
        if sum(split) <= 1 + 1e-9 and domestic * (1 - target) >= target * imports - 1e-9:
            apart = sum(abs(a - r) for a, r in zip(split, rule, strict=True))
            best = max(best, domestic + imports - NEAR * worth * apart)
    return float(best)


@settings(max_examples=15)
@given(
    first=st.tuples(st.integers(0, 50), st.integers(0, 50)),
    second=st.tuples(st.integers(0, 50), st.integers(0, 50)),
    target=st.sampled_from([0.0, 0.2, 0.5]),
)
def test_no_split_of_a_grid_is_better(
    first: tuple[int, int], second: tuple[int, int], target: float
) -> None:
    # Rising curves of any shape, bent up or down.
    moved = [[0.0, float(a), float(a + b)] for a, b in (first, second)]
    rule = (0.5, 0.5)
    one = made_up(moved, 40.0, rule)
    found = one.solve(target, np.zeros(2))
    assert found is not None
    worth = max(*moved[0], *moved[1], 1e-12)
    value = found.compute - NEAR * worth * np.abs(found.shares - rule).sum()
    assert value >= by_search(moved, 40.0, target, rule) - 1e-4 * worth
    # What it says of its own split is what the curves say.
    imports = sum(np.interp(a, LEVELS, own) for a, own in zip(found.shares, moved, strict=True))
    assert found.compute == pytest.approx(40.0 + imports, rel=1e-5, abs=1e-5)
    assert 40.0 * (1 - target) >= target * imports - 1e-4


def test_a_target_does_not_mix_no_award_with_a_large_one() -> None:
    # The first half imports 40 and the second nothing more: at a floor of 0.5 it cannot be 20.
    one = made_up([[0.0, 40.0, 40.0], [0.0, 0.0, 0.0]], 40.0, (0.5, 0.5))
    assert one.solve(0.6, np.array([0.5, 0.0])) is None
    assert one.largest_target(np.array([0.5, 0.0])) == pytest.approx(0.5, abs=1e-4)


def test_awards_that_add_nothing_follow_the_rule() -> None:
    one = made_up([[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]], 40.0, (0.7, 0.3))
    found = one.solve(0.0, np.zeros(2))
    assert found is not None
    assert found.shares == pytest.approx([0.7, 0.3], abs=1e-6)


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0, [1, 0, 0]), (0.25, [0.5, 0.5, 0]), (0.9, [0, 0.2, 0.8]), (2, [0, 0, 1])],
)
def test_an_award_lies_between_two_levels(share: float, expected: list[float]) -> None:
    assert weights(share, LEVELS) == pytest.approx(expected)


def test_curves_are_what_the_flow_makes_of_each_level() -> None:
    scenario = a_scenario()
    found = case(scenario, "first", paths=2)
    rule = by_rule(found, "proportional").shares
    response = measured(found, rule, Flow(found, SerialExecutor()).outcomes)
    alpha = one_alpha(scenario)
    for name, most in (("ash", 100.0), ("birch", SLOW)):
        n = found.applicants.index(name)
        own = 100 * response.levels[n]
        added = np.array([move.compute.mean() for move in response.moves[n]]) / alpha
        assert added == pytest.approx(np.minimum(own, most) - min(100 * rule[n], most))
        assert all(not move.everyone[1].any() for move in response.moves[n])
    at = response.at.books("each") / alpha
    assert at[1] == pytest.approx(np.array([[5, 5], [20, 20]]))


def test_claims_are_those_of_the_flow() -> None:
    # Of 30 and 70 that a round before has given ash and birch, neither asks again.
    early = {"on": day(0), "size": 100, "confirmed": 1, "shares": {
        "shares": {"ash": 0.3, "birch": 0.7}, "kind": "assumed", "reason": "a case"}}  # fmt: skip
    scenario = a_scenario(round_={"on": day(21)}, others={"early": early})
    found = case(scenario, "first", paths=2)
    assert dict(zip(found.applicants, found.claims, strict=True)) == pytest.approx(
        {"ash": 70, "birch": 10}
    )
    assert found.takes_place == 1.0


def test_where_the_round_does_not_take_place_every_split_becomes_the_same() -> None:
    """Run on all paths as they are: the flow itself says that no split changes the others."""
    scenario = a_scenario(round_={"confirmed": 0.6})
    found = case(scenario, "first", paths=12)
    assert 0 < found.held.sum() < 12
    splits = [np.array([0.6, 0.4]), np.array([0.1, 0.9]), np.array([0.0, 0.0])]
    once = Flow(found, SerialExecutor()).outcomes(splits)
    each = Flow(replace(found, held=np.ones(12, bool)), SerialExecutor()).outcomes(splits)
    for one, other in zip(once, each, strict=True):
        np.testing.assert_array_equal(one.applicants, other.applicants)
        np.testing.assert_array_equal(one.everyone, other.everyone)
    moved = np.abs(each[0].applicants - each[1].applicants).max(axis=(0, 1)) > 0
    np.testing.assert_array_equal(moved, found.held)


def test_trials_beyond_the_round_are_a_larger_round() -> None:
    scenario = a_scenario()
    found = case(scenario, "first", paths=2)
    outcome = Flow(found, SerialExecutor()).outcomes([np.array([1.0, 0.3])])[0]
    assert outcome.applicants[0].mean(axis=1) / one_alpha(scenario) == pytest.approx([100, 30])


def test_a_scenario_cut_at_a_day_has_by_then_what_the_whole_one_has() -> None:
    from headworks.flow.forecast import forecast
    from tests.unit.flow.worlds import lively

    whole = lively()
    at = day(69)
    short = until(whole, at)
    assert short.periods == 10
    mine = forecast(short, paths=20, at=at, binding=False).samples()
    assert mine.tolist() == forecast(whole, paths=20, at=at, binding=False).samples().tolist()
