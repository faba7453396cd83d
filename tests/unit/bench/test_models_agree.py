"""All contestants of the benchmark compute the same model; what they say agrees in distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pytest
from numpy.typing import NDArray

from bench import fixed_model, lots, script
from bench.contest import LAST_DAY, bare_engine, contestants, engine, recording_script, scripted
from bench.script_record import FINISHED, GATES, STOCKS, Record
from headworks.flow.executor import SerialExecutor
from headworks.flow.forecast import forecast
from headworks.flow.recorder import finished_periods, month_ends

if TYPE_CHECKING:
    from headworks.flow.result import Forecast

Floats: TypeAlias = NDArray[np.float64]

PATHS, LOT_PATHS = 600, 100


@pytest.fixture(scope="module")
def by_engine() -> Floats:
    return bare_engine(PATHS, SerialExecutor())


@pytest.fixture(scope="module")
def by_script() -> Floats:
    return scripted(PATHS, SerialExecutor())


@pytest.fixture(scope="module")
def by_forecast() -> Forecast:
    return forecast(
        fixed_model.scenario(), paths=PATHS, seed=1, at=[LAST_DAY], binding=False, executor="serial"
    )


@pytest.fixture(scope="module")
def record() -> Record:
    return script.recorded(PATHS)


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


def test_the_script_that_keeps_a_record_computes_the_same_as_the_one_that_does_not(
    by_script: Floats, record: Record
) -> None:
    np.testing.assert_array_equal(record.last[STOCKS.index("installed")].sum(axis=0), by_script)
    np.testing.assert_array_equal(recording_script(PATHS, SerialExecutor()), by_script)


@pytest.mark.parametrize("stock", STOCKS)
def test_the_record_of_the_script_agrees_with_the_forecast_in_every_stock(
    by_forecast: Forecast, record: Record, stock: str
) -> None:
    found = by_forecast.samples(stock, at=LAST_DAY)
    expected = record.last[STOCKS.index(stock)].sum(axis=0)
    assert abs(found.mean() - expected.mean()) <= 4.0 * np.hypot(error(found), error(expected))


def test_both_keep_the_same_months_and_groups(by_forecast: Forecast, record: Record) -> None:
    net, monthly = by_forecast.net, by_forecast.result.pages[1]
    assert [finished_periods(net, day) for day in month_ends(net)] == FINISHED
    # The forecast keeps one stock more, what is refused, which nothing is here.
    assert record.months.shape == (monthly.shape[0], monthly.shape[1] - 1, *monthly.shape[2:])
    assert record.months.dtype == monthly.dtype
    np.testing.assert_array_equal(record.months[-1, -1, 2:], np.float32(record.last[-1]))


@pytest.mark.parametrize("gate", [name for name in GATES if name not in {"allocation", "export"}])
def test_the_record_of_the_script_agrees_with_the_forecast_in_waiting(
    by_forecast: Forecast, record: Record, gate: str
) -> None:
    net = by_forecast.net
    found = by_forecast.result.waiting[-1][-1, [*net.goods, *net.papers].index(gate)]
    expected = record.unit_days[-1, GATES.index(gate)]
    assert expected.mean() > 0
    assert abs(found.mean() - expected.mean()) < 4.0 * np.hypot(error(found), error(expected))


def test_nothing_waits_to_speak_of_where_papers_are_what_is_short(
    by_forecast: Forecast, record: Record
) -> None:
    # What stands at these two gates is booked to the papers that it lacks.
    net = by_forecast.net
    for gate in ("allocation", "export"):
        found = by_forecast.result.waiting[-1][-1, [*net.goods, *net.papers].index(gate)]
        everything = record.unit_days[-1].sum(axis=0).mean()
        assert found.mean() < 1e-3 * everything
        assert record.unit_days[-1, GATES.index(gate)].mean() < 1e-3 * everything


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
