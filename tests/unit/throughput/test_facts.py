"""Facts of models: cache, operations, experts and weights against values counted by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import headworks as hw
from headworks.errors import InputError, UnknownName
from headworks.throughput import model
from headworks.throughput.constants import packaged

CONTEXT = 4096
MEAN_SEEN = (CONTEXT + 1) / 2
"""Tokens that one of a prompt sees on average."""


@pytest.mark.parametrize(
    ("name", "kind", "size"),
    [
        # 2 (key and value) x heads of them x their length x 2 bytes x layers
        ("llama-2-13b", "mha", 819_200),  # 2 x 40 x 128 x 2 x 40
        ("llama-3.1-70b", "gqa", 327_680),  # 2 x 8 x 128 x 2 x 80
        ("deepseek-v3", "mla", 70_272),  # (512 + 64) x 2 x 61: one vector for all heads
        ("mixtral-8x7b", "gqa", 131_072),  # 2 x 8 x 128 x 2 x 32
    ],
)
def test_the_cache_of_a_token(name: str, kind: str, size: int) -> None:
    found = hw.model_facts(name).to_json()
    assert found["attention"]["kind"] == kind
    assert found["kv_bytes_per_token"] == {"16_bits": size, "8_bits": size / 2}


def test_operations_of_a_dense_model() -> None:
    """Llama 2 13B: two for each weight but those of the embedding, and 4·L·h·d for a token seen."""
    layer = 4 * 5120**2 + 3 * 5120 * 13824
    weights = 40 * layer + 32000 * 5120
    found = hw.model_facts("llama-2-13b").flops_per_token
    assert found["decode"] == pytest.approx(2 * weights + 4 * 40 * 5120 * CONTEXT)
    assert found["prefill"] == pytest.approx(2 * weights + 4 * 40 * 5120 * MEAN_SEEN)
    near = hw.model_facts("llama-2-13b", context_tokens=1).flops_per_token
    assert near["decode"] == near["prefill"] == 2 * weights + 4 * 40 * 5120


def test_latent_attention_is_absorbed_where_tokens_are_written() -> None:
    """DeepSeek-V3: 128 heads over 2·512 + 64 numbers in decoding, over 128 + 64 + 128 before."""
    facts = hw.model_facts("deepseek-v3", context_tokens=CONTEXT)
    twice = hw.model_facts("deepseek-v3", context_tokens=2 * CONTEXT)
    more = twice.flops_per_token["decode"] - facts.flops_per_token["decode"]
    assert more == pytest.approx(2 * 61 * 128 * (2 * 512 + 64) * CONTEXT)
    more = twice.flops_per_token["prefill"] - facts.flops_per_token["prefill"]
    assert more == pytest.approx(2 * 61 * 128 * (128 + 64 + 128) * CONTEXT / 2)


def test_experts_that_tokens_touch() -> None:
    """Mixtral: 8 experts, two for each token, so that 8 tokens miss one with a chance of 0.75^8.

    Of the tokens beyond the first, only a part chooses independently.
    """
    found = hw.model_facts("mixtral-8x7b").to_json()["experts"]
    assert (found["routed"], found["active"], found["shared"], found["layers"]) == (8, 2, 0, 32)
    even, alike = found["touched_by_tokens_evenly"], found["touched_by_tokens"]
    assert list(alike) == list(even) == ["1", "8", "64", "512"]
    assert alike["1"] == even["1"] == 2
    assert even["8"] == pytest.approx(8 * (1 - 0.75**8), rel=1e-4)
    part = packaged().meanings["routing_variety_share"].scopes["any"].median
    assert alike["8"] == pytest.approx(8 * (1 - 0.75 ** (1 + 7 * part)), rel=1e-4)
    assert alike["512"] == pytest.approx(8)
    deepseek = hw.model_facts("deepseek-v3").to_json()["experts"]
    assert (deepseek["shared"], deepseek["layers"]) == (1, 58)
    assert hw.model_facts("llama-2-13b").to_json()["experts"] is None


@pytest.mark.parametrize(
    ("name", "total", "active"),
    [("llama-3.1-70b", 70.6e9, 70.6e9), ("mixtral-8x7b", 46.7e9, 12.9e9)],
)
def test_parameters_are_the_published_ones(name: str, total: float, active: float) -> None:
    found = hw.model_facts(name).to_json()
    assert found["parameters"] == pytest.approx(total, rel=0.002)
    assert found["active_parameters"] == pytest.approx(active, rel=0.002)


def test_weights_are_as_published_or_as_named() -> None:
    plain, named = hw.model_facts("llama-3.1-70b"), hw.model_facts("Llama-3.1-70B-Instruct-FP8")
    assert (plain.weights, named.weights) == ("bf16", "fp8")
    assert plain.weights_gb == pytest.approx(2 * 70.55, rel=0.001)
    ends = 2 * 128_256 * 8192  # embedding and output head stay in 16 bits
    assert named.weights_gb == pytest.approx((70.55e9 - ends + 2 * ends) / 1e9, rel=0.001)
    # OpenAI's model card gives the checkpoint of gpt-oss-120b 60.8 GiB.
    assert hw.model_facts("gpt-oss-120b").weights_gb == pytest.approx(60.8 * 2**30 / 1e9, rel=0.01)


@pytest.mark.parametrize(
    ("name", "chip", "chips"),
    [
        ("DeepSeek-R1-0528-FP4", "b200", 8),
        ("Qwen3-32B-AWQ", "h200", 1),
        ("Mixtral-8x7B", "h200", 1),
    ],
)
def test_weights_of_a_card_are_those_that_an_answer_holds(name: str, chip: str, chips: int) -> None:
    """Of models of experts in 4 bits attention stays in 16, as engines load them."""
    facts = hw.model_facts(name)
    served = hw.worth(chip, model=name, chips=chips, tp=chips, concurrency=1)
    assert served.memory_gb["weights"] * chips == pytest.approx(facts.weights_gb, rel=0.01)


def test_latent_attention_tells_what_is_cached() -> None:
    told = hw.model_facts("deepseek-v3").to_json()
    assert (told["attention"]["kv_rank"], told["attention"]["rope_dim"]) == (512, 64)
    assert told["quantised"] == "layers"
    assert hw.model_facts("gpt-oss-120b").to_json()["quantised"] == "experts"


def test_a_model_that_thinks_is_not_taken_for_one_that_does_not() -> None:
    """Kimi-K2-Thinking is published in other formats; Qwen's have a date behind the word."""
    with pytest.raises(InputError, match="Kimi-K2-Thinking"):
        hw.model_facts("Kimi-K2-Thinking")
    told = hw.model_facts("Qwen3-235B-A22B-Thinking-2507").to_json()
    assert told["model"] == "qwen3-235b-a22b"


def test_facts_are_plain_values_and_a_card_has_them_too() -> None:
    facts = hw.model_facts("gpt-oss-120b")
    assert json.loads(json.dumps(facts.to_json())) == facts.to_json()
    assert hw.model_facts(model("gpt-oss-120b")).to_json() == facts.to_json()
    assert facts.to_json()["attention"]["windowed_layers"] == 18
    assert facts.to_json()["source"] == "openai-2025-08-05-gpt-oss"
    assert isinstance(facts, hw.ModelFacts)


def test_what_a_model_cannot_be_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match=r"did you mean llama-3\.1-70b"):
        hw.model_facts("lama-3.1-70b")
    with pytest.raises(InputError) as caught:
        hw.model_facts("unheard-of", context_tokens=0)
    assert len(caught.value.faults) == 2
    with pytest.raises(InputError, match="cannot be read"):
        hw.model_facts(tmp_path / "absent.json")
