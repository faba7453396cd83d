"""What a forecast's own arguments may be, and how all that is wrong with them is told at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

import headworks as hw


def faults(**arguments: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - arguments of wrong types
    given: dict[str, Any] = {"scenario": "one-gate", "paths": 2, "binding": False, **arguments}
    with pytest.raises(hw.InputError) as caught:
        hw.forecast(**given)
    return [(fault.file, f"{fault.message}; {fault.remedy}") for fault in caught.value.faults]


@pytest.mark.parametrize("paths", [10.5, 0, -1, True, "x", None, 1_000_001, [5], np.float64(3)])
def test_paths_are_a_whole_number(paths: object) -> None:
    wanted = f"{paths!r} cannot be used here; give a whole number from 1 to 1,000,000"
    assert faults(paths=paths) == [("paths", wanted)]


@pytest.mark.parametrize("seed", [0.5, -1, False, "x", None])
def test_a_seed_is_a_whole_number(seed: object) -> None:
    assert faults(seed=seed) == [
        ("seed", f"{seed!r} cannot be used here; give a whole number from 0")
    ]


@pytest.mark.parametrize("at", [5, None, "soon", "", [dt.date(2026, 6, 30), "2026-02-30"]])
def test_a_date_is_a_day(at: object) -> None:
    ((file, words),) = faults(at=at)
    assert file == "at"
    assert words.endswith("is not a day; write it as YYYY-MM-DD")


@pytest.mark.parametrize("executor", [3, None, object()])
def test_an_executor_is_a_name_or_an_executor(executor: object) -> None:
    ((file, words),) = faults(executor=executor)
    assert file == "executor"
    assert words.endswith("name one of auto, joblib, serial, or give an executor")


@pytest.mark.parametrize("balances", [5, [5], ["a", "b"]])
def test_balances_are_balances(balances: object) -> None:
    found = faults(balances=balances)
    assert {file for file, _ in found} == {"balances"}
    assert all("is no balance; give each as a `headworks.Balance`" in words for _, words in found)


def test_all_that_is_wrong_is_told_at_once() -> None:
    found = faults(
        paths=0, seed="x", chunk_paths=0.5, executor="seriall", at=["soon", "2040-01-01"],
        balances=[hw.Balance("nobody", "h200-sxm", "mainland", "installed", 5)],
    )  # fmt: skip
    assert [file for file, _ in found] == [
        "paths", "seed", "chunk_paths", "", "at", "at", "starting balances",
    ]  # fmt: skip
    assert "did you mean serial?" in found[3][1]


def test_a_wrong_scenario_does_not_hide_wrong_arguments() -> None:
    found = faults(scenario="two-gates", paths=0)
    assert [words.partition(";")[0] for _, words in found] == [
        "0 cannot be used here",
        "there is no scenario 'two-gates'",
    ]
    ((file, words),) = faults(scenario=5)
    assert (file, words.partition(";")[0]) == (
        "scenario", "5 is neither a scenario nor the name or the path of one",
    )  # fmt: skip


def test_one_wrong_name_keeps_its_own_error() -> None:
    with pytest.raises(hw.UnknownName, match="did you mean serial"):
        hw.forecast("one-gate", paths=2, executor="seriall")


def test_numbers_of_numpy_and_times_of_day_are_taken() -> None:
    noon = dt.datetime(2026, 6, 30, 12, 0)  # noqa: DTZ001 - a day is meant
    found = hw.forecast("one-gate", paths=np.int64(3), seed=np.uint8(1), at=noon, binding=False)  # type: ignore[arg-type]
    assert (found.paths, found.seed, found.asked.dates) == (3, 1, (dt.date(2026, 6, 30),))
