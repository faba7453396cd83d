"""The shape of a model as the keys of its configuration tell it: attention, windows, experts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headworks.throughput.model_card import kind_of

if TYPE_CHECKING:
    from headworks.throughput.hugging_face.file import Keys

LAYERS_MAX = 10_000
"""Layers above this are a slip: the deepest model has about a hundred."""
NAMED_MAX, NAMED_LETTERS = 3, 40
"""Kinds of layer that a message names, and letters of each."""
ATTENTIONS = {"full_attention", "sliding_attention", "chunked_attention"}
"""Kinds of layer that a card can say."""


def shape_fields(keys: Keys) -> dict[str, Any]:
    """Return the fields of a card that say how large the model is and how it attends."""
    layers = keys.count("num_hidden_layers", "n_layer", "num_layers", most=LAYERS_MAX)
    hidden = keys.count("hidden_size", "n_embd", "d_model")
    experts = _experts(keys, layers)
    has_dense = experts is None or experts["dense_layers"] > 0
    return {
        "layers": layers,
        "hidden": hidden,
        "vocab": keys.count("vocab_size"),
        "feed_forward": keys.count(*_dense_width(keys)) if has_dense else 0,
        "gated": _gated(keys),
        "tied_embeddings": keys.get("tie_word_embeddings") is True,
        "attention": _attention(keys, layers, hidden),
        "experts": experts,
    }


def _gated(keys: Keys) -> bool:
    """Return whether a block has three matrices: all with SiLU have, with GELU only Gemma's."""
    activation = str(keys.get("hidden_act", "activation_function"))
    plain = activation.startswith(("gelu", "relu"))
    return not plain or str(keys.get("model_type")).startswith("gemma")


def _dense_width(keys: Keys) -> tuple[str, ...]:
    """Return the names of the intermediate size of a dense layer."""
    if keys.get("intermediate_size_mlp") is not None:  # Llama 4: intermediate_size is the experts'
        return ("intermediate_size_mlp",)
    return ("intermediate_size", "ffn_hidden_size", "n_inner", "ffn_dim")


def _attention(keys: Keys, layers: int, hidden: int) -> dict[str, Any]:
    heads = keys.count("num_attention_heads", "n_head")
    window, windowed_layers = _window(keys, layers)
    if keys.get("kv_lora_rank") is not None:
        nope, rope = keys.count("qk_nope_head_dim"), keys.count("qk_rope_head_dim")
        return {
            "kind": "mla",
            "heads": heads,
            "kv_heads": heads,
            "head_dim": nope + rope,
            "query_rank": keys.count_or_none("q_lora_rank") or None,
            "kv_rank": keys.count("kv_lora_rank"),
            "rope_dim": rope,
            "nope_dim": nope,
            "value_dim": keys.count("v_head_dim"),
            "window": window,
            "windowed_layers": windowed_layers,
        }
    kv_heads = keys.count_or_none("num_key_value_heads") or heads
    return {
        "kind": kind_of(heads, kv_heads),
        "heads": heads,
        "kv_heads": kv_heads,
        "head_dim": keys.count_or_none("head_dim") or max(1, hidden // heads),
        "window": window,
        "windowed_layers": windowed_layers,
    }


def _window(keys: Keys, layers: int) -> tuple[int | None, int]:
    """Return the window and how many layers have it."""
    window = keys.count_or_none("sliding_window", "attention_chunk_size")
    kinds = [str(kind) for kind in keys.items("layer_types")]
    if other := sorted(set(kinds) - ATTENTIONS):
        named = ", ".join(kind[:NAMED_LETTERS] for kind in other[:NAMED_MAX])
        keys.fault("layer_types", f"the model has layers that a card cannot say: {named}")
    if not window or keys.get("use_sliding_window") is False:
        return None, 0
    if kinds:
        windowed = sum(kind != "full_attention" for kind in kinds[:layers])
    elif rotated := keys.items("no_rope_layers"):  # Llama 4: 1 is rotated and chunked, 0 sees all
        windowed = sum(layer == 1 for layer in rotated[:layers])
    elif keys.get("attention_chunk_size"):
        every = keys.count_or_none("no_rope_layer_interval") or 4
        windowed = layers - layers // every
    elif keys.get("model_type") == "gpt_oss":
        windowed = (layers + 1) // 2
    elif str(keys.get("model_type")).startswith("qwen"):
        windowed = max(0, layers - (keys.count_or_none("max_window_layers") or 0))
    else:
        windowed = layers
    return (window, windowed) if windowed else (None, 0)


def _experts(keys: Keys, layers: int) -> dict[str, Any] | None:
    routed = keys.count_or_none("n_routed_experts", "num_local_experts", "num_experts")
    if not routed or routed == 1:
        return None
    width = keys.count("moe_intermediate_size", "intermediate_size")
    shared_width = keys.count_or_none("shared_expert_intermediate_size") or 0
    shared = keys.count_or_none("n_shared_experts", "num_shared_experts") or int(shared_width > 0)
    if str(keys.get("model_type")).startswith("llama4"):  # always one, and no key says so
        shared = 1
    return {
        "routed": routed,
        "active": keys.count("num_experts_per_tok", "experts_per_token", "moe_topk"),
        "nodes_max": keys.count_or_none("topk_group") if (keys.get("n_group") or 1) != 1 else None,
        "shared": shared,
        "width": width,
        "shared_width": (shared_width or width) if shared else 0,
        "dense_layers": layers - _expert_layers(keys, layers),
    }


def _expert_layers(keys: Keys, layers: int) -> int:
    """Return how many layers have experts: from a first one on, every so many, but for some."""
    if listed := keys.items("moe_layers"):
        return len(listed)
    pattern = keys.items("moe_layer_freq")
    if pattern:
        return sum(bool(layer) for layer in pattern[:layers])
    first = keys.count_or_none("first_k_dense_replace", "num_dense_layers") or 0
    step = keys.count_or_none("moe_layer_freq") or 1
    sparse = keys.count_or_none("decoder_sparse_step", "interleave_moe_layer_step") or 1
    dense = {layer for layer in keys.items("mlp_only_layers") if isinstance(layer, int)}
    return sum(
        layer >= first and layer % step == 0 and (layer + 1) % sparse == 0 and layer not in dense
        for layer in range(layers)
    )
