"""Companies planned alone and put together again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bench.plan_instance import Size, instance
from headworks.planning.problem import Problem, Risk
from headworks.planning.solve.companies import (
    fits,
    members,
    planned_alone,
    separable,
    together,
)
from headworks.planning.solve.extensive import solve_extensive
from headworks.planning.solve.fixed import recourse
from headworks.planning.solve.l_shaped import solve_l_shaped

if TYPE_CHECKING:
    from headworks.planning.solve.search import Progress
    from headworks.planning.solve.solution import Solution

THREE = instance(Size(3, 1, 1, 8, 3, 3, works=2), seed=5)


def shared_out(problem: Problem, share: float) -> Problem:
    """The problem with shared pools of another size."""
    outlooks = tuple(replace(one, pool=one.pool * share) for one in problem.outlooks)
    return replace(problem, outlooks=outlooks)


PLENTY, SCARCE = shared_out(THREE, 100.0), shared_out(THREE, 0.1)


def apart(problem: Problem) -> Solution:
    """The plans of companies that each have all of what they share, each to its optimum."""
    owned = [members(problem, company) for company in range(len(problem.companies))]
    return together(problem, [(own, solve_extensive(planned_alone(problem, own))) for own in owned])


def test_where_all_is_plenty_companies_alone_are_the_plan_for_all() -> None:
    whole, parts = solve_extensive(PLENTY), apart(PLENTY)
    assert fits(PLENTY, parts)
    assert parts.objective == pytest.approx(whole.objective, rel=1e-7)
    assert parts.bound == pytest.approx(whole.objective, rel=1e-7)


def test_decisions_put_together_have_the_courses_and_the_cost_that_follow_from_them() -> None:
    parts = apart(PLENTY)
    follows = list(recourse(PLENTY, parts.decisions, PLENTY.outlooks))
    for course, other in zip(parts.courses, follows, strict=True):
        assert course.cost == pytest.approx(other.cost, rel=1e-7)
        assert course.outcome == pytest.approx(sum(course.parts.values()), rel=1e-7)
        assert course.running.shape == other.running.shape
        np.testing.assert_allclose(
            course.served + course.short, other.served + other.short, rtol=1e-9
        )


def test_where_something_is_scarce_companies_alone_take_too_much_and_bound_the_cost() -> None:
    whole, parts = solve_extensive(SCARCE), apart(SCARCE)
    assert not fits(SCARCE, parts)
    assert parts.bound < whole.objective * (1 - 1e-4)


@pytest.mark.parametrize("problem", [PLENTY, SCARCE])
def test_solving_by_outlooks_is_right_whether_or_not_pools_bind(problem: Problem) -> None:
    seen: list[Progress] = []
    plan, whole = solve_l_shaped(problem, gap=1e-5, progress=seen.append), solve_extensive(problem)
    assert plan.gap <= 1e-5
    assert whole.objective * (1 - 1e-7) <= plan.objective <= whole.objective * (1 + 2e-5)
    assert fits(problem, plan)
    assert all(progress.bound <= whole.objective * (1 + 1e-9) for progress in seen)
    assert all(progress.objective >= whole.objective * (1 - 1e-9) for progress in seen)


def test_what_is_done_is_told_company_by_company() -> None:
    seen: list[Progress] = []
    solve_l_shaped(SCARCE, gap=1e-5, progress=seen.append)
    alone = [progress.alone for progress in seen if progress.alone is not None]
    assert alone == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert [progress.alone is None for progress in seen] == [False] * 4 + [True] * (len(seen) - 4)
    assert len(seen) > 4  # pools bind, so that all are planned together besides


def test_prices_of_companies_alone_are_those_of_all() -> None:
    # A megawatt more in every outlook, at each site, against the difference that it makes.
    parts = apart(PLENTY)
    for site in range(3):
        more = np.array(PLENTY.sites.power_mw)
        more[site, -1] += 1e-4
        richer = replace(PLENTY, sites=replace(PLENTY.sites, power_mw=more))
        gained = (parts.objective - solve_extensive(richer).objective) / 1e-4
        price = parts.prices["power"].value[:, site, -1].sum()
        assert gained == pytest.approx(price, rel=1e-2, abs=1e-3 * abs(parts.objective))


@pytest.mark.slow
def test_companies_in_several_processes_find_what_one_finds() -> None:
    one, two = (solve_l_shaped(PLENTY, executor=by) for by in ("serial", "joblib"))
    assert one.objective == two.objective
    np.testing.assert_array_equal(one.decisions.order, two.decisions.order)


def test_no_time_ends_with_the_plans_of_companies_and_no_gap() -> None:
    plan = solve_l_shaped(PLENTY, time_limit_s=0.0)
    assert plan.gap == np.inf
    assert plan.decisions.order.sum() == 0


def test_costs_that_do_not_add_up_are_not_taken_apart() -> None:
    assert separable(THREE)
    assert not separable(replace(THREE, risk=Risk(worst_case=True)))
    berths = replace(THREE.berths, site=np.zeros_like(THREE.berths.site))
    assert not separable(replace(THREE, berths=berths))  # all run at the first company's site
    nowhere = replace(THREE.berths, site=np.full_like(THREE.berths.site, -1))
    assert separable(replace(THREE, berths=nowhere))
    below = tuple(replace(pool, weight=-pool.weight) for pool in THREE.pools)
    assert not separable(replace(THREE, pools=below))
    assert not separable(instance(Size(1, 1, 1, 8, 3, 3)))
