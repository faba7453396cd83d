"""Predict: from a measured case to a query, and to an interval."""

from __future__ import annotations

import dataclasses

import pytest

from headworks.errors import InputError, UnknownName
from headworks.throughput.answer import ask
from headworks.throughput.case import Case
from headworks.throughput.data_set import DataSet
from headworks.throughput.predict import chip_of, model_of, predict, query_of
from headworks.throughput.query import settle

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


def test_answers_differ_in_length_where_a_case_says_so() -> None:
    """No address tells: a run of MLPerf may be one of which the longest length is stated."""
    rules = "https://github.com/mlcommons/inference_results_v5.1/tree/main/closed/X"
    alike = dataclasses.replace(CASE, source_url=rules, metric="output_tokens_per_s_per_chip")
    vary = dataclasses.replace(alike, answers="vary")
    assert (query_of(vary).answers_vary, query_of(alike).answers_vary) == (True, False)
    assert predict(vary).med < predict(alike).med
    assert predict(dataclasses.replace(alike, answers="alike")) == predict(alike)


WHOLE = dataclasses.replace(
    CASE,
    model="deepseek-ai/DeepSeek-R1",
    chip="b200",
    tp=None,
    precision="fp4",
    concurrency=None,
    metric="output_tokens_per_s_per_chip",
    run="mlperf-offline",
    answers="vary",
)


def test_a_data_set_that_is_asked_all_at_once_ends_with_few_answers() -> None:
    """A case says that it is such a run; its sets are known for the models of MLPerf."""
    whole = query_of(WHOLE)
    assert whole.data_set == DataSet(4388, 660)
    assert query_of(dataclasses.replace(WHOLE, concurrency=64)).data_set == DataSet(4388, 660)
    steady = ask(dataclasses.replace(whole, data_set=None))
    name = "output_tokens_per_s_per_chip"
    assert ask(whole).figures[name][0] < 0.95 * steady.figures[name][0]
    assert ask(whole).figures["tpot_ms"][0] == steady.figures["tpot_ms"][0]


def test_a_case_that_does_not_say_so_is_no_data_set() -> None:
    """Server results lie under the same address, and state no requests in flight either."""
    rules = "https://github.com/mlcommons/inference_results_v5.1/tree/main/closed/X"
    assert query_of(dataclasses.replace(WHOLE, run=None, source_url=rules)).data_set is None


def test_a_data_set_that_is_not_known_is_not_made_up() -> None:
    with pytest.raises(InputError) as caught:
        query_of(dataclasses.replace(WHOLE, model="qwen3-32b", chip="h200"))
    (fault,) = caught.value.faults
    assert fault.key == "run"
    assert "no data set of mlperf-offline is known for a model; there are" in fault.message
    assert "deepseek-r1" in fault.message


def test_no_more_requests_are_under_way_than_a_run_has_questions() -> None:
    """On 72 GB200 memory holds 4,792 requests of 30,000 tokens, and the set has 4,388 questions.

    A run of short answers asks its set many times over, and so has enough for all places.
    """
    for tokens, enough in ((30_000, False), (1000, True)):
        case = dataclasses.replace(
            WHOLE, chip="gb200", chips=72, input_tokens=800, output_tokens=tokens, run=None
        )
        steady = query_of(case)
        whole = dataclasses.replace(steady, data_set=query_of(WHOLE).data_set)
        room, asked = (settle(query, count=1) for query in (steady, whole))
        assert room.load.requests * room.copies > 4388
        most = room.load.requests if enough else 4388 / room.copies
        assert asked.load.requests == pytest.approx(most)
        assert ask(whole).bound_by != "memory"


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
    assert "3 does not divide the 64 heads" in told.remark
    assert told.remark.startswith("the stated layout cannot be (")
    assert told.layout == predict(dataclasses.replace(CASE, tp=None, chips=8)).layout


def test_a_prediction_tells_its_layout() -> None:
    found = predict(CASE)
    assert (found.layout, found.remark) == ("TP8", "")


def test_cases_of_one_chip_and_model_are_of_one_group_however_they_are_spelled() -> None:
    names = ("h200", "NVIDIA H200", "H200 141GB HBM3e", "h200-sxm")
    assert {chip_of(dataclasses.replace(CASE, chip=name)) for name in names} == {"h200-sxm"}
    assert chip_of(dataclasses.replace(CASE, chip="h2000")) == "h2000"
    models = ("meta-llama/Llama-3.1-70B-Instruct-FP8", "Llama 3.1 70B", "llama-3.1-70b")
    assert {model_of(dataclasses.replace(CASE, model=name)) for name in models} == {"llama-3.1-70b"}
    assert model_of(dataclasses.replace(CASE, model="llama-9")) == "llama-9"


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
    assert query_of(bare).formats().name == "fp8"
    assert query_of(dataclasses.replace(bare, precision="bf16")).formats().name == "bf16"


def test_a_stated_layout_that_is_read_otherwise_is_told() -> None:
    """Decoding apart spreads attention over all chips that share experts."""
    case = dataclasses.replace(
        CASE, model="deepseek-v3", phase="decode", chips=32, tp=1, dp=8, ep=32, precision="fp8",
        metric="output_tokens_per_s_per_chip", concurrency=512,
    )  # fmt: skip
    told = predict(case)
    assert told.layout == "TP1 DP32 EP32"
    assert told.remark == (
        "layout: TP1 DP32 EP32, since 32 chips share the experts of a layer, "
        "which makes DP32 of DP8"
    )
    assert predict(dataclasses.replace(case, dp=32)).remark == ""
