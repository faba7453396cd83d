"""The sampled open share of a gate agrees with the stated one where no driver interferes."""

from __future__ import annotations

import datetime as dt

import pytest

import headworks as hw
from headworks.flow.openness import openings_apart
from headworks.scenario.scenario import Scenario


def number(value: float) -> dict[str, object]:
    """Return a number taken as known."""
    return {"value": value, "dist": "fixed", "kind": "assumed", "reason": "test"}


def world(loading: float, open_at_start: float = 0.5) -> Scenario:
    """Return a scenario whose customs open for 40 days and shut for 20 on average."""
    process = {
        "open_at_start": number(open_at_start),
        "mean_days_open": number(40.0),
        "mean_days_shut": number(20.0),
        "drivers": {"mood": loading},
    }
    want = {
        "schedule": [{"on": dt.date(2026, 1, 5), "units": number(100.0)}],
        "need": number(1.0),
        "routes": {"shares": {"road": 1.0}, "kind": "assumed", "reason": "one route"},
    }
    return Scenario.model_validate(
        {
            "scenario": "open-share",
            "title": "One gate that opens and shuts",
            "as_of": dt.date(2026, 1, 5),
            "start": dt.date(2026, 1, 5),
            "periods": 104,
            "drivers": {"mood": {"title": "Mood", "half_life_days": number(400.0)}},
            "chips": {"chip": {"name": "Chip", "grade": "A", "peak_tflops": {"fp8": number(1.0)}}},
            "gates": {
                "customs": {"kind": "passes", "stock": "installed", "opening": {"process": process}}
            },
            "routes": {"road": {"gates": ["customs"]}},
            "companies": {"buyer": {"name": "Buyer", "wants": {"chip": want}}},
        }
    )


@pytest.mark.parametrize("open_at_start", [0.0, 0.5, 1.0])
def test_the_shares_agree_without_a_driver(open_at_start: float) -> None:
    (row,) = hw.forecast(world(0.0, open_at_start), paths=2000, binding=False).opening_rows()
    # Two years of about twelve cycles on 2,000 paths: a standard error of about 0.002.
    assert row["sampled_open_share"] == pytest.approx(row["stated_open_share"], abs=0.01)


def test_a_lasting_driver_lowers_the_sampled_share_and_the_row_shows_it() -> None:
    (row,) = hw.forecast(world(0.9), paths=2000, binding=False).opening_rows()
    assert row["sampled_open_share"] < row["stated_open_share"] - 0.02


def test_shares_apart_are_told_by_more_than_chance() -> None:
    driven = hw.forecast(world(0.9), paths=2000, binding=False)
    (row,) = openings_apart(driven)
    assert row == {**next(driven.opening_rows()), "driven": True}
    assert openings_apart(hw.forecast(world(0.0), paths=2000, binding=False)) == []


@pytest.mark.parametrize("paths", [1, 2, 5])
def test_a_few_paths_show_no_difference(paths: int) -> None:
    found = hw.forecast(world(0.9), paths=paths, binding=False)
    (row,) = found.opening_rows()
    assert abs(row["sampled_open_share"] - row["stated_open_share"]) > 0.02
    assert openings_apart(found) == []
