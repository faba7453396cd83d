"""Exports read by another reader give the same programme."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import highspy
import numpy as np
import pytest

from headworks.errors import InputError
from headworks.planning.plan import Effort, plan
from headworks.planning.problem import Risk
from headworks.planning.programme.export import write_extensive, write_scenarios
from headworks.planning.programme.names import plain
from headworks.planning.solve.extensive import solve_extensive
from tests.plans import toy

if TYPE_CHECKING:
    from pathlib import Path

    from headworks.planning.problem import Problem


def read(path: Path) -> highspy.Highs:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    assert solver.readModel(str(path)) == highspy.HighsStatus.kOk
    return solver


@pytest.mark.parametrize("risk", [Risk(), Risk(weight=0.5, level=0.5)])
@pytest.mark.parametrize("integers", [False, True])
def test_the_written_extensive_form_has_the_same_optimum(
    tmp_path: Path, risk: Risk, integers: bool
) -> None:
    problem = toy(risk=risk)
    write_extensive(problem, tmp_path / "plan.mps", integers=integers)
    solver = read(tmp_path / "plan.mps")
    solver.run()
    solved = solve_extensive(problem, integers=integers)
    assert solver.getInfo().objective_function_value == pytest.approx(solved.objective)


def as_mpi_sppy_reads(folder: Path) -> highspy.Highs:
    """Return the extensive form that mpi-sppy 0.14.0 makes of a folder, with its own rules.

    Every file `*.mps` is a scenario. A constant of the objective is not read, so that there must
    be none. Columns and rows become attributes of one object by their names, so that no two may be
    alike. What is named of a node is made equal, in the order in which it is named, and must be
    called alike in all scenarios. Without branching factors there is one node, ROOT. Costs count
    by probability.
    """
    whole = highspy.Highs()
    whole.setOptionValue("output_flag", False)
    first: list[int] = []
    called: list[str] = []
    total = 0.0
    for path in sorted(folder.glob("*.mps")):
        assert re.fullmatch(r"scen\d+", path.stem)
        text = (folder / f"{path.stem}_nonants.json").read_text(encoding="utf-8")
        tree = json.loads(text)
        nodes, chance = tree["treeData"]["nodes"], tree["scenarioData"]["scenProb"]
        assert list(nodes) == ["ROOT"]
        assert nodes["ROOT"]["condProb"] == 1.0
        lp = read(path).getLp()
        assert lp.offset_ == 0
        assert "RANGES" not in path.read_text(encoding="utf-8")
        names = [*lp.col_names_, *lp.row_names_, "objective"]
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[A-Za-z]\w{,158}", name, re.ASCII) for name in names)
        start = _appended(whole, lp, chance)
        shared = [start + names.index(name) for name in nodes["ROOT"]["nonAnts"]]
        called = called or nodes["ROOT"]["nonAnts"]
        assert nodes["ROOT"]["nonAnts"] == called
        first = first or shared
        for one, other in zip(first, shared, strict=True):
            if one != other:
                whole.addRow(0.0, 0.0, 2, np.array([one, other], np.int32), np.array([1.0, -1.0]))
        total += chance
    assert total == pytest.approx(1.0, abs=1e-12)
    return whole


def _appended(whole: highspy.Highs, lp: highspy.HighsLp, chance: float) -> int:
    """Put a scenario's programme beside what is there, and return where its columns begin."""
    start, rows = int(whole.getNumCol()), int(whole.getNumRow())
    for column in range(lp.num_col_):
        cost = chance * lp.col_cost_[column]
        whole.addCol(cost, lp.col_lower_[column], lp.col_upper_[column], 0, [], [])
        if len(lp.integrality_):
            whole.changeColIntegrality(start + column, lp.integrality_[column])
    for row in range(lp.num_row_):
        whole.addRow(lp.row_lower_[row], lp.row_upper_[row], 0, [], [])
    for column in range(lp.num_col_):
        for at in range(lp.a_matrix_.start_[column], lp.a_matrix_.start_[column + 1]):
            row = rows + lp.a_matrix_.index_[at]
            whole.changeCoeff(row, start + column, lp.a_matrix_.value_[at])
    return start


