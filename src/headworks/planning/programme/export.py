"""Exports: programmes as files for other solvers, and for mpi-sppy on a cluster.

The form for mpi-sppy is what the module `problem_io/mps_module.py` of its version 0.14.0 reads, for
`generic_cylinders` with `--mps-files-directory`: for each scenario a file `scen0.mps` and beside it
`scen0_nonants.json`, which names the probability of the scenario and, for each node of the tree
from `ROOT` down, the conditional probability and the columns that are one for all scenarios in it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from headworks.errors import InputError
from headworks.planning.programme.extensive import extensive_form
from headworks.planning.programme.linear import Linear
from headworks.planning.programme.mps import mps_lines
from headworks.planning.programme.names import column_names, plain, row_names
from headworks.planning.programme.programme import Programme
from headworks.planning.programme.risk import neutral

if TYPE_CHECKING:
    from pathlib import Path

    from headworks.planning.problem import Floats, Integers, Outlook, Problem


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
        text = json.dumps(_tree(programme, outlook, columns), indent=1)
        (folder / f"scen{number}_nonants.json").write_text(text + "\n", encoding="utf-8")


def scenario(programme: Programme, outlook: Outlook) -> tuple[Linear, list[str], list[str]]:
    """Return the programme of a buyer who knows that an outlook comes, with plain names.

    Of what is decided at nodes only that of the outlook's own is there.
    """
    problem, decided = programme.problem, programme.decided
    part = programme.part(outlook)
    there = np.ones(decided.columns.count, bool)
    for block in decided.columns.blocks:
        if block.axes[0] == "node":
            others = np.setdiff1d(np.arange(len(problem.nodes)), outlook.node)
            there[block.number[others]] = False
    kept = np.flatnonzero(there)
    whole = np.flatnonzero(np.asarray(abs(programme.matrix.coefficients) @ ~there) == 0)
    own = programme.matrix.coefficients[whole][:, kept]
    columns = np.array(column_names(problem, decided.columns))[kept].tolist()
    columns += column_names(problem, part.stage.columns, outlook.name)
    rows = np.array(row_names(problem, programme.matrix))[whole].tolist()
    rows += row_names(problem, part.matrix, outlook.name)
    linear = Linear(
        cost=np.concatenate([(programme.cost_now + part.costs.decided)[kept], part.costs.recourse]),
        lower=np.concatenate([decided.columns.lower[kept], part.stage.columns.lower]),
        upper=np.concatenate([decided.columns.upper[kept], part.stage.columns.upper]),
        row_lower=np.concatenate([programme.matrix.lower[whole], part.matrix.lower]),
        row_upper=np.concatenate([programme.matrix.upper[whole], part.matrix.upper]),
        matrix=_corner(own, part.matrix.coupling[:, kept], part.matrix.recourse),
        offset=part.costs.constant,
        integer=_integer(programme, kept, part.stage.columns.count),
    )
    return linear, _words(columns), _words(rows)


def _corner(
    own: sparse.csr_array, coupling: sparse.csr_array, recourse: sparse.csr_array
) -> sparse.csr_array:
    beside = sparse.csr_array((own.shape[0], recourse.shape[1]))
    above = sparse.hstack([own, beside])
    below = sparse.hstack([coupling, recourse])
    return sparse.csr_array(sparse.vstack([above, below]))


def _integer(programme: Programme, kept: Integers, more: int) -> np.ndarray:
    columns = programme.decided.columns
    whole = np.zeros(columns.count, bool)
    for name in columns.integer:
        whole[columns[name].span] = True
    return np.concatenate([whole[kept], np.zeros(more, bool)])


def _tree(programme: Programme, outlook: Outlook, columns: list[str]) -> dict[str, Any]:
    """Return what mpi-sppy wants to know of the tree along the outlook."""
    problem = programme.problem
    chance = _node_chances(problem)
    nodes: dict[str, Any] = {
        "ROOT": {
            "serialNumber": 0,
            "condProb": 1.0,
            "nonAnts": [name for name in columns if name.startswith(("order_", "build_"))],
        }
    }
    name, before = "ROOT", 1.0
    labels = _words(column_names(problem, programme.decided.columns))
    later = programme.decided["later"].number
    for node in outlook.node:
        siblings = np.flatnonzero(
            (programme.decided.parent == programme.decided.parent[node])
            & (np.asarray(problem.nodes) == problem.nodes[node])
        )
        name = f"{name}_{int(np.searchsorted(siblings, node))}"
        nodes[name] = {
            "serialNumber": int(node) + 1,
            "condProb": float(chance[node] / before),
            "nonAnts": [labels[at] for at in later[node]],
        }
        before = float(chance[node])
    return {
        "scenarioData": {"name": outlook.name, "scenProb": outlook.probability},
        "treeData": {"globalNodeCount": len(problem.nodes) + 1, "nodes": nodes},
    }


def _node_chances(problem: Problem) -> Floats:
    chance = np.zeros(len(problem.nodes))
    for outlook in problem.outlooks:
        chance[outlook.node] += outlook.probability
    return chance


def _words(names: list[str]) -> list[str]:
    """Return names of letters, digits and underscores alone, which all readers take alike."""
    return plain(names, only_words=True)


def _write(path: Path, linear: Linear, columns: list[str], rows: list[str]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in mps_lines(linear, columns, rows))
