"""What a forecast says of days, chunks and figures that a user may get wrong or miss."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

import headworks as hw
from headworks.errors import InputError
from headworks.flow import memory
from tests.unit.flow.build import day, passes, scenario, stock, want

if TYPE_CHECKING:
    from pathlib import Path

    from headworks.scenario.scenario import Scenario
    from tests.unit.flow.build import Tree


def crowd() -> Scenario:
    """Return 23 buyers of a stock that is short on some paths and not on others."""
    uncertain: Tree = {
        "p5": 800.0, "p95": 4000.0, "dist": "lognormal", "kind": "assumed", "reason": "test",
    }  # fmt: skip
    gates = {
        "allocation": passes("produced", pool="goods"),
        "installation": passes("installed"),
    }
    wants = {f"buyer-{n:02d}": want({**uncertain, "p5": 40.0 + n, "p95": 90.0}) for n in range(23)}
    return scenario(gates, wants, {"goods": stock(uncertain)}, periods=4)


def test_a_pool_short_on_some_paths_gives_the_same_bits_in_chunks_of_any_size() -> None:
    whole = hw.forecast(crowd(), paths=90, binding=False)
    for chunk in (1, 7, 16, 33):
        parts = hw.forecast(crowd(), paths=90, binding=False, chunk_paths=chunk)
        assert np.array_equal(whole.result.pages[0], parts.result.pages[0])
        left, twin = whole.result.pools[0]["goods"], parts.result.pools[0]["goods"]
        assert np.array_equal(left, twin)


def test_what_gates_hold_back_counts_at_the_last_date_asked() -> None:
    early = hw.forecast("one-gate", paths=4, at="2026-06-30")
    installed = float(early.samples(at="2026-06-30")[0])
    row = early.binding_rows()[0]
    assert row["date"] == "2026-06-30"
    assert row["held_back_units_mean"] == pytest.approx(10_000.0 - installed)


@pytest.mark.parametrize("outside", ["2020-01-01", "2030-01-01"])
def test_a_day_outside_the_horizon_is_refused(outside: str) -> None:
    found = hw.forecast("one-gate", paths=4, binding=False)
    with pytest.raises(InputError, match="lies outside the horizon"):
        found.probability(at=outside, at_least=1)


def test_chunks_of_no_path_are_refused() -> None:
    with pytest.raises(InputError, match="give a whole number from 1"):
        hw.forecast("one-gate", paths=4, chunk_paths=-1)


def test_samples_that_do_not_fit_the_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    words = r"paths: the samples of 4 paths of one-gate do not fit.*\n.*ask for fewer paths"
    monkeypatch.setattr(memory, "machine_bytes", lambda: 100.0)
    with pytest.raises(InputError, match=words):
        hw.forecast("one-gate", paths=4, binding=False)

    def refuse(*_: object) -> None:
        raise MemoryError

    monkeypatch.undo()
    monkeypatch.setattr(memory, "empty", refuse)
    with pytest.raises(InputError, match=words):
        hw.forecast("one-gate", paths=4, binding=False)


def test_a_machine_that_does_not_say_how_much_memory_it_has_has_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert 1e8 < memory.machine_bytes() < float("inf")
    monkeypatch.delattr(os, "sysconf")
    assert memory.machine_bytes() == float("inf")


def test_chips_without_a_figure_are_named() -> None:
    case = crowd()
    found = hw.forecast(case, paths=4, binding=False)
    assert set(found.unmeasured()) == set(found.per_chip)
    without = case.chips["alpha"].model_copy(update={"memory_bandwidth_gb_per_s": None})
    blind = case.model_copy(update={"chips": {**case.chips, "alpha": without}})
    assert "alpha" in hw.forecast(blind, paths=4, binding=False).unmeasured()["h100e_bandwidth"]


def test_a_comparison_says_what_was_changed() -> None:
    changed = hw.load("one-gate", set_={"gates.allocation.lead_time_days": "28"})
    told = hw.compare("one-gate", changed, paths=4, at=[day(60)]).to_json()
    assert told["changes"]["base"] == {}
    assert list(told["changes"]["other"]) == ["gates.allocation.lead_time_days"]


def test_samples_follow_a_link_and_spare_devices(tmp_path: Path) -> None:
    found = hw.forecast("one-gate", paths=4, binding=False)
    target, link = tmp_path / "target.parquet", tmp_path / "link.parquet"
    target.write_bytes(b"old")
    link.symlink_to(target)
    found.to_parquet(link)
    assert link.is_symlink()
    assert target.stat().st_size > 100
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="a folder or a device"):
        found.to_parquet(pipe)
    assert pipe.is_fifo()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no /dev/full")  # noqa: PTH110 - a device
def test_a_full_disk_behind_the_output_ends_in_a_message() -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123 - a device
        ended = subprocess.run(
            [sys.executable, "-m", "headworks", "classify", "H200", "--on", "2026-02-01"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert ended.returncode == 1
    assert "the output cannot be written" in ended.stderr
    assert "Traceback" not in ended.stderr
