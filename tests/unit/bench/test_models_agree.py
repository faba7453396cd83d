"""All contestants of the benchmark compute the same model; what they say agrees in distribution."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import pytest
from numpy.typing import NDArray

from bench import fixed_model, lots, script
from bench.contest import bare_engine, contestants, engine, scripted
from headworks.flow.executor import SerialExecutor

Floats: TypeAlias = NDArray[np.float64]

PATHS, LOT_PATHS = 600, 100


@pytest.fixture(scope="module")
def by_engine() -> Floats:
    return bare_engine(PATHS, SerialExecutor())


@pytest.fixture(scope="module")
def by_script() -> Floats:
    return scripted(PATHS, SerialExecutor())


def error(units: Floats) -> float:
    return float(units.std() / len(units) ** 0.5)


def test_the_engine_and_the_script_agree_in_the_mean(by_engine: Floats, by_script: Floats) -> None:
    allowed = 4.0 * np.hypot(error(by_engine), error(by_script))
    assert abs(by_engine.mean() - by_script.mean()) < allowed
    assert allowed < 0.02 * by_script.mean()


@pytest.mark.parametrize("percentile", [5, 95])
def test_the_engine_and_the_script_agree_in_the_tails(
    by_engine: Floats, by_script: Floats, percentile: int
) -> None:
    # Of 600 paths the 5th percentile is known to within about 1 % of the mean, the 95th better.
    found, expected = np.percentile(by_engine, percentile), np.percentile(by_script, percentile)
    assert abs(found - expected) < 0.04 * by_script.mean()


@pytest.mark.slow
def test_the_lots_agree_but_for_the_parts_that_gates_hold(by_script: Floats) -> None:
    by_lots = lots.installed(LOT_PATHS)
    four_errors = 4.0 * np.hypot(error(by_lots), error(by_script))
    one_lot = sum(fixed_model.ORDERS_PER_WEEK) * fixed_model.WEEKS / lots.LOTS
    # A lot passes whole, so each of four queues holds half a lot that has partly been served.
    difference = by_lots.mean() - by_script.mean()
    assert -2.0 * one_lot - four_errors < difference < four_errors


def test_orders_are_cut_into_as_many_lots_as_asked_for() -> None:
    found = lots.lots_by_company(lots.LOTS)
    assert sum(found) == lots.LOTS
    assert found == sorted(found)  # companies are listed by volume
    assert min(lots.lots_by_company(25)) == 1


def test_the_bare_engine_is_the_engine() -> None:
    alone = SerialExecutor()
    assert engine(40, alone) == pytest.approx(bare_engine(40, alone), rel=1e-12)


def test_every_path_of_the_script_has_its_own_luck() -> None:
    parts = [script.part((500, 1, first)) for first in (0, 500)]
    assert len(np.unique(np.concatenate(parts))) == 1000


@pytest.mark.slow
def test_every_contestant_says_how_many_paths_it_computes() -> None:
    entered = contestants(30, 3)
    alone = {name: found for name, found in entered.items() if not found.processes}
    assert {name: len(found.compute()) for name, found in alone.items()} == {
        name: found.paths for name, found in alone.items()
    }
