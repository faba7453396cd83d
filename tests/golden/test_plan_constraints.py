"""Each constraint of a plan, alone on a problem of two months, against its golden file.

The files are in the LP format; read them to see what a constraint says.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from headworks.planning.programme.lp import lp_text
from headworks.planning.programme.money import cost_now, costs
from headworks.planning.programme.names import column_names, row_names
from headworks.planning.programme.programme import DECIDED, RECOURSE
from headworks.planning.programme.rows import Rows, stack
from headworks.planning.programme.stage import decided_stage, stage
from tests.plans import toy

FOLDER = Path(__file__).parent / "plan"
OBJECTIVES = ("objective-cost", "objective-served")


def alone(name: str) -> str:
    """Return the programme of one constraint, or of an objective, in the LP format."""
    problem = toy(objective="served") if name == "objective-served" else toy()
    decided = decided_stage(problem, integers=name in {"lots", "later_lots"})
    at = stage(decided, problem.outlooks[0])
    rows: list[Rows] = []
    cost = np.zeros(decided.columns.count + at.columns.count)
    if name in OBJECTIVES:
        found = costs(at)
        cost = np.concatenate([cost_now(decided) + found.decided, found.recourse])
    else:
        rows = [DECIDED[name](decided) if name in DECIDED else RECOURSE[name](at)]
    matrix = stack(rows, decided=decided.columns.count, recourse=at.columns.count)
    columns = column_names(problem, decided.columns)
    columns += column_names(problem, at.columns, at.outlook.name)
    outlook = at.outlook.name if name in RECOURSE else None
    names = row_names(problem, matrix, outlook)
    return lp_text(cost, matrix.coefficients, (matrix.lower, matrix.upper), columns, names)


@pytest.mark.parametrize("name", [*DECIDED, *RECOURSE, *OBJECTIVES])
def test_the_constraint_is_the_golden_one(name: str, update_golden: bool) -> None:
    path = FOLDER / f"{name}.lp"
    text = alone(name)
    if update_golden:
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_every_constraint_has_a_golden_file_with_a_row_and_no_other_file_is_there() -> None:
    files = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.lp")}
    assert files.keys() == {*DECIDED, *RECOURSE, *OBJECTIVES}
    for name in (*DECIDED, *RECOURSE):
        assert f" {name}(" in files[name], f"{name} has no row in its golden file"


def test_a_constraint_without_a_golden_file_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RECOURSE, "novel", RECOURSE["power"])
    with pytest.raises(AssertionError):
        test_every_constraint_has_a_golden_file_with_a_row_and_no_other_file_is_there()


def test_a_row_says_what_its_labels_are() -> None:
    problem = toy()
    at = stage(decided_stage(problem), replace(problem.outlooks[0], name="17"))
    matrix = stack([RECOURSE["power"](at)], decided=at.decided.columns.count, recourse=99)
    assert row_names(problem, matrix, "17") == [
        "power[north, 2026-12, path 17]",
        "power[north, 2027-01, path 17]",
    ]
