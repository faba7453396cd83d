"""What a model caches for each token, and how far back its tokens see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.throughput.counts.check import check

if TYPE_CHECKING:
    from headworks.throughput.model_card import ModelCard


def kv_bytes_per_token(card: ModelCard, bits: float) -> float:
    """Return the bytes that one token adds to the cache, in all layers, windows not yet full.

    With keys and values per head 2·L·n_kv·d·b, with multi-head latent attention L·(d_c + d_r)·b.

    Raises:
        InputError: `bits` is not above 0.
    """
    check(bits=bits, above_zero=True)
    return card.layers * _cached_per_layer(card) * bits / 8


def kv_bytes(card: ModelCard, context: float, bits: float) -> float:
    """Return the bytes of one sequence's cache at a context, which a decode step reads in full.

    Layers with a window hold no more than the window.

    Raises:
        InputError: `context` is negative, or `bits` is not above 0.
    """
    check(bits=bits, above_zero=True)
    check(context=context)
    return tokens_seen(card, context) * _cached_per_layer(card) * bits / 8


def _cached_per_layer(card: ModelCard) -> int:
    """Return the numbers that a layer caches for a token."""
    attention = card.attention
    if attention.kind == "mla":
        return (attention.kv_rank or 0) + (attention.rope_dim or 0)
    return 2 * attention.kv_heads * attention.head_dim


def tokens_seen(card: ModelCard, context: float) -> float:
    """Return the tokens that a token sees, summed over the layers."""
    window = card.attention.window
    windowed = card.attention.windowed_layers
    near = context if window is None else min(context, window)
    return (card.layers - windowed) * context + windowed * near


def tokens_seen_in_prompt(card: ModelCard, tokens: float) -> float:
    """Return what the tokens of a prompt see on average, summed over the layers."""
    windowed = card.attention.windowed_layers
    full = mean_context(tokens)
    near = mean_context(tokens, card.attention.window)
    return (card.layers - windowed) * full + windowed * near


def mean_context(tokens: float, window: int | None = None) -> float:
    """Return the tokens that a token of a prompt sees on average, itself included.

    (n + 1) / 2 where each sees all before it; with a window w, w − w·(w − 1) / 2n once n passes w.
    """
    if tokens < 1:
        return max(0.0, tokens)
    if window is None or tokens <= window:
        return (tokens + 1) / 2
    return window - window * (window - 1) / (2 * tokens)
