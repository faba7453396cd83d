"""Parameters of a model and of its parts, their bytes, and the experts that tokens touch.

Biases, position embeddings and the small norms within attention are left out: less than 0.1 % of
any model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.scenario.chip import BITS
from headworks.throughput.counts.check import check

if TYPE_CHECKING:
    from headworks.throughput.model_card import ModelCard

KEPT_BITS = 16
"""Bits of what quantised checkpoints leave alone: embedding, output head, routers and norms."""
SCALED_BITS = {"fp4": 4.25, "int4": 4.25}
"""Bits of a weight with its scale: in MXFP4 32 numbers share one of 8 bits, in 4-bit integers 128
share one of 16 and a zero of as many: definitions."""


def native_bits(card: ModelCard) -> float:
    """Return the bits of a quantised weight in the published checkpoint."""
    return SCALED_BITS.get(card.weights, BITS[card.weights])


def parameters(card: ModelCard) -> int:
    """Return all parameters, a tied embedding counted once."""
    routed = card.experts.routed if card.experts else 0
    return _with_experts(card, routed) + embedding_parameters(card) * (not card.tied_embeddings)


def active_parameters(card: ModelCard) -> int:
    """Return the parameters that a token uses, the embeddings of input and output included."""
    used = card.experts.active if card.experts else 0
    return _with_experts(card, used) + embedding_parameters(card) * (not card.tied_embeddings)


def multiplied_parameters(card: ModelCard) -> int:
    """Return the parameters of the matrices that a token is multiplied with, output head included.

    Less than the active ones by the norms and the embedding of the input, which is a lookup.
    """
    return _with_experts(card, card.experts.active if card.experts else 0) - _norms(card)


def embedding_parameters(card: ModelCard) -> int:
    """Return the parameters of the embedding, which are as many as those of the output head."""
    return card.vocab * card.hidden


def attention_parameters(card: ModelCard) -> int:
    """Return the parameters of the projections of one layer's attention."""
    attention, hidden = card.attention, card.hidden
    queries = attention.heads * attention.query_key_dim
    if attention.kind != "mla":
        return 2 * hidden * (queries + attention.kv_heads * attention.head_dim)
    rank, value = attention.kv_rank or 0, attention.value_dim or 0
    down = attention.query_rank
    query = hidden * queries if down is None else down * (hidden + queries)
    compress = hidden * (rank + (attention.rope_dim or 0))
    expand = rank * attention.heads * ((attention.nope_dim or 0) + value)
    return query + compress + expand + attention.heads * value * hidden


def feed_forward_parameters(card: ModelCard) -> int:
    """Return the parameters of one dense feed-forward block; 0 where no layer has one."""
    return _block(card, card.feed_forward)


def expert_parameters(card: ModelCard) -> int:
    """Return the parameters of one routed expert; 0 for a dense model."""
    return _block(card, card.experts.width) if card.experts else 0


def shared_parameters(card: ModelCard) -> int:
    """Return the parameters of one layer's shared experts together; 0 where there are none."""
    return card.experts.shared * _block(card, card.experts.shared_width) if card.experts else 0


def router_parameters(card: ModelCard) -> int:
    """Return the parameters of one layer's router; 0 for a dense model."""
    return card.experts.routed * card.hidden if card.experts else 0


def _block(card: ModelCard, width: int) -> int:
    return (3 if card.gated else 2) * card.hidden * width


def _with_experts(card: ModelCard, routed: int) -> int:
    """Return the parameters of the layers and one embedding, with so many experts a layer."""
    experts = routed * expert_parameters(card) + shared_parameters(card) + router_parameters(card)
    return (
        card.layers * attention_parameters(card)
        + card.dense_layers * feed_forward_parameters(card)
        + card.expert_layers * experts
        + _norms(card)
        + embedding_parameters(card)
    )


def _norms(card: ModelCard) -> int:
    """Return the parameters of the norms: two a layer, and the last one."""
    return (2 * card.layers + 1) * card.hidden


def weight_bytes(card: ModelCard, bits: float) -> float:
    """Return the bytes of the weights in memory.

    Args:
        card: The model.
        bits: Bits of a weight of what the checkpoint quantises. Below 16, all else stays in 16.

    Raises:
        InputError: `bits` is not above 0.
    """
    check(bits=bits, above_zero=True)
    total = parameters(card)
    quantised = (
        card.expert_layers
        * (card.experts.routed if card.experts else 0)
        * (expert_parameters(card))
    )
    if card.quantised == "layers":
        quantised += card.layers * attention_parameters(card)
        quantised += card.dense_layers * feed_forward_parameters(card)
        quantised += card.expert_layers * shared_parameters(card)
    return (quantised * bits + (total - quantised) * max(bits, KEPT_BITS)) / 8


def experts_touched(card: ModelCard, tokens: float) -> float:
    """Return how many of a layer's E routed experts at least one of so many tokens goes to.

    E·(1 − (1 − k/E)^tokens), where each token chooses k evenly; 0 for a dense model.

    Raises:
        InputError: `tokens` is negative.
    """
    check(tokens=tokens)
    if card.experts is None:
        return 0.0
    routed = card.experts.routed
    return float(routed * (1 - (1 - card.experts.active / routed) ** tokens))


def tokens_per_expert(card: ModelCard, tokens: float) -> float:
    """Return how many of so many tokens a routed expert of a layer gets on average: tokens·k/E.

    For a dense model all of them.

    Raises:
        InputError: `tokens` is negative.
    """
    check(tokens=tokens)
    return tokens * card.experts.active / card.experts.routed if card.experts else tokens
