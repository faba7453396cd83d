"""The forecast's result: samples, quantiles, probabilities, tables, and any date afterwards."""

from __future__ import annotations

import datetime as dt
import functools
import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from headworks.errors import InputError, UnknownName
from headworks.flow.forecast import forecast
from headworks.flow.recorder import STOCKS
from tests.unit.flow.build import Play, day, passes, rate, scenario, want
from tests.unit.flow.worlds import lively, spread

if TYPE_CHECKING:
    from pathlib import Path

    from headworks.flow.result import Forecast

AT = (day(55), day(111))
PATHS = 150


@functools.cache
def result() -> Forecast:
    return forecast(lively(), paths=PATHS, seed=7, at=AT, passage=True)


def test_samples_are_the_states_of_the_paths() -> None:
    play = Play(lively(), paths=PATHS, seed=7).to(8)
    for stock in STOCKS:
        for company, chip in (("ash", "alpha"), ("ash", "home"), ("birch", "beta")):
            found = result().samples(stock, company=company, chip=chip, at=day(55))
            np.testing.assert_allclose(found, play.by_path(stock, company=company, chip=chip))


def test_the_case_is_not_trivial() -> None:
    assert result().samples("installed").std() > 10
    assert result().samples("withdrawn").max() > 0


def test_a_day_that_was_not_asked_for_is_computed_on_the_same_luck() -> None:
    for at in (day(48), day(50), day(20)):
        asked = forecast(lively(), paths=PATHS, seed=7, at=[at], binding=False)
        later = result().samples("shipped", company="birch", at=at)
        assert np.array_equal(later, asked.samples("shipped", company="birch", at=at))
    assert result().samples("shipped", at=day(48)).sum() > 0


def test_a_date_within_a_week_counts_the_last_finished_week() -> None:
    found = result()
    assert np.array_equal(found.samples(at=day(61)), found.samples(at=day(55)))
    assert not np.array_equal(
        found.samples("ordered", at=day(62)), found.samples("ordered", at=day(61))
    )


def test_probability_is_the_share_of_paths() -> None:
    samples = result().samples("installed", at=day(111))
    for level in (0.0, float(np.median(samples)), 1e9):
        asked = result().probability(stock="installed", at=day(111).isoformat(), at_least=level)
        assert asked == (samples >= level).mean()
    exact = float(samples[0])
    assert result().probability(at_least=exact) >= 1 / PATHS  # at least, and not more than


def test_totals_are_summed_path_by_path() -> None:
    found = result()
    parts = [found.samples("shipped", company=company, at=AT[0]) for company in ("ash", "birch")]
    total = found.samples("shipped", at=AT[0])
    np.testing.assert_allclose(total, np.sum(parts, axis=0))
    assert np.quantile(total, 0.95) < sum(np.quantile(part, 0.95) for part in parts) - 1


def test_companies_outside_the_story_are_served_and_not_counted() -> None:
    found = result()
    assert found.samples("shipped", company="cedar").sum() > 0
    inside = sum(found.samples("ordered", company=name).sum() for name in ("ash", "birch"))
    assert found.samples("ordered").sum() == pytest.approx(inside)


def test_the_table_has_quantiles_of_its_samples() -> None:
    table = result().table()
    assert list(table.columns) == [
        "company", "chip", "stock", "date", "units_mean", "units_p5", "units_med", "units_p95",
    ]  # fmt: skip
    groups = {("all", "all"), ("all", "alpha"), ("ash", "all"), ("ash", "home"), ("cedar", "alpha")}
    assert groups <= set(zip(table.company, table.chip, strict=True))
    assert set(table.stock) == set(STOCKS)
    assert set(table.date) == {at.isoformat() for at in AT}
    for _, row in table.sample(20, random_state=1).iterrows():
        samples = result().samples(row.stock, company=row.company, chip=row.chip, at=row.date)
        assert row.units_mean == pytest.approx(samples.mean())
        assert row.units_p5 == pytest.approx(np.quantile(samples, 0.05))
        assert row.units_med == pytest.approx(np.median(samples))
        assert row.units_p95 == pytest.approx(np.quantile(samples, 0.95))


