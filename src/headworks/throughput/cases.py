"""Cases: tables of published measurements, those of the package and those of its users."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headworks.errors import Fault, InputError, in_file, there_are
from headworks.scenario.yaml_file import read_yaml
from headworks.throughput.cards import model
from headworks.throughput.case import COLUMNS, METRICS, NEEDED, REMARKS, Case
from headworks.throughput.case_cells import BadCellError, cell, offer
from headworks.throughput.case_rows import cells, header, rows, unreadable
from headworks.throughput.data_set import DataSet

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "COLUMNS",
    "METRICS",
    "Case",
    "calibration_folder",
    "data_set",
    "packaged_cases",
    "read_cases",
]

PERCENT = 100
SHARE_MAX = 1.5
"""Utilisations between 1 and this may be a share that is too high or a low one in percent."""


def read_cases(path: Path | str) -> tuple[Case, ...]:
    """Return the cases of a CSV file, in its order.

    The first row names the columns, in any order: those of `NEEDED`, and of the other `COLUMNS`
    those that are stated. Blank lines are skipped, and a quoted cell may hold line breaks. Chips,
    models and precisions are checked by the model that predicts. A utilisation well above 1 is
    taken for one in percent.

    Raises:
        InputError: The file cannot be read or has faults, each with its line and column.
    """
    place = Path(path)
    held = rows(place)
    if not held:
        remedy = f"write `{','.join(COLUMNS)}` first"
        raise InputError([in_file(place, "the file is empty", remedy=remedy)])
    header_line, header_text = held[0]
    columns = header(header_text, place, header_line)
    faults = _header_faults(columns, place, header_line)
    if not set(NEEDED) <= set(columns):  # every row would be at fault, for the same reason
        raise InputError(faults)
    cases: list[Case] = []
    seen: dict[str, int] = {}
    for line, text in held[1:]:
        case, wrong = _row(text, columns, place, line)
        faults.extend(wrong)
        if case is not None:
            cases.append(case)
            if seen.setdefault(case.case_id, line) != line:
                message = f"{case.case_id!r} stands in line {seen[case.case_id]} too"
                faults.append(Fault(str(place), line, "case_id", message, "name each case once"))
    if faults:
        raise InputError(sorted(faults))
    if not cases:
        raise InputError([in_file(place, "there are no cases below the names of the columns")])
    return tuple(cases)


def calibration_folder() -> Path:
    """Return the folder of the measurements that come with the package."""
    return Path(str(files("headworks") / "data" / "calibration"))


@cache
def packaged_cases() -> tuple[Case, ...]:
    """Return the cases that come with the package."""
    return read_cases(calibration_folder() / "cases.csv")


def data_set(case: Case) -> DataSet | None:
    """Return the data set that a case answers whole, as its `run` says; None where it says none.

    Raises:
        UnknownName: No model is called that.
        InputError: No set of that run is known for the model.
    """
    if case.run is None:
        return None
    card, found = model(case.model), _data_sets()[case.run]
    sizes = (size for name, size in found["questions"].items() if model(name) is card)
    questions = next(sizes, None)
    if questions is None:
        message = f"no data set of {case.run} is known for a model{there_are(found['questions'])}"
        raise InputError([Fault("", 0, "run", message, "leave `run` empty")])
    return DataSet(float(questions), float(found["seconds_min"]))


@cache
def _data_sets() -> Mapping[str, Any]:
    """Return what is known of the data sets that runs answer whole, by run."""
    found: Mapping[str, Any] = read_yaml(calibration_folder() / "sources.yaml").tree["data_sets"]
    return found


def _header_faults(header: list[str], place: Path, line: int) -> list[Fault]:
    faults = [
        Fault(str(place), line, column, f"there is no such column{offer(column, COLUMNS)}")
        for column in header
        if column not in {*COLUMNS, *REMARKS}
    ]
    faults.extend(
        Fault(str(place), line, column, "the column stands twice", "keep one")
        for column in sorted({column for column in header if header.count(column) > 1})
    )
    remedy = f"name the columns in the first row; each case needs {', '.join(NEEDED)}"
    faults.extend(
        Fault(str(place), line, column, "the column is missing", remedy)
        for column in NEEDED
        if column not in header
    )
    return faults


def _row(text: str, columns: list[str], place: Path, line: int) -> tuple[Case | None, list[Fault]]:
    """Return the case of one row, or what is wrong with it."""
    try:
        found = cells(text)
    except csv.Error as error:
        return None, [unreadable(error, place, line)]
    if len(found) != len(columns):
        message = f"{len(found)} cells in a table of {len(columns)} columns"
        remedy = "quote a cell that holds a comma; write empty cells for what is not stated"
        return None, [Fault(str(place), line, "", message, remedy)]
    given = dict(zip(columns, (cell.strip() for cell in found), strict=True))
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for column in COLUMNS:
        try:
            values[column] = cell(column, given.get(column, ""))
        except BadCellError as error:
            faults.append(Fault(str(place), line, column, str(error), error.remedy))
    percent = given["value"].endswith("%")
    faults.extend(_clashes(values, place, line, percent=percent))
    if faults:
        return None, faults
    if percent or (values["metric"] == "mfu" and values["value"] > 1):
        values["value"] /= PERCENT
    return Case(**values), []


def _clashes(values: Mapping[str, Any], place: Path, line: int, *, percent: bool) -> list[Fault]:
    """Return what does not go together in a row; nothing where another fault hides it.

    Args:
        values: What the cells say.
        place: The file.
        line: The row's line.
        percent: Whether the value has the sign of percent.
    """
    phase, metric, value = (values.get(column) for column in ("phase", "metric", "value"))
    faults: list[Fault] = []
    if phase and phase != "serving" and values.get("run"):
        message = f"{values['run']} is a run of serving, and the phase is {phase}"
        faults.append(Fault(str(place), line, "run", message, "leave the cell empty"))
    if phase and metric and metric not in METRICS[phase]:
        message = f"{metric} is not measured in {phase}{there_are(METRICS[phase])}"
        faults.append(Fault(str(place), line, "metric", message))
    if metric == "mfu" and value and value > PERCENT:
        message = f"a utilisation of {value:g} is more than all of the chip"
        faults.append(Fault(str(place), line, "value", message, "write a share or percent"))
    if metric == "mfu" and value and 1 < value <= SHARE_MAX and not percent:
        message = f"{value:g} may be a share that is too high, or a low one in percent"
        remedy = f"write {value:g}% if it is percent, or a share up to 1"
        faults.append(Fault(str(place), line, "value", message, remedy))
    if metric and metric != "mfu" and percent:
        message = f"{metric} is no share, to be in percent"
        faults.append(Fault(str(place), line, "value", message, "write it in its unit"))
    return faults
