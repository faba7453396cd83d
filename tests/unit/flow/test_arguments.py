"""What a forecast's own arguments may be, and how all that is wrong with them is told at once."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import headworks as hw
from headworks.flow.executor import JoblibExecutor
from headworks.throughput import PeakAndBandwidth


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


class Nameless:
    """A throughput model without a name."""

    def tokens_per_s(self, chip: object, work: object) -> None:
        """Tell nothing."""


@pytest.mark.parametrize("throughput", [5, "roofline", Nameless(), PeakAndBandwidth, False])
def test_a_throughput_model_has_a_name_and_tells_tokens(throughput: object) -> None:
    ((file, words),) = faults(throughput=throughput)
    assert file == "throughput"
    assert words.endswith(
        "is no throughput model; give an object with `name` and `tokens_per_s(chip, work)`, or None"
    )


@pytest.mark.parametrize("progress", [True, "yes", [print]])
def test_progress_is_told_to_a_function(progress: object) -> None:
    wanted = f"{progress!r} cannot be called; give a function of the path-runs done and in all, "
    assert faults(progress=progress) == [("progress", f"{wanted}or None")]


@pytest.mark.parametrize("workers", ["x", 0, -1, 1.5, True])
def test_workers_are_a_whole_number(workers: Any) -> None:  # noqa: ANN401 - of wrong types
    with pytest.raises(hw.InputError, match=r"workers: .*\n.*give a whole number from 1"):
        JoblibExecutor(workers)


LINE = ("buyer", "h200-sxm", "mainland")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ((*LINE, "installed", "five"), ["'five' units: a balance must be a number, not negative"]),
        ((*LINE, "installed", -1), ["-1 units: a balance must be a number, not negative"]),
        ((*LINE, "installed", None), ["None units: a balance must be a number, not negative"]),
        ((*LINE, "installed", True), ["True units: a balance must be a number, not negative"]),
        ((*LINE, "installed", float("nan")), ["nan units: a balance must be a number, not neg"]),
        ((*LINE, "instaled", 1), ["there is no holding 'instaled'; did you mean installed?"]),
        ((*LINE, ["installed"], 1), ["there is no holding ['installed']; did you mean installed?"]),
        ((*LINE, "waiting", 1, None), ["the gate must be a name, not None"]),
        ((5, *LINE[1:], "installed", 1), ["the company must be a name, not 5"]),
        ((*LINE[:2], "hom", "installed", "x"), ["'x' units", "no such line"]),
    ],
)
def test_a_balance_is_an_amount_on_a_line(row: tuple[Any, ...], words: list[str]) -> None:
    found = faults(balances=[hw.Balance(*row)])
    assert [file for file, _ in found] == ["starting balances"] * len(words)
    assert all(told.startswith(word) for (_, told), word in zip(found, words, strict=True))


@pytest.mark.parametrize("units", [np.int64(5), np.float32(5), Fraction(10, 2)])
def test_a_balance_may_be_a_number_of_any_kind(units: Any) -> None:  # noqa: ANN401
    have = [hw.Balance(*LINE, "installed", units)]
    found = hw.forecast("one-gate", paths=2, binding=False, balances=have)
    assert found.samples(at="2026-01-05").tolist() == [5.0, 5.0]


def test_all_that_is_wrong_is_told_at_once() -> None:
    found = faults(
        paths=0, seed="x", chunk_paths=0.5, executor="seriall", at=["soon", "2040-01-01"],
        throughput=1, progress=1,
        balances=[hw.Balance("nobody", "h200-sxm", "mainland", "installed", 5)],
    )  # fmt: skip
    assert [file for file, _ in found] == [
        "paths", "seed", "chunk_paths", "", "throughput", "progress", "at", "at",
        "starting balances",
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


def test_compare_tells_at_once_what_is_wrong() -> None:
    wrong: dict[str, Any] = {"paths": 0, "seed": -1, "progress": 1, "at": "soon"}
    with pytest.raises(hw.InputError) as caught:
        hw.compare("one-gat", "two-gates", **wrong)
    names = [fault.file or fault.message.split("'")[1] for fault in caught.value.faults]
    assert names == ["paths", "seed", "progress", "one-gat", "two-gates"]
    with pytest.raises(hw.InputError) as caught:
        hw.compare("one-gate", "one-gate", **wrong)
    assert [fault.file for fault in caught.value.faults] == ["paths", "seed", "progress", "at"]


def test_explain_tells_at_once_what_is_wrong() -> None:
    wrong: dict[str, Any] = {"paths": 0, "seed": -1, "progress": 1}
    with pytest.raises(hw.InputError) as caught:
        hw.explain("one-gate", company="byer", **wrong)
    assert [fault.file for fault in caught.value.faults] == ["paths", "seed", "progress", ""]


@pytest.mark.parametrize("at", [5, "soon", dt.timedelta(days=1)])
def test_a_day_asked_for_afterwards_is_a_day(at: Any) -> None:  # noqa: ANN401 - of wrong types
    found = hw.forecast("one-gate", paths=2, binding=False)
    with pytest.raises(hw.InputError, match=r"at: .* is not a day\n.*write it as YYYY-MM-DD"):
        found.probability(at=at, at_least=1)


@pytest.mark.parametrize("least", ["many", None, True])
def test_a_number_of_units_asked_for_is_a_number(least: Any) -> None:  # noqa: ANN401 - of wrong types
    found = hw.forecast("one-gate", paths=2, binding=False)
    with pytest.raises(hw.InputError, match=r"at_least: .* cannot be used here\n.*give a number"):
        found.probability(at_least=least)
    whole: Any = np.int64(6000)
    assert found.probability(at_least=whole) == 1.0


def test_names_that_are_no_text_are_unknown() -> None:
    found = hw.forecast("one-gate", paths=2, binding=False)
    wrong: Any = ["h200-sxm"]
    with pytest.raises(hw.UnknownName, match="there is no company"):
        found.samples(company=wrong)
    with pytest.raises(hw.UnknownName, match="there is no chip"):
        found.samples(chip=wrong)
    with pytest.raises(hw.UnknownName, match="there is no company"):
        hw.explain("one-gate", company=wrong, paths=2)
