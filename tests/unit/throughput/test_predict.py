"""Predict: from a measured case to a query, and to an interval."""

from __future__ import annotations

import dataclasses

import pytest

from headworks.errors import InputError, UnknownName
from headworks.throughput.answer import ask
from headworks.throughput.case import Case
from headworks.throughput.data_set import DataSet
from headworks.throughput.predict import predict, query_of

CASE = Case(
    case_id="a",
    chip="H200",
    chips=8,
    model="meta-llama/Llama-3.1-70B",
    phase="serving",
    precision="fp8",
    kv_precision=None,
    tp=8,
    pp=None,
    ep=None,
    dp=None,
    input_tokens=1024,
    output_tokens=1024,
    concurrency=64,
    metric="tpot_ms",
    value=10.0,
)


def test_a_case_is_asked_as_it_is_stated() -> None:
    asked = query_of(CASE)
    assert asked.chip_id == "h200-sxm"
    assert asked.card.name == "Llama 3.1 70B"
    assert (asked.chips, asked.tp, asked.concurrency) == (8, 8, 64)
    assert (asked.precision, asked.input_tokens, asked.output_tokens) == ("fp8", 1024, 1024)


def test_a_prediction_is_the_interval_of_the_metric() -> None:
    found, answer = predict(CASE), ask(query_of(CASE))
    interval = answer.interval("tpot_ms")
    assert (found.p5, found.med, found.p95) == (interval.p5, interval.med, interval.p95)
    assert found.bound_by == answer.bound_by


def test_the_value_of_a_case_does_not_move_its_prediction() -> None:
    other = dataclasses.replace(CASE, value=1e6, case_id="b", source_url="https://example.com")
    assert predict(other) == predict(CASE)


def test_answers_to_peoples_questions_differ_in_length() -> None:
    """MLPerf asks the questions of a data set; a prompt of stated length ends at a stated one."""
    rules = "https://github.com/mlcommons/inference_results_v5.1/tree/main/closed/X"
    asked = dataclasses.replace(CASE, source_url=rules, metric="output_tokens_per_s_per_chip")
    alike = dataclasses.replace(asked, source_url="https://example.com")
    assert (query_of(asked).answers_vary, query_of(alike).answers_vary) == (True, False)
    assert predict(asked).med < predict(alike).med


def test_a_data_set_that_is_asked_all_at_once_ends_with_few_answers() -> None:
    """MLPerf's offline runs state no requests in flight; its sets are known for its models."""
    rules = "https://github.com/mlcommons/inference_results_v5.1/tree/main/closed/X"
    one = dataclasses.replace(
        CASE,
        model="deepseek-ai/DeepSeek-R1",
        chip="b200",
        tp=None,
        precision="fp4",
        concurrency=None,
        source_url=rules,
        metric="output_tokens_per_s_per_chip",
    )
    whole = query_of(one)
    assert whole.data_set == DataSet(4388, 660)
    for other in (
        dataclasses.replace(one, source_url="https://example.com"),
        dataclasses.replace(one, model="qwen3-32b"),
        dataclasses.replace(one, concurrency=64),
    ):
        assert query_of(other).data_set is None
    steady = ask(dataclasses.replace(whole, data_set=None))
    name = "output_tokens_per_s_per_chip"
    assert ask(whole).figures[name][0] < 0.95 * steady.figures[name][0]
    assert ask(whole).figures["tpot_ms"][0] == steady.figures["tpot_ms"][0]


def test_a_layout_that_is_not_stated_is_the_best_one() -> None:
    open_ = dataclasses.replace(CASE, tp=None)
    assert query_of(open_).tp is not None


@pytest.mark.parametrize(
    ("phase", "metric"),
    [
        ("serving", "ttft_ms"),
        ("serving", "input_tokens_per_s_per_chip"),
        ("prefill", "ttft_ms"),
        ("prefill", "input_tokens_per_s_per_chip"),
        ("decode", "tpot_ms"),
        ("decode", "output_tokens_per_s_per_chip"),
        ("training", "training_tokens_per_s_per_chip"),
        ("training", "mfu"),
    ],
)
def test_every_phase_answers_its_metrics(phase: str, metric: str) -> None:
    case = dataclasses.replace(CASE, phase=phase, metric=metric, chips=64, concurrency=None)
    found = predict(case)
    assert found.p5 is not None
    assert found.p95 is not None
    assert 0 < found.p5 < found.med < found.p95


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"chip": "h2000"}, UnknownName, "h200"),
        ({"model": "llama-9"}, UnknownName, "llama"),
        ({"precision": "fp7"}, UnknownName, "there is no precision 'fp7'"),
        ({"chips": 1, "tp": 1, "precision": "bf16"}, InputError, "it would fit on 2"),
        ({"chip": "ppu"}, InputError, "no known memory bandwidth"),
    ],
)
def test_what_cannot_be_predicted_is_said(
    changed: dict[str, object], error: type[InputError], words: str
) -> None:
    with pytest.raises(error) as caught:
        predict(dataclasses.replace(CASE, **changed))  # type: ignore[arg-type]
    assert words in str(caught.value)


def test_a_layout_that_cannot_be_counts_as_not_stated() -> None:
    """Sources call layouts by their own words: three chips cannot share 64 heads."""
    told = predict(dataclasses.replace(CASE, tp=3, chips=8))
    assert told == predict(dataclasses.replace(CASE, tp=None, chips=8))


@pytest.mark.parametrize(
    ("name", "chip"),
    [
        ("NVIDIA H20", "h20"),
        ("NVIDIA H100 80GB HBM3", "h100-sxm"),
        ("B200-SXM-180GB", "b200"),
        ("AMD Instinct MI300X", "mi300x"),
        ("Ascend 910B (Atlas 800T A2)", "ascend-910b"),
        ("Moore Threads S5000", "mtt-s5000"),
        ("GB200 NVL72", "gb200"),
    ],
)
def test_chips_go_by_what_sources_call_them(name: str, chip: str) -> None:
    assert query_of(dataclasses.replace(CASE, chip=name, tp=None, chips=None)).chip_id == chip


def test_a_chip_that_only_sounds_alike_is_not_taken() -> None:
    with pytest.raises(UnknownName, match="H100 PCIe"):
        query_of(dataclasses.replace(CASE, chip="H100 PCIe"))


def test_a_precision_in_the_name_of_a_model_is_read_there() -> None:
    bare = dataclasses.replace(CASE, precision=None, model="nvidia/Llama-3.1-70B-Instruct-FP8")
    assert query_of(bare).precision == "fp8"
    assert query_of(dataclasses.replace(bare, precision="bf16")).precision == "bf16"
