"""Where solutions begin, and on what they are solved: neither changes what is best."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from bench.plan_instance import Size, instance
from headworks.errors import UnknownName
from headworks.planning.answers.fixing import alone
from headworks.planning.answers.limits import limits
from headworks.planning.programme.extensive import extensive_form
from headworks.planning.solve.extensive import solve_extensive
from headworks.planning.solve.highs import Model
from headworks.planning.solve.many import solve_each
from headworks.planning.solve.method import solve

SMALL = instance(Size(1, 1, 1, 10, 4, 6, works=1), seed=5)


def test_a_problem_with_more_of_a_limit_is_as_cheap_from_the_plan_as_from_nothing() -> None:
    plan = solve(SMALL)
    seen = 0
    for limit in limits(SMALL, np.full(len(SMALL.lines), 1_000.0)):
        warm, cold = solve(limit.more, start=plan), solve(limit.more)
        assert warm.objective == pytest.approx(cold.objective, rel=1e-9)
        seen += 1
    assert seen > 2


def test_at_its_own_basis_nothing_is_left_to_do() -> None:
    form = extensive_form(SMALL)
    first = Model(form.linear, method="simplex")
    found = first.solve()
    basis = first.kept_basis()
    assert basis is not None
    assert (basis.columns == 1).sum() + (basis.rows == 1).sum() == len(form.linear.row_lower)
    again = Model(form.linear, method="simplex", presolve=False)
    again.begin_at(basis)
    again.option("simplex_iteration_limit", 0)
    assert again.solve().objective == pytest.approx(found.objective, rel=1e-12)


def test_a_basis_of_another_shape_is_passed_over() -> None:
    plan, other = solve_extensive(SMALL), instance(Size(1, 1, 1, 12, 4, 6, works=1), seed=5)
    found = solve_extensive(other, basis=plan.basis)
    assert found.objective == pytest.approx(solve_extensive(other).objective, rel=1e-9)


def test_nothing_that_the_interior_point_method_or_whole_numbers_find_is_a_basis() -> None:
    assert solve_extensive(SMALL, method="ipx").basis is None
    lots = replace(SMALL, goods=replace(SMALL.goods, lot=np.ones(len(SMALL.lines))))
    assert solve_extensive(lots, integers=True).basis is None


@pytest.mark.parametrize("executor", ["auto", "joblib"])
def test_problems_side_by_side_are_solved_as_one_after_the_other(executor: str) -> None:
    problems = [alone(SMALL, outlook) for outlook in SMALL.outlooks]
    one = list(solve_each(solve, problems, "serial"))
    two = list(solve_each(partial(solve, integers=False), problems, executor))
    for a, b in zip(one, two, strict=True):
        assert a.objective == b.objective
        np.testing.assert_array_equal(a.decisions.order, b.decisions.order)


def test_an_unknown_executor_is_named() -> None:
    with pytest.raises(UnknownName, match="no executor 'quantum'"):
        solve_each(solve, [SMALL], "quantum")
