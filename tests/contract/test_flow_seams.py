"""The seams by which other rooms meet the flow."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeVar

import joblib
import numpy as np
import pytest
from joblib._parallel_backends import ThreadingBackend

from headworks.errors import InputError, UnknownName
from headworks.flow.balances import Balance
from headworks.flow.executor import EXECUTORS, Executor
from headworks.flow.forecast import forecast
from headworks.rationing.shares import RULES, WEIGHTED, share
from headworks.throughput import (
    WORKS,
    Estimate,
    PeakAndBandwidth,
    Realised,
    Throughput,
    Work,
    model,
)
from headworks.throughput.counts import multiplied_parameters
from tests.unit.flow.build import Play, day
from tests.unit.flow.worlds import lively

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from headworks.flow.network import GoodsGate, PaperGate
    from headworks.flow.result import Forecast
    from headworks.scenario.chip import Chip

T = TypeVar("T")
R = TypeVar("R")

PATHS = 2100
"""More than two parts of a task, so that executors have something to put together."""


def run(executor: str | Executor, chunk_paths: int | None = None) -> Forecast:
    return forecast(
        lively(6), paths=PATHS, seed=3, at=[day(41)], binding=True, passage=True,
        executor=executor, chunk_paths=chunk_paths,
    )  # fmt: skip


class Reversed:
    """An executor that runs the last task first, in a thread of its own."""

    workers = 1

    def map(self, function: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
        found: dict[int, R] = {}

        def work() -> None:
            for number in reversed(range(len(tasks))):
                found[number] = function(tasks[number])

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        return iter([found[number] for number in range(len(tasks))])


def assert_same(one: Forecast, other: Forecast) -> None:
    for page, twin in zip(one.result.pages, other.result.pages, strict=True):
        assert np.array_equal(page, twin)
    assert one.result.waiting
    assert other.result.waiting
    for days, twin in zip(one.result.waiting, other.result.waiting, strict=True):
        assert np.array_equal(days, twin)
    for gate, values in one.result.passage.items():
        assert np.array_equal(values, other.result.passage[gate])
    assert np.array_equal(one.binding.units, other.binding.units)


def test_executors_and_chunks_give_the_same_numbers_to_the_bit() -> None:
    serial = run("serial")
    assert_same(serial, run("joblib"))
    assert_same(serial, run(Reversed()))
    assert_same(serial, run("serial", chunk_paths=37))


class AtTheEnd(ThreadingBackend):  # type: ignore[misc] # joblib ships no types
    """A backend of joblib that gives all results at once, as Ray's does."""

    supports_return_generator = False


@pytest.mark.parametrize("backend", ["threading", AtTheEnd()])
def test_joblib_runs_on_the_backend_that_it_is_told_to_use(backend: object) -> None:
    serial = run("serial")
    with joblib.parallel_config(backend=backend):
        assert_same(serial, run("joblib"))


def test_every_executor_is_one() -> None:
    for make in EXECUTORS.values():
        made = make()
        assert list(made.map(abs, [-1, 2, -3])) == [1, 2, 3]
        assert made.workers >= 1


def test_an_unknown_executor_is_refused() -> None:
    with pytest.raises(UnknownName, match="serial"):
        forecast(lively(2), paths=2, executor="seriall")


@pytest.mark.parametrize("rule", sorted(RULES))
def test_rules_share_arrays_of_paths_and_lines(rule: str) -> None:
    claims = np.array([[4.0, 4.0, 0.0], [1.0, 2.0, 3.0]])
    weights = np.ones(3) if rule in WEIGHTED else None
    found = share(rule, claims, np.array([4.0, 100.0]), weights)
    assert found.shape == claims.shape
    np.testing.assert_allclose(found, [[2.0, 2.0, 0.0], [1.0, 2.0, 3.0]])


class Dummy:
    """A model that says the same of every chip."""

    name = "a dummy"

    def tokens_per_s(self, chip: Chip, work: Work) -> Estimate | None:
        del chip, work
        return Estimate(1.0, 2.0, 3.0, "compute")


