"""Lines below the cost of each company, given what it is allotted of what all share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bench.plan_instance import Size, instance
from headworks.planning.problem import Floats, Problem, Risk
from headworks.planning.programme.programme import Programme
from headworks.planning.solve import allotment
from headworks.planning.solve.companies import members, planned_alone
from headworks.planning.solve.extensive import solve_extensive
from headworks.planning.solve.l_shaped import solve_l_shaped
from headworks.planning.solve.lines import Line, Moved, Split, whole_line
from headworks.planning.solve.recourse import OutlookRows, WarmModels
from headworks.planning.solve.solution import values_of


def allotted(problem: Problem, share: float) -> Problem:
    """The problem with a share of what is shared."""
    outlooks = tuple(
        replace(one, pool=one.pool * share, ceiling=one.ceiling * share) for one in problem.outlooks
    )
    return replace(problem, outlooks=outlooks)


# Budgets that let companies want more than there is.
PROBLEM = allotted(instance(Size(3, 2, 1, 9, 4, 3, means=20.0), seed=1), 0.1)
BEST = solve_extensive(PROBLEM)
PROGRAMME = Programme(PROBLEM)
ROWS = [OutlookRows(PROGRAMME, outlook) for outlook in PROBLEM.outlooks]


def points(number: int, seed: int = 0) -> list[Floats]:
    """Decided columns around the best; they need not add up, since lines hold all the same."""
    random, best = np.random.default_rng(seed), values_of(PROGRAMME.decided, BEST.decisions)
    return [best * random.uniform(0.2, 1.2, len(best)) for _ in range(number)]


def value(line: Line, decided: Floats, share: Floats) -> float:
    """What a line says of decisions and allotments of a share of each amount, shape (company,)."""
    split = Split(PROGRAMME, ROWS)
    taken = sum(price * split.amount(one, row) for one, row, price in line.allotted)
    own = line.slope @ decided[line.column]
    return float(line.level + own - share[line.company] * taken)


def priced() -> list[tuple[int, Floats, list[Line], float]]:
    """Outlook, decisions, lines and cost, of answers in which something shared has a price."""
    split, models = Split(PROGRAMME, ROWS), WarmModels()
    found = []
    for decided in points(6):
        for number, rows in enumerate(ROWS):
            answer = models.solve(rows, decided)
            if np.isfinite(answer.cost) and len(split.priced(number, answer)):
                lines = split.lines(0, [(number, 1.0, answer)], decided)
                found.append((number, decided, lines, answer.cost - rows.part.costs.constant))
    assert len(found) >= 4
    return found


def test_lines_of_companies_add_up_to_the_cost_where_they_were_found() -> None:
    share = np.array([0.5, 0.2, 0.3])
    for _, decided, lines, cost in priced():
        total = sum(value(line, decided, share) for line in lines)
        assert total == pytest.approx(cost, rel=1e-6, abs=1e-3)


def test_the_line_of_a_company_is_below_its_cost_at_any_decisions_and_allotment() -> None:
    random, held = np.random.default_rng(1), 0
    found = priced()
    for company in range(3):
        own = members(PROBLEM, company)
        share = float(random.uniform(0.1, 0.9))
        alone = planned_alone(allotted(PROBLEM, share), own)
        programme = Programme(alone)
        moved = Moved(PROGRAMME, ROWS[0], own)
        every = moved.line(everything(programme), 0.0).column
        models = WarmModels()
        for decided in points(4, seed=2):
            for number, _, lines, _ in found:
                rows = OutlookRows(programme, alone.outlooks[number])
                answer = models.solve(rows, decided[every], remember=False)
                if np.isfinite(answer.cost):
                    cost = answer.cost - rows.part.costs.constant
                    low = value(lines[company], decided, np.full(3, share))
                    assert low <= cost + 1e-6 * abs(cost) + 1e-3
                    held += 1
    assert held >= 20


def everything(programme: Programme) -> Line:
    """A line that every decided column is in."""
    column = np.arange(programme.decided.columns.count)
    return Line(0, -1, column, np.ones(len(column)), 0.0, ())


def test_a_line_of_a_company_alone_is_below_its_cost_among_all() -> None:
    for company in range(3):
        own = members(PROBLEM, company)
        programme = Programme(planned_alone(PROBLEM, own))
        rows = OutlookRows(programme, programme.problem.outlooks[1])
        moved, models = Moved(PROGRAMME, ROWS[0], own), WarmModels()
        every = moved.line(everything(programme), 0.0).column
        decided, *others = points(4, seed=3)
        answer = models.solve(rows, decided[every])
        line = moved.line(whole_line(0, [(1, 1.0, answer)]), rows.part.costs.constant)
        assert value(line, decided, np.ones(3)) == pytest.approx(
            answer.cost - rows.part.costs.constant, rel=1e-9
        )
        for other in others:
            cost = models.solve(rows, other[every]).cost - rows.part.costs.constant
            assert value(line, other, np.ones(3)) <= cost + 1e-6 * abs(cost)


@pytest.mark.parametrize(
    ("risk", "room"),
    [
        (Risk(), 20_000),
        (Risk(), 0),
        (Risk(weight=0.5, level=0.5), 20_000),
        pytest.param(Risk(weight=0.5, level=0.5), 0, marks=pytest.mark.slow),
        pytest.param(Risk(worst_case=True), 20_000, marks=pytest.mark.slow),
        pytest.param(Risk(worst_case=True), 0, marks=pytest.mark.slow),
    ],
)
def test_a_plan_is_right_with_and_without_room_for_allotments(
    risk: Risk, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allotment, "COLUMNS_MAX", room)
    problem = replace(PROBLEM, risk=risk)
    plan, whole = solve_l_shaped(problem, gap=1e-5), solve_extensive(problem)
    assert plan.gap <= 1e-5
    assert plan.bound <= whole.objective + 1e-7 * abs(whole.objective)
    assert plan.objective == pytest.approx(whole.objective, rel=2e-5)


def test_prices_of_what_is_shared_equal_the_difference_that_a_little_more_makes() -> None:
    plan = solve_l_shaped(PROBLEM, gap=1e-9)
    price = plan.prices["pool"].value.sum(axis=0)
    some = np.argwhere(price > 1.0)
    assert len(some)
    for pool, month in some[:3]:
        gained = []
        for change in (1e-3, -1e-3):
            outlooks = []
            for one in PROBLEM.outlooks:
                amount = np.array(one.pool)
                amount[pool, month] += change
                outlooks.append(replace(one, pool=amount))
            other = solve_extensive(replace(PROBLEM, outlooks=tuple(outlooks)))
            gained.append((BEST.objective - other.objective) / change)
        low, high = sorted(gained)
        slack = 1e-2 * abs(high) + 50.0  # differences of costs near 1e9
        assert low - slack <= price[pool, month] <= high + slack