def test_json_has_the_keys_that_other_programs_rely_on() -> None:
    found = json.loads(json.dumps(result().to_json()))
    assert {"scenario", "as_of", "paths", "seed", "table", "compute", "binding"} <= set(found)
    assert (found["scenario"], found["as_of"]) == ("case", "2026-01-05")
    assert (found["paths"], found["seed"]) == (PATHS, 7)
    assert set(found["table"][0]) == {
        "company", "chip", "stock", "date", "units_mean", "units_p5", "units_med", "units_p95",
    }  # fmt: skip
    assert set(found["compute"][0]) == {
        "company", "date", "measure", "value_mean", "value_p5", "value_med", "value_p95",
    }  # fmt: skip
    assert {"gate", "waiting_unit_days_med", "held_back_units_med"} <= set(found["binding"][0])
    gates = {row["gate"] for row in found["binding"]}
    assert gates == {"all gates", *lively().gates}


def test_samples_go_through_parquet_and_back(tmp_path: Path) -> None:
    path = tmp_path / "samples.parquet"
    result().to_parquet(path)
    back = pd.read_parquet(path)
    assert list(back.columns) == ["path", "date", "company", "chip", "stock", "units"]
    assert len(back) == PATHS * len(AT) * len(STOCKS) * 4
    mine = back[
        (back.date.astype(str) == AT[1].isoformat())
        & (back.company == "birch") & (back.chip == "beta") & (back.stock == "installed")
    ].sort_values("path")  # fmt: skip
    expected = result().samples("installed", company="birch", chip="beta", at=AT[1])
    assert np.array_equal(mine.units.to_numpy(), expected)
    assert list(tmp_path.iterdir()) == [path]  # nothing is left beside it


def test_samples_summed_over_companies_are_the_totals_of_the_table(tmp_path: Path) -> None:
    """A buyer outside the story, who is served from the same stock, is in neither."""
    path = tmp_path / "samples.parquet"
    result().to_parquet(path)
    back = pd.read_parquet(path)
    assert set(back.company) == {"ash", "birch"}
    assert result().samples("installed", company="cedar").max() > 0
    totals = [row for row in result().rows() if (row["company"], row["chip"]) == ("all", "all")]
    assert len(totals) == len(AT) * len(STOCKS)
    for row in totals:
        of_row = back[(back.date.astype(str) == row["date"]) & (back.stock == row["stock"])]
        sums = of_row.groupby("path").units.sum()
        assert len(sums) == PATHS
        assert sums.mean() == pytest.approx(row["units_mean"])
        for name, quantile in {"p5": 0.05, "med": 0.5, "p95": 0.95}.items():
            assert sums.quantile(quantile) == pytest.approx(row[f"units_{name}"], abs=1e-9)


def test_named_axes_summed_over_groups_are_the_totals() -> None:
    summed = result().to_xarray().units.sum("group").sel(date=pd.Timestamp(AT[1]))
    for stock in STOCKS:
        expected = result().samples(stock, at=AT[1])
        np.testing.assert_allclose(summed.sel(stock=stock), expected, rtol=1e-9, atol=1e-9)


def test_a_file_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        result().to_parquet(tmp_path / "no" / "folder.parquet")


def test_samples_have_named_axes() -> None:
    found = result().to_xarray()
    assert found.units.dims == ("date", "stock", "group", "path")
    picked = found.units.sel(stock="shipped", date=pd.Timestamp(AT[0]))
    here = (found.company == "ash") & (found.chip == "alpha")
    expected = result().samples("shipped", company="ash", chip="alpha", at=AT[0])
    assert np.array_equal(picked.to_numpy()[here.to_numpy()][0], expected)


def test_more_paths_keep_the_first_ones() -> None:
    fewer = forecast(lively(), paths=40, seed=7, at=AT, binding=False)
    assert np.array_equal(fewer.samples("shipped"), result().samples("shipped")[:40])


