"""Windows: how far back layers look, and how many of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headworks.throughput.hugging_face.file import Keys

NAMED_MAX, NAMED_LETTERS = 3, 40
"""Kinds of layer that a message names, and letters of each."""
ATTENTIONS = {"full_attention", "sliding_attention", "chunked_attention"}
"""Kinds of layer that a card can say."""
PATTERN = ("sliding_window_pattern", "_sliding_window_pattern")
"""Every so many layers sees all, the last of each group; or a word such as `LLLG`, of which the
letter L is a layer with a window."""
QWEN_MAX_WINDOW_LAYERS = 28
"""First layers of a Qwen model that see all, where it does not say: the default of its class."""


def windows(keys: Keys, layers: int) -> tuple[int | None, int]:
    """Return the window and how many layers have it."""
    window = keys.count_or_none("sliding_window", "attention_chunk_size")
    kinds = _kinds(keys, layers)
    is_qwen = keys.text("model_type").startswith("qwen")
    slides = keys.flag("use_sliding_window", otherwise=not is_qwen)
    if not window or not slides:
        return None, 0
    windowed = _windowed(keys, layers) if not kinds else sum(k != "full_attention" for k in kinds)
    return (window, windowed) if windowed else (None, 0)


def _kinds(keys: Keys, layers: int) -> list[str]:
    """Return the kind of each layer; none where they are not listed."""
    kinds = keys.by_layer(str, "layer_types", layers)
    if other := sorted(set(kinds) - ATTENTIONS):
        named = ", ".join(kind[:NAMED_LETTERS] for kind in other[:NAMED_MAX])
        keys.fault("layer_types", f"the model has layers that a card cannot say: {named}")
    return kinds


def _windowed(keys: Keys, layers: int) -> int:
    """Return how many layers have a window, where they are not listed by kind."""
    if rotated := keys.by_layer(int, "no_rope_layers", layers):  # Llama 4: 1 is chunked, 0 sees all
        return sum(layer == 1 for layer in rotated)
    if keys.get("attention_chunk_size"):
        every = keys.count_or_none("no_rope_layer_interval") or 4
        return layers - layers // every
    if keys.text("model_type").startswith("qwen"):
        whole = keys.count_or_none("max_window_layers")
        return max(0, layers - (QWEN_MAX_WINDOW_LAYERS if whole is None else whole))
    pattern = keys.get(*PATTERN)
    if isinstance(pattern, str) and pattern:
        return sum(pattern[layer % len(pattern)] == "L" for layer in range(layers))
    every = 0 if pattern is None else keys.count(*PATTERN)
    return layers - layers // every if every else layers