def regretting(**changed: object) -> Problem:
    """Return the toy with a third outlook that counts for nothing, and one that is likely twice."""
    likely, shut = toy(**changed).outlooks
    outlooks = (
        replace(likely, probability=0.25),
        replace(shut, probability=0.1),
        replace(likely, name="again", probability=0.65, wanted=likely.wanted * 1.5),
        replace(shut, name="unlikely", probability=0.0, wanted=shut.wanted * 0.5),
    )
    return toy(outlooks=outlooks, **changed)


@pytest.mark.parametrize("problem", [toy(), toy(objective="served"), regretting()])
@pytest.mark.parametrize("integers", [False, True])
def test_what_mpi_sppy_reads_has_the_optimum_of_the_plan(
    tmp_path: Path, problem: Problem, integers: bool
) -> None:
    write_scenarios(problem, tmp_path, integers=integers)
    whole = as_mpi_sppy_reads(tmp_path)
    whole.run()
    solved = solve_extensive(problem, integers=integers)
    assert whole.getInfo().objective_function_value == pytest.approx(solved.objective, rel=1e-8)


def test_no_outlook_s_later_orders_see_its_future(tmp_path: Path) -> None:
    """Outlooks that cannot be told apart at the date order alike; if they could, less is lost."""
    problem = regretting()
    blind = replace(
        problem,
        nodes=(0,),
        outlooks=tuple(replace(one, node=np.array([0])) for one in problem.outlooks),
    )
    found = []
    for number, one in enumerate((problem, blind)):
        folder = tmp_path / str(number)
        write_scenarios(one, folder)
        whole = as_mpi_sppy_reads(folder)
        whole.run()
        found.append(whole.getInfo().objective_function_value)
        assert found[-1] == pytest.approx(solve_extensive(one).objective, rel=1e-8)
    assert found[0] < found[1] * (1 - 1e-6)


@pytest.mark.parametrize(
    ("scenario", "company"),
    [("one-gate", "buyer"), pytest.param("h200-2026", "bytedance", marks=pytest.mark.slow)],
)
def test_a_plan_of_a_scenario_is_read_by_mpi_sppy_as_it_is(
    tmp_path: Path, scenario: str, company: str
) -> None:
    effort = Effort(paths=20, outlooks=4, fresh=0, gap=0.0, prices=False)
    made = plan(scenario, company, effort=effort)
    assert made.problem.dates
    write_scenarios(made.problem, tmp_path)
    whole = as_mpi_sppy_reads(tmp_path)
    whole.run()
    found = whole.getInfo().objective_function_value
    assert found == pytest.approx(made.solution.objective, rel=1e-7)


def test_a_scenario_says_its_probability_and_what_is_one_for_all(tmp_path: Path) -> None:
    write_scenarios(toy(), tmp_path)
    tree = json.loads((tmp_path / "scen1_nonants.json").read_text(encoding="utf-8"))
    assert tree["scenarioData"] == {"name": "shut", "scenProb": 0.25}
    assert tree["treeData"]["nodes"]["ROOT"]["nonAnts"] == [
        "order_buyer_far_sea_2026_12",
        "order_buyer_home_road_2026_12",
        "build_north_2026_12",
        "later_2027_01_node_0_buyer_far_sea",
        "later_2027_01_node_0_buyer_home_road",
        "later_2027_01_node_1_buyer_far_sea",
        "later_2027_01_node_1_buyer_home_road",
    ]


def test_probabilities_are_written_to_the_last_digit(tmp_path: Path) -> None:
    chance = [0.1 + 0.2, 0.7 - 1e-16]
    outlooks = [replace(one, probability=p) for one, p in zip(toy().outlooks, chance, strict=True)]
    write_scenarios(toy(outlooks=tuple(outlooks)), tmp_path)
    for number, given in enumerate(chance):
        text = (tmp_path / f"scen{number}_nonants.json").read_text(encoding="utf-8")
        assert json.loads(text)["scenarioData"]["scenProb"] == given


def test_names_that_become_alike_or_long_stay_apart() -> None:
    assert plain(["a b", "a_b", "a_b_2", "a,b"], only_words=True) == [
        "a_b", "a_b_2", "a_b_2_2", "a_b_3",
    ]  # fmt: skip
    assert plain(["x" * 9, "x" * 10], only_words=True, length=8) == ["x" * 8, "x" * 8 + "_2"]


def test_scenarios_are_for_the_mean_alone(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="mpi-sppy adds CVaR"):
        write_scenarios(toy(risk=Risk(worst_case=True)), tmp_path)
