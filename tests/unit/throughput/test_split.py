"""The split of the cases into those that are fitted to and those that test."""

from __future__ import annotations

from collections import Counter

import pytest

from headworks.scenario.catalogue import catalogue
from headworks.throughput.cards import models
from headworks.throughput.cases import Case, packaged_cases
from headworks.throughput.split import OTHER, family, family_of, protocol, split


def case(
    chip: str, model: str, phase: str = "serving", *, tp: int | None = 2, input_tokens: float = 1024
) -> Case:
    return Case(
        case_id="a",
        chip=chip,
        chips=8,
        model=model,
        phase=phase,
        precision="fp8",
        kv_precision=None,
        tp=tp,
        pp=1,
        ep=None,
        dp=1,
        input_tokens=input_tokens,
        output_tokens=1024,
        concurrency=64,
        metric="tpot_ms",
        value=10.0,
    )


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("llama-3-8b", "llama-3"),
        ("llama-3.1-405b", "llama-3"),
        ("llama-2-70b", "llama-2"),
        ("deepseek-r1", "deepseek"),
        ("qwen3-235b-a22b", "qwen3"),
        ("glm-4.5", "other"),
    ],
)
def test_a_model_belongs_to_a_family(model: str, expected: str) -> None:
    assert family(model) == expected


def test_a_card_belongs_to_the_family_of_the_model_on_record_that_it_is_or_is_shaped_as() -> None:
    for name, card in models().items():
        assert family_of(card) == family(name)
    named = {"name": "llama-3.1-8b", "aliases": []}
    tuned = models()["deepseek-v3"].model_copy(update={"name": "mine", "weights": "fp4"})
    assert family_of(tuned) == "deepseek"
    deeper = models()["llama-3.1-8b"].model_copy(update={**named, "layers": 33})
    assert family_of(deeper) == OTHER  # whatever it is called


@pytest.mark.parametrize(
    ("given", "part"),
    [
        (case("b200", "llama-3.1-70b"), "fit"),
        (case("b200", "llama-3.1-70b", tp=1, input_tokens=8192), "test_rows"),
        (case("b200", "llama-3.1-70b", "decode", tp=1, input_tokens=8192), "fit"),
        (case("h200-sxm", "llama-3.1-70b"), "test_chip"),
        (case("b200", "gpt-oss-120b"), "test_family"),
        (case("h200-sxm", "gpt-oss-120b"), "test_both"),
        (case("a100-80gb", "llama-3-8b", "training"), "fit"),
        (case("a100-80gb", "llama-3-8b"), "test_chip"),
        (case("unheard-of", "glm-4.5"), "test_both"),
    ],
)
def test_a_case_belongs_to_one_part(given: Case, part: str) -> None:
    assert split(given) == part


def test_chips_and_models_that_are_measured_are_all_named() -> None:
    rules = protocol()
    fit = {chip for one in rules.fit.chips for chip in one.chips}
    held_out = {chip for one in rules.held_out.chips for chip in one.chips}
    assert not fit & held_out
    assert {one.chip for one in packaged_cases()} == fit | held_out
    assert fit | held_out <= set(catalogue().chips)
    named = {
        name for one in (*rules.fit.families, *rules.held_out.families) for name in one.families
    }
    assert {family(one.model) for one in packaged_cases()} == named


def test_every_withheld_set_up_is_measured() -> None:
    for set_up in protocol().withheld.set_ups:
        assert set_up.model in models()
        assert any(
            all(getattr(one, name) == value for name, value in set_up)
            for one in packaged_cases()
            if split(one) == "test_rows"
        )


def test_the_fit_sees_a_third_of_the_cases() -> None:
    assert Counter(map(split, packaged_cases())) == {
        "fit": 219,
        "test_rows": 102,
        "test_chip": 63,
        "test_family": 151,
        "test_both": 111,
    }