def test_a_throughput_model_changes_the_tokens_and_nothing_else() -> None:
    dummy: Throughput = Dummy()
    plain = forecast(lively(6), paths=20, binding=False)
    other = forecast(lively(6), paths=20, binding=False, throughput=dummy)
    assert (plain.throughput, other.throughput) == (Realised().name, "a dummy")
    assert list(plain.rows()) == list(other.rows())
    changed = 0
    for one, two in zip(plain.compute_rows(), other.compute_rows(), strict=True):
        assert (one["company"], one["date"], one["measure"]) == (
            two["company"], two["date"], two["measure"],
        )  # fmt: skip
        if one["measure"].startswith("tokens_per_s_"):
            changed += one != two
        else:
            assert one == two
    assert changed > 0
    assert len(WORKS) == sum(name.startswith("tokens_per_s_") for name in plain.per_chip)
    installed = other.samples("installed").mean()
    tokens = [
        row for row in other.compute_rows()
        if row["company"] == "all" and row["measure"].startswith("tokens_per_s_")
    ]  # fmt: skip
    assert tokens[-1]["value_mean"] == pytest.approx(2 * installed)


def test_the_fallback_is_peak_and_bandwidth() -> None:
    """Prefill at two operations per parameter; decode reads the weights once for all users."""
    chip = lively(1).chips["alpha"]  # 1,000 TFLOP/s and 1,000 GB/s
    prefill = PeakAndBandwidth().tokens_per_s(chip, WORKS["prefill-70b"])
    decode = PeakAndBandwidth().tokens_per_s(chip, WORKS["decode-70b"])
    assert prefill is not None
    assert decode is not None
    touched = multiplied_parameters(model("llama-3.1-70b"))
    assert prefill.med == pytest.approx(1e15 / (2 * touched))
    assert decode.med == pytest.approx(8 * 1e12 / touched)
    assert (prefill.bound_by, decode.bound_by) == ("compute", "bandwidth")
    silent = chip.model_copy(update={"memory_bandwidth_gb_per_s": None})
    assert PeakAndBandwidth().tokens_per_s(silent, WORKS["decode-70b"]) is None


def test_what_each_gate_let_through_sums_to_the_stocks() -> None:
    found = forecast(lively(), paths=30, seed=2, binding=False, passage=True)
    last = found.monthly.dates[-1]
    places: dict[str, GoodsGate | PaperGate] = {**found.net.goods, **found.net.papers}
    assert set(found.result.passage) == set(places)
    for stock in ("approved", "produced", "shipped", "cleared"):
        total = np.zeros(30)
        for gate, values in found.result.passage.items():
            if places[gate].gate.stock == stock:
                assert values.shape[0] == len(found.monthly.dates)
                assert values.shape[1] == len(places[gate].rows.lines)
                inside = [
                    row for row, line in enumerate(places[gate].rows.lines)
                    if found.net.lines[line].company != "cedar"
                ]  # fmt: skip
                total += values[-1][inside].sum(axis=0)
        np.testing.assert_allclose(total, found.samples(stock, at=last), rtol=1e-12)
        assert total.sum() > 0


def test_passage_is_kept_only_on_request() -> None:
    assert forecast(lively(2), paths=2, binding=False).result.passage == {}


def test_starting_balances_are_where_the_forecast_begins() -> None:
    rows = [
        Balance("ash", "alpha", "main", "waiting", 40, "export"),
        Balance("ash", "alpha", "main", "unused", 50, "approval"),
        Balance("ash", "alpha", "main", "under_way", 7, "export"),
        Balance("ash", "alpha", "main", "passed", 12, "export"),
        Balance("birch", "beta", "main", "installed", 5),
    ]
    found = forecast(lively(6), paths=8, binding=False, at=[day(3), day(41)], balances=rows)
    plain = forecast(lively(6), paths=8, binding=False, at=[day(3), day(41)])
    assert found.samples("installed", company="birch", at=day(3)).tolist() == [5.0] * 8
    assert found.samples("shipped", company="ash", at=day(3)).tolist() == [12.0] * 8
    more = found.samples("shipped", company="ash", at=day(41)) - 12
    assert (more >= plain.samples("shipped", company="ash", at=day(41)) - 1e-9).all()
    assert (more >= 40 - 1e-9).all()
    # any day asked for afterwards begins with the same balances
    assert (found.samples("shipped", company="ash", at=day(10)) >= 12).all()
    play = Play(lively(6), paths=8, balances=rows).to(6)
    np.testing.assert_allclose(
        play.by_path("shipped", company="ash"), found.samples("shipped", company="ash", at=day(41))
    )


def test_a_balance_that_does_not_fit_is_refused() -> None:
    with pytest.raises(InputError, match="no such line"):
        forecast(lively(2), paths=2, balances=[Balance("ash", "alpha", "hom", "installed", 1)])
