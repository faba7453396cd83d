"""Answer: intervals, what binds, memory by use, and the best layout."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from headworks.scenario.catalogue import catalogue
from headworks.throughput import model
from headworks.throughput.answer import Answer, ask
from headworks.throughput.constants import meanings
from headworks.throughput.draws import COUNT
from headworks.throughput.fastest import on_best_layout
from headworks.throughput.phases import RATES
from headworks.throughput.query import Query
from headworks.throughput.residual import RESIDUALS
from tests.unit.throughput.ideal import INSTANT, Book, a_chip, computing, query, reading

GROUPED, LATENT = model("llama-3.1-70b"), model("deepseek-v3")
LARGE = {"memory_gb": 1e4}


def known(chip: str, name: str = "llama-3.1-70b", **asked: Any) -> Query:  # noqa: ANN401
    return Query(chip, catalogue().chips[chip], model(name), **asked)


SERVED: dict[str, Any] = {
    "precision": "fp8",
    "tp": 8,
    "chips": 8,
    "input_tokens": 1024,
    "output_tokens": 1024,
}


def test_an_answer_has_the_figures_of_its_phase() -> None:
    asked = {"serving": 5, "prefill": 2, "decode": 3, "training": 2}
    for phase, number in asked.items():
        chips = None if phase == "training" else 8
        found = ask(known("h200-sxm", phase=phase, chips=chips))
        assert len(found.figures) == number
        assert set(found.figures) <= set(RESIDUALS)


def test_an_interval_is_of_the_draws_and_its_middle_is_the_first() -> None:
    draws = np.concatenate([[40.0], np.delete(np.linspace(0.0, 100.0, 101), 40)])
    answer = Answer({"tpot_ms": draws}, "compute", {}, "TP1", 1, 1, {}, (), {})
    found = answer.interval("tpot_ms")
    assert (found.p5, found.med, found.p95) == (5.0, 40.0, 95.0)


@pytest.mark.parametrize(("chip", "expected"), [
    (computing(**LARGE), "compute"),
    (reading(**LARGE), "bandwidth"),
    (reading(**LARGE, memory_bandwidth_gb_per_s=INSTANT, scale_up_gb_per_s=10.0), "network"),
])  # fmt: skip
@pytest.mark.parametrize("phase", ["serving", "prefill", "decode"])
def test_what_takes_the_time_binds(chip: Any, expected: str, phase: str) -> None:  # noqa: ANN401
    found = ask(query(GROUPED, chip, phase=phase, tp=8, concurrency=64), count=1)
    if (expected, phase) == ("compute", "decode"):
        assert found.parts_s["compute"] > 0
    assert found.bound_by == expected
    assert max(found.parts_s, key=lambda name: found.parts_s[name]) == expected


def test_fixed_times_bind_a_chip_without_limits() -> None:
    chip = reading(**LARGE, memory_bandwidth_gb_per_s=INSTANT)
    found = ask(query(GROUPED, chip, constants=Book(layer_us=10.0), concurrency=1), count=1)
    assert found.bound_by == "latency"


def test_memory_binds_where_requests_wait_for_it() -> None:
    chip = a_chip(memory_gb=50.0)
    few, many = (
        ask(query(GROUPED, chip, tp=4, chips=4, concurrency=n, input_tokens=2000), count=1)
        for n in (2, 2000)
    )
    assert few.bound_by != "memory"
    assert many.bound_by == "memory"
    assert many.figures["ttft_ms"][0] > 100 * few.figures["ttft_ms"][0]
    decode = query(GROUPED, chip, phase="decode", tp=4, concurrency=2000, input_tokens=2000)
    assert ask(decode, count=1).bound_by == "memory"


def test_figures_are_the_same_speed_in_other_units() -> None:
    found = ask(query(GROUPED, a_chip(**LARGE), tp=8, chips=16, concurrency=64,
                      input_tokens=3000, output_tokens=500), count=1).figures  # fmt: skip
    users = 1e3 / found["tpot_ms"]
    assert found["output_tokens_per_s_per_user"] == pytest.approx(users)
    ratio = found["input_tokens_per_s_per_chip"] / found["output_tokens_per_s_per_chip"]
    assert ratio == pytest.approx(3000 / 500)
    # 64 requests over 16 chips: Little's law, a stay in seconds by tokens per second
    stay = (found["ttft_ms"] + 499 * found["tpot_ms"]) / 1e3
    assert found["output_tokens_per_s_per_chip"] * stay / 500 == pytest.approx(64 / 16)


def test_copies_serve_alike() -> None:
    one, four = (
        ask(query(GROUPED, a_chip(**LARGE), tp=2, chips=2 * n, concurrency=16 * n), count=1)
        for n in (1, 4)
    )
    assert (one.copies, four.copies) == (1, 4)
    for name, draws in one.figures.items():
        assert four.figures[name] == pytest.approx(draws)


def test_memory_is_told_by_use() -> None:
    """Of 80 GiB: 141.1 GB of weights over four, 16 requests of 1536 tokens over 8 heads."""
    found = ask(query(GROUPED, a_chip(memory_gb=80.0), tp=4, chips=4, concurrency=16,
                      input_tokens=1024, output_tokens=1024), count=1).memory_gb  # fmt: skip
    assert found["chip"] == pytest.approx(80 * 2**30 / 1e9)
    assert found["weights"] == pytest.approx(141.1 / 4, rel=0.005)
    assert found["cache"] == pytest.approx(16 * 1536 * 327_680 / 4 / 1e9)
    taken = found["weights"] + found["activations"] + found["cache"]
    assert taken + found["free"] == pytest.approx(found["chip"])


def test_the_best_layout_is_no_worse_than_any_other() -> None:
    asked = query(GROUPED, a_chip(memory_gb=80.0), chips=16, concurrency=256,
                  constants=Book(all_reduce_us=20.0, layer_us=20.0))  # fmt: skip
    found = ask(asked, count=1)
    rate = found.figures[RATES["serving"]][0]
    for tp, pp in itertools.product((2, 4, 8), (1, 2)):
        other = ask(replace(asked, tp=tp, pp=pp), count=1).figures[RATES["serving"]][0]
        assert rate >= other * (1 - 1e-12)
    assert any(found.layout in text for text in found.assumptions)


def test_the_best_layout_stays_on_the_board_that_the_constants_give() -> None:
    asked = query(LATENT, a_chip(memory_gb=140.0), chips=64, input_tokens=100,
                  constants=Book(domain_count=2.0))  # fmt: skip
    placed = on_best_layout(asked)
    assert placed.tp is not None
    assert placed.tp <= 2


def test_a_layout_that_is_stated_is_kept() -> None:
    asked = query(GROUPED, a_chip(**LARGE), tp=2, chips=8)
    assert on_best_layout(asked) is asked


def test_an_interval_is_as_wide_as_its_constants_and_residuals() -> None:
    """A residual of s alone spreads a figure by exp(± 1.645 s)."""
    names = {name: 0.1 for name in meanings() if name.startswith("tpot")}
    asked = query(GROUPED, a_chip(**LARGE), constants=Book(COUNT, **names), concurrency=8)
    found = ask(asked).interval("tpot_ms")
    assert np.log(found.p95 / found.p5) / (2 * 1.645) == pytest.approx(0.1, rel=0.1)
    certain = ask(query(GROUPED, a_chip(**LARGE), concurrency=8)).interval("tpot_ms")
    assert certain.p5 == pytest.approx(certain.p95)


def test_a_figure_and_its_inverse_share_their_luck() -> None:
    found = ask(known("h200-sxm", **SERVED, concurrency=64)).figures
    product = found["tpot_ms"] * found["output_tokens_per_s_per_user"]
    assert product == pytest.approx(np.full(COUNT, 1e3))


def test_a_chip_in_more_doubt_has_a_wider_interval() -> None:
    chip = catalogue().chips["h200-sxm"]
    doubtful = chip.model_copy(update={"grade": "D"})
    asked = known("h200-sxm", **SERVED, concurrency=64)
    sure, unsure = (ask(replace(asked, chip=one)).interval("tpot_ms") for one in (chip, doubtful))
    assert unsure.p95 / unsure.p5 > sure.p95 / sure.p5


def test_chips_that_share_constants_share_their_luck() -> None:
    """A ratio of relatives is narrower than the two by themselves would make it."""
    one, other = (
        ask(known(chip, **SERVED, concurrency=64)).figures["tpot_ms"]
        for chip in ("h200-sxm", "h100-sxm")
    )

    def width(draws: Any) -> float:  # noqa: ANN401 - draws
        return float(np.log(draws).std())

    assert width(one / other) < 0.8 * np.hypot(width(one), width(other))


def test_one_draw_is_near_the_median_of_many() -> None:
    asked = known("h200-sxm", **SERVED, concurrency=64)
    middle, many = ask(asked, count=1), ask(asked)
    for name, draws in many.figures.items():
        assert middle.figures[name][0] == pytest.approx(np.median(draws), rel=0.1)


def test_the_example_of_the_command_has_all_its_figures_in_order() -> None:
    found = ask(known("h200-sxm", **SERVED, concurrency=64))
    for name in ("ttft_ms", "tpot_ms", "output_tokens_per_s_per_chip"):
        interval = found.interval(name)
        assert 0 < interval.p5 < interval.med < interval.p95
    # Eight H200 read 70.5 GB of weights and 16 GB of cache at 38.4 TB/s at the least.
    assert found.interval("tpot_ms").p5 > (70.5 + 64 * 1536 * 163_840 / 1e9) / 38.4
    assert found.layout == "TP8"


def test_evenly_dealt_experts_read_prompts_faster() -> None:
    """A profile has no busiest group of experts; the rest of its cost stays."""
    asked = Query(
        "h800", catalogue().chips["h800"], model("deepseek-v3"), "prefill", "fp8", chips=32,
        tp=1, dp=32, ep=32, input_tokens=4096, concurrency=128,
    )  # fmt: skip
    rates = [
        ask(replace(asked, software=name), count=1).figures["input_tokens_per_s_per_chip"][0]
        for name in (None, "DeepSeek internal (profile)")
    ]
    uneven = meanings()["imbalance_factor"].scopes["any"].median
    assert rates[0] < rates[1] < rates[0] * uneven