def test_a_chunk_of_one_path_adds_many_lines_in_the_same_order() -> None:
    """A sum over the lines of a single path is added up in another way by NumPy."""
    gates = {"installation": passes("installed", pool="crews")}
    each = {f"firm-{n}": want(spread(1 + n, 90 + n)) for n in range(33)}
    case = scenario(gates, each, {"crews": rate(70)}, periods=6)
    one, other = (forecast(case, paths=12, binding=False, chunk_paths=size) for size in (1, 12))
    assert np.array_equal(one.result.pages[0], other.result.pages[0])
    assert np.array_equal(one.result.pages[1], other.result.pages[1])


def test_another_seed_is_another_luck() -> None:
    other = forecast(lively(), paths=40, seed=8, at=AT, binding=False)
    assert not np.array_equal(other.samples("shipped"), result().samples("shipped")[:40])


def test_what_gates_held_back_is_the_difference_on_the_same_luck() -> None:
    binding = result().binding
    assert binding.gates[0] == "all gates"
    open_all = binding.units[0] + result().samples("installed")
    assert (open_all >= result().samples("installed") - 1e-9).all()
    assert np.median(binding.units[0]) > np.median(binding.units[1:], axis=1).max() - 1e-9


def test_without_counterfactuals_what_is_held_back_is_not_known() -> None:
    found = forecast(lively(), paths=5, binding=False)
    assert {row["held_back_units_med"] for row in found.binding_rows()} == {None}


def test_compute_counts_chips_by_their_figures() -> None:
    """One alpha has a TPP of 8,000, one beta 4,000, one of home 2,000; an H100 has 15,824 or so."""
    rows = {
        (row["company"], row["measure"]): row
        for row in result().compute_rows()
        if row["date"] == AT[1].isoformat()
    }
    h100 = lively().catalogue.chip("h100-sxm").tpp
    assert h100 is not None
    units = {
        chip: result().samples(company="birch", chip=chip, at=AT[1]) for chip in ("alpha", "beta")
    }
    expected = (8000 * units["alpha"] + 4000 * units["beta"]) / h100
    assert rows["birch", "h100e_tpp"]["value_mean"] == pytest.approx(expected.mean())
    assert rows["birch", "h100e_tpp"]["value_p95"] == pytest.approx(np.quantile(expected, 0.95))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"stock": "instaled"}, "installed"),
        ({"company": "ahs"}, "ash"),
        ({"chip": "aplha"}, "alpha"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_one(
    question: dict[str, str], words: str
) -> None:
    with pytest.raises(UnknownName, match=words):
        result().samples(**question)


def test_unusable_arguments_are_refused_together() -> None:
    with pytest.raises(InputError) as error:
        forecast(lively(), paths=0, seed=-1)
    assert len(error.value.faults) == 2
    with pytest.raises(InputError) as error:
        forecast(lively(), paths=5, at=["2026-13-01", "2031-01-01", dt.date(2020, 1, 1)])
    assert len(error.value.faults) == 3
    with pytest.raises(InputError, match="not a day"):
        result().samples(at="soon")


def test_one_path_is_a_forecast_too() -> None:
    one = forecast(lively(), paths=1, seed=7, at=AT, binding=False)
    assert np.array_equal(one.samples("shipped"), result().samples("shipped")[:1])


def test_by_default_the_table_has_ends_of_half_years_and_of_the_horizon() -> None:
    case = scenario({"installation": passes("installed")}, {"a": want(1)}, periods=30)
    dates = {row["date"] for row in forecast(case, paths=2).rows()}
    assert dates == {"2026-06-30", "2026-08-02"}


def test_progress_counts_all_runs() -> None:
    told: list[tuple[int, int]] = []
    forecast(lively(), paths=30, progress=lambda done, whole: told.append((done, whole)))
    assert len({whole for _, whole in told}) == 1
    assert told[-1][0] == told[-1][1] > 30
    assert [done for done, _ in told] == sorted(done for done, _ in told)
