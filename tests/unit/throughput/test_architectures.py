"""Configurations of many architectures: published sizes and windows, or a refusal; no guess.

Keys as the publishers' files have them; they leave out what classes in `transformers` default to.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from headworks.errors import InputError
from headworks.throughput import counts, from_config

if TYPE_CHECKING:
    from pathlib import Path

    from headworks.throughput import ModelCard

Config = dict[str, Any]

# fmt: off
GEMMA_7B: Config = {
    "model_type": "gemma", "head_dim": 256, "hidden_act": "gelu", "hidden_size": 3072,
    "intermediate_size": 24576, "num_attention_heads": 16, "num_hidden_layers": 28,
    "num_key_value_heads": 16, "vocab_size": 256000, "torch_dtype": "bfloat16",
}
GEMMA_2_9B: Config = {
    "model_type": "gemma2", "head_dim": 256, "hidden_activation": "gelu_pytorch_tanh",
    "hidden_size": 3584, "intermediate_size": 14336, "num_attention_heads": 16,
    "num_hidden_layers": 42, "num_key_value_heads": 8, "sliding_window": 4096,
    "vocab_size": 256000, "torch_dtype": "float32",
}
GEMMA_2_27B: Config = GEMMA_2_9B | {
    "head_dim": 128, "hidden_size": 4608, "intermediate_size": 36864, "num_attention_heads": 32,
    "num_hidden_layers": 46, "num_key_value_heads": 16,
}
GEMMA_3_1B: Config = {
    "model_type": "gemma3_text", "head_dim": 256, "hidden_size": 1152, "intermediate_size": 6912,
    "num_attention_heads": 4, "num_hidden_layers": 26, "num_key_value_heads": 1,
    "sliding_window": 512, "sliding_window_pattern": 6, "vocab_size": 262144,
}
GEMMA_3_27B: Config = {
    "model_type": "gemma3",
    "text_config": {
        "model_type": "gemma3_text", "head_dim": 128, "hidden_size": 5376,
        "intermediate_size": 21504, "num_attention_heads": 32, "num_hidden_layers": 62,
        "num_key_value_heads": 16, "sliding_window": 1024,
    },
    "vision_config": {"hidden_size": 1152, "num_hidden_layers": 27},
}
GEMMA_3_4B: Config = {
    "model_type": "gemma3",
    "text_config": {
        "model_type": "gemma3_text", "hidden_size": 2560, "intermediate_size": 10240,
        "num_hidden_layers": 34, "sliding_window": 1024,
    },
}
COMMAND_R_PLUS: Config = {
    "model_type": "cohere", "hidden_act": "silu", "hidden_size": 12288,
    "intermediate_size": 33792, "num_attention_heads": 96, "num_hidden_layers": 64,
    "num_key_value_heads": 8, "use_qk_norm": True, "vocab_size": 256000,
}
COMMAND_R7B: Config = {
    "model_type": "cohere2", "hidden_size": 4096, "intermediate_size": 14336,
    "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8,
    "sliding_window": 4096, "sliding_window_pattern": 4, "vocab_size": 256000,
}
ERNIE_300B: Config = {
    "model_type": "ernie4_5_moe", "hidden_act": "silu", "hidden_size": 8192,
    "intermediate_size": 28672, "num_attention_heads": 64, "num_key_value_heads": 8,
    "num_hidden_layers": 54, "vocab_size": 103424, "tie_word_embeddings": False,
    "moe_num_experts": 64, "moe_num_shared_experts": 0, "moe_layer_start_index": 3,
    "moe_layer_end_index": -1, "moe_layer_interval": 1, "moe_intermediate_size": 3584,
    "moe_capacity": [64, 64, 64], "moe_gate": "topk", "moe_k": 8, "moe_use_aux_free": True,
}
ERNIE_21B: Config = ERNIE_300B | {
    "hidden_size": 2560, "intermediate_size": 12288, "num_attention_heads": 20,
    "num_key_value_heads": 4, "num_hidden_layers": 28, "moe_num_shared_experts": 2,
    "moe_layer_start_index": 1, "moe_layer_end_index": 27, "moe_intermediate_size": 1536,
    "moe_k": 6, "tie_word_embeddings": True,
}
FALCON_180B: Config = {
    "model_type": "falcon", "hidden_size": 14848, "num_hidden_layers": 80,
    "num_attention_heads": 232, "num_kv_heads": 8, "multi_query": True, "parallel_attn": True,
    "new_decoder_architecture": True, "vocab_size": 65024,
}
HUNYUAN_A13B: Config = {
    "model_type": "hunyuan_v1_moe", "hidden_act": "silu", "hidden_size": 4096,
    "attention_head_dim": 128, "intermediate_size": 3072, "moe_intermediate_size": [3072] * 32,
    "moe_layer_num_skipped": 0, "moe_topk": [8] * 32, "num_shared_expert": [1] * 32,
    "num_experts": 64, "moe_drop_tokens": False, "moe_random_routing_dropped_token": False,
    "use_mixed_mlp_moe": True, "use_cla": False, "cla_share_factor": 2, "kv_lora_rank": None,
    "num_attention_heads": 32, "num_key_value_heads": 8, "num_hidden_layers": 32,
    "vocab_size": 128167, "tie_word_embeddings": True,
}
HUNYUAN_LARGE: Config = HUNYUAN_A13B | {
    "model_type": "hunyuan", "hidden_size": 6400, "intermediate_size": 18304, "num_experts": 16,
    "moe_topk": 1, "num_shared_expert": 1, "num_attention_heads": 80, "num_hidden_layers": 64,
    "moe_intermediate_size": None, "use_cla": True, "vocab_size": 128512,
}
MINIMAX_M2: Config = {
    "model_type": "minimax_m2", "attn_type_list": [1] * 62, "head_dim": 128, "hidden_size": 3072,
    "intermediate_size": 1536, "num_attention_heads": 48, "num_key_value_heads": 8,
    "num_hidden_layers": 62, "num_experts_per_tok": 8, "num_local_experts": 256,
    "shared_intermediate_size": 0, "shared_moe_mode": "sigmoid", "vocab_size": 200064,
    "router_aux_loss_coef": 0.001, "tie_word_embeddings": False,
}
MINIMAX_TEXT_01: Config = MINIMAX_M2 | {
    "model_type": "minimax_text_01", "attn_type_list": [0, 0, 0, 0, 0, 0, 0, 1] * 10,
    "hidden_size": 6144, "intermediate_size": 9216, "num_attention_heads": 64,
    "num_hidden_layers": 80, "num_experts_per_tok": 2, "num_local_experts": 32,
}
STEP_3: Config = {
    "model_type": "step3_vl",
    "text_config": {
        "hidden_size": 7168, "intermediate_size": 18432, "num_attention_heads": 64,
        "num_attention_groups": 1, "num_hidden_layers": 61, "vocab_size": 128815, "head_dim": 256,
        "share_q_dim": 2048, "share_expert_dim": 5120, "moe_num_experts": 48, "moe_top_k": 3,
        "moe_intermediate_size": 5120, "moe_layers_enum": "4,5,6",
    },
}
PLAIN: Config = {
    "model_type": "llama", "num_hidden_layers": 80, "hidden_size": 8192, "vocab_size": 128256,
    "intermediate_size": 28672, "num_attention_heads": 64, "num_key_value_heads": 8,
    "torch_dtype": "bfloat16", "tie_word_embeddings": False,
}
# fmt: on

PUBLISHED = 0.015
"""Share by which a sum may miss the published total, which is rounded to two or three digits."""
ACTIVE = 0.03
"""The same for what a token uses, rounded to whole billions."""


def read(folder: Path, tree: object) -> ModelCard:
    path = folder / "config.json"
    path.write_text(json.dumps(tree), encoding="utf-8")
    return from_config(path)


def refusal(folder: Path, tree: object) -> str:
    with pytest.raises(InputError) as caught:
        read(folder, tree)
    return str(caught.value)


@pytest.mark.parametrize(
    ("tree", "total"),
    [
        (GEMMA_7B, 8.54e9),
        (GEMMA_2_9B, 9.24e9),
        (GEMMA_2_27B, 27.2e9),
        (GEMMA_3_1B, 1.0e9),
        (GEMMA_3_4B, 3.88e9),
        (GEMMA_3_27B, 27.0e9),
        (COMMAND_R_PLUS, 104e9),
        (COMMAND_R7B, 8.03e9),
        (ERNIE_300B, 300e9),
        (ERNIE_21B, 21.8e9),
        (FALCON_180B, 180e9),
        (HUNYUAN_A13B, 80.4e9),
        (MINIMAX_M2, 229e9),
    ],
    ids=lambda value: value["model_type"] if isinstance(value, dict) else f"{value / 1e9:g}",
)
def test_the_shape_adds_up_to_the_published_total(
    tree: Config, total: float, tmp_path: Path
) -> None:
    card = read(tmp_path, tree)
    assert counts.parameters(card) == pytest.approx(total, rel=PUBLISHED)
    assert card.note in {None, "only the language part is counted"}


@pytest.mark.parametrize(
    ("tree", "active"),
    [(ERNIE_300B, 47e9), (HUNYUAN_A13B, 13e9)],
    ids=["ernie", "hunyuan"],
)
def test_the_shape_adds_up_to_the_published_active_parameters(
    tree: Config, active: float, tmp_path: Path
) -> None:
    card = read(tmp_path, tree)
    readings = (counts.active_parameters(card), counts.multiplied_parameters(card))
    assert min(abs(one / active - 1) for one in readings) <= ACTIVE


@pytest.mark.parametrize(
    ("tree", "window", "layers"),
    [
        (GEMMA_7B, None, 0),
        (GEMMA_2_9B, 4096, 21),
        (GEMMA_2_27B, 4096, 23),
        (GEMMA_3_1B, 512, 22),
        (GEMMA_3_27B, 1024, 52),
        (GEMMA_3_1B | {"sliding_window_pattern": 2}, 512, 13),
        (GEMMA_3_1B | {"sliding_window_pattern": 1}, None, 0),
        (COMMAND_R_PLUS, None, 0),
        (COMMAND_R7B, 4096, 24),
        (PLAIN | {"model_type": "exaone4", "num_hidden_layers": 64, "sliding_window": 4096,
                  "sliding_window_pattern": "LLLG"}, 4096, 48),
        (PLAIN | {"model_type": "phi3", "sliding_window": 2047}, 2047, 80),
        (PLAIN | {"model_type": "qwen2", "sliding_window": 4096}, None, 0),
        (PLAIN | {"model_type": "qwen2", "sliding_window": 4096, "use_sliding_window": True},
         4096, 52),
    ],
)  # fmt: skip
def test_windows_are_those_of_the_architecture(
    tree: Config, window: int | None, layers: int, tmp_path: Path
) -> None:
    attention = read(tmp_path, tree).attention
    assert (attention.window, attention.windowed_layers) == (window, layers)


def test_falcon_shares_its_keys_in_three_ways(tmp_path: Path) -> None:
    kinds = {
        "new": read(tmp_path, FALCON_180B).attention,
        "one": read(tmp_path, FALCON_180B | {"new_decoder_architecture": False}).attention,
        "none": read(
            tmp_path, FALCON_180B | {"new_decoder_architecture": False, "multi_query": False}
        ).attention,
    }
    found = {how: (one.kind, one.kv_heads) for how, one in kinds.items()}
    assert found == {"new": ("gqa", 8), "one": ("mqa", 1), "none": ("mha", 232)}
    card = read(tmp_path, FALCON_180B)
    assert (card.feed_forward, card.gated, card.tied_embeddings) == (4 * 14848, False, True)


def test_a_stated_embedding_wins_over_the_default_of_an_architecture(tmp_path: Path) -> None:
    assert not read(tmp_path, GEMMA_7B | {"tie_word_embeddings": False}).tied_embeddings
    bare = {key: value for key, value in PLAIN.items() if key != "tie_word_embeddings"}
    assert not read(tmp_path, bare).tied_embeddings


def test_ernie_has_experts_between_two_layers(tmp_path: Path) -> None:
    assert read(tmp_path, ERNIE_300B).dense_layers == 3
    assert read(tmp_path, ERNIE_300B | {"moe_layer_end_index": 50}).dense_layers == 6
    assert read(tmp_path, ERNIE_300B | {"moe_layer_interval": 2}).dense_layers == 54 - 26
    kinds = ["dense"] * 10 + ["sparse"] * 44
    assert read(tmp_path, ERNIE_300B | {"mlp_layer_types": kinds}).dense_layers == 10


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        (MINIMAX_TEXT_01, "attn_type_list: the model has layers of linear attention"),
        (HUNYUAN_LARGE, "use_cla: the model shares keys and values between layers"),
        (STEP_3, "share_q_dim: the model makes its queries of two matrices"),
        (STEP_3, "moe_layers_enum: the key is about experts, and nothing is known to read it by"),
        (PLAIN | {"num_kv_shared_layers": 20}, "shares keys and values between layers"),
        (PLAIN | {"moe_every": 2}, "moe_every: the key is about experts"),
        (PLAIN | {"num_experts_per_tok": 8}, "num_experts_per_tok: the key is about experts"),
        (ERNIE_300B | {"residual_moe": True}, "residual_moe: the key is about experts"),
        (HUNYUAN_A13B | {"moe_topk": [8] * 31 + [4]}, "moe_topk: this must be a whole number"),
        (HUNYUAN_A13B | {"moe_topk": [8, 8]}, "moe_topk: this must be a whole number"),
        (PLAIN | {"num_key_value_heads": None, "num_query_groups": 8}, "num_query_groups: the key"),
        (PLAIN | {"hidden_size": 8190}, "head_dim: the key is missing, and 64 heads do not share"),
        (GEMMA_2_9B | {"layer_types": ["full_attention"] * 3}, "3 items, but there are 42 layers"),
    ],
)
def test_what_a_card_cannot_say_is_refused(tree: Config, words: str, tmp_path: Path) -> None:
    assert words in refusal(tmp_path, tree)


def test_keys_of_experts_that_say_nothing_of_the_shape_are_passed_over(tmp_path: Path) -> None:
    plain = read(tmp_path, ERNIE_300B)
    beside = {"moe_router_enable_bias": True, "expert_capacity_factor": 2.0, "moe_new": False}
    assert read(tmp_path, ERNIE_300B | beside) == plain
    dense = {"num_experts": 1, "moe_topk": 1, "moe_intermediate_size": 100}
    assert read(tmp_path, PLAIN | dense).experts is None


@pytest.mark.parametrize(
    ("quantisation", "weights"),
    [
        ({"quant_method": "gptq", "bits": 8}, "int8"),
        ({"quant_method": "gptq", "bits": 4}, "int4"),
        ({"quant_method": "gptq"}, "int4"),
        ({"quant_method": "awq", "w_bit": 4}, "int4"),
        ({"quant_method": "auto-round", "bits": 8}, "int8"),
        ({"quant_algo": "W4A16_AWQ"}, "int4"),
        ({"quant_algo": "FP8"}, "fp8"),
    ],
)
def test_bits_say_the_format(quantisation: Config, weights: str, tmp_path: Path) -> None:
    card = read(tmp_path, PLAIN | {"quantization_config": quantisation})
    assert (card.weights, card.note) == (weights, None)


def test_bits_that_are_no_format_are_told(tmp_path: Path) -> None:
    quantisation = {"quant_method": "gptq", "bits": 3}
    note = read(tmp_path, PLAIN | {"quantization_config": quantisation}).note
    assert note == "the quantisation 'int-3' is not known; the weights count as bf16"


def test_what_is_taken_for_granted_of_a_strange_architecture_is_said(tmp_path: Path) -> None:
    tree = PLAIN | {"model_type": "novel", "sliding_window": 4096}
    bare = {
        k: v for k, v in tree.items() if k not in {"num_key_value_heads", "tie_word_embeddings"}
    }
    assert read(tmp_path, bare).note == (
        "the architecture 'novel' is not known and was read by the usual keys; its output head "
        "counts as a matrix of its own; each of its heads counts with keys and values of its own; "
        "its window counts for all layers"
    )


KEYS = (
    "model_type", "num_hidden_layers", "hidden_size", "vocab_size", "intermediate_size",
    "num_attention_heads", "num_key_value_heads", "head_dim", "tie_word_embeddings", "torch_dtype",
    "hidden_act", "layer_types", "sliding_window", "use_sliding_window", "quantization_config",
    "text_config", "_name_or_path", "n_group", "no_rope_layers", "mlp_only_layers", "num_experts",
    "moe_layer_freq", "attn_type_list", "kv_lora_rank",
)  # fmt: skip
SIXTY_FOUR = ERNIE_300B | {"sliding_window": 4096, "moe_num_experts": None, "num_experts": 64}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("value", [1.5, [None], [{}]], ids=str)
def test_a_value_of_a_wrong_type_is_a_fault(key: str, value: object, tmp_path: Path) -> None:
    assert f"{key}: this must be " in refusal(tmp_path, SIXTY_FOUR | {key: value})


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("value", [5, "x", "", [], {}, {"a": 1}, ["x"], True, 0], ids=str)
def test_any_value_makes_a_card_or_faults(key: str, value: object, tmp_path: Path) -> None:
    with suppress(InputError):
        assert read(tmp_path, SIXTY_FOUR | {key: value}).layers > 0


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"model_type": ["llama"]}, "model_type: this must be a word, not ['llama']"),
        ({"tie_word_embeddings": "yes"}, "tie_word_embeddings: this must be true or false"),
        ({"layer_types": "full"}, "layer_types: this must be a list of words, not 'full'"),
        ({"quantization_config": [8]}, "quantization_config: this must be a mapping of keys"),
        (
            {"quantization_config": {"quant_method": "gptq", "bits": "8"}},
            "quantization_config.bits: this must be a whole number",
        ),
        (
            {"quantization_config": {"config_groups": {"one": {"weights": 4}}}},
            "quantization_config.config_groups.one.weights: this must be a mapping",
        ),
        ({"quantization_config": {"ignore": "lm_head"}}, "quantization_config.ignore: this must"),
        ({"text_config": "llama"}, "text_config: this must be a mapping of keys, not 'llama'"),
        ({"mlp_only_layers": ["a"], "num_experts": 8}, "this must be a list of whole numbers"),
        ({"mlp_layer_types": ["odd"] * 80, "num_experts": 8}, "dense or sparse, not odd"),
        ({"hidden_act": 5}, "hidden_act: this must be a word, not 5"),
        ({"torch_dtype": {}}, "torch_dtype: this must be a word"),
        ({"_name_or_path": 7}, "_name_or_path: this must be a word"),
    ],
)
def test_wrong_types_are_named(keys: Config, words: str, tmp_path: Path) -> None:
    message = refusal(tmp_path, PLAIN | keys)
    assert words in message
    assert message.count(words) == 1
