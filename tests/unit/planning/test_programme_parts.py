"""Parts of the programme: names, measures of risk, orders by nodes, and rows as bounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headworks.errors import InputError
from headworks.planning.problem import Risk
from headworks.planning.programme.names import column_names, plain
from headworks.planning.programme.programme import Programme
from headworks.planning.programme.risk import tail, weights
from headworks.planning.solve.recourse import OutlookRows, WarmModels
from headworks.planning.solve.solution import Decisions, decisions_of, values_of
from tests.plans import toy


def test_names_say_what_where_and_when() -> None:
    programme = Programme(toy())
    names = column_names(toy(), programme.decided.columns)
    assert "order[buyer:far:sea, 2026-12]" in names
    assert "later[2027-01 node 1, buyer:home:road]" in names
    own = column_names(toy(), programme.part(toy().outlooks[0]).stage.columns, "0")
    assert "running[buyer:home:road on serving at north, 2027-01, path 0]" in own


def test_names_that_become_alike_in_a_file_are_told_apart() -> None:
    assert plain(["a[x-y]", "a[x_y]", "b"]) == ["a(x_y)", "a(x_y)_2", "b"]
    assert plain(["a[x, 2026-01]"], only_words=True) == ["a_x_2026_01"]


def test_running_totals_follow_the_nodes() -> None:
    programme = Programme(toy())
    decisions = Decisions(
        np.array([[3.0], [4.0]]), np.array([[2.0]]), np.array([[1.0, 0.0], [5.0, 6.0]])
    )
    values = values_of(programme.decided, decisions)
    assert programme.decided["stood"].of(values).tolist() == [[4.0, 4.0], [8.0, 10.0]]
    matrix = programme.matrix
    assert matrix.coefficients @ values == pytest.approx(matrix.lower)
    assert decisions_of(programme.decided, values).later.tolist() == decisions.later.tolist()


def test_nodes_that_join_outlooks_again_are_refused() -> None:
    problem = toy(dates=(1, 1), nodes=(0, 0, 1))
    first, second = problem.outlooks
    joined = (replace(first, node=np.array([0, 2])), replace(second, node=np.array([1, 2])))
    with pytest.raises(InputError, match="no tree"):
        Programme(replace(problem, outlooks=joined))


def test_outlooks_with_other_numbers_of_pieces_are_refused() -> None:
    problem = toy()
    first, second = problem.outlooks
    fewer = replace(second, slope=second.slope[:1], offset=second.offset[:1])
    with pytest.raises(InputError, match="number of their pieces"):
        Programme(replace(problem, outlooks=(first, fewer)))


outcomes = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=8)


@given(outcomes, st.floats(0.0, 0.95), st.integers(0, 100))
def test_cvar_is_the_least_over_thresholds(values: list[float], level: float, seed: int) -> None:
    # Rockafellar and Uryasev 2000: min over t of t + E(outcome − t)+ / (1 − level), at an outcome.
    costs = np.array(values)
    chance = np.random.default_rng(seed).dirichlet(np.ones(len(costs)))
    best = min(t + chance @ np.maximum(costs - t, 0) / (1 - level) for t in costs)
    assert tail(costs, chance, level) @ costs == pytest.approx(best, abs=1e-6)
    assert tail(costs, chance, level).sum() == pytest.approx(1.0)


@pytest.mark.parametrize("risk", [Risk(), Risk(weight=0.3, level=0.8), Risk(worst_case=True)])
def test_weights_of_outcomes_sum_to_one(risk: Risk) -> None:
    chance = np.array([0.2, 0.3, 0.5])
    found = weights(risk, np.array([1.0, 5.0, 3.0]), chance, np.arange(3))
    assert found.sum() == pytest.approx(1.0)
    assert found[1] == found.max() or risk == Risk()


def test_most_rows_on_arrivals_are_bounds_once_orders_are_given() -> None:
    rows = OutlookRows(Programme(toy()), toy().outlooks[0])
    matrix = rows.part.matrix
    folded = np.setdiff1d(np.arange(len(matrix.upper)), rows.rows)
    for name in ("lead", "response"):
        span = matrix.spans()[name]
        assert set(range(span.start, span.stop)) <= set(folded.tolist())


def test_a_berth_that_draws_no_power_has_no_limit_from_its_site() -> None:
    problem = toy(served_min=0.0)
    free = replace(problem, goods=replace(problem.goods, power_mw=np.zeros(2)))
    programme = Programme(free)
    rows = OutlookRows(programme, free.outlooks[0])
    answer = WarmModels().solve(rows, np.zeros(programme.decided.columns.count))
    assert np.isfinite(answer.cost)
