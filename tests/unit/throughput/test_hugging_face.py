"""Cards from configuration files with the keys that publishers give, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from headworks.errors import InputError
from headworks.throughput import ModelCard, from_config, model
from headworks.throughput.split import OTHER, family, family_of

Config = dict[str, Any]

# Only the keys that the shape follows from, as the publishers' files have them.
# fmt: off
LLAMA: Config = {
    "model_type": "llama", "num_hidden_layers": 80, "hidden_size": 8192, "vocab_size": 128256,
    "intermediate_size": 28672, "num_attention_heads": 64, "num_key_value_heads": 8,
    "hidden_act": "silu", "torch_dtype": "bfloat16", "tie_word_embeddings": False,
}
MIXTRAL: Config = {
    "model_type": "mixtral", "num_hidden_layers": 32, "hidden_size": 4096, "vocab_size": 32000,
    "intermediate_size": 14336, "num_attention_heads": 32, "num_key_value_heads": 8,
    "num_local_experts": 8, "num_experts_per_tok": 2, "sliding_window": None,
    "torch_dtype": "bfloat16",
}
MISTRAL: Config = {
    "model_type": "mistral", "num_hidden_layers": 32, "hidden_size": 4096, "vocab_size": 32768,
    "intermediate_size": 14336, "num_attention_heads": 32, "num_key_value_heads": 8,
    "sliding_window": None, "torch_dtype": "bfloat16",
}
QWEN2: Config = {
    "model_type": "qwen2", "num_hidden_layers": 80, "hidden_size": 8192, "vocab_size": 152064,
    "intermediate_size": 29568, "num_attention_heads": 64, "num_key_value_heads": 8,
    "sliding_window": 131072, "use_sliding_window": False, "max_window_layers": 80,
    "torch_dtype": "bfloat16",
}
QWEN3: Config = {
    "model_type": "qwen3", "num_hidden_layers": 36, "hidden_size": 4096, "vocab_size": 151936,
    "intermediate_size": 12288, "num_attention_heads": 32, "num_key_value_heads": 8,
    "head_dim": 128, "torch_dtype": "bfloat16",
}
QWEN3_MOE: Config = {
    "model_type": "qwen3_moe", "num_hidden_layers": 48, "hidden_size": 2048, "vocab_size": 151936,
    "intermediate_size": 6144, "moe_intermediate_size": 768, "num_attention_heads": 32,
    "num_key_value_heads": 4, "head_dim": 128, "num_experts": 128, "num_experts_per_tok": 8,
    "decoder_sparse_step": 1, "mlp_only_layers": [], "torch_dtype": "bfloat16",
}
DEEPSEEK: Config = {
    "model_type": "deepseek_v3", "num_hidden_layers": 61, "hidden_size": 7168,
    "vocab_size": 129280, "intermediate_size": 18432, "moe_intermediate_size": 2048,
    "num_attention_heads": 128, "num_key_value_heads": 128, "q_lora_rank": 1536,
    "kv_lora_rank": 512, "qk_rope_head_dim": 64, "qk_nope_head_dim": 128, "v_head_dim": 128,
    "n_group": 8, "topk_group": 4,
    "n_routed_experts": 256, "n_shared_experts": 1, "num_experts_per_tok": 8, "moe_layer_freq": 1,
    "first_k_dense_replace": 3, "torch_dtype": "bfloat16",
    "quantization_config": {"quant_method": "fp8", "fmt": "e4m3"},
}
KIMI: Config = DEEPSEEK | {
    "model_type": "kimi_k2", "vocab_size": 163840, "num_attention_heads": 64,
    "num_key_value_heads": 64, "n_routed_experts": 384, "first_k_dense_replace": 1,
    "n_group": 1, "topk_group": 1,
}
GPT_OSS: Config = {
    "model_type": "gpt_oss", "num_hidden_layers": 36, "hidden_size": 2880, "vocab_size": 201088,
    "intermediate_size": 2880, "num_attention_heads": 64, "num_key_value_heads": 8, "head_dim": 64,
    "num_local_experts": 128, "num_experts_per_tok": 4, "sliding_window": 128,
    "layer_types": ["sliding_attention", "full_attention"] * 18,
    "quantization_config": {
        "quant_method": "mxfp4",
        "modules_to_not_convert": ["model.layers.*.self_attn", "model.layers.*.mlp.router"],
    },
}
LLAMA4: Config = {
    "model_type": "llama4",
    "text_config": {
        "model_type": "llama4_text", "num_hidden_layers": 48, "hidden_size": 5120,
        "vocab_size": 202048, "intermediate_size": 8192, "intermediate_size_mlp": 16384,
        "num_attention_heads": 40, "num_key_value_heads": 8, "head_dim": 128,
        "num_local_experts": 128, "num_experts_per_tok": 1, "interleave_moe_layer_step": 2,
        "attention_chunk_size": 8192, "torch_dtype": "bfloat16",
    },
    "vision_config": {"hidden_size": 1408},
}
GLM: Config = {
    "model_type": "glm4_moe", "num_hidden_layers": 46, "hidden_size": 4096, "vocab_size": 151552,
    "intermediate_size": 10944, "moe_intermediate_size": 1408, "num_attention_heads": 96,
    "num_key_value_heads": 8, "head_dim": 128, "n_routed_experts": 128, "n_shared_experts": 1,
    "num_experts_per_tok": 8, "first_k_dense_replace": 1, "torch_dtype": "bfloat16",
}
# fmt: on

PUBLISHED = {
    "llama-3.1-70b": LLAMA,
    "mixtral-8x7b": MIXTRAL,
    "mistral-7b": MISTRAL,
    "qwen2.5-72b": QWEN2,
    "qwen3-8b": QWEN3,
    "qwen3-30b-a3b": QWEN3_MOE,
    "deepseek-v3": DEEPSEEK,
    "kimi-k2": KIMI,
    "gpt-oss-120b": GPT_OSS,
    "llama-4-maverick": LLAMA4,
    "glm-4.5-air": GLM,
}
SHAPE = {
    "layers", "hidden", "vocab", "feed_forward", "gated", "tied_embeddings", "attention",
    "experts", "weights", "quantised",
}  # fmt: skip


def put(folder: Path, tree: object, name: str = "config.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(tree), encoding="utf-8")
    return path


def read(folder: Path, tree: object) -> ModelCard:
    return from_config(put(folder, tree))


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        from_config(path)
    assert all(fault.file.startswith(str(path.parent)) for fault in caught.value.faults)
    return str(caught.value)


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_shape_is_that_of_the_card(name: str, tmp_path: Path) -> None:
    card = read(tmp_path, PUBLISHED[name])
    assert card.model_dump(include=SHAPE) == model(name).model_dump(include=SHAPE)
    assert card.note == (
        None if name != "llama-4-maverick" else "only the language part is counted"
    )


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_card_is_of_the_family_of_the_model_on_record_with_its_shape(
    name: str, tmp_path: Path
) -> None:
    assert family_of(read(tmp_path, PUBLISHED[name])) == family(name)


def test_a_shape_that_is_not_on_record_is_of_no_family(tmp_path: Path) -> None:
    assert family_of(read(tmp_path, LLAMA | {"vocab_size": 50_001})) == OTHER


def test_a_card_says_where_it_was_read(tmp_path: Path) -> None:
    folder = tmp_path / "Example-70B"
    folder.mkdir()
    card = read(folder, LLAMA)
    assert (card.name, card.kind, card.source) == ("Example-70B", "derived", None)
    assert card.formula == f"read from {folder / 'config.json'}"
    assert from_config(folder) == card
    assert read(folder, LLAMA | {"_name_or_path": "example/Other-70B"}).name == "Other-70B"


def test_an_unknown_architecture_is_read_by_its_keys(tmp_path: Path) -> None:
    card = read(tmp_path, LLAMA | {"model_type": "novel"})
    assert card.layers == 80
    assert card.note == "the architecture 'novel' is not known and was read by the usual keys"


def test_older_names_of_keys_are_known(tmp_path: Path) -> None:
    keys = {
        "model_type": "gpt2", "n_layer": 12, "n_embd": 768, "vocab_size": 50257, "n_head": 12,
        "n_inner": 3072, "activation_function": "gelu_new", "tie_word_embeddings": True,
    }  # fmt: skip
    card = read(tmp_path, keys)
    assert (card.layers, card.hidden, card.feed_forward) == (12, 768, 3072)
    assert (card.gated, card.tied_embeddings, card.attention.kind) == (False, True, "mha")
    assert card.attention.head_dim == 64


def test_gelu_with_a_gate(tmp_path: Path) -> None:
    gemma = LLAMA | {"model_type": "gemma2", "hidden_act": "gelu_pytorch_tanh"}
    assert read(tmp_path, gemma).gated


def test_queries_that_are_not_compressed(tmp_path: Path) -> None:
    card = read(tmp_path, DEEPSEEK | {"model_type": "deepseek_v2", "q_lora_rank": None})
    assert (card.attention.kind, card.attention.query_rank) == ("mla", None)


@pytest.mark.parametrize(
    ("keys", "window", "layers"),
    [
        (MISTRAL | {"sliding_window": 4096}, 4096, 32),
        (QWEN2 | {"use_sliding_window": True, "max_window_layers": 70}, 131072, 10),
        (QWEN2 | {"use_sliding_window": True, "max_window_layers": 80}, None, 0),
        ({key: value for key, value in GPT_OSS.items() if key != "layer_types"}, 128, 18),
        (GPT_OSS | {"sliding_window": None}, None, 0),
        (
            LLAMA4 | {"text_config": LLAMA4["text_config"] | {"no_rope_layers": [1, 0] * 24}},
            8192,
            24,
        ),
        (LLAMA4 | {"text_config": LLAMA4["text_config"] | {"attention_chunk_size": None}}, None, 0),
    ],
    ids=["all", "qwen", "qwen-none", "gpt-oss", "gpt-oss-none", "llama4-listed", "llama4-none"],
)
def test_windows(keys: Config, window: int | None, layers: int, tmp_path: Path) -> None:
    attention = read(tmp_path, keys).attention
    assert (attention.window, attention.windowed_layers) == (window, layers)


@pytest.mark.parametrize(
    ("keys", "dense"),
    [
        (QWEN3_MOE | {"decoder_sparse_step": 2}, 24),
        (QWEN3_MOE | {"mlp_only_layers": [0, 1, 5]}, 3),
        (DEEPSEEK | {"moe_layer_freq": 2}, 32),
        (DEEPSEEK | {"moe_layer_freq": [0] * 4 + [1] * 57}, 4),
        (LLAMA4 | {"text_config": LLAMA4["text_config"] | {"moe_layers": [1, 3]}}, 46),
    ],
    ids=["every-second", "but-for", "every-second-from", "pattern", "listed"],
)
def test_layers_without_experts(keys: Config, dense: int, tmp_path: Path) -> None:
    assert read(tmp_path, keys).dense_layers == dense


def test_a_shared_expert_with_a_width_of_its_own(tmp_path: Path) -> None:
    keys = QWEN3_MOE | {"model_type": "qwen2_moe", "shared_expert_intermediate_size": 5632}
    experts = read(tmp_path, keys).experts
    assert experts is not None
    assert (experts.shared, experts.shared_width, experts.width) == (1, 5632, 768)


def test_one_expert_is_a_dense_model(tmp_path: Path) -> None:
    assert read(tmp_path, LLAMA | {"num_experts": 1}).experts is None
    assert read(tmp_path, LLAMA | {"num_experts": 0}).experts is None


@pytest.mark.parametrize(
    ("quantisation", "weights", "quantised"),
    [
        ({"quant_method": "fp8"}, "fp8", "layers"),
        ({"quant_method": "modelopt", "quant_algo": "NVFP4"}, "fp4", "layers"),
        (
            {
                "quant_method": "compressed-tensors",
                "config_groups": {"group_0": {"weights": {"type": "int", "num_bits": 4}}},
                "ignore": ["lm_head", "re:.*self_attn.*"],
            },
            "int4",
            "experts",
        ),
    ],
    ids=["fp8", "modelopt", "compressed"],
)
def test_number_formats(quantisation: Config, weights: str, quantised: str, tmp_path: Path) -> None:
    card = read(tmp_path, QWEN3_MOE | {"quantization_config": quantisation})
    assert (card.weights, card.quantised, card.note) == (weights, quantised, None)


def test_a_number_format_that_is_not_known_is_told(tmp_path: Path) -> None:
    card = read(tmp_path, LLAMA | {"quantization_config": {"quant_method": "novel"}})
    assert card.weights == "bf16"
    assert card.note == "the quantisation 'novel' is not known; the weights count as bf16"


def test_a_number_format_in_a_file_of_its_own(tmp_path: Path) -> None:
    put(tmp_path, {"quantization": {"quant_algo": "FP8"}}, "hf_quant_config.json")
    assert read(tmp_path, LLAMA).weights == "fp8"
    assert read(tmp_path, GPT_OSS).weights == "fp4"


def test_sparse_attention_is_told(tmp_path: Path) -> None:
    note = read(tmp_path, DEEPSEEK | {"index_topk": 2048}).note
    assert note == "sparse attention counts as full attention, and its index is left out"


def test_all_missing_keys_come_at_once(tmp_path: Path) -> None:
    message = refusal(put(tmp_path, {"model_type": "llama", "hidden_size": 8192}))
    for key in ("num_hidden_layers (or n_layer, num_layers)", "vocab_size", "num_attention_heads"):
        assert f"{key}: the key is missing" in message or f"{key} (or" in message
    assert message.count("the key is missing") == 4


def test_latent_attention_needs_all_its_keys(tmp_path: Path) -> None:
    keys = {key: value for key, value in DEEPSEEK.items() if key != "v_head_dim"}
    assert "v_head_dim: the key is missing" in refusal(put(tmp_path, keys))


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"hidden_size": "8192"}, "hidden_size: this must be a whole number from 0 to 10,000,000"),
        ({"hidden_size": 8192.5}, "not 8192.5"),
        ({"hidden_size": True}, "not True"),
        ({"hidden_size": 0}, "hidden_size (or n_embd, d_model): the key is 0"),
        ({"vocab_size": -1}, "from 0 to 10,000,000, not -1"),
        ({"vocab_size": 10**40}, "vocab_size: this must be a whole number"),
        ({"num_hidden_layers": 20_000}, "num_hidden_layers: this must be a whole number from 0 to"),
        ({"num_key_value_heads": 7}, "64 heads cannot be shared evenly by 7 kv_heads"),
        (
            {"num_experts": 8},
            "num_experts_per_tok (or experts_per_token, moe_topk, moe_k): the key",
        ),
        ({"num_experts": 8, "num_experts_per_tok": 9}, "9 active experts are more than the 8"),
        ({"moe_layers": [1] * 99, "num_experts": 8, "num_experts_per_tok": 2}, "dense_layers: "),
        ({"hybrid_override_pattern": "M-M*"}, "the model has state-space layers, which a card"),
        ({"layer_types": ["linear_attention"]}, "layers that a card cannot say: linear_attention"),
    ],
    ids=lambda value: value if isinstance(value, str) else "keys",
)
def test_what_cannot_be_a_model_is_refused(keys: Config, words: str, tmp_path: Path) -> None:
    assert words in refusal(put(tmp_path, LLAMA | keys))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not JSON"),
        (b"model_type: llama", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[1, 2]", "the file holds a list, not a mapping of keys"),
        (b"{}", "none of the keys of a language model is there"),
        (b'{"vocab_size": 1' + b"0" * 9000 + b"}", "not JSON"),
        (b"{" + b" " * 2_000_000 + b"}", "more than the 2,000,000 bytes that are read"),
    ],
    ids=["empty", "yaml", "binary", "deep", "list", "other", "digits", "large"],
)
def test_what_is_no_configuration_is_refused(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(content)
    message = refusal(path)
    assert words in message
    assert "config.json" in message


def test_a_folder_without_a_configuration_is_refused(tmp_path: Path) -> None:
    message = refusal(tmp_path)
    assert f"{tmp_path / 'config.json'}: the file cannot be read: no such file" in message


def test_a_path_that_cannot_be_is_refused() -> None:
    with pytest.raises(InputError, match="the file cannot be read"):
        from_config("a\0b")
