"""The shape of a model as the keys of its configuration tell it, and how its layers attend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headworks.throughput.hugging_face.architectures import FOUR_TIMES
from headworks.throughput.hugging_face.experts import experts
from headworks.throughput.hugging_face.windows import windows
from headworks.throughput.model_card import kind_of

if TYPE_CHECKING:
    from headworks.throughput.hugging_face.file import Keys

LAYERS_MAX = 10_000
"""Layers above this are a slip: the deepest model has about a hundred."""
WIDTH = ("intermediate_size", "ffn_hidden_size", "n_inner", "ffn_dim")
KV_HEADS = ("num_key_value_heads", "num_kv_heads", "n_head_kv")
HEAD_DIM = ("head_dim", "attention_head_dim")
KV_HEADS_UNREAD = (
    "kv_n_heads", "n_kv_heads", "multi_query", "multi_query_attention", "multi_query_group_num",
    "num_attention_groups", "num_query_groups",
)  # fmt: skip
"""Keys that tell the heads of keys and values in ways that differ between architectures."""


def shape_fields(keys: Keys) -> dict[str, Any]:
    """Return the fields of a card that say how large the model is and how it attends."""
    layers = keys.count("num_hidden_layers", "n_layer", "num_layers", most=LAYERS_MAX)
    keys.layers = layers
    hidden = keys.count("hidden_size", "n_embd", "d_model")
    held = experts(keys, layers)
    has_dense = held is None or held["dense_layers"] > 0
    return {
        "layers": layers,
        "hidden": hidden,
        "vocab": keys.count("vocab_size"),
        "feed_forward": _dense_width(keys, hidden) if has_dense else 0,
        "gated": _gated(keys),
        "tied_embeddings": keys.flag("tie_word_embeddings"),
        "attention": _attention(keys, layers, hidden),
        "experts": held,
    }


def _gated(keys: Keys) -> bool:
    """Return whether a block has three matrices: all with SiLU have, with GELU only Gemma's."""
    activation = keys.text("hidden_act", "activation_function")
    plain = activation.startswith(("gelu", "relu"))
    return not plain or keys.text("model_type").startswith("gemma")


def _dense_width(keys: Keys, hidden: int) -> int:
    """Return the intermediate size of a dense layer."""
    if keys.get("intermediate_size_mlp") is not None:  # Llama 4: intermediate_size is the experts'
        return keys.count("intermediate_size_mlp")
    if keys.get(*WIDTH) is None and keys.text("model_type") in FOUR_TIMES:
        return 4 * hidden
    return keys.count(*WIDTH)


def _attention(keys: Keys, layers: int, hidden: int) -> dict[str, Any]:
    heads = keys.count("num_attention_heads", "n_head")
    window, windowed_layers = windows(keys, layers)
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
    kv_heads = _kv_heads(keys, heads)
    return {
        "kind": kind_of(heads, kv_heads),
        "heads": heads,
        "kv_heads": kv_heads,
        "head_dim": _head_dim(keys, hidden, heads),
        "window": window,
        "windowed_layers": windowed_layers,
    }


def _kv_heads(keys: Keys, heads: int) -> int:
    """Return the heads of keys and values: as many as those of queries where no key says."""
    if keys.text("model_type") == "falcon" and not keys.flag("new_decoder_architecture"):
        return 1 if keys.flag("multi_query", otherwise=True) else heads
    found = keys.count_or_none(*KV_HEADS)
    if found is not None:
        return found
    for name in KV_HEADS_UNREAD:
        if keys.get(name):
            message = "the key tells the heads of keys and values in a way that is not known"
            keys.fault(name, message, f"say {KV_HEADS[0]} in its place")
    return heads


def _head_dim(keys: Keys, hidden: int, heads: int) -> int:
    """Return the length of a head, which is its share of the model where no key says."""
    found = keys.count_or_none(*HEAD_DIM)
    if found:
        return found
    if hidden % heads and not keys.faults:
        message = f"the key is missing, and {heads} heads do not share {hidden} evenly"
        keys.fault(HEAD_DIM[0], message, "add it")
    return max(1, hidden // heads)
