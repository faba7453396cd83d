"""Exports: programmes as files for other solvers, and for mpi-sppy on a cluster.

The form for mpi-sppy is what the module `problem_io/mps_module.py` of its version 0.14.0 reads, for
`generic_cylinders` with `--mps-files-directory`: for each scenario a file `scen0.mps` and beside it
`scen0_nonants.json`, which names the probability of the scenario and the columns that are one for
all scenarios. That command knows trees with as many branches at every node, which those of a plan
are not. So each scenario has what is decided at all nodes, as columns that are one for all: it pays
for its own nodes alone, and the two stages have the optimum of the tree. Its reader drops a
constant of the objective, takes a row for a column that has the row's name, and no bound on both
sides of a row; files are written accordingly.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from headworks.errors import InputError
from headworks.planning.programme.extensive import extensive_form, whole_columns
from headworks.planning.programme.linear import Linear
from headworks.planning.programme.mps import mps_lines
from headworks.planning.programme.names import column_names, plain, row_names
from headworks.planning.programme.programme import Programme
from headworks.planning.programme.risk import neutral

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from headworks.planning.problem import Outlook, Problem

SHARED = ("order", "build", "later")
"""Blocks of columns that are one for all scenarios; the others that are decided follow from them.
"""
NAME_LENGTH = 120
"""Letters of a name at most; the reader of mpi-sppy takes no more than 159."""


def write_extensive(problem: Problem, path: Path, *, integers: bool = False) -> None:
    """Write the extensive form of a problem as one MPS file.

    Args:
        problem: The problem.
        path: The file.
        integers: Whether orders are whole numbers of lots.
    """
    form = extensive_form(problem, integers=integers)
    columns = column_names(problem, form.programme.decided.columns)
    rows = row_names(problem, form.programme.matrix)
    for part in form.parts:
        name = part.stage.outlook.name
        columns += column_names(problem, part.stage.columns, name)
        rows += row_names(problem, part.matrix, name)
    columns += [f"risk[{number}]" for number in range(len(form.linear.cost) - len(columns))]
    rows += [f"risk[{number}]" for number in range(len(form.linear.row_lower) - len(rows))]
    _write(path, form.linear, _words(columns), _words(rows))


def write_scenarios(problem: Problem, folder: Path, *, integers: bool = False) -> None:
    """Write each outlook as a scenario that mpi-sppy reads.

    Args:
        problem: The problem; its risk must be the mean, as mpi-sppy has measures of its own.
        folder: Where the files go; made if it is not there.
        integers: Whether orders are whole numbers of lots.

    Raises:
        InputError: The problem weighs outcomes other than by their mean.
    """
    if not neutral(problem.risk):
        raise InputError(
            "scenarios are written for the mean of outcomes; mpi-sppy adds CVaR itself"
        )
    programme = Programme(problem, integers=integers)
    folder.mkdir(parents=True, exist_ok=True)
    for number, outlook in enumerate(problem.outlooks):
        linear, columns, rows = scenario(programme, outlook)
        _write(folder / f"scen{number}.mps", linear, columns, rows)
        text = json.dumps(_shared(programme, outlook, columns), indent=1)
        (folder / f"scen{number}_nonants.json").write_text(text + "\n", encoding="utf-8")


def scenario(programme: Programme, outlook: Outlook) -> tuple[Linear, list[str], list[str]]:
    """Return the programme of one outlook, with plain names of its columns and rows.

    Columns are those that are decided, at all nodes, those of the outlook, and one that is 1, whose
    cost is the constant of the objective.
    """
    problem, decided, own = programme.problem, programme.decided.columns, programme.matrix
    part = programme.part(outlook)
    more, costs = part.stage.columns, part.costs
    columns = column_names(problem, decided) + column_names(problem, more, outlook.name)
    rows = row_names(problem, own) + row_names(problem, part.matrix, outlook.name)
    width = len(columns) + 1
    linear = Linear(
        cost=np.concatenate([programme.cost_now + costs.decided, costs.recourse, [costs.constant]]),
        lower=np.concatenate([decided.lower, more.lower, [1.0]]),
        upper=np.concatenate([decided.upper, more.upper, [1.0]]),
        row_lower=np.concatenate([own.lower, part.matrix.lower]),
        row_upper=np.concatenate([own.upper, part.matrix.upper]),
        matrix=sparse.csr_array(
            sparse.vstack([_as_wide(one.coefficients, width) for one in (own, part.matrix)])
        ),
        integer=whole_columns(programme, width),
    )
    return linear, _words([*columns, "constant"]), _words(f"row_{name}" for name in rows)


def _as_wide(matrix: sparse.csr_array, width: int) -> sparse.csr_array:
    """Return a matrix with columns of zeros after its own."""
    entries = (matrix.data, matrix.indices, matrix.indptr)
    return sparse.csr_array(entries, shape=(matrix.shape[0], width))


def _shared(programme: Programme, outlook: Outlook, columns: list[str]) -> dict[str, Any]:
    """Return what mpi-sppy wants to know of a scenario: its probability, and what all share."""
    decided = programme.decided.columns
    names = [name for block in SHARED for name in columns[decided[block].span]]
    root = {"serialNumber": 0, "condProb": 1.0, "nonAnts": names}
    return {
        "scenarioData": {"name": outlook.name, "scenProb": outlook.probability},
        "treeData": {"globalNodeCount": 1, "nodes": {"ROOT": root}},
    }


def _words(names: Iterable[str]) -> list[str]:
    """Return names of letters, digits and underscores alone, which all readers take alike."""
    return plain(names, only_words=True, length=NAME_LENGTH)


def _write(path: Path, linear: Linear, columns: list[str], rows: list[str]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in mps_lines(linear, columns, rows))
