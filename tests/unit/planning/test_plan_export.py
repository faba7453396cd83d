"""Exports read by another reader give the same programme."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import highspy
import numpy as np
import pytest

from headworks.errors import InputError
from headworks.planning.problem import Risk
from headworks.planning.programme.export import write_extensive, write_scenarios
from headworks.planning.solve.extensive import solve_extensive
from tests.plans import toy

if TYPE_CHECKING:
    from pathlib import Path


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
    plan = solve_extensive(problem, integers=integers)
    assert solver.getInfo().objective_function_value == pytest.approx(plan.objective)


def test_scenarios_bound_by_what_is_one_for_all_in_a_node_give_the_extensive_form(
    tmp_path: Path,
) -> None:
    """Join the files as mpi-sppy does: probability × scenario, columns of a node made equal."""
    problem = toy()
    write_scenarios(problem, tmp_path)
    whole = highspy.Highs()
    whole.setOptionValue("output_flag", False)
    shared: dict[tuple[str, str], int] = {}
    equal: list[tuple[int, int]] = []
    offset = 0.0
    for number in range(len(problem.outlooks)):
        tree = json.loads((tmp_path / f"scen{number}_nonants.json").read_text(encoding="utf-8"))
        chance = tree["scenarioData"]["scenProb"]
        solver = read(tmp_path / f"scen{number}.mps")
        lp = solver.getLp()
        start, rows = whole.getNumCol(), whole.getNumRow()
        offset += chance * lp.offset_
        for column in range(lp.num_col_):
            cost = chance * lp.col_cost_[column]
            whole.addCol(cost, lp.col_lower_[column], lp.col_upper_[column], 0, [], [])
        for row in range(lp.num_row_):
            whole.addRow(lp.row_lower_[row], lp.row_upper_[row], 0, [], [])
        for column in range(lp.num_col_):
            for at in range(lp.a_matrix_.start_[column], lp.a_matrix_.start_[column + 1]):
                row = rows + lp.a_matrix_.index_[at]
                whole.changeCoeff(row, start + column, lp.a_matrix_.value_[at])
        names = list(lp.col_names_)
        for node, entry in tree["treeData"]["nodes"].items():
            for name in entry["nonAnts"]:
                column = start + names.index(name)
                first = shared.setdefault((node, name), column)
                if first != column:
                    equal.append((first, column))
    for first, column in equal:
        whole.addRow(0.0, 0.0, 2, np.array([first, column], np.int32), np.array([1.0, -1.0]))
    whole.run()
    found = whole.getInfo().objective_function_value + offset
    assert found == pytest.approx(solve_extensive(problem).objective)


def test_the_tree_of_a_scenario_has_its_probabilities(tmp_path: Path) -> None:
    write_scenarios(toy(), tmp_path)
    tree = json.loads((tmp_path / "scen1_nonants.json").read_text(encoding="utf-8"))
    assert tree["scenarioData"] == {"name": "shut", "scenProb": 0.25}
    nodes = tree["treeData"]["nodes"]
    assert list(nodes) == ["ROOT", "ROOT_1"]
    assert nodes["ROOT_1"]["condProb"] == 0.25
    assert nodes["ROOT"]["nonAnts"] == [
        "order_buyer_far_sea_2026_12",
        "order_buyer_home_road_2026_12",
        "build_north_2026_12",
    ]
    assert nodes["ROOT_1"]["nonAnts"] == [
        "later_2027_01_node_1_buyer_far_sea",
        "later_2027_01_node_1_buyer_home_road",
    ]


def test_scenarios_are_for_the_mean_alone(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="mpi-sppy adds CVaR"):
        write_scenarios(toy(risk=Risk(worst_case=True)), tmp_path)
