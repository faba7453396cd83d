"""Parts: what is left out together, and what a fit has measured."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bench.parts import FIGURE, FOLDS, LEFT_OUT, LOAD, alike, measured_in, parts
from headworks.throughput.cases import packaged_cases
from headworks.throughput.constants import Measured, packaged
from headworks.throughput.split import family

if TYPE_CHECKING:
    from bench.parts import What

CASES = packaged_cases()


def test_the_package_says_what_its_constants_were_fitted_to() -> None:
    assert measured_in(CASES) == packaged().measured


def test_runs_are_counted_by_figure_and_kind_of_model() -> None:
    """Times of models of experts say nothing of training, nor of dense models' times."""
    (one, *_) = (case for case in CASES if case.chip == "b200" and case.model == "gpt-oss-120b")
    loads = [
        replace(one, case_id=str(load), metric="tpot_ms", concurrency=load) for load in (1, 2, 3)
    ]
    trained = replace(one, case_id="t", chip="h800", metric="mfu", phase="training")
    dense = replace(one, case_id="d", model="llama-3.1-8b", metric="ttft_ms")
    assert measured_in([*loads, trained, dense]) == {
        "tpot_experts": Measured(chips={"b200": 3}, families={"gpt-oss": 3}),
        "training_experts": Measured(chips={"h800": 1}, families={"gpt-oss": 1}),
        "ttft_dense": Measured(chips={"b200": 1}, families={"llama-3": 1}),
    }


def test_a_rate_of_training_and_its_utilisation_are_one_run() -> None:
    """Of Pangu Ultra MoE on the Ascend 910B both are published."""
    both = [case for case in CASES if case.model == "pangu-ultra-moe"]
    assert {case.metric for case in both} == {"mfu", "training_tokens_per_s_per_chip"}
    runs = Measured(chips={"ascend-910b": 1}, families={"pangu": 1})
    assert measured_in(both) == {"training_experts": runs}


def test_models_that_are_in_no_family_make_none() -> None:
    alone = replace(CASES[0], chip="b200", model="glm-4.5", metric="tpot_ms")
    assert measured_in([alone]) == {"tpot_experts": Measured(chips={"b200": 1})}


@pytest.mark.parametrize("what", LEFT_OUT)
def test_each_case_is_in_one_part(what: What) -> None:
    found = parts(CASES, what)
    assert Counter(case for part in found for case in part) == Counter(CASES)


@pytest.mark.parametrize(("what", "but_for"), [("run", FIGURE), ("set-up", LOAD)])
def test_what_is_alike_is_left_out_together(what: What, but_for: dict[str, Any]) -> None:
    """Such as a run's time to the first token and its time per token; or all loads of a layout."""
    numbers, fifths = alike(CASES, but_for), parts(CASES, what)
    assert len(fifths) == FOLDS
    place = {case.case_id: number for number, part in enumerate(fifths) for case in part}
    together = defaultdict(set)
    for case in CASES:
        together[numbers[case.case_id]].add(place[case.case_id])
    assert all(len(places) == 1 for places in together.values())
    sizes = Counter(numbers.values())
    assert sum(count > 1 for count in sizes.values()) > 30


def test_a_set_up_is_a_model_in_a_precision_and_a_layout_on_chips() -> None:
    """Whatever its load is, and its software: all of that is left out with it."""
    (one, *_) = (case for case in CASES if case.phase == "serving" and case.tp == 8)
    same = replace(
        one, case_id="b", concurrency=3, input_tokens=5.0, output_tokens=7.0, software="x",
        date="y", run="mlperf-offline", answers="vary", grade="D", source_url="z",
        metric="ttft_ms", value=1.0,
    )  # fmt: skip
    assert set(alike([one, same], LOAD).values()) == {0}
    changes: list[dict[str, Any]] = [
        {"chip": "h20"}, {"chips": 99}, {"model": "qwen3-8b"}, {"phase": "decode"}, {"tp": 4},
        {"pp": 2}, {"ep": 3}, {"dp": 5}, {"precision": "int4"}, {"kv_precision": "int4"},
    ]  # fmt: skip
    for change in changes:
        other = replace(one, case_id="c", **change)
        assert set(alike([one, other], LOAD).values()) == {0, 1}


def test_chips_and_families_of_few_cases_are_left_out_together() -> None:
    few = parts(CASES, "family")[-1]
    assert {family(case.model) for case in few} == {"llama-4", "mixtral", "pangu"}
    assert all(
        len({family(case.model) for case in part}) == 1 for part in parts(CASES, "family")[:-1]
    )
