"""Operations per token; a multiplication and an addition count as two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from headworks.throughput.counts.cache import tokens_seen, tokens_seen_in_prompt
from headworks.throughput.counts.check import check
from headworks.throughput.counts.weights import embedding_parameters, multiplied_parameters

if TYPE_CHECKING:
    from headworks.throughput.model_card import ModelCard

LatentForm = Literal["absorbed", "expanded"]
"""How multi-head latent attention is computed: `absorbed` multiplies with the cached vector itself
(decode: few bytes, many operations), `expanded` first makes each head's keys and values of it
(prefill, training). For other attention both are the same."""

Recompute = Literal["none", "selective", "full"]
"""What the backward pass computes again: nothing, the products of attention, or all layers."""


def attention_flops(card: ModelCard, seen: float, form: LatentForm = "expanded") -> float:
    """Return the operations of queries with keys and of weights with values for one token.

    Args:
        card: The model.
        seen: Tokens that the token sees, summed over the layers.
        form: How latent attention is computed: expanded 2·h·(d_nope + d_rope + d_value) for each
            token seen, absorbed 2·h·(2·d_c + d_r); all else 4·h·d.
    """
    attention = card.attention
    if attention.kind != "mla":
        per_head = 2 * attention.head_dim
    elif form == "absorbed":
        per_head = 2 * (attention.kv_rank or 0) + (attention.rope_dim or 0)
    else:
        per_head = attention.query_key_dim + (attention.value_dim or 0)
    return 2.0 * attention.heads * per_head * seen


def flops_per_token(card: ModelCard, context: float, *, form: LatentForm = "expanded") -> float:
    """Return the operations of one token's way forward that sees `context` tokens.

    Two for each weight that the token is multiplied with, the output head included, and those of
    attention, 4·L·h·d·context without windows. For a decode step of latent attention, `form` is
    `absorbed`: the projections cost the same in both forms.

    Raises:
        InputError: `context` is negative.
    """
    check(context=context)
    return 2.0 * multiplied_parameters(card) + attention_flops(
        card, tokens_seen(card, context), form
    )


def prefill_flops_per_token(card: ModelCard, tokens: float) -> float:
    """Return the mean operations of the tokens of a prompt, each of which sees those before it.

    Raises:
        InputError: `tokens` is negative.
    """
    check(tokens=tokens)
    return 2.0 * multiplied_parameters(card) + attention_flops(
        card, tokens_seen_in_prompt(card, tokens)
    )


def training_flops_per_token(card: ModelCard, sequence: float, recompute: Recompute) -> float:
    """Return the operations of training per token: forward, twice that backward, and recomputing.

    Full recomputing repeats all layers and not the output head, as in arXiv 2104.04473; attention
    is counted as it is computed, over the tokens before and not over the whole sequence.

    Raises:
        InputError: `sequence` is negative.
    """
    check(sequence=sequence)
    attention = attention_flops(card, tokens_seen_in_prompt(card, sequence))
    matrices = 2.0 * multiplied_parameters(card)
    head = 2.0 * embedding_parameters(card)
    again = {"none": 0.0, "selective": attention, "full": matrices - head + attention}
    return 3 * (matrices + attention) + again[recompute]


def model_flops_per_token(card: ModelCard, sequence: float) -> float:
    """Return the operations of training per token by which utilisation (MFU) is defined.

    6·N + 12·L·H·Q·T, as PaLM defines it (arXiv 2204.02311, Appendix B): each token is taken to
    attend to the whole sequence of T, a causal mask or not, and nothing is computed again. H are
    the heads of queries; with latent attention the mean length of keys and values is Q; in a layer
    with a window the window bounds T. N are the weights that a token is multiplied with: of experts
    the active ones, the output head included, the embedding of the input, a lookup, not.

    Raises:
        InputError: `sequence` is negative.
    """
    check(sequence=sequence)
    return 3 * flops_per_token(card, sequence)
