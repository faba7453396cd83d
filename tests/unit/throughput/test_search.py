"""The best configuration: limits, layouts, and prompts read on chips of their own."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

import headworks as hw
from headworks.errors import InputError
from headworks.scenario.catalogue import catalogue
from headworks.throughput.cards import model
from headworks.throughput.disaggregation import evenest
from headworks.throughput.layout import Layout, faults
from headworks.throughput.query import Query
from headworks.throughput.search import Found, Limits, layouts, search

DENSE: dict[str, Any] = {
    "model": "llama-3.1-70b", "precision": "fp8", "chips": 8, "input_tokens": 1024,
    "output_tokens": 1024,
}  # fmt: skip
EXPERTS: dict[str, Any] = {
    "model": "deepseek-v3", "chips": 32, "input_tokens": 4096, "output_tokens": 1024,
}  # fmt: skip


def query(chip: str = "h200-sxm", name: str = "llama-3.1-70b", **given: Any) -> Query:  # noqa: ANN401
    return Query(chip, catalogue().chips[chip], model(name), **{"precision": "fp8", **given})


@pytest.mark.parametrize("asked", [DENSE, EXPERTS], ids=["dense", "experts"])
def test_the_best_keeps_within_limits_and_uses_all_chips(asked: dict[str, Any]) -> None:
    found = hw.best_configuration("h200-sxm", **asked, ttft_ms=2000, tpot_ms=50)
    assert found.found is not None
    assert found.found.answer.chips == asked["chips"]
    assert found.found.interval("tpot_ms").med <= 50
    assert found.found.interval("ttft_ms").med <= 2000
    chance = found.chance()
    assert chance["all"] <= min(chance["ttft_ms"], chance["tpot_ms"])
    assert chance["tpot_ms"] >= 0.45


def test_no_other_number_of_requests_of_that_layout_does_better_within_limits() -> None:
    found = hw.best_configuration("h200-sxm", **DENSE, tpot_ms=30)
    assert found.found is not None
    best = found.found
    layout = found.first.layout
    more = hw.worth(
        "h200-sxm", **DENSE, tp=layout.tp, pp=layout.pp,
        concurrency=found.first.requests * best.answer.copies * 1.1,
    )  # fmt: skip
    assert more.interval("tpot_ms").med > 30


def test_looser_limits_never_lower_the_rate() -> None:
    rates = []
    for tpot_ms in (15, 20, 30, 50, 100, None):
        found = hw.best_configuration("h200-sxm", **DENSE, tpot_ms=tpot_ms)
        assert found.found is not None
        rates.append(found.found.interval("output_tokens_per_s_per_chip").med)
    # Layouts within 2 % of each other are not told apart.
    assert all(later >= 0.96 * earlier for earlier, later in pairwise(rates))


def test_limits_that_nothing_meets_are_an_answer() -> None:
    found = hw.best_configuration("h20", **{**EXPERTS, "chips": 16}, tpot_ms=0.5)
    assert found.found is None
    assert found.first.excess > 1
    assert "No layout of 16 NVIDIA H20 96GB serves DeepSeek-V3 within TPOT 0.5 ms" in str(found)
    plain = json.loads(json.dumps(found.to_json()))
    assert (plain["met"], plain["best"]) == (False, None)
    assert plain["nearest"]["worst_time_over_its_limit"] > 1


def test_a_stated_layout_is_the_only_one_tried() -> None:
    found = hw.best_configuration("h200-sxm", **DENSE, tp=4, tpot_ms=30)
    assert str(found.first.layout) == "TP4"
    assert found.others == ()
    assert found.pools is None


def test_layouts_divide_the_chips_and_the_model() -> None:
    tried = list(layouts(query("h200-sxm", "deepseek-v3", chips=48)))
    assert {one.chips for one in tried} <= {1, 2, 3, 4, 6, 8, 12, 16, 24, 48}
    assert all(48 % one.chips == 0 for one in tried)
    assert all(not list(faults(one, model("deepseek-v3"))) for one in tried)
    assert any(one.dp > 1 for one in tried)
    assert all(one.dp == 1 for one in layouts(query(chips=8)))
    assert len(set(tried)) == len(tried)


def test_limits_bind_only_what_a_phase_has() -> None:
    found = search(query(phase="decode", chips=8), Limits(ttft_ms=1e-9, tpot_ms=40))
    assert found[0].excess <= 1


def test_progress_tells_of_the_layouts() -> None:
    told: list[tuple[int, int]] = []
    hw.best_configuration("h200-sxm", **DENSE, tpot_ms=30, progress=lambda *n: told.append(n))
    assert [done for done, _ in told] == list(range(len(told)))
    assert {whole for _, whole in told} == {len(told)}


def test_pools_use_no_more_chips_than_there_are_and_the_slower_side_sets_the_rate() -> None:
    apart = hw.best_configuration("h200-sxm", **EXPERTS, ttft_ms=2000, tpot_ms=50).pools
    assert apart is not None
    assert 2 <= apart.chips_reading + apart.chips_writing <= 32
    assert apart.figures["tpot_ms"][0] <= 50
    assert apart.figures["ttft_ms"][0] <= 2000
    read = apart.reading.rate * apart.chips_reading / 4096
    written = apart.writing.rate * apart.chips_writing / 1024
    rate = apart.figures["output_tokens_per_s_per_chip"][0] * 32 / 1024
    assert rate == pytest.approx(min(read, written), rel=0.1)
    # chips_p / chips_d = (ISL x t_p) / (OSL x t_d), with t in chip-seconds per token
    even = (4096 / apart.reading.rate) / (1024 / apart.writing.rate)
    assert apart.even == pytest.approx(even)


@pytest.mark.parametrize("chips", [2, 3, 7, 31, 100])
@pytest.mark.parametrize("sizes", [(1, 1), (2, 4), (4, 1), (3, 5)])
@pytest.mark.parametrize("rates", [(1.0, 1.0), (7.0, 0.5), (0.25, 2.0)])
def test_the_fastest_split_is_that_of_all_numbers_of_copies(
    chips: int, sizes: tuple[int, int], rates: tuple[float, float]
) -> None:
    """The rate of a split is that of its slower side; all splits are gone through here."""
    asked = query(input_tokens=1.0, output_tokens=1.0)
    r = Found(replace(asked, phase="prefill"), Layout(tp=sizes[0]), 1, rates[0], 0.0)
    w = Found(replace(asked, phase="decode"), Layout(tp=sizes[1]), 1, rates[1], 0.0)
    every = [
        (min(n * sizes[0] * rates[0], m * sizes[1] * rates[1]), -n)
        for n in range(1, chips + 1)
        if (m := (chips - n * sizes[0]) // sizes[1]) >= 1
    ]
    found = [(rate, -readers) for rate, readers, _ in evenest(chips, r, w, asked)]
    assert found == ([max(every)] if every else [])


def test_a_million_chips_are_split_as_fast_as_a_hundred() -> None:
    began = time.process_time()
    best = hw.best_configuration(
        "h100", model="llama-3.1-8b", chips=1_000_000, ttft_ms=2000, tpot_ms=30
    )
    assert best.pools is not None
    assert time.process_time() - began < 8  # going through each number of copies takes minutes


def test_one_chip_cannot_be_split() -> None:
    found = hw.best_configuration("h200-sxm", model="llama-3.1-8b", chips=1, tpot_ms=30)
    assert found.pools is None
    assert found.found is not None


def test_it_prints_both_ways_and_converts_to_plain_values() -> None:
    found = hw.best_configuration("h200-sxm", **DENSE, ttft_ms=2000, tpot_ms=30)
    text = str(found)
    assert "best within TTFT 2,000 ms and TPOT 30 ms" in " ".join(text.split())
    assert "chance that the limits are met" in text
    assert "Apart: " in text
    assert max(map(len, text.splitlines())) <= 100
    plain = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert plain["met"]
    assert {"prefill", "decode", "ttft_ms", "tpot_ms", "chance"} <= plain["disaggregated"].keys()
    assert plain["disaggregated_over_aggregated"]["med"] > 0
    runs = {name: one["family_runs"] for name, one in plain["disaggregated"]["rests_on"].items()}
    assert runs == {"ttft_ms": 114, "tpot_ms": 114}  # of reading and of writing alone


@pytest.mark.parametrize("phase", ["prefill", "decode"])
def test_one_phase_alone_has_a_best_too(phase: str) -> None:
    limits = {"prefill": {"ttft_ms": 3000}, "decode": {"tpot_ms": 30}}[phase]
    found = hw.best_configuration("h200-sxm", **DENSE, phase=phase, **limits)  # type: ignore[arg-type]
    assert found.found is not None
    assert found.pools is None
    assert str(found)


@pytest.mark.parametrize(
    ("phase", "limits", "argument", "words"),
    [
        ("decode", {"ttft_ms": 100}, "ttft_ms", "decode has no TTFT"),
        ("decode", {"ttft_ms": 100, "tpot_ms": 30}, "ttft_ms", "decode has no TTFT"),
        ("prefill", {"tpot_ms": 100}, "tpot_ms", "prefill has no TPOT"),
    ],
)
def test_a_limit_on_a_time_that_a_phase_has_not_is_refused(
    phase: str, limits: dict[str, float], argument: str, words: str
) -> None:
    with pytest.raises(InputError) as refused:
        hw.best_configuration("h100", model="llama-3.1-8b", chips=8, phase=phase, **limits)  # type: ignore[arg-type]
    (fault,) = refused.value.faults
    assert fault.file == argument
    assert words in fault.message


def test_what_cannot_be_asked_is_refused_at_once() -> None:
    with pytest.raises(InputError) as refused:
        hw.best_configuration(
            "h200-sxm", model="llama-3.1-70b", phase="training", ttft_ms=-1, tpot_ms=0
        )
    found = {fault.file: fault.message for fault in refused.value.faults}
    assert found["ttft_ms"] == "-1 is not a number above 0"
    assert found["tpot_ms"] == "0 is not a number above 0"
    assert found["chips"] == "the best of how many chips is not stated"
    assert "training" in found["phase"]
    odd: Any = ["decode"]  # what no phase can be, where a limit is looked up by phase
    with pytest.raises(InputError, match="phase"):
        hw.best_configuration("h200", model="llama-3.1-8b", chips=8, phase=odd, ttft_ms=30)
