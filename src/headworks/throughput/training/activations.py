"""Activations: what training keeps of each token from the forward pass to the backward one.

As counted by Korthikanti et al. (arXiv 2205.05198), without dropout. The scores of attention are
never kept, since kernels compute them anew as they go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.throughput.operations import ACTIVATION_BYTES

if TYPE_CHECKING:
    from headworks.throughput.counts import Recompute
    from headworks.throughput.model_card import ModelCard

LOGIT_BYTES = 4.0
"""Bytes of a score over the vocabulary, from which the loss is taken: a definition."""


def layers_bytes(card: ModelCard, recompute: Recompute) -> float:
    """Return the bytes that all layers keep of one token.

    Args:
        card: The model.
        recompute: `full` keeps the input of a layer. `selective` keeps the inputs and results of
            products, but for what costs little to compute again: norms, gated products, copies of
            a row for its experts weighed, and heads that latent attention expands. `none` keeps
            all.
    """
    if recompute == "full":
        return ACTIVATION_BYTES * card.layers * card.hidden
    everything = recompute == "none"
    length = card.layers * _attention(card, everything=everything)
    length += card.dense_layers * _block(card, card.feed_forward, everything=everything)
    length += card.dense_layers * card.hidden * everything
    return ACTIVATION_BYTES * (length + card.expert_layers * _experts(card, everything=everything))


def logits_bytes(card: ModelCard) -> float:
    """Return the bytes of one token's scores over the vocabulary."""
    return LOGIT_BYTES * card.vocab


def _attention(card: ModelCard, *, everything: bool) -> int:
    """Return the numbers that one layer's attention keeps of a token, with both inputs of norms."""
    a = card.attention
    length = (3 if everything else 2) * card.hidden
    if a.kind != "mla":
        return length + (2 * a.heads + 2 * a.kv_heads) * a.head_dim
    value = a.value_dim or 0
    length += (a.query_rank or 0) + (a.kv_rank or 0) + (a.rope_dim or 0) + a.heads * value
    return length + a.heads * (2 * a.query_key_dim + value) * everything


def _block(card: ModelCard, width: int, *, everything: bool) -> int:
    """Return the numbers between the matrices of a feed-forward block that it keeps of a token."""
    return ((2 if card.gated else 1) + everything) * width


def _experts(card: ModelCard, *, everything: bool) -> int:
    """Return the numbers that one layer of experts keeps of a token, a copy for each expert."""
    e = card.experts
    if e is None:
        return 0
    copies = e.active * (card.hidden + _block(card, e.width, everything=everything))
    copies += e.shared * _block(card, e.shared_width, everything=everything)
    return copies + (e.active + 1) * card.hidden * everything
