"""Counts of models against figures worked out by hand from the published shapes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from headworks.errors import InputError
from headworks.throughput import counts, model
from headworks.throughput.model_card import Attention

DENSE = model("llama-2-13b")
GROUPED = model("llama-3.1-70b")
LATENT = model("deepseek-v3")
MIXTURE = model("mixtral-8x7b")
WINDOWED = model("gpt-oss-120b")
OLD = model("gpt-3-175b")


def test_parameters_of_a_dense_model() -> None:
    # attention 4·5120², block 3·5120·13824, two norms, in 40 layers; embedding, head, last norm
    layer = 104_857_600 + 212_336_640 + 10_240
    assert counts.attention_parameters(DENSE) == 104_857_600
    assert counts.feed_forward_parameters(DENSE) == 212_336_640
    assert counts.embedding_parameters(DENSE) == 163_840_000
    assert counts.parameters(DENSE) == 40 * layer + 2 * 163_840_000 + 5120 == 13_015_864_320
    assert counts.active_parameters(DENSE) == counts.parameters(DENSE)
    assert counts.multiplied_parameters(DENSE) == 40 * (104_857_600 + 212_336_640) + 163_840_000
    assert counts.expert_parameters(DENSE) == counts.router_parameters(DENSE) == 0
    assert counts.shared_parameters(DENSE) == 0


def test_parameters_of_a_model_with_grouped_queries() -> None:
    # queries and output 8192² each, keys and values 8192·1024 each
    assert counts.attention_parameters(GROUPED) == 2 * 67_108_864 + 2 * 8_388_608
    assert counts.parameters(GROUPED) == 70_553_706_496


def test_parameters_of_latent_attention_and_fine_experts() -> None:
    # 7168·1536 + 1536·128·192 + 7168·576 + 512·128·256 + 128·128·7168
    projections = 11_010_048 + 37_748_736 + 4_128_768 + 16_777_216 + 117_440_512
    assert counts.attention_parameters(LATENT) == projections == 187_105_280
    assert counts.expert_parameters(LATENT) == counts.shared_parameters(LATENT) == 44_040_192
    assert counts.router_parameters(LATENT) == 1_835_008
    assert counts.parameters(LATENT) / 1e9 == pytest.approx(671.03, abs=0.005)
    assert counts.active_parameters(LATENT) / 1e9 == pytest.approx(37.55, abs=0.005)
    assert counts.multiplied_parameters(LATENT) / 1e9 == pytest.approx(36.62, abs=0.005)


def test_parameters_of_a_mixture() -> None:
    assert counts.expert_parameters(MIXTURE) == 3 * 4096 * 14336
    assert counts.parameters(MIXTURE) / 1e9 == pytest.approx(46.70, abs=0.005)
    assert counts.active_parameters(MIXTURE) / 1e9 == pytest.approx(12.88, abs=0.005)


def test_parameters_of_two_matrices_and_one_embedding() -> None:
    # 12·12288² in 96 layers, the embedding once
    matrices = 96 * 12 * 12288**2 + 50257 * 12288
    assert counts.parameters(OLD) == matrices + (2 * 96 + 1) * 12288
    assert counts.multiplied_parameters(OLD) == matrices


def test_queries_that_are_not_compressed() -> None:
    attention = LATENT.attention.model_copy(update={"query_rank": None})
    whole = LATENT.model_copy(update={"attention": attention})
    difference = 7168 * 128 * 192 - 11_010_048 - 37_748_736
    assert counts.attention_parameters(whole) == 187_105_280 + difference


@pytest.mark.parametrize(
    ("name", "bits", "bytes_per_token"),
    [
        ("llama-2-13b", 16, 2 * 40 * 40 * 128 * 2),
        ("llama-3.1-70b", 16, 327_680),
        ("llama-3.1-70b", 8, 163_840),
        ("deepseek-v3", 16, 70_272),
        ("mixtral-8x7b", 16, 131_072),
        ("gpt-oss-120b", 16, 73_728),
    ],
)
def test_bytes_of_the_cache_per_token(name: str, bits: int, bytes_per_token: int) -> None:
    assert counts.kv_bytes_per_token(model(name), bits) == bytes_per_token


def test_a_window_holds_no_more_than_itself() -> None:
    per_layer = 2 * 8 * 64 * 2
    assert counts.kv_bytes(WINDOWED, 100, 16) == 36 * 100 * per_layer
    assert counts.kv_bytes(WINDOWED, 1000, 16) == (18 * 1000 + 18 * 128) * per_layer
    assert counts.kv_bytes(GROUPED, 1000, 16) == 327_680_000
    assert counts.tokens_seen(WINDOWED, 1000) == 18 * 1128


def test_bytes_of_weights() -> None:
    # in 8 bits the embedding, the head and the norms stay in 16
    assert counts.weight_bytes(DENSE, 16) == 2 * 13_015_864_320
    kept = 2 * 163_840_000 + 81 * 5120
    assert counts.weight_bytes(DENSE, 8) == 13_015_864_320 + kept
    # only the experts are quantised: 36·128 of 3·2880² in 4.25 bits, 2.1 billion in 16
    assert counts.native_bits(WINDOWED) == 4.25
    assert counts.native_bits(LATENT) == 8
    assert counts.weight_bytes(WINDOWED, 4.25) / 1e9 == pytest.approx(65.2, abs=0.1)
    # the router stays in 16 bits, the shared expert does not
    kept = 58 * 1_835_008 + 2 * 129_280 * 7168 + 123 * 7168
    assert counts.weight_bytes(LATENT, 8) == counts.parameters(LATENT) + kept


def test_operations_of_a_dense_model() -> None:
    weights = 2 * counts.multiplied_parameters(DENSE)
    assert counts.flops_per_token(DENSE, 0) == weights
    assert counts.flops_per_token(DENSE, 4096) == weights + 4 * 40 * 40 * 128 * 4096
    assert counts.flops_per_token(DENSE, 4096, form="absorbed") == weights + 4 * 40 * 5120 * 4096


def test_operations_of_latent_attention_in_both_forms() -> None:
    weights = 2 * counts.multiplied_parameters(LATENT)
    expanded = counts.flops_per_token(LATENT, 1000) - weights
    absorbed = counts.flops_per_token(LATENT, 1000, form="absorbed") - weights
    assert expanded == 61 * 2 * 128 * (192 + 128) * 1000
    assert absorbed == 61 * 2 * 128 * (576 + 512) * 1000


def test_operations_of_a_window() -> None:
    weights = 2 * counts.multiplied_parameters(WINDOWED)
    seen = 18 * 1000 + 18 * 128
    assert counts.flops_per_token(WINDOWED, 1000) == weights + 4 * 64 * 64 * seen


def test_the_tokens_of_a_prompt_see_half_of_it() -> None:
    assert counts.mean_context(0) == 0
    assert counts.mean_context(1) == 1
    assert counts.mean_context(4) == (1 + 2 + 3 + 4) / 4
    assert counts.mean_context(4, 2) == (1 + 2 + 2 + 2) / 4
    assert counts.mean_context(4, 4) == counts.mean_context(4, 99) == 2.5
    seen = counts.tokens_seen_in_prompt(WINDOWED, 256)
    assert seen == 18 * 257 / 2 + 18 * (sum(range(1, 129)) + 128 * 128) / 256
    mean = sum(counts.flops_per_token(DENSE, n) for n in range(1, 9)) / 8
    assert counts.prefill_flops_per_token(DENSE, 8) == pytest.approx(mean)


def test_operations_of_training() -> None:
    forward = counts.prefill_flops_per_token(GROUPED, 8192)
    attention = 4 * 80 * 64 * 128 * 8193 / 2
    head = 2 * 128_256 * 8192
    assert counts.training_flops_per_token(GROUPED, 8192, "none") == 3 * forward
    selective = counts.training_flops_per_token(GROUPED, 8192, "selective")
    assert selective == pytest.approx(3 * forward + attention)
    full = counts.training_flops_per_token(GROUPED, 8192, "full")
    assert full == pytest.approx(4 * forward - head)


def test_operations_by_which_utilisation_is_defined() -> None:
    """6·N + 12·L·H·Q·T: N with the output head, H the heads of queries, T the whole sequence."""
    dense = 40 * (104_857_600 + 212_336_640) + 163_840_000
    assert counts.model_flops_per_token(DENSE, 4096) == 6 * dense + 12 * 40 * 40 * 128 * 4096
    grouped = 80 * (2 * 67_108_864 + 2 * 8_388_608 + 3 * 8192 * 28_672) + 128_256 * 8192
    assert counts.model_flops_per_token(GROUPED, 8192) == 6 * grouped + 12 * 80 * 64 * 128 * 8192
    # keys of 192 and values of 128: 160 on average; 8 experts and a shared one, and the router
    experts = 58 * (9 * 44_040_192 + 1_835_008)
    latent = 61 * 187_105_280 + 3 * 3 * 7168 * 18_432 + experts + 129_280 * 7168
    assert counts.model_flops_per_token(LATENT, 4096) == 6 * latent + 12 * 61 * 128 * 160 * 4096
    windows = 18 * 4096 + 18 * 128
    least = 6 * counts.multiplied_parameters(WINDOWED)
    assert counts.model_flops_per_token(WINDOWED, 4096) == least + 12 * 64 * 64 * windows


def test_the_utilisation_that_the_paper_states_of_its_own_model() -> None:
    """PaLM 540B, 238,300 tokens/s on 6,144 chips of 275 TFLOP/s: 46.2 % (arXiv 2204.02311, B)."""
    palm = OLD.model_copy(
        update={
            "layers": 118, "hidden": 18_432, "vocab": 256_000, "feed_forward": 4 * 18_432,
            "gated": True, "tied_embeddings": True,
            "attention": Attention(kind="mqa", heads=48, kv_heads=1, head_dim=256),
        }
    )  # fmt: skip
    assert counts.parameters(palm) / 1e9 == pytest.approx(540.35, abs=0.01)
    used = 238_300 * counts.model_flops_per_token(palm, 2048) / (6144 * 275e12)
    assert used == pytest.approx(0.462, abs=0.0005)


def test_experts_that_tokens_touch() -> None:
    assert counts.experts_touched(LATENT, 64) == pytest.approx(222.4, abs=0.1)
    assert counts.experts_touched(LATENT, 0) == 0
    assert counts.experts_touched(LATENT, 1) == pytest.approx(8)
    assert counts.experts_touched(MIXTURE, 2) == pytest.approx(3.5)  # 8·(1 − (3/4)²)
    assert counts.experts_touched(DENSE, 64) == 0
    assert counts.tokens_per_expert(LATENT, 64) == 2
    assert counts.tokens_per_expert(DENSE, 64) == 64


REFUSED: dict[str, Callable[[], Any]] = {
    "bits: this must be above 0, not 0": lambda: counts.kv_bytes_per_token(DENSE, 0),
    "bits: this must be above 0, not -16": lambda: counts.kv_bytes(DENSE, 1, -16),
    "bits: this must be above 0, not nan": lambda: counts.weight_bytes(DENSE, float("nan")),
    "context: this must be 0 or more, not -1": lambda: counts.kv_bytes(DENSE, -1, 16),
    "context: this must be 0 or more, not -2": lambda: counts.flops_per_token(DENSE, -2),
    "sequence: this must be 0 or more, not -1": (
        lambda: counts.training_flops_per_token(DENSE, -1, "none")
    ),
    "tokens: this must be 0 or more, not -1": lambda: counts.prefill_flops_per_token(DENSE, -1),
    "tokens: this must be 0 or more, not -2": lambda: counts.experts_touched(LATENT, -2),
    "tokens: this must be 0 or more, not -3": lambda: counts.tokens_per_expert(LATENT, -3),
}


@pytest.mark.parametrize("words", REFUSED)
def test_a_number_that_cannot_be_is_refused(words: str) -> None:
    with pytest.raises(InputError) as caught:
        REFUSED[words]()
    assert words in str(caught.value)
